"""Practice cards, checking in with the code at the place, one's own hours: for one's own people only."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.models import Contact, Organisation, Person, SignInCode
from commune_hub.accounts.queries import ring_of
from commune_hub.accounts.rules import reach_from
from commune_hub.accounts.words import Role
from commune_hub.base.db import Store
from commune_hub.events import roll
from commune_hub.events.actions import attendance, cards
from commune_hub.events.models import Meeting
from commune_hub.events.records import PracticeCard
from commune_hub.events.words import AttendanceState
from tests.factories import a_meeting, a_person, a_signup, an_account, an_actor, an_organisation

START = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
PHONE = "621 123 456"


@pytest.fixture
def now() -> datetime:
    """Ten minutes after the beginning."""
    return START + timedelta(minutes=10)


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def meeting(session: Session, organisation: Organisation) -> Meeting:
    """A table with Amina, who has a phone, and Bogdan."""
    meeting = a_meeting(session, organisation=organisation)
    for name, contact in (("Amina", PHONE), ("Bogdan", "")):
        a_signup(session, meeting.pool, person=a_person(session, name=name, contact=contact))
    session.commit()
    return meeting


def with_code(session: Session, client: FlaskClient, now: datetime) -> None:
    """Sign in the way a learner does."""
    reach = reach_from(PHONE)
    assert reach is not None
    accounts.request_code(session, reach=reach, now=now)
    row = session.scalars(select(SignInCode)).one()
    assert row.code_sealed is not None
    owner = session.get_one(Contact, row.contact_id).person.public_id
    code = ring_of(session).open(owner, row.code_sealed)
    token = accounts.enter_code(session, reach=reach, code=code, shared_phone=False, now=now)
    session.commit()
    client.set_cookie("signin", str(token))


@pytest.fixture
def amina(client: FlaskClient, session: Session, meeting: Meeting, now: datetime) -> FlaskClient:
    """Amina's phone, signed in."""
    with_code(session, client, now)
    return client


def staff_of(app: Flask, session: Session, organisation: Organisation, now: datetime) -> FlaskClient:
    account = an_account(session, role=Role.OFFICER, organisation=organisation)
    token = accounts.sign_in_staff(session, account=account, now=now, second_factor=True)
    session.commit()
    browser = app.test_client()
    browser.set_cookie("signin", token)
    return browser


def a_card(session: Session, name: str = "Goran Petrović") -> str:
    code = cards.make_card(session, person=a_person(session, name=name), now=START).code
    session.commit()
    return code


def states(store: Store, meeting: Meeting) -> dict[str, tuple[AttendanceState, bool]]:
    with store.reading() as session:
        lines = roll.roll_of(session, session.get_one(Meeting, meeting.id)).lines
        return {line.name: (line.state, line.signed) for line in lines}


# -- the card -----------------------------------------------------------------


def test_a_stranger_who_scans_a_card_learns_how_to_give_it_back_and_no_name(
    client: FlaskClient, session: Session, meeting: Meeting
) -> None:
    code = a_card(session)

    real, invented = (client.get(f"/en/k/{one}").text for one in (code, "A" * 22))

    assert "You found this card?" in real and "Goran" not in real
    assert real.replace(code, "") == invented.replace("A" * 22, "")
    assert client.post(f"/en/k/{code}", data={"meeting": meeting.public_id}).location == "/en/sign-in"


def test_staff_mark_presence_with_one_tap_on_a_scanned_card(
    app: Flask, session: Session, store: Store, meeting: Meeting, organisation: Organisation, now: datetime
) -> None:
    officer = staff_of(app, session, organisation, now)
    code = a_card(session)

    page = officer.get(f"/en/k/{code}").text
    answers = [
        officer.post(f"/en/k/{code}", data={"meeting": meeting.public_id, "form_token": "t"}).status_code
        for _ in range(2)
    ]

    assert "Goran Petrović" in page and "has no seat: will be added" in page
    assert answers == [303, 303]
    assert states(store, meeting)["Goran P."] == (AttendanceState.PRESENT, True)


def test_staff_of_others_and_before_a_meeting_learn_no_name(
    app: Flask, session: Session, meeting: Meeting, organisation: Organisation, now: datetime
) -> None:
    other = staff_of(app, session, an_organisation(session), now)
    officer = staff_of(app, session, organisation, now)
    code = a_card(session)

    foreign = other.get(f"/en/k/{code}").text
    tried = other.post(f"/en/k/{code}", data={"meeting": meeting.public_id})
    app.extensions["clock"] = lambda: START - timedelta(hours=1)
    early = officer.get(f"/en/k/{code}").text

    assert "Goran" not in foreign + early
    assert "No meeting of yours is going on." in early
    assert tried.status_code == 404


def test_a_lost_card_is_not_known_any_more(
    app: Flask, session: Session, meeting: Meeting, organisation: Organisation, now: datetime
) -> None:
    officer = staff_of(app, session, organisation, now)
    code = a_card(session)
    card = session.scalars(select(PracticeCard)).one()
    cards.end_card(session, person=card.person, now=now)
    session.commit()

    assert "We do not know this card." in officer.get(f"/en/k/{code}").text
    posted = officer.post(f"/en/k/{code}", data={"meeting": meeting.public_id}, follow_redirects=True)
    assert "We do not know this card." in posted.text


