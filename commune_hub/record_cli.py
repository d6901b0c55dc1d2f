"""The commands `commune-hub record ...`: signed files to and from the national record (COMMUNE_HUB_RECORD=file)."""

from datetime import UTC, datetime
from pathlib import Path

import click

from commune_hub.base.settings import PREFIX
from commune_hub.cli import opened
from commune_hub.contracts.actions import files
from commune_hub.contracts.record import Unreadable
from commune_hub.events.certificate_documents import public_key_from, public_pem, signing_key

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def record() -> None:
    """The national contract record by files: what waits goes out, answers come in."""


@record.command()
def key() -> None:
    """Print the public key with which the record checks our files."""
    with opened() as (_, store):
        click.echo(public_pem(signing_key(store.keys.derive(files.PURPOSE))).decode(), nl=False)


@record.command("export")
@click.argument("file", type=_FILE)
def export_file(file: Path) -> None:
    """Write what waits into a signed file. It holds personal data: carry it safely, and delete it afterwards."""
    with opened() as (_, store), store.writing() as session:
        data = files.export(session, key=signing_key(store.keys.derive(files.PURPOSE)), now=datetime.now(UTC))
        # Written before it counts: a full disk leaves everything waiting.
        file.touch(mode=0o600)
        file.write_bytes(data)
    click.echo(f"{file}: {len(data)} bytes")


@record.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(file: Path) -> None:
    """Read an answer file of the record, all of it or nothing."""
    with opened() as (settings, store):
        if not settings.record_peer_key:
            raise click.ClickException(f"Set {PREFIX}RECORD_PEER_KEY to the file with the record's public key.")
        try:
            peer = public_key_from(Path(settings.record_peer_key).read_bytes())
            with store.writing() as session:
                done = files.take_in(session, data=file.read_bytes(), peer=peer, now=datetime.now(UTC))
        except (OSError, ValueError) as error:
            raise click.ClickException(f"{settings.record_peer_key}: {error}") from None
        except Unreadable as unreadable:
            raise click.ClickException(f"{file}: {unreadable}. Nothing of it counts.") from None
    if done.again:
        click.echo("This file was read before; nothing changes.")
    else:
        click.echo(f"{done.taken} answers taken, {done.idle} about nothing that waits")
