"""The command commune-hub: one group, every command with help, errors as one line instead of a traceback."""

import json
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime
from importlib import import_module
from threading import Event
from typing import Any

import click
from alembic.util.exc import CommandError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from commune_hub import __version__
from commune_hub.base.db import Store, make_engine, open_store
from commune_hub.base.errors import Invalid, NotFound, Refused
from commune_hub.base.settings import PREFIX, Settings, SettingsError
from commune_hub.base.words import LOCAL

# Imported when they are asked for: some of them take half a second, and `worker` needs none of them.
PARTS = {
    "audit": "commune_hub.privacy_cli:audit",
    "backup": "commune_hub.backup_cli:backup",
    "certificate": "commune_hub.certificates_cli:certificate",
    "record": "commune_hub.record_cli:record",
    "demo": "commune_hub.demo.run:demo",
    "organisation": "commune_hub.people_cli:organisation",
    "places": "commune_hub.places_cli:places",
    "restore": "commune_hub.backup_cli:restore",
    "retention": "commune_hub.privacy_cli:retention",
    "translations": "commune_hub.translations_cli:translations",
    "user": "commune_hub.people_cli:user",
}


class Hub(click.Group):
    """The group: finds the commands that stand in files of their own, and says in one line what went wrong."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted({*super().list_commands(ctx), *PARTS})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command with this name."""
        if name not in PARTS:
            return super().get_command(ctx, name)
        module, attribute = PARTS[name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what can be expected to go wrong ends as a sentence and exit code 1."""
        try:
            return super().invoke(ctx)
        except (SettingsError, Refused, Invalid, NotFound) as error:
            raise click.ClickException(_sentence(error)) from error
        except (ArgumentError, NoSuchModuleError) as error:
            raise click.ClickException(f"A database address cannot be used ({type(error).__name__}).") from error
        except OSError as error:
            # A reader that went away (`| head`) is click's own business.
            if isinstance(error, BrokenPipeError):
                raise
            kind = type(error).__name__
            raise click.ClickException(f"The data cannot be read or written ({kind}).") from error
        except CommandError as error:
            raise click.ClickException(f"The database is of another version of the hub ({error}).") from error
        except DBAPIError as error:
            kind = type(error.orig).__name__
            raise click.ClickException(f"The database cannot be used ({kind}). Try: commune-hub doctor") from error


def _sentence(error: Exception) -> str:
    if isinstance(error, SettingsError):
        return str(error)
    if isinstance(error, NotFound):
        return f"There is no such {error}."
    from commune_hub.speech.sentences import INPUT, REFUSAL

    if isinstance(error, Refused):
        return REFUSAL[error.reason] % error.ids
    assert isinstance(error, Invalid)
    return " ".join(f"{field}: {INPUT[code]}" for field, codes in error.problems.items() for code in codes)


@contextmanager
def opened(*, as_owner: bool = False) -> Iterator[tuple[Settings, Store]]:
    """The settings of the environment and the databases they name, if wished as the owner of the tables."""
    settings = Settings.from_env()
    if as_owner and settings.owner_url:
        settings = replace(settings, database_url=settings.owner_url)
    store = open_store(settings)
    try:
        yield settings, store
    finally:
        store.close()


@click.group(cls=Hub, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="commune-hub")
def main() -> None:
    """Language practice near home: communes publish it, people find it and take a seat.

    Settings are environment variables COMMUNE_HUB_..., see docs/settings.md. To look around: commune-hub demo.
    """


# -- serving ---------------------------------------------------------------


@main.command()
@click.option("--host", help="Address to listen on (COMMUNE_HUB_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (COMMUNE_HUB_PORT).")
@click.option("--workers", type=click.IntRange(1, 64), help="Number of processes (COMMUNE_HUB_WORKERS).")
def run(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the pages. Refuses to start while migrations are missing."""
    from commune_hub import upgrade
    from commune_hub.privacy.erasing import finish_erasures
    from commune_hub.serving import serve

    with opened() as (settings, store):
        if not upgrade.is_current(store):
            raise click.ClickException("The database lacks migrations. Run first: commune-hub db upgrade")
        # Before the first page: a backup that was put back by hand brings back whoever went since.
        with store.writing() as session:
            finish_erasures(session, now=datetime.now(UTC))
    serve(settings, host=host or settings.host, port=port or int(settings.port), workers=workers)


@main.command()
@click.option("--once", is_flag=True, help="Work off what is due, then end.")
@click.option("--now", "moment", metavar="TIME", help="Work as if it were this time, for example 2026-11-22T18:00.")
def worker(once: bool, moment: str | None) -> None:
    """Send mail and do what else waits in the outbox, until SIGTERM. On SQLite one worker at a time."""
    from commune_hub.base import log
    from commune_hub.worker import loop
    from commune_hub.worker.alone import AnotherWorker, alone_on_sqlite

    clock = clock_at(moment)
    with opened() as (settings, store):
        log.configure(settings.log_level)
        work = loop.work_of(settings, store)
        if not settings.mail_host:
            click.echo("No mail server is set (COMMUNE_HUB_MAIL_HOST): messages stay in the outbox.", err=True)
        stop = _stopped_by_signals()
        try:
            with alone_on_sqlite(store) as alone:
                if once:
                    tally = loop.run(work, clock=clock, once=True, alone=alone, stop=stop)
                else:
                    with loop.own_lane(work, clock=clock, stop=stop) as kinds:
                        tally = loop.run(work, clock=clock, alone=alone, stop=stop, kinds=kinds)
        except AnotherWorker:
            raise click.ClickException("A worker is running on this database already; SQLite bears one.") from None
    click.echo(f"done {tally.done}, failed for now {tally.failed}, given up {tally.given_up}")


def clock_at(moment: str | None) -> Callable[[], datetime]:
    """The system's clock, or one that stands still at this moment (local time where no zone is given)."""
    if moment is None:
        return lambda: datetime.now(UTC)
    try:
        fixed = datetime.fromisoformat(moment)
    except ValueError:
        raise click.BadParameter("write it like 2026-11-22T18:00", param_hint="--now") from None
    return lambda: fixed if fixed.tzinfo else fixed.replace(tzinfo=LOCAL)


def _stopped_by_signals() -> Event:
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    return stop


# -- looking after it ------------------------------------------------------


@main.group()
def db() -> None:
    """The database: migrations up and down."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest revision; safe to run from several machines at once."""
    from commune_hub import upgrade

    with opened() as (settings, store):
        before = upgrade.revision_of(store)
        upgrade.upgrade(store, make_engine(settings.owner_url) if settings.owner_url else None)
        after = upgrade.revision_of(store)
    click.echo(f"The database is at {after}" + (" already." if before == after else f", before at {before or 'none'}."))


@db.command("current")
def db_current() -> None:
    """Show the revision; ends with 1 where migrations are missing."""
    from commune_hub import upgrade

    with opened() as (_, store):
        revision, newest = upgrade.revision_of(store), upgrade.newest_revision()
    click.echo(f"database: {revision or 'none'}, newest: {newest or 'none'}")
    if revision != newest:
        sys.exit(1)


@db.command("downgrade")
@click.argument("revision")
@click.confirmation_option(prompt="What only newer tables hold is lost. Go on?")
def db_downgrade(revision: str) -> None:
    """Take migrations back to REVISION (`base` is before the first one)."""
    from commune_hub import upgrade

    with opened() as (_, store):
        upgrade.downgrade(store, revision)
        click.echo(f"The database is at {upgrade.revision_of(store) or 'none'}.")


@main.command()
def doctor() -> None:
    """Check settings, databases, files, mail and clock, and say how to mend what is wrong.

    Ends with 1 when something keeps the hub from working; a warning does not.
    """
    from commune_hub.doctor import State, examine

    states = []
    for finding in examine():
        states.append(finding.state)
        click.secho(f"{finding.state:<5}", nl=False, fg={"ok": "green", "warn": "yellow", "bad": "red"}[finding.state])
        click.echo(f"{finding.what}: {finding.said}")
        if finding.mend:
            click.echo(f"      -> {finding.mend}")
    if State.BAD in states:
        sys.exit(1)


@main.command()
@click.option("--url", help="Address of /healthz; default: this machine, at the host and port of the settings.")
def healthz(url: str | None) -> None:
    """Ask the running server whether it is well; ends with 1 when it is not or does not answer."""
    settings = Settings.from_env()
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    url = url or f"http://{host}:{settings.port}/healthz"
    if not url.startswith(("http://", "https://")):
        raise click.BadParameter("an http or https address", param_hint="--url")
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            click.echo(json.dumps(json.load(answer)))
    except urllib.error.HTTPError as error:
        click.echo(error.read(2000).decode(errors="replace").strip())
        sys.exit(1)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{url} does not answer ({type(error).__name__}).") from error


@main.group()
def config() -> None:
    """The settings of this installation."""


@config.command("show")
def config_show() -> None:
    """Show every setting as it counts now; secrets and passwords are hidden."""
    settings = Settings.from_env()
    for field in fields(Settings):
        value = str(getattr(settings, field.name))
        if value and field.name in ("database_url", "keys_url", "owner_url"):
            value = make_url(value).render_as_string(hide_password=True)
        elif field.metadata["secret"]:
            value = "(set)" if value else ""
        click.echo(f"{PREFIX}{field.name.upper()}={value}")


if __name__ == "__main__":
    main()
