"""What is near: one statement of plain arithmetic for both engines, prepared once for each set of filters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from math import cos, radians
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Select,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from commune_hub.base.db import UtcDateTime
from commune_hub.events.listings import WEEKDAYS, Flag
from commune_hub.events.models import Listing, Meeting, SeatPool
from commune_hub.matching.search import PAGE_SIZE, Rung, Search
from commune_hub.matching.words import LEVELS, DayTime, Need, Order
from commune_hub.places.geo import KM_PER_DEGREE, Point, bounding_box, kilometres

# Tables, not mapped classes: the ORM would double the time of a page of results (STACK.md §4).
_listing: Any = Listing.__table__.c
_meeting: Any = Meeting.__table__.c
_pool: Any = SeatPool.__table__.c

_FLAGS = {
    Need.BEGINNER: Flag.BEGINNER,
    Need.CHILD_CARE: Flag.CHILD_CARE,
    Need.STEP_FREE: Flag.STEP_FREE,
    Need.ONLINE: Flag.ONLINE,
    DayTime.DAY: Flag.DAYTIME,
    DayTime.EVENING: Flag.EVENING,
}
NEW_LOOKS_AHEAD = timedelta(days=100)
# Start and listing in one number: the smallest of an activity is its next date, and says which row that is.
_WIDTH: ColumnElement[int] = literal_column("2147483648")


class Row(NamedTuple):
    """An activity with its first date in the days looked at. `card` is JSON (events/listings.py), `dates` says how
    many of its dates are in these days, `km` how far away it is; then how its seats stand."""

    km: float | None
    meeting: str
    card: str
    dates: int
    lat: float | None
    lon: float | None
    free: int
    waiting: int
    waiting_room: int
    open: int
    reserved: int


class Found(NamedTuple):
    """A page of rows, which page it is, and how many activities there are on all pages."""

    rows: tuple[Row, ...]
    page: int
    total: int


def near(session: Session, search: Search, now: datetime) -> Found:
    """What fits a search, each activity once, in the order asked for; without a point in order of time."""
    found = _answers(session.connection(), *asked(search, now))
    if not found and search.page > 1:
        return near(session, search.on_page(1), now)
    rows = tuple(Row(_km(search.near, row[4], row[5]), *row[1:]) for row in found)
    return Found(rows, search.page, found[0][0] if found else 0)


def asked(search: Search, now: datetime) -> tuple[Select[Any], dict[str, Any]]:
    """The statement of a search and its values."""
    values = _values(search, now) | {"skip": (search.page - 1) * PAGE_SIZE, "now": now}
    return _page(_Shape.of(search), by_time=_by_time(search)), values


def new_since(session: Session, search: Search, *, seen: int, now: datetime) -> tuple[Row, ...]:
    """What fits a search and was published after the meeting `seen`, each activity once, in order of time; of the
    season to come and not only of the days that the search names."""
    shape = replace(_Shape.of(search), new=True)
    values = _values(search, now) | {"skip": 0, "now": now, "seen": seen}
    values |= {"since": int(now.timestamp()), "until": int((now + NEW_LOOKS_AHEAD).timestamp())}
    found = session.connection().execute(_page(shape, by_time=True), values).all()
    return tuple(Row(_km(search.near, row[4], row[5]), *row[1:]) for row in found)


def counted(session: Session, rungs: list[Rung], now: datetime) -> list[tuple[Rung, int]]:
    """Those of the ways on that lead somewhere, with the number of activities there."""
    connection = session.connection()
    numbers = [_answers(connection, _count(_Shape.of(rung.search)), _values(rung.search, now))[0][0] for rung in rungs]
    return [(rung, number) for rung, number in zip(rungs, numbers, strict=True) if number]


class _Prepared(NamedTuple):
    """A statement as the driver takes it: the names of its values in order (None: by name), and those that stay."""

    sql: str
    names: list[str] | None
    fixed: dict[str, Any]


@lru_cache(500)
def _prepared(statement: Select[Any], dialect: Dialect) -> _Prepared:
    compiled = statement.compile(dialect=dialect)
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    return _Prepared(str(compiled), compiled.positiontup if compiled.positional else None, fixed)


def _answers(connection: Connection, statement: Select[Any], values: dict[str, Any]) -> Sequence[Any]:
    """The rows, from the driver itself: on the way through SQLAlchemy they would take half as long again."""
    prepared = _prepared(statement, connection.dialect)
    given = {**prepared.fixed, **values}
    if "now" in given:
        given["now"] = _moment(connection.dialect)(given["now"])
    driver: Any = connection.dialect.dbapi
    cursor = connection.connection.cursor()
    try:
        cursor.execute(prepared.sql, given if prepared.names is None else tuple([given[n] for n in prepared.names]))
        return cursor.fetchall()
    except driver.Error as error:
        # The door knows SQLAlchemy's errors and answers them with a plain page.
        raise DBAPIError.instance(prepared.sql, None, error, driver.Error, dialect=connection.dialect) from error
    finally:
        cursor.close()


@cache
def _moment(dialect: Dialect) -> Callable[[Any], Any]:
    """How a moment is written for this database."""
    return UtcDateTime().bind_processor(dialect) or (lambda moment: moment)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which conditions a statement has."""

    near: bool
    flags: bool
    days: bool
    levels: bool
    kind: bool
    free: bool
    new: bool = False

    @classmethod
    def of(cls, search: Search) -> "_Shape":
        return cls(
            near=search.near is not None,
            flags=bool(_flags(search)),
            days=bool(search.days),
            levels=bool(search.level),
            kind=search.kind is not None,
            free=Need.FREE_SEATS in search.needs,
        )