def test_my_card_is_made_printed_lost_and_given_up(amina: FlaskClient, session: Session) -> None:
    def code() -> str | None:
        found = session.scalar(select(PracticeCard.code).where(PracticeCard.ended_at.is_(None)))
        session.commit()
        return found

    assert amina.get("/en/my/card/print").status_code == 404
    amina.post("/en/my/card")
    first = code()
    shown, printed = amina.get("/en/my/card").text, amina.get("/en/my/card/print").text
    assert f"/k/{first}" in shown and f"/k/{first}" in printed and "Amina" not in printed

    amina.post("/en/my/card", data={"act": "lost", "code": first})
    second = code()
    amina.post("/en/my/card", data={"act": "end"})

    assert (second not in (None, first), code()) == (True, None)


def test_nobody_sees_somebody_else_s_card_or_hours(amina: FlaskClient, session: Session) -> None:
    bogdan = next(p for p in session.scalars(select(Person)) if p.name == "Bogdan").public_id
    session.commit()

    assert amina.get(f"/en/my/card?person={bogdan}").status_code == 404
    assert amina.get(f"/en/my/card/print?person={bogdan}").status_code == 404
    assert amina.post("/en/my/card", data={"person": bogdan}).status_code == 404
    assert amina.get(f"/en/my/hours?person={bogdan}").status_code == 404


# -- the code at the place -------------------------------------------------------


@pytest.fixture
def place(session: Session, meeting: Meeting, organisation: Organisation) -> str:
    """The address behind the code shown at the place."""
    actor = an_actor(session, organisation=organisation)
    code = attendance.open_roll(session, meeting=meeting, actor=actor, now=START).check_in
    session.commit()
    return f"/en/here/{code}"


def test_who_is_signed_in_checks_in_with_one_tap_and_sees_only_the_own_name(
    amina: FlaskClient, place: str, store: Store, meeting: Meeting
) -> None:
    page = amina.get(place).text
    person = page.split('name="person" value="')[1][:22]

    amina.post(place, data={"person": person})

    assert "Amina is here" in page and "Bogdan" not in page
    assert states(store, meeting) == {
        "Amina": (AttendanceState.PRESENT, True),
        "Bogdan": (AttendanceState.UNKNOWN, False),
    }


def test_nobody_checks_in_somebody_else(
    amina: FlaskClient, place: str, store: Store, meeting: Meeting, session: Session
) -> None:
    bogdan = next(p for p in session.scalars(select(Person)) if p.name == "Bogdan").public_id
    session.commit()

    assert amina.post(place, data={"person": bogdan}).status_code == 404
    assert {state for state, _ in states(store, meeting).values()} == {AttendanceState.UNKNOWN}


def test_a_booking_s_link_and_the_code_together_check_in_without_an_account(
    client: FlaskClient, place: str, store: Store, session: Session, meeting: Meeting
) -> None:
    key = meeting.pool.signups[1].link_key
    session.commit()
    alone = client.post(place, data={"booking": key})

    asked = client.get(place).text
    booking = client.get(f"/en/b/{key}").text
    answer = client.post(place, data={"booking": key})

    assert alone.status_code == 404
    assert "Two ways to say it" in asked and "Bogdan" not in asked
    assert "I am here" in booking
    assert answer.location == f"/en/b/{key}"
    assert states(store, meeting)["Bogdan"] == (AttendanceState.PRESENT, True)


def test_before_and_after_the_meeting_the_code_is_closed(
    app: Flask, amina: FlaskClient, place: str, store: Store, meeting: Meeting
) -> None:
    for moment in (START - timedelta(minutes=16), meeting.ends_at + timedelta(minutes=1)):
        app.extensions["clock"] = lambda moment=moment: moment
        assert "You can check in during the meeting only." in amina.get(place).text
    assert amina.get("/en/here/" + "A" * 22).status_code == 404


def test_signing_in_leads_back_to_the_code(
    client: FlaskClient, session: Session, place: str, meeting: Meeting, now: datetime
) -> None:
    client.get(place)
    client.post("/en/sign-in", data={"contact": PHONE})
    row = session.scalars(select(SignInCode).order_by(SignInCode.id.desc())).first()
    assert row is not None and row.code_sealed is not None
    owner = session.get_one(Contact, row.contact_id).person.public_id
    code = ring_of(session).open(owner, row.code_sealed)
    session.commit()

    answer = client.post("/en/sign-in/code", data={"contact": PHONE, "code": code})

    assert (answer.status_code, answer.location) == (303, place)


# -- hours ---------------------------------------------------------------------


def test_my_hours_come_from_presence_as_number_bars_and_table(
    app: Flask, amina: FlaskClient, place: str, meeting: Meeting
) -> None:
    assert "Nothing yet." in amina.get("/en/my/hours").text
    person = amina.get(place).text.split('name="person" value="')[1][:22]
    amina.post(place, data={"person": person})
    app.extensions["clock"] = lambda: meeting.ends_at + timedelta(hours=1)

    page = amina.get("/en/my/hours").text

    assert "<b>1 h 30 min</b>" in page and "November 2026" in page and "Conversation table" in page
    assert page.count('width="14"') == 12
    assert "How you are noted" in page
