"""Who gave back late or did not come is counted over a year, and never kept out."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.words import AfterNoShow
from commune_hub.base.outbox import Job
from commune_hub.events import queries
from commune_hub.events.actions import attendance, missed, seats
from commune_hub.events.models import Meeting
from commune_hub.events.rules import Reliability
from commune_hub.events.words import AttendanceState, SignupState
from tests.factories import a_meeting, a_person, a_signup, an_actor

DURING = datetime(2026, 11, 24, 18, tzinfo=UTC)


@pytest.fixture
def amina(session: Session) -> Person:
    return a_person(session, name="Amina", contact="amina@example.lu")


@pytest.fixture
def meeting(session: Session) -> Meeting:
    return a_meeting(session)


@pytest.fixture
def officer(session: Session, meeting: Meeting) -> Actor:
    return an_actor(session, organisation=meeting.activity.organisation)


def absent(session: Session, meeting: Meeting, person: Person, officer: Actor) -> None:
    a_signup(session, meeting.pool, person=person)
    attendance.mark(
        session, meeting=meeting, person=person, state=AttendanceState.ABSENT, actor=officer, now=DURING
    )
    attendance.finish(session, meeting=meeting, actor=officer, now=DURING)


def friendly_words(session: Session) -> list[datetime]:
    return list(session.scalars(select(Job.due_at).where(Job.kind == "no_show_mail")))


def test_late_cancels_and_no_shows_of_a_year_are_counted(
    session: Session, amina: Person, meeting: Meeting, officer: Actor
) -> None:
    on_time = a_signup(session, a_meeting(session).pool, person=amina)
    seats.cancel(session, signup=on_time, now=DURING - timedelta(days=2))
    late = a_signup(session, a_meeting(session).pool, person=amina)
    seats.cancel(session, signup=late, now=DURING - timedelta(hours=3))
    absent(session, meeting, amina, officer)
    others = a_person(session)

    now, later = (queries.reliability_of(session, [amina.id, others.id], DURING + timedelta(days=d)) for d in (1, 366))

    assert (now, later) == ({amina.id: Reliability(1, 1)}, {})


def test_whoever_is_excused_or_had_no_seat_did_not_miss_anything(
    session: Session, amina: Person, meeting: Meeting, officer: Actor
) -> None:
    a_signup(session, meeting.pool, person=amina)
    attendance.mark(
        session, meeting=meeting, person=amina, state=AttendanceState.EXCUSED, actor=officer, now=DURING
    )

    assert queries.reliability_of(session, [amina.id], DURING) == {}


def test_friendly_words_go_out_the_next_morning_where_the_organiser_wants_it(
    session: Session, amina: Person, meeting: Meeting, officer: Actor
) -> None:
    meeting.activity.organisation.after_no_show = AfterNoShow.REMINDER

    absent(session, meeting, amina, officer)

    assert friendly_words(session) == [datetime(2026, 11, 25, 9, tzinfo=UTC)]


def test_a_corrected_mark_is_no_no_show(session: Session, amina: Person, meeting: Meeting, officer: Actor) -> None:
    absent(session, meeting, amina, officer)
    signup = queries.live_signup(session, meeting.pool_id, amina.id)
    assert signup
    before = missed.did_not_come(session, signup, meeting)
    attendance.correct(
        session, meeting=meeting, person=amina, state=AttendanceState.PRESENT, reason="She came late", actor=officer,
        now=DURING,
    )  # fmt: skip

    assert (before, missed.did_not_come(session, signup, meeting)) == (True, False)


def test_nothing_follows_by_itself_and_the_next_seat_is_given_all_the_same(
    session: Session, amina: Person, meeting: Meeting, officer: Actor
) -> None:
    absent(session, meeting, amina, officer)

    again = a_signup(session, a_meeting(session).pool, person=amina)

    assert (friendly_words(session), again.state) == ([], SignupState.CONFIRMED)
