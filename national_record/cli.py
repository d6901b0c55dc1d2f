"""The command national-record: serve, set up, let in agents and clients, keep the time limits, check the traces."""

import multiprocessing
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from commune_hub.base import log, passwords
from commune_hub.base.db import Store
from commune_hub.base.errors import Refused
from commune_hub.base.settings import SettingsError
from commune_hub.base.words import LOCAL
from national_record import demo as people
from national_record import retention, tracing, upgrade
from national_record.access_models import Client
from national_record.actions import access, contracts
from national_record.settings import PREFIX, Settings, open_store
from national_record.words import SERVICE_DUTIES, STAFF_DUTIES, AgentRole, Duty

# Only a folder with this file in it is ever filled by the demo.
MARK = "this-is-a-demo"


class Record(click.Group):
    """The group: says in one line what went wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what can be expected to go wrong ends as a sentence and exit code 1."""
        try:
            return super().invoke(ctx)
        except (SettingsError, Refused) as error:
            raise click.ClickException(str(error)) from error
        except IntegrityError as error:
            raise click.ClickException("There is one with this name already.") from error
        except DBAPIError as error:
            said = f"The database cannot be used ({type(error.orig).__name__}). Try: national-record db upgrade"
            raise click.ClickException(said) from error


@contextmanager
def opened() -> Iterator[tuple[Settings, Store]]:
    """The settings of the environment and the databases they name."""
    settings = Settings.from_env()
    store = open_store(settings)
    try:
        yield settings, store
    finally:
        store.close()


