"""The command `commune-hub demo`: a whole hub with the demo country, its mail server and its worker, until Ctrl-C."""

import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import click
from sqlalchemy import select

from commune_hub import upgrade
from commune_hub.accounts.models import Organisation
from commune_hub.base import log
from commune_hub.base.db import Store, open_store
from commune_hub.base.settings import Settings
from commune_hub.contracts.record import RecordDown, RecordRefuses
from commune_hub.demo import accounts, contracts, country, next_door
from commune_hub.demo.post_office import post_office
from commune_hub.serving import serve
from commune_hub.worker import loop
from commune_hub.worker.adapters.record import record_of
from commune_hub.worker.alone import AnotherWorker, alone_on_sqlite

# Only a folder with this file in it is ever emptied.
MARK = "this-is-a-demo"
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(invoke_without_command=True)
@click.option("--data-dir", type=_FOLDER, default=Path("var/demo"), show_default=True, help="Where the demo lives.")
@click.option("--fresh", is_flag=True, help="Forget what happened in the demo before and begin anew.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--base-url", help="Address that mail names, where people come through another one.")
@click.pass_context
def demo(ctx: click.Context, data_dir: Path, fresh: bool, host: str, port: int, base_url: str | None) -> None:
    """Run everything with a demo country: real places, invented people. Nothing leaves this machine.

    Settings of the environment do not count here, so that the demo cannot touch real data.
    """
    if ctx.invoked_subcommand is not None:
        return
    _check_port(host, port)
    _prepare_folder(data_dir, fresh=fresh)
    mailbox = data_dir.absolute() / "mailbox"
    with post_office(mailbox) as mail_port:
        base_url = base_url or f"http://localhost:{port}"
        settings = demo_settings(data_dir, host=host, port=port, mail_port=mail_port, base_url=base_url)
        log.configure(settings.log_level)
        store = open_store(settings)
        try:
            _fill(store)
            with next_door.record_next_door(data_dir.absolute() / "record", host=host, beside=port) as record:
                settings = replace(settings, record_url=record)
                _meet_the_record(settings, store)
                with _worker(settings, store):
                    _welcome(settings)
                    serve(settings, host=host, port=port)
        except AnotherWorker:
            raise click.ClickException(f"A demo is running in {data_dir} already.") from None
        finally:
            store.close()
    click.echo("The demo has ended.")


@demo.command()
def code() -> None:
    """Show the six digits that the authenticator app of each demo account would show now."""
    for mail, digits in accounts.code_now(datetime.now(UTC)).items():
        click.echo(f"{digits}  {mail}")


def demo_settings(data_dir: Path, *, host: str, port: int, mail_port: int, base_url: str) -> Settings:
    """The settings of the demo, whatever the environment says."""
    return Settings.from_env(
        {}, data_dir=str(data_dir), host=host, port=str(port), base_url=base_url, mail_host="127.0.0.1",
        mail_port=str(mail_port), mail_from="hub@demo.example", mailbox=str(data_dir.absolute() / "mailbox"),
        log_level="WARNING", record="http", record_client=next_door.CLIENT, record_secret=next_door.SECRET,
        record_organisation=next_door.ORGANISATION,
    )  # fmt: skip


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            said = f"{host}:{port} cannot be used ({error.strerror}). Try another one: demo --port {port + 1}"
            raise click.ClickException(said) from error


def _prepare_folder(folder: Path, *, fresh: bool) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise click.ClickException(f"{folder} holds something else than a demo. Name another folder: --data-dir")
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()


def _fill(store: Store) -> None:
    upgrade.upgrade(store)
    with store.reading() as session:
        if session.scalar(select(Organisation.id).limit(1)) is not None:
            return
    with click.progressbar(length=1, label="Making the demo country", file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        made = country.fill(store, now=datetime.now(UTC), progress=progress)
    click.echo(
        f"{made.organisations} organisations, {made.activities} activities, {made.meetings} meetings, "
        f"{made.people} people, {made.signups} sign-ups",
        err=True,
    )


def _meet_the_record(settings: Settings, store: Store) -> None:
    record = record_of(settings)
    assert record is not None, "the demo has a record"
    try:
        with store.writing() as session:
            contracts.meet_the_record(session, record=record, now=datetime.now(UTC))
    except (RecordDown, RecordRefuses) as error:
        click.echo(f"The record next door does not know the learner's contract: {error}", err=True)
    finally:
        record.close()


@contextmanager
def _worker(settings: Settings, store: Store) -> Iterator[None]:
    stop = Event()
    work = loop.work_of(settings, store)

    def clock() -> datetime:
        return datetime.now(UTC)

    with alone_on_sqlite(store) as alone, loop.own_lane(work, clock=clock, stop=stop) as kinds:
        thread = Thread(
            target=loop.run, args=(work,), kwargs={"clock": clock, "stop": stop, "alone": alone, "kinds": kinds}
        )
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def _welcome(settings: Settings) -> None:
    address = settings.base_url
    rows = accounts.table()
    wide = [max(len(row[column]) for row in rows) for column in range(3)]
    click.echo(f"\n  The hub       {address}/")
    click.echo(f"  Staff         {address}/fr/staff/sign-in")
    click.echo(f"  The mailbox   {address}/dev/mailbox   (all mail and text messages of the demo)\n")
    for row in rows:
        click.echo("  " + "  ".join(text.ljust(width) for text, width in zip(row, wide, strict=False)) + f"  {row[3]}")
    click.echo("\n  The last column goes into an authenticator app. Without one, in another terminal:")
    click.echo("  ./hub demo code       (commune-hub demo code)\n\n  Ctrl-C ends the demo.\n")
