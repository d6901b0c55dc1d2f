"""Everything that is kept about somebody, read by the registry: one line per row, with what it is about in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation, Person
from commune_hub.accounts.queries import ring_of
from commune_hub.base.db import Base
from commune_hub.base.sealed import Erased
from commune_hub.events.models import Activity, Meeting, SeatPool
from commune_hub.events.words import TextField
from commune_hub.privacy.registry import TABLES, Personal

# Technical: ids of rows, hashes, keys, files. The person's own files are handed out where they were handed in.
_LEFT_OUT = {"id", "link_key", "form_token", "tap", "file_sealed", "hash", "public_id", "calendar_key", "password"}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: when, about which activity, and what stands in it (sealed texts opened)."""

    table: str
    at: datetime | date | None
    activity: Activity | None
    values: Mapping[str, Any]


def everything_about(session: Session, person: Person) -> Iterator[Line]:
    """All rows of all tables about this person and whoever was merged into them, in the order of the registry."""
    people = [person, *session.scalars(select(Person).where(Person.merged_into_id == person.id))]
    ring_of(session).load(one.public_id for one in people)
    owners = [one.public_id for one in people]
    for one in people:
        yield Line("person", one.created_at, None, _values(session, one, owners))
    for table in TABLES:
        if table.told:
            yield from _lines(session, table, [one.id for one in people], owners)


def _lines(session: Session, table: Personal, person_ids: list[int], owners: list[str]) -> Iterator[Line]:
    key = next(iter(inspect(table.model).primary_key))
    for row in session.scalars(select(table.model).where(key.in_(table.ids(person_ids))).order_by(key)):
        moments = [value for value in vars(row).values() if isinstance(value, (datetime, date))]
        first = min(moments, key=_sortable, default=None)
        yield Line(table.model.__tablename__, first, _activity(session, row), _values(session, row, owners))


def _sortable(moment: datetime | date) -> str:
    return moment.isoformat()


def _values(session: Session, row: Base, owners: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in row.__table__.columns:
        value = getattr(row, column.name, None)
        if column.name in _LEFT_OUT or column.foreign_keys or value is None or value == "":
            continue
        if column.name.endswith("_sealed"):
            values[column.name.removesuffix("_sealed")] = _opened(session, value, owners)
        elif not isinstance(value, bytes):
            values[column.name] = value
    return values


def _opened(session: Session, sealed: bytes, owners: Iterable[str]) -> str:
    ring = ring_of(session)
    for owner in owners:
        try:
            return ring.open(owner, sealed)
        except Erased:
            continue
    return ""


def _activity(session: Session, row: Base) -> Activity | None:
    """What a row is about: its activity, or that of its meeting or seats."""
    held = {name: getattr(row, name, None) for name in ("activity_id", "meeting_id", "pool_id")}
    if held["activity_id"]:
        return session.get(Activity, held["activity_id"])
    if held["meeting_id"]:
        meeting = session.get(Meeting, held["meeting_id"])
        return meeting.activity if meeting else None
    pool = session.get(SeatPool, held["pool_id"]) if held["pool_id"] else None
    return pool.activity if pool else None


def as_data(lines: Iterable[Line]) -> dict[str, list[dict[str, Any]]]:
    """The same for a machine: tables with their rows, names as in docs/words.md, moments in ISO 8601."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        row = {name: _plain(value) for name, value in line.values.items()}
        if line.activity is not None:
            row["activity"] = _about(line.activity)
        found.setdefault(line.table, []).append(row)
    return found


def _about(activity: Activity) -> dict[str, Any]:
    organisation: Organisation = activity.organisation
    titles = {text.language: text.text for text in activity.texts if text.field == TextField.TITLE}
    return {"kind": activity.kind, "titles": titles, "organiser": organisation.name}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (datetime, date, time)) else value
