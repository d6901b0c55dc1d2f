"""What the statement finds is what a person with a ruler finds, on both databases, through one index."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, joinedload

from benchmarks import country
from commune_hub.base.db import Store
from commune_hub.events.listings import WEEKDAYS, Flag
from commune_hub.events.models import Listing, Meeting
from commune_hub.events.words import ActivityKind
from commune_hub.matching import queries
from commune_hub.matching.queries import Found
from commune_hub.matching.search import PAGE_SIZE, Rung, Search
from commune_hub.matching.words import LEVELS, DayTime, Need, Order, Step, When
from commune_hub.places.geo import Point, haversine_km
from tests.factories import a_venue, an_activity

BELVAUX = Point(49.5103, 5.9241)
# Plain arithmetic instead of the globe is less than half a per cent off.
NEARLY = 0.005


@pytest.fixture
def full(store: Store) -> Iterator[Session]:
    """A country with 50 activities and 2,000 meetings."""
    country.fill(store, 2000)
    with store.reading() as session:
        yield session


def some_search(dice: Random) -> Search:
    def maybe(chance: float) -> bool:
        return dice.random() < chance

    point = Point(49.45 + dice.random() * 0.7, 5.8 + dice.random() * 0.6) if maybe(0.85) else None
    return Search(
        language=dice.choice(["", "lb", "lb", "fr", "de", "xx"]),
        at=point,
        point=point,
        radius=dice.choice([2, 5, 10, 20, 50]),
        when=dice.choice([*When]),
        days=frozenset(dice.sample(range(7), 3)) if maybe(0.3) else frozenset(),
        daytime=dice.choice([*DayTime]) if maybe(0.3) else None,
        level=dice.choice(LEVELS) if maybe(0.3) else "",
        kind=dice.choice([ActivityKind.LANGUAGE_CAFE, ActivityKind.CONVERSATION_TABLE]) if maybe(0.2) else None,
        needs=frozenset(need for need in Need if maybe(0.15)),
        order=dice.choice([*Order]),
    )


def fits(search: Search, listing: Listing, now: datetime) -> bool:
    since, until = search.days_looked_at(now)
    wanted = {
        Need.BEGINNER: Flag.BEGINNER, Need.CHILD_CARE: Flag.CHILD_CARE, Need.STEP_FREE: Flag.STEP_FREE,
        Need.ONLINE: Flag.ONLINE,
    }  # fmt: skip
    daytimes = {DayTime.DAY: Flag.DAYTIME, DayTime.EVENING: Flag.EVENING}
    return (
        listing.language == search.language
        and since.timestamp() <= listing.starts < until.timestamp()
        and (not search.days or any(listing.flags & WEEKDAYS[day] for day in search.days))
        and (not search.daytime or bool(listing.flags & daytimes[search.daytime]))
        and (not search.level or bool(listing.levels >> LEVELS.index(search.level) & 1))
        and (not search.kind or listing.kind == search.kind)
        and all(listing.flags & wanted[need] for need in search.needs if need in wanted)
        and (Need.FREE_SEATS not in search.needs or listing.free > 0)
    )


def all_pages(session: Session, search: Search, now: datetime) -> list[Found]:
    first = queries.near(session, search, now)
    pages = range(2, -(-first.total // PAGE_SIZE) + 1)
    return [first, *(queries.near(session, search.on_page(page), now) for page in pages)]


def test_LOC_1_it_finds_what_a_ruler_finds(full: Session, now: datetime, proving: bool) -> None:
    dice = Random(7)
    listings = full.scalars(select(Listing)).all()
    activity_of = {listing.meeting_id: listing.activity_id for listing in listings}
    meetings = {m.public_id: m.id for m in full.scalars(select(Meeting).options(joinedload(Meeting.pool)))}

    for search in (some_search(dice) for _ in range(1000 if proving else 60)):
        away = {
            listing.id: haversine_km(search.near, Point(listing.lat, listing.lon)) if search.near else 0.0
            for listing in listings
            if listing.lat is not None and listing.lon is not None
        }
        fitting = [listing for listing in listings if fits(search, listing, now)]
        surely = [m for m in fitting if away[m.id] <= search.radius * (1 - NEARLY) or not search.near]
        perhaps = [m for m in fitting if away[m.id] <= search.radius * (1 + NEARLY) or not search.near]

        pages = all_pages(full, search, now)

        rows = [row for page in pages for row in page.rows]
        shown = [activity_of[meetings[row.meeting]] for row in rows]
        assert {m.activity_id for m in surely} <= set(shown) <= {m.activity_id for m in perhaps}
        assert len(shown) == len(set(shown)) == pages[0].total
        for row, activity in zip(rows, shown, strict=True):
            dates = [m for m in perhaps if m.activity_id == activity]
            first = min(dates, key=lambda m: m.starts)
            assert (meetings[row.meeting], row.dates) == (first.meeting_id, len(dates))
            assert row.km == (haversine_km(search.near, Point(first.lat, first.lon)) if search.near else None)
        starts = [min(m.starts for m in perhaps if m.activity_id == activity) for activity in shown]
        if search.order is Order.TIME or not search.near:
            assert starts == sorted(starts)
        else:
            assert all(a.km <= b.km * (1 + NEARLY) for a, b in pairwise(rows))


def test_a_page_after_the_last_is_the_first(full: Session, now: datetime) -> None:
    everything = Search(when=When.MONTH)

    assert queries.near(full, everything.on_page(400), now) == queries.near(full, everything, now)


def test_an_error_of_the_driver_is_one_that_the_door_knows(session: Session, now: datetime) -> None:
    session.connection().exec_driver_sql("alter table listing rename to listings")

    with pytest.raises(SQLAlchemyError):
        queries.near(session, Search(), now)


def plan_of(connection: Connection, search: Search, now: datetime) -> str:
    statement, values = queries.asked(search, now)
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        # So few rows could be read in any way; the question is whether the index holds all that is needed.
        connection.exec_driver_sql("set local enable_seqscan = off")
        connection.exec_driver_sql("set local enable_bitmapscan = off")
    compiled = statement.compile(dialect=connection.dialect)
    names = compiled.construct_params(values)
    processors = compiled._bind_processors
    bound = {name: processors[name](value) if name in processors else value for name, value in names.items()}
    explain = "explain query plan " if sqlite else "explain "
    asked = tuple(bound[name] for name in compiled.positiontup or ()) if sqlite else bound
    return "\n".join(str(row) for row in connection.exec_driver_sql(explain + str(compiled), asked))


SEARCHES = [
    Search(language="lb", point=BELVAUX),
    Search(language="", point=BELVAUX, radius=20, when=When.MONTH),
    Search(language="fr"),
    Search(
        language="lb", point=BELVAUX, level="A1", days=frozenset({1}), daytime=DayTime.EVENING,
        kind=ActivityKind.LANGUAGE_CAFE, needs=frozenset({Need.FREE_SEATS, Need.CHILD_CARE}), order=Order.TIME,
    ),
]  # fmt: skip


def test_the_index_alone_says_what_fits(full: Session, now: datetime) -> None:
    sqlite = "SEARCH listing USING COVERING INDEX ix_listing_near (language=? AND starts>? AND starts<?)"
    postgres = "Index Only Scan using ix_listing_near on listing"

    plans = [plan_of(full.connection(), search, now) for search in SEARCHES]

    assert [plan for plan in plans if sqlite not in plan and postgres not in plan] == []


def test_an_activity_is_shown_once_with_its_next_date(session: Session, now: datetime) -> None:
    an_activity(session, languages=("lb", "fr"), now=now)
    search = Search(language="fr", point=BELVAUX, when=When.MONTH)

    found = queries.near(session, search, now)

    assert (found.total, [(row.dates, row.free, row.open) for row in found.rows]) == (1, [(4, 6, True)])


def test_online_has_no_distance(session: Session, now: datetime) -> None:
    an_activity(session, attendance_mode="online", online_url="https://example.lu/room")
    an_activity(session)
    search = Search(language="lb", point=BELVAUX)

    near = queries.near(session, search, now)
    online = queries.near(session, replace(search, needs=frozenset({Need.ONLINE})), now)

    assert [row.km for row in near.rows] == [0.0]
    assert [row.km for row in online.rows] == [None]


def test_the_ways_on_are_counted_and_dead_ends_left_out(session: Session, now: datetime) -> None:
    an_activity(session, venue=a_venue(session, locality="Mamer", lat=49.6275, lon=6.0233))
    search = Search(language="lb", point=BELVAUX)
    rungs = [Rung(Step.FARTHER, replace(search, radius=km)) for km in (10, 20)]

    assert queries.counted(session, rungs, now) == [(rungs[1], 1)]
