"""What a person keeps about themselves."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from commune_hub.accounts import profile
from commune_hub.places.geo import Point, haversine_km
from tests.factories import a_person

DOOR = Point(49.51037, 5.92418)


def test_a_home_is_kept_rounded_and_sealed(session: Session) -> None:
    person = a_person(session)

    kept = profile.keep_home(session, person=person, point=DOOR, label="Belvaux")

    assert profile.home_of(session, person) == kept
    assert kept.point != DOOR
    assert haversine_km(kept.point, DOOR) < 0.3
    assert person.home_sealed is not None
    assert b"Belvaux" not in person.home_sealed


def test_two_doors_of_one_street_become_the_same_home(session: Session) -> None:
    person = a_person(session)
    next_door = Point(DOOR.lat + 0.0001, DOOR.lon)

    homes = [profile.keep_home(session, person=person, point=door, label="Belvaux") for door in (DOOR, next_door)]

    assert homes[0] == homes[1]


def test_a_home_can_be_forgotten(session: Session) -> None:
    person = a_person(session)
    profile.keep_home(session, person=person, point=DOOR, label="Belvaux")

    profile.forget_home(session, person=person)

    assert profile.home_of(session, person) is None


def test_messages_are_paused_from_the_first_time_on_and_come_again(session: Session, now: datetime) -> None:
    person = a_person(session)

    for moment in (now, now + timedelta(days=1)):
        profile.pause_messages(session, person=person, paused=True, now=moment)
    assert person.messages_paused_at == now

    profile.pause_messages(session, person=person, paused=False, now=now)
    assert person.messages_paused_at is None
