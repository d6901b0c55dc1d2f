"""The commands `commune-hub backup` and `commune-hub restore`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click

from commune_hub import backup as backups
from commune_hub.cli import opened


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def backup(folder: Path) -> None:
    """Write both stores into the new FOLDER, while people use the hub.

    The secret (COMMUNE_HUB_SECRET_KEY, or the file `secret` in the data folder) is not in it. Keep that one apart:
    without it the backup cannot be read. PostgreSQL needs pg_dump.
    """
    with opened() as (settings, store):
        try:
            manifest = backups.back_up(store, settings, folder, now=datetime.now(UTC))
        except (backups.BackupError, OSError) as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{folder}: {', '.join(manifest.files)} at revision {manifest.revision}")
    click.echo("Keep the secret of this installation somewhere else; it is not in the backup.")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Overwrite a database in which there are people already.")
@click.option("--gone", type=click.File(), help="On an empty machine: what `retention gone` printed, kept apart.")
def restore(folder: Path, replace: bool, gone: IO[str] | None) -> None:
    """Put the backup in FOLDER into the databases of the settings. Stop server and worker first.

    Whoever was erased since the backup was made is erased again, before the first page.

    Afterwards run `commune-hub db upgrade`, if the backup is from an older version.
    """
    with opened() as (_, store):
        try:
            went = frozenset(gone.read().split()) if gone else frozenset()
            manifest = backups.restore(store, folder, now=datetime.now(UTC), replace=replace, gone=went)
        except (backups.BackupError, OSError) as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"Restored what was backed up at {manifest.made_at}, revision {manifest.revision}.")
