"""The doings of places: importing addresses, with the villages, postcodes and streets that they make up."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import datetime
from itertools import islice

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from commune_hub.base.ids import new_public_id
from commune_hub.places.address_file import AddressRow, Rejected, read_addresses
from commune_hub.places.models import Address, ImportedPlace, ImportStamp
from commune_hub.places.words import PlaceKind

BATCH = 2000


def import_addresses(
    writing: Callable[[], AbstractContextManager[Session]],
    lines: Iterable[str],
    reject: Callable[[Rejected], None],
    progress: Callable[[int], None],
    *,
    source: str,
    now: datetime,
    replace: bool = False,
) -> ImportStamp:
    """Take over a whole file; a second run changes addresses and doubles none.

    `writing` opens a session for one portion at a time (Store.writing), so that nobody who takes a seat meanwhile
    waits for the whole file; a run that breaks off leaves the finder as it was and can be repeated. `reject` is
    told each bad line, `progress` how many good and bad ones are done. With `replace`, addresses that the file no
    longer has go. Raises NotAnAddressFile.
    """
    run, taken, rejected = new_public_id(), 0, 0

    def refuse(line: Rejected) -> None:
        nonlocal rejected
        rejected += 1
        reject(line)

    for batch in _in_batches(read_addresses(lines, refuse)):
        with writing() as session:
            _save(session, batch, run=run)
        taken += len(batch)
        progress(taken + rejected)
    with writing() as session:
        if replace:
            session.execute(delete(Address).where(Address.seen_by != run))
        _renew_places(session)
        stamp = ImportStamp(public_id=run, source=source[:300], taken=taken, rejected=rejected, finished_at=now)
        session.add(stamp)
        session.flush()
    return stamp


def _in_batches(rows: Iterable[AddressRow]) -> Iterator[list[AddressRow]]:
    """The rows in portions that one short transaction can hold."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _save(session: Session, batch: Sequence[AddressRow], *, run: str) -> None:
    """Add the addresses or bring them up to date; of the same door twice the last counts."""
    doors = {row.door: {**asdict(row), "seen_by": run} for row in batch}
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(Address)
    renewed = ("street", "number", "locality", "lau2", "lat", "lon", "seen_by")
    statement = statement.on_conflict_do_update(
        index_elements=("street_key", "locality_key", "number_key", "postcode"),
        set_={column: statement.excluded[column] for column in renewed},
    )
    session.execute(statement, list(doors.values()))


def _renew_places(session: Session) -> None:
    """Reckon villages, postcodes and streets anew from all addresses."""
    session.execute(delete(ImportedPlace))
    for places in (_streets(session), _villages(session), _postcodes(session)):
        if places:
            session.execute(insert(ImportedPlace), places)


_MIDDLE = (func.avg(Address.lat).label("lat"), func.avg(Address.lon).label("lon"), func.count().label("doors"))


def _streets(session: Session) -> list[dict[str, object]]:
    """One row per street of a locality. A street with several postcodes shows its smallest one."""
    group = (Address.street_key, Address.locality_key, Address.lau2)
    shown = (
        func.max(Address.street).label("name"),
        func.max(Address.locality).label("locality"),
        func.min(Address.postcode).label("postcode"),
    )
    rows = session.execute(select(*group, *shown, *_MIDDLE).where(Address.street_key != "").group_by(*group))
    return [{**row._mapping, "kind": PlaceKind.STREET} for row in rows]


def _villages(session: Session) -> list[dict[str, object]]:
    """One row per locality and commune."""
    group = (Address.locality_key, Address.lau2)
    shown = (func.max(Address.locality).label("name"), func.max(Address.locality).label("locality"))
    rows = session.execute(select(*group, *shown, *_MIDDLE).group_by(*group))
    return [{**row._mapping, "kind": PlaceKind.LOCALITY} for row in rows]


def _postcodes(session: Session) -> list[dict[str, object]]:
    """One row per postcode, named after the locality that has most of its doors."""
    group = (Address.postcode, Address.locality_key, Address.lau2)
    shown = (func.max(Address.locality).label("name"), func.max(Address.locality).label("locality"))
    rows = session.execute(
        select(*group, *shown, *_MIDDLE).where(Address.postcode != "").group_by(*group).order_by(func.count(), *group)
    )
    # The last one of a postcode is the largest, so it is the one that stays.
    largest = {row.postcode: {**row._mapping, "kind": PlaceKind.POSTCODE} for row in rows}
    return list(largest.values())
