"""The nearest equivalent of a full meeting: alike, near, and with a seat at once."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from commune_hub.events.models import Meeting
from commune_hub.events.words import ActivityKind
from commune_hub.matching.equivalents import equivalents
from tests.factories import a_meeting, a_person, a_signup, a_venue, an_activity

# 3 km, 12 km and 30 km from the hall in Belvaux.
NEAR, FAR, TOO_FAR = (49.5103, 5.9656), (49.5103, 6.0900), (49.7800, 5.9241)


def at(session: Session, place: tuple[float, float], **given: object) -> Meeting:
    return a_meeting(session, venue=a_venue(session, lat=place[0], lon=place[1]), **given)


def a_full_one(session: Session, **given: object) -> Meeting:
    full = a_meeting(session, capacity=1, **given)
    a_signup(session, full.pool)
    return full


def test_the_nearest_come_first_and_none_beyond_fifteen_kilometres(session: Session, now: datetime) -> None:
    full = a_full_one(session)
    far, near = at(session, FAR), at(session, NEAR)
    at(session, TOO_FAR)

    found = equivalents(session, full, now=now)

    assert [(one.meeting.id, round(one.km or 0)) for one in found] == [(near.id, 3), (far.id, 12)]


def test_another_language_kind_or_level_is_not_the_same(session: Session, now: datetime) -> None:
    full = a_full_one(session, level_from="A1", level_to="A2")
    at(session, NEAR, languages=("fr",))
    at(session, NEAR, kind=ActivityKind.VOLUNTEER_COURSE)
    at(session, NEAR, level_from="B1", level_to="B2")
    overlaps = at(session, NEAR, level_from="A2", level_to="B1")

    assert [one.meeting.id for one in equivalents(session, full, now=now)] == [overlaps.id]


def test_a_date_without_a_seat_at_once_is_left_out(session: Session, now: datetime) -> None:
    full = a_full_one(session)
    other_full = at(session, NEAR, capacity=1)
    a_signup(session, other_full.pool)

    assert equivalents(session, full, now=now) == []


def test_the_next_date_of_the_same_activity_is_offered(session: Session, now: datetime) -> None:
    activity = an_activity(session, capacity=1)
    coming = [meeting for meeting in activity.meetings if meeting.starts_at > now]
    for meeting in coming[:2]:
        a_signup(session, meeting.pool)

    assert [one.meeting.id for one in equivalents(session, coming[0], now=now)] == [coming[2].id]


def test_where_one_has_a_seat_already_is_left_out(session: Session, now: datetime) -> None:
    full, near = a_full_one(session), at(session, NEAR, on=date(2026, 11, 26))
    person = a_person(session)
    a_signup(session, near.pool, person=person)

    assert equivalents(session, full, now=now, person_id=person.id) == []
