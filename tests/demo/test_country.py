"""The demo country: as large as promised, true in its numbers, and never far from a table with a free seat."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from shutil import rmtree

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.models import Contact, Organisation, Person
from commune_hub.accounts.queries import account_at, contact_hash, ring_of
from commune_hub.accounts.rules import Reach, reach_from
from commune_hub.accounts.words import ContactKind
from commune_hub.base import outbox
from commune_hub.base.db import Store, open_store
from commune_hub.base.settings import Settings
from commune_hub.base.words import LOCAL
from commune_hub.demo.accounts import ACCOUNTS, LEARNER_MAIL, PASSWORD, VOLUNTEER_MAIL, code_now, table
from commune_hub.demo.country import DatabaseInUse, Filled, fill
from commune_hub.demo.organisers import HALLS, ORGANISERS
from commune_hub.demo.programme import PROGRAMME
from commune_hub.events import listings, queries
from commune_hub.events.models import Activity, ActivityText, CoOrganiser, Listing, Meeting, SeatPool, Signup, Venue
from commune_hub.events.words import (
    SEARCHABLE,
    ActivityKind,
    ActivityState,
    AttendanceMode,
    MeetingState,
    RegistrationBy,
    SignupState,
)
from commune_hub.matching.queries import near
from commune_hub.matching.search import Search
from commune_hub.matching.words import DayTime, Need
from commune_hub.places.communes import commune_of, localities
from commune_hub.places.words import PointSource
from commune_hub.web.theme import Theme, objections
from tests.factories import an_organisation
from tests.infrastructure.databases import SECRET, sqlite_copy

NOW = datetime(2026, 11, 22, 11, tzinfo=LOCAL)
# A Sunday night, an evening before holidays, the long holidays, a day that comes every four years.
NOWS = (
    datetime(2026, 11, 22, 23, tzinfo=LOCAL),
    datetime(2026, 12, 24, 9, tzinfo=LOCAL),
    datetime(2026, 8, 16, 12, tzinfo=LOCAL),
    datetime(2028, 2, 29, 18, 45, tzinfo=LOCAL),
)
BELVAUX = next(place.point for place in localities() if place.name == "Belvaux")
_folders = count()


@dataclass(frozen=True)
class Country:
    """A filled store and the moment for which it was filled."""

    store: Store
    now: datetime
    filled: Filled


def a_country(run: Path, now: datetime) -> Iterator[Country]:
    folder = run / f"demo-{os.getpid()}-{next(_folders)}"
    databases = sqlite_copy(run, folder)
    store = open_store(Settings.from_env({}, secret_key=SECRET, data_dir=str(folder), **vars(databases)))
    began = time.perf_counter()
    filled = fill(store, now=now)
    print(f"the demo country of {now:%d %B %Y %H:%M} was made in {time.perf_counter() - began:.1f} s: {filled}")
    yield Country(store, now, filled)
    store.close()
    rmtree(folder)


@pytest.fixture(scope="module")
def country(run: Path) -> Iterator[Country]:
    """The country on a Sunday in November."""
    yield from a_country(run, NOW)


@pytest.fixture(scope="module", params=NOWS, ids=lambda now: f"{now:%d-%b-%Y}")
def any_day(run: Path, request: pytest.FixtureRequest) -> Iterator[Country]:
    """The country on a day on which something might be missing."""
    yield from a_country(run, request.param)


def content_of(store: Store) -> list[object]:
    """All that is the same for the same now: nothing random, and no order but our own."""
    with store.reading() as session:
        people = session.scalars(select(Person).order_by(Person.id)).all()
        ring_of(session).load(person.public_id for person in people)
        meetings = select(
            Activity.reference, Activity.state, Meeting.starts_at, Meeting.state, SeatPool.taken, SeatPool.waiting
        )
        signups = select(Signup.person_id, Meeting.starts_at, Signup.state, Signup.asked_at, Signup.for_language)
        return [
            [(person.name, person.language) for person in people],
            session.execute(meetings.join(Meeting.activity).join(Meeting.pool).order_by(Meeting.id)).all(),
            session.execute(
                signups.join(Meeting, Meeting.pool_id == Signup.pool_id).order_by(Signup.id, Meeting.id)
            ).all(),
            session.execute(select(Venue.name, Venue.lat, Venue.lon, Venue.point_source).order_by(Venue.id)).all(),
            session.execute(select(Listing.language, Listing.starts, Listing.free).order_by(Listing.id)).all(),
        ]


def test_the_country_has_the_promised_size(country: Country) -> None:
    filled = country.filled

    assert (filled.organisations, filled.venues, filled.activities) == (17, len(HALLS), len(PROGRAMME))
    assert 1400 <= filled.meetings <= 1650
    assert 300 <= filled.people <= 350
    assert filled.signups >= 2000


def test_the_same_now_makes_the_same_country_on_both_engines(store: Store, country: Country) -> None:
    told: list[tuple[int, int]] = []

    fill(store, now=NOW, progress=lambda done, total: told.append((done, total)))

    assert content_of(store) == content_of(country.store)
    assert told == [(number, len(told)) for number in range(1, len(told) + 1)]


def test_seats_are_counted_right_and_nobody_sits_on_the_seat_of_another(any_day: Country) -> None:
    with any_day.store.reading() as session:
        pools = session.scalars(select(SeatPool)).all()

        wrong = [pool.id for pool in pools if queries.true_counts(session, pool.id) != (pool.taken, pool.waiting)]

    assert wrong == []
    assert [pool.id for pool in pools if pool.over] == []


def test_the_search_reads_what_is_true(any_day: Country) -> None:
    def listed(session: Session) -> set[tuple[object, ...]]:
        columns = [column for column in Listing.__table__.c if column.name != "id"]
        return {tuple(row) for row in session.execute(select(*columns))}

    with any_day.store.open(write=True) as session:
        before = listed(session)
        for activity_id in session.scalars(select(Activity.id)).all():
            listings.refresh(session, activity_id)
        after = listed(session)
        session.rollback()

    assert before == after


def test_there_is_always_a_table_near_belvaux_this_week_in_the_evening_with_a_free_seat(any_day: Country) -> None:
    search = Search(
        language="lb", point=BELVAUX, radius=5, days=frozenset(range(5)), daytime=DayTime.EVENING,
        kind=ActivityKind.CONVERSATION_TABLE, needs=frozenset({Need.FREE_SEATS}),
    )  # fmt: skip

    with any_day.store.reading() as session:
        found = near(session, search, any_day.now)

    assert found.total >= 4


def test_something_is_near_every_organiser_this_week(any_day: Country) -> None:
    lau2s = [lau2 for organiser in ORGANISERS for lau2 in organiser.lau2s.split()[:1]]

    with any_day.store.reading() as session:
        lonely = [
            lau2
            for lau2 in lau2s
            if near(session, Search(point=commune_of(lau2).point, radius=10), any_day.now).total < 1
        ]

    assert lonely == []


def test_nobody_gets_mail_about_a_past_that_never_was(any_day: Country) -> None:
    with any_day.store.reading() as session:
        late = outbox.waiting_since(session, any_day.now)
        coming = outbox.counts(session)[outbox.JobState.WAITING]

    assert late is None
    assert coming > 100


def test_the_learner_has_dates_to_come(any_day: Country) -> None:
    with any_day.store.reading() as session:
        mail = contact_hash(session, Reach(ContactKind.MAIL, LEARNER_MAIL))
        learner = session.scalars(select(Contact.person_id).where(Contact.value_hash == mail)).one()

        signups = queries.signups_of_people(session, [learner], any_day.now)

        assert sorted(signup.pool.activity.reference for signup in signups) == [
            "belvaux", "esch-library", "soleuvre-cafe"
        ]  # fmt: skip


def test_the_country_shows_everything_that_there_is(country: Country) -> None:
    with country.store.reading() as session:
        activities = session.scalars(select(Activity)).all()
        venues = session.scalars(select(Venue)).all()
        coming = Meeting.starts_at > country.now

        def meetings(*conditions: object) -> int:
            question = select(func.count()).select_from(Meeting).join(Meeting.pool).join(Meeting.activity)
            return session.scalar(question.where(*conditions)) or 0  # type: ignore[arg-type]

        shown = {
            "every kind": {activity.kind for activity in activities} == set(ActivityKind),
            "every state": {activity.state for activity in activities} == set(ActivityState),
            "every way to register": {activity.registration_by for activity in activities} == set(RegistrationBy),
            "every mode": {activity.attendance_mode for activity in activities} == set(AttendanceMode),
            "languages": {"lb", "fr", "de", "en", "pt", "it", "es", "gsg"} <= {t for a in activities for t in a.tags},
            "child care": any(activity.child_care for activity in activities),
            "minors": any(activity.minors_allowed for activity in activities),
            "literacy": any(activity.literacy for activity in activities),
            "a price": any(a.price_cents and a.voucher_price_cents is None for a in activities),
            "a price with voucher": any(a.price_cents and a.voucher_price_cents for a in activities),
            "taken over": any(activity.previous_id for activity in activities),
            "co-organisers": bool(session.scalar(select(func.count()).select_from(CoOrganiser))),
            "own words": set(session.scalars(select(ActivityText.language))) == set("lb fr de en pt".split()),
            "fields only": any(not activity.texts for activity in activities),
            "rounds of a café": any(row.starts for activity in activities for row in activity.languages),
            "step-free and not": {venue.step_free for venue in venues} == {True, False},
            "exact and not": {v.point_source for v in venues} == {PointSource.PIN, PointSource.APPROXIMATE},
            "offered for civic": sum(venue.offered_for_civic for venue in venues) == 1,
            "full, people wait": meetings(coming, SeatPool.waiting > 0, SeatPool.taken == SeatPool.capacity) > 5,
            "free": meetings(coming, SeatPool.taken < SeatPool.capacity) > 100,
            "I will come": meetings(coming, SeatPool.capacity.is_(None), SeatPool.taken > 5) > 5,
            "cancelled": meetings(coming, Meeting.state == MeetingState.CANCELLED, SeatPool.taken > 0) == 2,
            "moved": meetings(coming, Meeting.moved, SeatPool.taken > 0) == 2,
            "over": meetings(Meeting.ends_at < country.now, SeatPool.taken > 0) > 200,
            "evening": meetings(coming) > 500,
            "given back": bool(session.scalar(select(Signup.id).where(Signup.state == SignupState.CANCELLED).limit(1))),
        }

    assert [what for what, is_shown in shown.items() if not is_shown] == []


def test_about_sixty_activities_are_searched(country: Country) -> None:
    with country.store.reading() as session:
        found = select(func.count()).select_from(Activity).where(
            Activity.state == ActivityState.PUBLISHED, Activity.kind.in_(SEARCHABLE)
        )  # fmt: skip

        assert 55 <= (session.scalar(found) or 0) <= 65


def test_every_venue_lies_in_its_commune(country: Country) -> None:
    with country.store.reading() as session:
        places = session.execute(select(Venue.name, Venue.lau2).order_by(Venue.id)).all()

    assert [tuple(place) for place in places] == [(hall.name, hall.lau2) for hall in HALLS]


def test_numbers_and_addresses_are_well_formed_and_belong_to_nobody(country: Country) -> None:
    with country.store.reading() as session:
        contacts = session.scalars(select(Contact)).all()
        ring_of(session).load(contact.person.public_id for contact in contacts)
        values = [contact.value for contact in contacts]

    assert [value for value in values if reach_from(value) != reach_from(value.strip()) or not reach_from(value)] == []
    assert [v for v in values if not v.endswith("example.org") and v[5:10] not in ("21000", "61000", "91000")] == []


def test_five_organisations_have_readable_colours_of_their_own(country: Country) -> None:
    with country.store.reading() as session:
        themes = [theme for theme in session.scalars(select(Organisation.theme)) if theme]

    assert len({theme["brand"] for theme in themes}) == 5
    assert [objections(Theme(**theme)) for theme in themes] == [[]] * 5


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.mail)
def test_a_demo_account_signs_in_with_password_and_code(country: Country, account: object) -> None:
    mail, code = account.mail, code_now(country.now)[account.mail]  # type: ignore[attr-defined]

    with country.store.open(write=True) as session:
        found = accounts.check_password(session, reach=reach_from(mail), password=PASSWORD)
        assert found is not None
        right = accounts.check_totp(session, account=found, code=code, now=country.now)
        session.rollback()

    assert right


def test_the_table_of_accounts_names_them_all() -> None:
    assert [row[1] for row in table()] == [*(account.mail for account in ACCOUNTS), LEARNER_MAIL, VOLUNTEER_MAIL]


def test_a_database_in_use_is_left_alone(store: Store, now: datetime) -> None:
    with store.writing() as session:
        an_organisation(session)

    with pytest.raises(DatabaseInUse):
        fill(store, now=now)

    with store.reading() as session:
        mail = Reach(ContactKind.MAIL, ACCOUNTS[0].mail)
        assert account_at(session, contact_hash(session, mail)) is None
        assert session.scalar(select(func.count()).select_from(Organisation)) == 1