def _by_time(search: Search) -> bool:
    return search.order is Order.TIME or search.near is None


def _flags(search: Search) -> int:
    asked = [*search.needs, *([search.daytime] if search.daytime else [])]
    return sum(_FLAGS[word] for word in asked if word in _FLAGS)


def _values(search: Search, now: datetime) -> dict[str, Any]:
    since, until = search.days_looked_at(now)
    values: dict[str, Any] = {
        "language": search.language,
        "since": int(since.timestamp()),
        "until": int(until.timestamp()),
        "flags": _flags(search),
        "days": sum(WEEKDAYS[day] for day in search.days),
        "level": 1 << LEVELS.index(search.level) if search.level else 0,
        "kind": search.kind or "",
    }
    if point := search.near:
        box = bounding_box(point, search.radius)
        values |= {
            "south": box.south, "north": box.north, "west": box.west, "east": box.east, "lat": point.lat,
            "lon": point.lon, "narrow": cos(radians(point.lat)) ** 2, "reach": (search.radius / KM_PER_DEGREE) ** 2,
        }  # fmt: skip
    return values


# Squared degrees of latitude, longitude narrowed to the same measure: within 20 km less than half a per cent off.
_away = (_listing.lat - bindparam("lat")) * (_listing.lat - bindparam("lat")) + (
    _listing.lon - bindparam("lon")
) * (_listing.lon - bindparam("lon")) * bindparam("narrow")


def _conditions(shape: _Shape) -> list[ColumnElement[bool]]:
    conditions = [
        _listing.language == bindparam("language"),
        _listing.starts >= bindparam("since"),
        _listing.starts < bindparam("until"),
    ]
    if shape.near:
        conditions += [
            _listing.lat.between(bindparam("south"), bindparam("north")),
            _listing.lon.between(bindparam("west"), bindparam("east")),
            _away <= bindparam("reach"),
        ]
    if shape.flags:
        conditions.append(_listing.flags.op("&")(bindparam("flags", type_=Integer)) == bindparam("flags"))
    if shape.days:
        conditions.append(_listing.flags.op("&")(bindparam("days", type_=Integer)) != 0)
    if shape.levels:
        conditions.append(_listing.levels.op("&")(bindparam("level", type_=Integer)) != 0)
    if shape.kind:
        conditions.append(_listing.kind == bindparam("kind"))
    if shape.new:
        conditions.append(_listing.meeting_id > bindparam("seen"))
    if shape.free:
        conditions.append(_listing.free > 0)
    return conditions


@cache
def _page(shape: _Shape, *, by_time: bool) -> Select[Any]:
    first = func.min(_listing.starts * _WIDTH + _listing.id).label("first")
    grouped = [first, func.count().label("dates")]
    if shape.near:
        grouped.append(func.min(_away).label("away"))
    fitting = select(*grouped).where(*_conditions(shape)).group_by(_listing.activity_id).cte("fitting")
    order = ("first",) if by_time else ("away", "first")
    shown = (
        select(fitting)
        .order_by(*(fitting.c[name] for name in order))
        .limit(PAGE_SIZE)
        .offset(bindparam("skip", type_=Integer))
        .subquery("shown")
    )
    total = select(func.count()).select_from(fitting).scalar_subquery()
    now = bindparam("now", type_=UtcDateTime)
    # The card comes as text: most cards have been read before, and the text says which they are.
    columns = [
        total, _meeting.public_id, cast(_meeting.card, Text), shown.c.dates, _listing.lat, _listing.lon, _listing.free,
        _pool.waiting, _pool.waiting_room, _yes(_pool.closes_at > now), _yes(_pool.reserved_until > now),
    ]  # fmt: skip
    return (
        select(*columns)
        .select_from(shown)
        .join(Listing.__table__, _listing.id == shown.c.first.op("%")(_WIDTH))
        .join(Meeting.__table__, _meeting.id == _listing.meeting_id)
        .join(SeatPool.__table__, _pool.id == _meeting.pool_id)
        .order_by(*(shown.c[name] for name in order))
    )


def _yes(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 or 0, unknown counts as 0; a truth value would be made anew in Python for every row."""
    return case((condition, 1), else_=0)


@cache
def _count(shape: _Shape) -> Select[Any]:
    return select(func.count(_listing.activity_id.distinct())).where(*_conditions(shape))


def _km(point: Point | None, lat: float | None, lon: float | None) -> float | None:
    if point is None or lat is None or lon is None:
        return None
    return kilometres(point.lat, point.lon, lat, lon)
