"""One meeting: who comes, another size, cancel, move, take somebody off the list."""

import re
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from commune_hub.accounts.models import Organisation
from commune_hub.base.db import Store
from commune_hub.base.outbox import Job
from commune_hub.events.actions import seats
from commune_hub.events.models import Meeting, Signup, Venue
from commune_hub.events.words import MeetingState, SignupState
from tests import factories
from tests.infrastructure.counting import counted


@pytest.fixture
def venue(session: Session, organisation: Organisation) -> Venue:
    return factories.a_venue(session, organisation=organisation)


@pytest.fixture
def meeting(session: Session, venue: Venue) -> Meeting:
    """Two seats; Amina and Bogdan have them, Carla and Daniyar wait."""
    meeting = factories.a_meeting(session, venue=venue, capacity=2)
    for name in ("Amina", "Bogdan", "Carla", "Daniyar"):
        person = factories.a_person(session, name=name, contact=f"{name.lower()}@example.lu")
        factories.a_signup(session, meeting.pool, person=person)
    return meeting


WHY = {"reason": "Phoned and cannot come."}


def jobs(session: Session, kind: str) -> int:
    return len(session.scalars(select(Job).where(Job.kind == kind)).all())


def test_the_page_shows_who_has_a_seat_who_waits_and_how_to_reach_them(officer: FlaskClient, meeting: Meeting) -> None:
    page = officer.get(f"/en/staff/meetings/{meeting.public_id}").text

    order = [page.index(name) for name in ("Amina", "Bogdan", "Who waits", "Carla", "Daniyar")]
    assert order == sorted(order)
    assert 'href="mailto:carla@example.lu"' in page
    assert "Amina" not in page.split("</title>")[0]


def test_nobody_sees_the_people_of_another_commune(officer: FlaskClient, session: Session) -> None:
    foreign = factories.a_meeting(session)
    signup = factories.a_signup(session, foreign.pool)

    pages = [
        ("GET", f"meetings/{foreign.public_id}"),
        ("GET", f"meetings/{foreign.public_id}/cancel"),
        ("POST", f"meetings/{foreign.public_id}/cancel"),
        ("POST", f"meetings/{foreign.public_id}/size"),
        ("POST", f"meetings/{foreign.public_id}/move"),
        ("GET", f"meetings/{foreign.public_id}/sign-up"),
        ("GET", f"sign-ups/{signup.public_id}"),
        ("GET", f"sign-ups/{signup.public_id}/slip"),
        ("POST", f"sign-ups/{signup.public_id}/take-off"),
    ]
    answers = {officer.open(f"/en/staff/{path}", method=method).status_code for method, path in pages}

    assert answers == {404}
    assert signup.state == SignupState.CONFIRMED


def test_a_partner_of_the_activity_sees_its_people(
    officer: FlaskClient, session: Session, organisation: Organisation
) -> None:
    shared = factories.a_meeting(session, co_organisers=(organisation.public_id,))

    assert officer.get(f"/en/staff/meetings/{shared.public_id}").status_code == 200


def test_more_seats_let_those_who_wait_move_up(officer: FlaskClient, session: Session, meeting: Meeting) -> None:
    officer.post(f"/en/staff/meetings/{meeting.public_id}/size", data={"capacity": "3", "waiting_room": "5"})

    states = session.scalars(select(Signup.state).order_by(Signup.id)).all()
    assert states == ["confirmed", "confirmed", "confirmed", "waiting"]
    assert (meeting.pool.capacity, meeting.pool.waiting_room) == (3, 5)
    assert jobs(session, "seat_given_mail") == 1


def test_fewer_seats_send_nobody_away(officer: FlaskClient, session: Session, meeting: Meeting) -> None:
    officer.post(f"/en/staff/meetings/{meeting.public_id}/size", data={"capacity": "1", "waiting_room": "5"})

    page = officer.get(f"/en/staff/meetings/{meeting.public_id}").text
    assert (meeting.pool.taken, meeting.pool.over) == (2, 1)
    assert "nobody was sent away" in page


@pytest.mark.parametrize("capacity", ["0", "-1", "many", "", "99999999999999999999"])
def test_a_size_that_cannot_be_is_refused_with_a_word(officer: FlaskClient, meeting: Meeting, capacity: str) -> None:
    answer = officer.post(f"/en/staff/meetings/{meeting.public_id}/size", data={"capacity": capacity})

    assert answer.status_code == 422
    assert 'href="#capacity"' in answer.text
    assert meeting.pool.capacity == 2