@click.group(cls=Record, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """The reference national record: plays the national contract register for a hub. It is not the real one.

    Settings are environment variables NATIONAL_RECORD_..., see docs/record.md. To look around: national-record demo.
    """


@main.command()
@click.option("--host", help="Address to listen on (NATIONAL_RECORD_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (NATIONAL_RECORD_PORT).")
def run(host: str | None, port: int | None) -> None:
    """Serve the interface and the screen. Refuses to start while migrations are missing."""
    with opened() as (settings, store):
        if not upgrade.is_current(store):
            raise click.ClickException("Migrations are missing. Run: national-record db upgrade")
    log.configure("INFO")
    serve(settings, host=host or settings.host, port=port or int(settings.port))


def serve(settings: Settings, *, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; running requests are answered first."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update({PREFIX + field.name.upper(): getattr(settings, field.name) for field in fields(settings)})
    # A forked process would share the database connections and locks of this one.
    multiprocessing.set_start_method("spawn", force=True)
    Granian(
        "national_record.app:create_app", factory=True, interface=Interfaces.WSGI, address=host, port=port,
        workers=int(settings.workers), blocking_threads=4, websockets=False, respawn_failed_workers=True,
        workers_kill_timeout=15, log_level=LogLevels.warning,
    ).serve()  # type: ignore[attr-defined]  # fmt: skip


@main.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest revision; safe to run from several machines at once."""
    with opened() as (_, store):
        upgrade.upgrade(store)
    click.echo("The database is up to date.")


@main.group()
def client() -> None:
    """Programs of other organisations that may ask for tokens."""


@client.command("add")
@click.argument("name")
@click.option("--organisation", required=True, help="For which organisation it speaks.")
def client_add(name: str, organisation: str) -> None:
    """Let in the program NAME; its secret is printed this once."""
    with opened() as (_, store), store.writing() as session:
        _, secret = access.add_client(session, name=name, organisation=organisation, now=_now())
    click.echo(secret)


@main.group()
def agent() -> None:
    """People and services that the director may authorise."""


@agent.command("add")
@click.argument("login")
@click.option("--name", required=True, help="How the agent is called.")
@click.option("--organisation", required=True, help="Where the agent works.")
@click.option("--role", type=click.Choice([*map(str, AgentRole)]), default="auditor", show_default=True)
@click.option("--client", "client_name", help="The client of a service.")
@click.option("--duty", "duties", type=click.Choice([*map(str, Duty)]), multiple=True, help="May be repeated.")
def agent_add(
    login: str, name: str, organisation: str, role: str, client_name: str | None, duties: tuple[str, ...]
) -> None:
    """Add the agent LOGIN. The password is read from NATIONAL_RECORD_PASSWORD or asked for."""
    is_service = role == AgentRole.SERVICE
    if is_service != (client_name is not None):
        raise click.UsageError("A service has a --client, nobody else has.")
    fitting = SERVICE_DUTIES if is_service else STAFF_DUTIES
    if wrong := set(duties) - fitting:
        raise click.UsageError(f"{', '.join(sorted(wrong))}: not for this role; {', '.join(sorted(fitting))} are.")
    password = "" if is_service else _password()
    with opened() as (_, store), store.writing() as session:
        found = session.scalar(select(Client).where(Client.name == client_name)) if client_name else None
        if client_name and found is None:
            raise click.ClickException(f"There is no client {client_name}.")
        added = access.add_agent(
            session, login=login.casefold() if found is None else login, name=name, organisation=organisation,
            role=AgentRole(role), now=_now(), password=password, client=found,
        )  # fmt: skip
        access.authorise(session, agent=added, duties=map(Duty, duties), by=None, now=_now())
    click.echo(f"{login} is in; authorised for: {', '.join(duties) or 'nothing yet, the director decides'}.")


def _password() -> str:
    password = os.environ.get(f"{PREFIX}PASSWORD")
    password = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if problem := passwords.problem_with(password):
        raise click.ClickException(f"This password cannot be used: {problem}.")
    return str(password)


@main.group()
def audit() -> None:
    """The traces of RGD art. 28."""


@audit.command("verify")
def audit_verify() -> None:
    """Check the chains of traces; ends with 1 when a row was changed, swapped or removed."""
    with opened() as (_, store), store.reading() as session:
        faults = tracing.faults(session)
    for fault in faults:
        click.echo(fault)
    if faults:
        sys.exit(1)
    click.echo("All chains are whole.")


@main.group("retention")
def retention_group() -> None:
    """The time limits of RGD art. 25 and 26."""


@retention_group.command("run")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--now", "moment", type=click.DateTime(["%Y-%m-%d"]), help="As if it were this day.")
def retention_run(dry_run: bool, moment: datetime | None) -> None:
    """Close what is over, delete candidates after one year, make signatories anonymous after three, empty the ten-year
    file. To be run every night; a second run does nothing more."""
    now = moment.replace(hour=12, tzinfo=UTC) if moment else _now()
    with opened() as (_, store):
        if not dry_run:
            with store.writing() as session:
                contracts.close_what_is_over(session, today=now.astimezone(LOCAL).date(), now=now)
        tally = retention.run(store, now=now, dry=dry_run)
    click.echo(
        f"candidates deleted {tally.deleted}, contracts made anonymous {tally.anonymised}, "
        f"lines of the ten-year file {tally.file_lines}, months of traces {tally.trace_months}"
        + (" (nothing was changed)" if dry_run else "")
    )
    for reference in tally.conflicts:
        click.echo(f"to be decided by a human, because a contract still runs: {reference}")


@main.command()
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), default=Path("var/record-demo"),
              show_default=True, help="Where the demo lives.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="Port to listen on.")
def demo(data_dir: Path, host: str, port: int) -> None:
    """Serve a record with invented people. Settings of the environment do not count here."""
    settings = demo_settings(data_dir, port=port)
    click.echo(f"\n  The record    http://{host}:{port}/\n  Interface     http://{host}:{port}/docs\n")
    for line in demo_lines():
        click.echo(f"  {line}")
    serve(settings, host=host, port=port)


def demo_settings(data_dir: Path, *, port: int) -> Settings:
    """The settings of a demo in this folder, filled when it is empty."""
    if data_dir.is_dir() and any(data_dir.iterdir()) and not (data_dir / MARK).is_file():
        raise click.ClickException(f"{data_dir} holds something else than a demo. Name another folder: --data-dir")
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / MARK).touch()
    settings = Settings.from_env({}, data_dir=str(data_dir), port=str(port))
    store = open_store(settings)
    upgrade.upgrade(store)
    with store.writing() as session:
        if not people.is_filled(session):
            people.fill(session, now=_now())
    store.close()
    return settings


def demo_lines() -> list[str]:
    """Who signs in, and the contracts that a learner of the hub can name."""
    lines = [f"{login:<26} {people.PASSWORD}" for login in (people.DIRECTOR, people.AUDITOR)]
    return lines + [f"{c.number:<26} {c.birth_date:%d.%m.%Y}   {c.names}: {c.said}" for c in people.CONTRACTS]


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
