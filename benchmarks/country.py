"""A made-up country of 100,000 meetings around the real communes, written straight into the tables."""

import random
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, insert, text

from commune_hub.accounts.models import Organisation
from commune_hub.accounts.words import OrganisationKind
from commune_hub.base.db import Store
from commune_hub.base.words import LOCAL
from commune_hub.events import listings
from commune_hub.events.certification import USUAL
from commune_hub.events.models import Activity, ActivityLanguage, Listing, Meeting, SeatPool, Venue
from commune_hub.events.rules import KINDS
from commune_hub.events.words import ActivityKind, ActivityState, AttendanceMode, CefrLevel
from commune_hub.places.communes import communes
from commune_hub.places.words import PointSource

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
# How many of 100 activities practise a language: ten languages alike, as the goals were set, or as in real offers.
EVEN = dict.fromkeys("lb fr de en pt es it uk ar nl".split(), 10)
AS_OFFERED = {"lb": 45, "fr": 22, "de": 12, "en": 6, "pt": 6, "es": 3, "it": 2, "uk": 2, "ar": 1, "nl": 1}
KIND_SHARES = {
    ActivityKind.CONVERSATION_TABLE: 60,
    ActivityKind.LANGUAGE_CAFE: 25,
    ActivityKind.VOLUNTEER_COURSE: 15,
}
LEVELS = [(CefrLevel.A1, CefrLevel.A2), (CefrLevel.A1, CefrLevel.B1), (CefrLevel.A2, CefrLevel.B1),
    (CefrLevel.B1, CefrLevel.B2), (CefrLevel.A1_1, CefrLevel.A1)]  # fmt: skip
MEETINGS_EACH = 40
_TABLES: tuple[Any, ...] = (Venue, Activity, SeatPool, Meeting, Listing)

Rows = dict[type, list[dict[str, Any]]]


def fill(store: Store, meetings: int, languages: dict[str, int] = EVEN) -> None:
    """Write so many meetings of one year with their activities, venues, seats and listings into empty tables."""
    dice = random.Random(1)
    with store.engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
        organisations = _organisations(connection, dice)
        rows: Rows = {table: [] for table in _TABLES}
        for number in range(1, meetings // MEETINGS_EACH + 1):
            activity = _activity(number, organisations, languages, dice)
            _collect(rows, activity, dice)
            if len(rows[Meeting]) >= 4000:
                _write(connection, rows)
        _write(connection, rows)
    with store.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("analyze" if connection.dialect.name == "sqlite" else "vacuum analyze"))


def _organisations(connection: Connection, dice: random.Random) -> list[Organisation]:
    made = [
        Organisation(
            id=number, slug=commune.slug, name=commune.name_fr, kind=OrganisationKind.COMMUNE, created_at=NOW
        )
        for number, commune in enumerate(communes(), 1)
    ]
    connection.execute(insert(Organisation), [_row(organisation, dice) for organisation in made])
    return made


def _activity(
    number: int, organisations: list[Organisation], languages: dict[str, int], dice: random.Random
) -> Activity:
    """An activity at a place of its own, more often where more people live."""
    (place,) = dice.choices(communes(), [commune.population for commune in communes()])
    organisation = organisations[communes().index(place)]
    venue = Venue(
        id=number, organisation_id=organisation.id, name=f"Maison {number}", locality=place.name_fr, lau2=place.lau2,
        point_source=PointSource.PIN, lat=place.point.lat + dice.gauss(0, 0.012),
        lon=place.point.lon + dice.gauss(0, 0.018), step_free=dice.random() < 0.7,
    )  # fmt: skip
    (kind,) = dice.choices([*KIND_SHARES], [*KIND_SHARES.values()])
    rule = KINDS[kind]
    levels = dice.choice(LEVELS) if rule.level_from else (None, None)
    activity = Activity(
        id=number, public_id=_public_id(dice), organisation=organisation, organisation_id=organisation.id, kind=kind,
        state=ActivityState.PUBLISHED, signup=rule.signup, attendance_mode=AttendanceMode.ON_SITE, venue=venue,
        venue_id=number, level_from=levels[0], level_to=levels[1], capacity=rule.capacity,
        waiting_room=rule.waiting_room, free_of_charge=True, minors_allowed=False, child_care=dice.random() < 0.2,
        first_on=NOW.date(), last_on=NOW.date() + timedelta(days=300), created_at=NOW, changed_at=NOW,
        certificate_basis=USUAL[kind].basis,
    )  # fmt: skip
    many = dice.randint(2, 4) if kind is ActivityKind.LANGUAGE_CAFE else 1
    tags = dict.fromkeys(dice.choices([*languages], [*languages.values()], k=many))
    activity.languages = [ActivityLanguage(position=position, tag=tag) for position, tag in enumerate(tags)]
    return activity


def _collect(rows: Rows, activity: Activity, dice: random.Random) -> None:
    rows[Venue].append(_row(activity.venue, dice))
    rows[Activity].append(_row(activity, dice))
    for number, (starts, ends) in enumerate(_dates(dice)):
        identity = (activity.id - 1) * MEETINGS_EACH + number + 1
        taken = dice.randint(0, activity.capacity or 0)
        pool = SeatPool(
            id=identity, activity_id=activity.id, capacity=activity.capacity, waiting_room=activity.waiting_room,
            taken=taken, closes_at=starts,
        )  # fmt: skip
        meeting = Meeting(
            id=identity, activity_id=activity.id, pool_id=identity, occurrence_on=starts.date(), starts_at=starts,
            ends_at=ends, changed_at=NOW, pool=pool, activity=activity,
        )  # fmt: skip
        meeting.card = listings.card_of(activity, meeting)
        rows[SeatPool].append(_row(pool, dice))
        rows[Meeting].append(_row(meeting, dice))
        rows[Listing].extend(listings._rows(activity, meeting))


def _dates(dice: random.Random) -> Iterator[tuple[datetime, datetime]]:
    """One date a week, at an hour and on a weekday that stay, spread over the year around now."""
    first = (NOW - timedelta(days=30)).date() + timedelta(days=dice.randrange(7))
    hour = dice.choice((9, 10, 14, 18, 18, 19, 19))
    weeks = sorted(dice.sample(range(52), MEETINGS_EACH))
    for week in weeks:
        day = first + timedelta(weeks=week)
        starts = datetime(day.year, day.month, day.day, hour, 30, tzinfo=LOCAL).astimezone(UTC)
        yield starts, starts + timedelta(minutes=90)


def _row(thing: Any, dice: random.Random) -> dict[str, Any]:
    """The values of a row, with the defaults that a flush would have given."""
    return {
        column.key: _default(column, dice) if (value := getattr(thing, attribute.key)) is None else value
        for attribute in thing.__mapper__.column_attrs
        for column in attribute.columns
    }


def _public_id(dice: random.Random) -> str:
    """The same on both databases, so that answers can be compared."""
    return urlsafe_b64encode(dice.randbytes(16)).rstrip(b"=").decode()


def _default(column: Column[Any], dice: random.Random) -> Any:
    if column.key == "public_id":
        return _public_id(dice)
    if column.default is None or column.nullable:
        return None
    return column.default.arg if column.default.is_scalar else column.default.arg({})


def _write(connection: Connection, rows: Rows) -> None:
    for table, found in rows.items():
        if found:
            connection.execute(insert(table.__table__), found)
            found.clear()