def test_cancelling_takes_a_reason_and_tells_everybody(
    officer: FlaskClient, session: Session, meeting: Meeting
) -> None:
    address = f"/en/staff/meetings/{meeting.public_id}/cancel"

    shown = officer.get(address).text
    without = officer.post(address)
    officer.post(address, data={"reason": "host_ill"})
    twice = officer.post(address, data={"reason": "host_ill"}, follow_redirects=True)

    assert "Cancel and tell 4 people" in shown
    assert without.status_code == 422
    assert (meeting.state, meeting.cancel_reason) == (MeetingState.CANCELLED, "host_ill")
    assert jobs(session, "meeting_cancelled_mail") == 4
    assert "This date is cancelled already." in twice.text


def test_a_moved_meeting_keeps_its_people_and_tells_them(
    officer: FlaskClient, session: Session, meeting: Meeting
) -> None:
    hall = factories.a_venue(session, organisation=meeting.activity.organisation, name="Grousse Sall")
    address = f"/en/staff/meetings/{meeting.public_id}/move"

    officer.post(address, data={"on": "2026-11-25", "starts": "19:00", "ends": "20:30", "venue": hall.public_id})

    assert meeting.starts_at == datetime.fromisoformat("2026-11-25T18:00+00:00")
    assert meeting.venue is hall
    assert meeting.pool.taken == 2
    assert jobs(session, "meeting_moved_mail") == 4


def test_a_move_takes_all_that_follow_along_if_asked(officer: FlaskClient, session: Session, venue: Venue) -> None:
    activity = factories.an_activity(session, venue=venue)
    second = activity.meetings[-3]

    officer.post(
        f"/en/staff/meetings/{second.public_id}/move",
        data={"on": "2026-12-02", "starts": "10:00", "ends": "11:30", "following": "yes"},
    )

    assert [f"{one.starts_at:%d %H:%M}" for one in activity.meetings[-4:]] == [
        "24 17:30", "02 09:00", "09 09:00", "16 09:00",
    ]  # fmt: skip


@pytest.mark.parametrize("typed", [{"on": "2026-11-01"}, {"on": "soon"}, {"starts": "25:00"}, {"venue": "A" * 22}])
def test_a_move_that_cannot_be_changes_nothing(officer: FlaskClient, meeting: Meeting, typed: dict[str, str]) -> None:
    before = meeting.starts_at
    form = {"on": "2026-11-25", "starts": "19:00", "ends": "20:30"} | typed

    answer = officer.post(f"/en/staff/meetings/{meeting.public_id}/move", data=form)

    assert answer.status_code in (404, 422)
    assert meeting.starts_at == before


def test_who_is_taken_off_the_list_is_told_and_the_seat_goes_on(
    officer: FlaskClient, session: Session, meeting: Meeting
) -> None:
    first = session.scalars(select(Signup).order_by(Signup.id)).first()
    assert first

    answer = officer.post(f"/en/staff/sign-ups/{first.public_id}/take-off", data=WHY)

    assert answer.location == f"/en/staff/meetings/{meeting.public_id}"
    states = session.scalars(select(Signup.state).order_by(Signup.id)).all()
    assert states == ["cancelled", "confirmed", "confirmed", "waiting"]
    assert (jobs(session, "signup_cancelled_mail"), jobs(session, "seat_given_mail")) == (1, 1)


