"""Signing somebody up at the counter or on the phone."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation, Person
from commune_hub.events.models import Meeting, Signup, Venue
from commune_hub.events.words import SignupChannel, SignupState
from tests import factories


@pytest.fixture
def venue(session: Session, organisation: Organisation) -> Venue:
    return factories.a_venue(session, organisation=organisation)


@pytest.fixture
def meeting(session: Session, venue: Venue) -> Meeting:
    return factories.a_meeting(session, venue=venue, capacity=2)


def address(meeting: Meeting) -> str:
    return f"/en/staff/meetings/{meeting.public_id}/sign-up"


def test_the_counter_lists_what_one_can_sign_up_for(officer: FlaskClient, session: Session, venue: Venue) -> None:
    table = factories.a_meeting(session, venue=venue)
    course = factories.an_activity(session, venue=venue, kind="volunteer_course", first_on=date(2026, 12, 1))
    factories.a_meeting(session, venue=venue, registration_by="provider", registration_contact="https://example.lu")
    factories.a_meeting(session)

    page = officer.get("/en/staff/counter").text

    assert re.findall(r"/en/staff/meetings/([\w-]{22})/sign-up", page) == [
        table.public_id, course.meetings[0].public_id,
    ]  # fmt: skip


def test_somebody_with_neither_phone_nor_mail_gets_a_seat_and_a_slip(
    officer: FlaskClient, session: Session, meeting: Meeting
) -> None:
    answer = officer.post(address(meeting), data={"name": "سارة", "language": "de"})

    signup = session.scalars(select(Signup)).one()
    slip = officer.get(f"/de/staff/sign-ups/{signup.public_id}/slip?own=en").text
    assert answer.location == f"/en/staff/sign-ups/{signup.public_id}"
    assert (signup.state, signup.channel, signup.reminder) == (SignupState.CONFIRMED, SignupChannel.COUNTER, False)
    assert (signup.person.name, signup.person.language, signup.person.contacts) == ("سارة", "de", [])
    assert f"localhost:8000/b/{signup.link_key}" in slip
    assert f'href="/en/staff/sign-ups/{signup.public_id}"' in slip


def test_a_phone_number_is_kept_and_they_are_reminded(officer: FlaskClient, session: Session, meeting: Meeting) -> None:
    officer.post(address(meeting), data={"name": "Sara", "contact": "621 123 456", "language": "fr"})

    signup = session.scalars(select(Signup)).one()
    assert signup.person.contacts[0].value == "+352621123456"
    assert signup.reminder


def test_a_double_click_takes_one_seat_and_the_next_person_another(
    officer: FlaskClient, session: Session, meeting: Meeting
) -> None:
    form_id = re.search(r'name="form_id" value="([^"]+)"', officer.get(address(meeting)).text)
    assert form_id
    form = {"form_id": form_id[1], "name": "Sara", "language": "fr"}

    first, second = officer.post(address(meeting), data=form), officer.post(address(meeting), data=form)
    other = officer.post(address(meeting), data=form | {"name": "Tom"})

    assert first.location == second.location != other.location
    assert session.scalar(select(func.count()).select_from(Person)) == 3
    assert session.scalar(select(func.count()).select_from(Signup)) == 2


def test_the_same_name_is_shown_first_and_may_be_another_person(
    officer: FlaskClient, session: Session, meeting: Meeting
) -> None:
    officer.post(address(meeting), data={"name": "Sara", "language": "fr"})

    asked = officer.post(address(meeting), data={"name": " sara ", "language": "fr"})
    anyway = officer.post(address(meeting), data={"name": "sara", "language": "fr", "anyway": "yes"})

    assert asked.status_code == 422
    assert "This name is on the list already." in asked.text
    assert anyway.status_code == 303
    assert session.scalar(select(func.count()).select_from(Signup)) == 2


def test_the_same_name_with_the_same_phone_is_the_same_person(
    officer: FlaskClient, session: Session, meeting: Meeting
) -> None:
    form = {"name": "Sara", "contact": "621123456", "language": "fr"}
    officer.post(address(meeting), data=form)

    asked = officer.post(address(meeting), data=form | {"anyway": "yes"})

    assert asked.status_code == 422
    assert session.scalar(select(func.count()).select_from(Signup)) == 1


def test_a_full_meeting_gives_a_place_in_the_queue(officer: FlaskClient, session: Session, meeting: Meeting) -> None:
    for _ in range(2):
        factories.a_signup(session, meeting.pool)

    page = officer.post(address(meeting), data={"name": "Sara", "language": "fr"}, follow_redirects=True).text

    assert "Sara waits" in page and "Number 1 on the waiting list" in page
    assert "Sara" not in page.split("</title>")[0]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"contact": "12"}, "contact"),
        ({"language": "tlh"}, "language"),
        ({"name": "\0"}, "name"),
    ],
)
def test_what_cannot_be_is_named(
    officer: FlaskClient, session: Session, meeting: Meeting, typed: dict[str, str], field: str
) -> None:
    answer = officer.post(address(meeting), data={"name": "Sara", "language": "fr"} | typed)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert session.scalar(select(Signup.id)) is None


def test_a_meeting_that_is_cancelled_takes_nobody(officer: FlaskClient, session: Session, meeting: Meeting) -> None:
    officer.post(f"/en/staff/meetings/{meeting.public_id}/cancel", data={"reason": "weather"})

    page = officer.post(address(meeting), data={"name": "Sara", "language": "fr"}, follow_redirects=True).text

    assert "This date is cancelled." in page
    assert session.scalar(select(Signup.id)) is None
