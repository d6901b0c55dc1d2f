"""The commands `commune-hub places ...`: fetch the official addresses, import them, find a place."""

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from commune_hub.base.db import Store, open_store
from commune_hub.base.settings import Settings, SettingsError
from commune_hub.places.actions import import_addresses
from commune_hub.places.address_file import NEEDED, NotAnAddressFile
from commune_hub.places.models import ImportStamp
from commune_hub.places.queries import find_places, nearest_places
from commune_hub.places.words import ADDRESSES_URL
from commune_hub.worker.adapters.downloads import DownloadFailed, download

ADDRESSES_FILE = "addresses.csv"


@click.group()
def places() -> None:
    """Addresses of the country: fetch them, import them, try the search."""


@places.command()
@click.option("--url", default=ADDRESSES_URL, show_default=True, help="Where the file is.")
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), help="Where to put it.")
def fetch(url: str, target: Path | None) -> None:
    """Download the official addresses (BD-Adresses, CC0, about 28 MB) for `import-addresses`."""
    target = target or Path(_settings().data_dir) / ADDRESSES_FILE
    with click.progressbar(length=0, label="Fetching", file=sys.stderr) as bar:

        def progress(done: int, whole: int | None) -> None:
            bar.length = whole or done
            bar.update(done - bar.pos)

        try:
            size = download(url, target, looks_right=_names_the_columns, progress=progress)
        except DownloadFailed as error:
            raise click.ClickException(f"{url}: {error}. Fetch it by hand, then: import-addresses FILE.") from error
    click.echo(f"{target}: {size} bytes. Next: commune-hub places import-addresses {target}")


@places.command("import-addresses")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Where rejected lines are written.")
@click.option("--replace", is_flag=True, help="Also remove addresses that the file does not have.")
def import_file(file: Path, report: Path | None, replace: bool) -> None:
    """Read the official address file, so that addresses are found to the door and postcodes count.

    A second run changes what has changed and doubles nothing. People can use the site meanwhile.
    """
    settings = _settings()
    report = report or Path(settings.data_dir) / "addresses-rejected.csv"
    report.parent.mkdir(parents=True, exist_ok=True)
    store = open_store(settings)
    try:
        with report.open("w", encoding="utf-8", newline="") as rejected:
            stamp = _import(store, file, rejected, replace=replace)
    except NotAnAddressFile as error:
        raise click.ClickException(f"{file} is not the address file: {error}.") from error
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not written in UTF-8.") from error
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(f"The database is not ready ({error.orig}). Run: commune-hub db upgrade") from error
    finally:
        store.close()
    where = f": see {report}" if stamp.rejected else ""
    click.echo(f"{stamp.taken} addresses taken, {stamp.rejected} lines rejected{where}")


@places.command()
@click.argument("text", nargs=-1, required=True)
def find(text: tuple[str, ...]) -> None:
    """Show what the search finds for a text, as people would type it."""
    store = open_store(_settings())
    with store.reading() as session:
        found = find_places(session, " ".join(text))
        for place in found or nearest_places(session, " ".join(text)):
            click.echo(f"{place.score:.2f} {place.kind:9} {place.lat:.5f} {place.lon:.5f} {place.lau2} {place.label}")
    store.close()
    if not found:
        raise click.ClickException("nothing of that name; above is what looks like it")


def _import(store: Store, file: Path, rejected: TextIO, *, replace: bool) -> ImportStamp:
    """Run the import with a progress bar, writing each bad line with its number and reason to `rejected`."""
    report = csv.writer(rejected)
    report.writerow(("line", "reason", "text"))
    with file.open(encoding="utf-8-sig", newline="") as lines:
        count = sum(1 for _ in lines) - 1
        lines.seek(0)
        with click.progressbar(length=count, label="Importing", file=sys.stderr) as bar:
            return import_addresses(
                store.writing,
                lines,
                lambda bad: report.writerow((bad.line, bad.fault, bad.text)),
                lambda done: bar.update(done - bar.pos),
                source=file.name,
                now=datetime.now(UTC),
                replace=replace,
            )


def _names_the_columns(beginning: bytes) -> bool:
    """Whether the first line of what was fetched is that of the address file."""
    first = beginning.decode("utf-8-sig", errors="replace").splitlines()[:1]
    return bool(first) and set(NEEDED) <= set(first[0].casefold().split(";"))


def _settings() -> Settings:
    try:
        return Settings.from_env()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