def test_without_a_reason_nobody_is_taken_off_the_list(
    officer: FlaskClient, session: Session, meeting: Meeting
) -> None:
    first = session.scalars(select(Signup).order_by(Signup.id)).first()
    assert first

    answers = [
        officer.post(f"/en/staff/sign-ups/{first.public_id}/take-off", data={"reason": reason}) for reason in ("", "xx")
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert 'href="#reason"' in answers[0].text and "Amina" in answers[0].text
    assert session.scalars(select(Signup.state).order_by(Signup.id)).first() == "confirmed"


def test_the_page_asks_as_often_for_three_people_as_for_one(
    officer: FlaskClient, store: Store, session: Session, venue: Venue
) -> None:
    meeting = factories.a_meeting(session, venue=venue)
    factories.a_signup(session, meeting.pool)
    address = f"/en/staff/meetings/{meeting.public_id}"
    officer.get(address)
    with counted(store) as for_one:
        officer.get(address)
    for _ in range(2):
        factories.a_signup(session, meeting.pool)
    session.commit()

    with counted(store) as for_three:
        officer.get(address)

    assert len(for_three) == len(for_one)


def test_today_shows_the_meeting_of_today_and_what_waits(
    officer: FlaskClient, store: Store, session: Session, venue: Venue
) -> None:
    today = factories.a_meeting(session, venue=venue, on=factories.NOW.date())
    factories.a_signup(session, today.pool, person=factories.a_person(session, name="Elena"))
    full = factories.a_meeting(session, venue=venue, capacity=1)
    for _ in range(3):
        factories.a_signup(session, full.pool)
    factories.an_activity(session, venue=venue, published=False)

    page = officer.get("/en/staff/").text

    assert "Elena" in page
    assert "Waiting list" in page and "Drafts" in page
    assert page.count(f"/en/staff/meetings/{full.public_id}") >= 2


def test_today_of_a_new_commune_offers_the_first_activity(officer: FlaskClient) -> None:
    page = officer.get("/en/staff/").text

    assert "No meeting today" in page and "/en/staff/activities/new" in page


def test_the_desk_asks_as_often_for_three_meetings_as_for_one(
    officer: FlaskClient, store: Store, session: Session, venue: Venue
) -> None:
    factories.a_meeting(session, venue=venue)
    officer.get("/en/staff/")
    with counted(store) as for_one:
        officer.get("/en/staff/")
    for _ in range(2):
        factories.a_meeting(session, venue=venue)
    session.commit()

    with counted(store) as for_three:
        officer.get("/en/staff/")

    assert len(for_three) == len(for_one)


def give_right(officer: FlaskClient, meeting: Meeting, name: str, reason: str, **more: str) -> TestResponse:
    page = officer.get(f"/en/staff/meetings/{meeting.public_id}").text
    [value] = re.findall(rf'<option value="([\w-]+)">{name}<', page) or [name]
    data = {"signup": value, "reason": reason} | more
    return officer.post(f"/en/staff/meetings/{meeting.public_id}/right", data=data, follow_redirects=True)


def test_a_right_to_the_seat_moves_to_the_head_and_says_why_to_the_person(
    officer: FlaskClient, session: Session, meeting: Meeting
) -> None:
    answer = give_right(officer, meeting, "Daniyar", "He looks after his mother on other days")
    waiting = answer.text.split("Who waits")[1]
    daniyar = session.scalars(select(Signup).where(Signup.state == SignupState.WAITING).order_by(Signup.id)).all()[-1]
    own_page = officer.get(f"/en/b/{daniyar.link_key}").text

    assert "The next free seat is theirs." in answer.text
    assert waiting.index("Daniyar") < waiting.index("Carla")
    assert "You are number 1 of 2." in own_page
    assert "A right to the next seat" in own_page
    assert "He looks after his mother on other days" in own_page
    assert "He looks after his mother" in answer.text


def test_a_right_needs_a_reason_of_two_words(officer: FlaskClient, meeting: Meeting) -> None:
    answer = give_right(officer, meeting, "Daniyar", "necessary!")

    assert answer.status_code == 422
    assert "Please write at least two words and ten letters." in answer.text
    assert 'value="necessary!"' in answer.text


def test_a_right_is_given_to_the_people_of_this_meeting_only(
    officer: FlaskClient, session: Session, meeting: Meeting, venue: Venue
) -> None:
    foreign = factories.a_meeting(session, capacity=1)
    factories.a_signup(session, foreign.pool)
    waits = factories.a_signup(session, foreign.pool)

    here = give_right(officer, meeting, waits.public_id, "a very good reason")
    there = give_right(officer, foreign, waits.public_id, "a very good reason")

    assert [here.status_code, there.status_code] == [404, 404]
    assert session.get_one(Signup, waits.id).right_at is None


def test_the_list_of_decisions_shows_nobody_s_contract(
    officer: FlaskClient, session: Session, meeting: Meeting
) -> None:
    signed = factories.a_person(session, name="Elif")
    factories.a_priority(session, signed)
    factories.a_signup(session, meeting.pool, person=signed)
    first = session.scalars(select(Signup).order_by(Signup.id)).first()
    assert first
    officer.post(f"/en/staff/sign-ups/{first.public_id}/take-off", data=WHY)

    page = officer.get(f"/en/staff/meetings/{meeting.public_id}").text
    decided = page.split("What was decided, and why")[1]

    assert "Elif" in decided
    assert "By the order of the list: people with a contract first, then who asked first." in decided
    assert "People with an integration contract come first." not in page


def test_beside_a_name_that_waits_stands_how_often_the_person_did_not_come(
    officer: FlaskClient, session: Session, meeting: Meeting
) -> None:
    before = officer.get(f"/en/staff/meetings/{meeting.public_id}").text
    carla = session.scalars(select(Signup).where(Signup.state == SignupState.WAITING).order_by(Signup.id)).first()
    assert carla
    other = factories.a_signup(session, factories.a_meeting(session, on=date(2026, 11, 23)).pool, person=carla.person)
    seats.cancel(session, signup=other, now=datetime(2026, 11, 23, 10, tzinfo=UTC))

    page = officer.get(f"/en/staff/meetings/{meeting.public_id}").text

    assert "gave back late" not in before
    assert page.split("Who waits")[1].count("gave back late once in a year") == 1
