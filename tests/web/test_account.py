"""Signing in with a code: the same words for everybody, limits, my dates, signing out."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from commune_hub.accounts.models import Person, SignInCode
from commune_hub.accounts.queries import ring_of
from commune_hub.base.db import Store
from commune_hub.base.outbox import Job
from commune_hub.events import queries
from commune_hub.events.actions.meetings import cancel_meeting
from commune_hub.events.words import CancelReason, SignupState
from tests.factories import a_person, a_signup, an_activity
from tests.infrastructure.counting import counted

MAIL = "amina@example.lu"


def ask(client: FlaskClient, contact: str = MAIL) -> TestResponse:
    return client.post("/en/sign-in", data={"contact": contact})


def enter(client: FlaskClient, code: str, contact: str = MAIL, **given: str) -> TestResponse:
    return client.post("/en/sign-in/code", data={"contact": contact, "code": code} | given)


def newest_code(store: Store) -> str:
    """The digits as the mail has them."""
    with store.reading() as session:
        row = session.scalars(select(SignInCode).order_by(SignInCode.id.desc())).first()
        assert row is not None
        assert row.code_sealed is not None
        owner = session.scalars(select(Person).where(Person.contacts.any(id=row.contact_id))).one()
        return ring_of(session).open(owner.public_id, row.code_sealed)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def signed_in(client: FlaskClient, store: Store, contact: str = MAIL) -> FlaskClient:
    ask(client, contact)
    assert enter(client, newest_code(store), contact).status_code == 303
    return client


def test_the_code_from_the_message_signs_in(client: FlaskClient, session: Session, store: Store) -> None:
    a_person(session, contact=MAIL)
    session.commit()

    asked = ask(client)
    answer = enter(client, f" {newest_code(store)} ")

    cookie = answer.headers["Set-Cookie"]
    assert (asked.status_code, answer.status_code, answer.location) == (200, 303, "/en/my/dates")
    assert re.findall(r"Max-Age=(\d+)|(HttpOnly)|SameSite=(\w+)", cookie) == [
        ("15552000", "", ""), ("", "HttpOnly", ""), ("", "", "Lax"),
    ]  # fmt: skip
    assert client.get("/en/my/dates").status_code == 200
    assert client.get("/en/sign-in").location == "/en/my/dates"


def test_a_phone_that_is_not_ones_own_forgets_at_once(
    client: FlaskClient, session: Session, store: Store
) -> None:
    a_person(session, contact=MAIL)
    session.commit()
    ask(client)

    answer = enter(client, newest_code(store), shared_phone="yes")

    assert "Max-Age" not in answer.headers["Set-Cookie"]


def test_an_unknown_contact_reads_the_same_and_gets_nothing(
    client: FlaskClient, session: Session, store: Store
) -> None:
    a_person(session, contact=MAIL)
    session.commit()

    known, unknown = ask(client), ask(client, "nobody@example.lu")

    with store.reading() as reading:
        sent = reading.scalars(select(Job.kind)).all()
    assert known.text.replace(MAIL, "") == unknown.text.replace("nobody@example.lu", "")
    assert (known.status_code, unknown.status_code, sent) == (200, 200, ["sign_in_code"])
    assert [enter(client, "000000", "nobody@example.lu").status_code] == [422]


def test_the_code_page_helps_the_phone_and_names_no_contact_in_its_address(
    client: FlaskClient, session: Session
) -> None:
    page = ask(client, "621 123 456").text

    assert 'inputmode="numeric"' in page
    assert 'autocomplete="one-time-code"' in page
    assert "a message with six digits is on its way" in page
    assert client.get("/en/sign-in/code").location == "/en/sign-in"


@pytest.mark.parametrize(
    ("contact", "words"),
    [("", "Please fill this in."), ("hello", "Please write a phone number or a mail address.")],
)
def test_a_contact_that_is_none_is_asked_again(client: FlaskClient, contact: str, words: str) -> None:
    answer = ask(client, contact)

    assert (answer.status_code, words in answer.text) == (422, True)


def test_a_code_without_its_contact_begins_again(client: FlaskClient) -> None:
    answer = enter(client, "123456", contact="")

    assert (answer.status_code, "Send me a code" in answer.text) == (422, True)


def test_a_wrong_code_is_counted_and_the_sixth_try_comes_too_late(
    client: FlaskClient, session: Session, store: Store
) -> None:
    a_person(session, contact=MAIL)
    session.commit()
    ask(client)
    code = newest_code(store)

    answers = [enter(client, wrong(code)) for _ in range(5)] + [enter(client, code)]

    assert [answer.status_code for answer in answers] == [422] * 6
    assert "The code is wrong." in answers[4].text
    assert "Too many tries." in answers[5].text


def test_ten_wrong_tries_in_a_quarter_of_an_hour_are_enough(
    client: FlaskClient, session: Session, store: Store
) -> None:
    a_person(session, contact=MAIL)
    session.commit()
    for _ in range(2):
        ask(client)
        for _ in range(5):
            enter(client, wrong(newest_code(store)))
    ask(client)

    answer = enter(client, newest_code(store))

    assert (answer.status_code, "Too many tries." in answer.text) == (429, True)


def test_the_sixth_code_for_one_contact_is_refused_for_known_and_unknown_alike(
    client: FlaskClient, session: Session
) -> None:
    a_person(session, contact=MAIL)
    session.commit()

    answers = {contact: [ask(client, contact).status_code for _ in range(6)] for contact in (MAIL, "no@example.lu")}

    assert answers == {MAIL: [200] * 5 + [303], "no@example.lu": [200] * 5 + [303]}


def test_my_dates_are_for_those_who_signed_in(client: FlaskClient) -> None:
    answers = [client.get(path) for path in ("/en/my/dates", "/en/my/dates.ics")]

    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/en/sign-in")] * 2


def test_my_dates_show_the_family_by_week_and_nobody_else(
    client: FlaskClient, session: Session, store: Store
) -> None:
    activity = an_activity(session, capacity="2")
    first, second = (activity.meetings[number].pool for number in (-4, -3))
    amina, yonas = a_person(session, contact=MAIL), a_person(session, name="Yonas", contact=MAIL)
    a_signup(session, first, person=amina)
    a_signup(session, first, person=a_person(session, name="Stranger", contact="other@example.lu"))
    a_signup(session, first, person=yonas)
    a_signup(session, second, person=yonas)
    session.commit()

    page = signed_in(client, store).get("/en/my/dates").text
    only = client.get(f"/en/my/dates?who={yonas.public_id}").text

    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", page) == ["Next week", "From Monday, 30 November"]
    assert [page.count(name) for name in ("<bdi>Amina</bdi>", "<bdi>Yonas</bdi>", "Stranger")] == [1, 2, 0]
    assert [page.count(words) for words in ("You have a seat", ">Waiting list<")] == [2, 1]
    assert [only.count(name) for name in ("<bdi>Amina</bdi>", "<bdi>Yonas</bdi>")] == [0, 2]


def test_a_date_is_given_back_from_there(client: FlaskClient, session: Session, store: Store) -> None:
    signup = a_signup(session, an_activity(session).meetings[-1].pool, person=a_person(session, contact=MAIL))
    session.commit()
    signed_in(client, store)

    answer = client.post(f"/en/b/{signup.link_key}/cancel", data={"back": "my_dates"})
    page = client.get(answer.location).text

    with store.reading() as reading:
        assert queries.signup_by_key(reading, signup.link_key).state == SignupState.CANCELLED
    assert answer.location == "/en/my/dates"
    assert "You have no dates yet" in page


def test_the_calendar_of_my_dates_holds_all_of_them(
    client: FlaskClient, session: Session, store: Store, now: datetime
) -> None:
    person = a_person(session, contact=MAIL)
    table, course = an_activity(session), an_activity(session, kind="volunteer_course")
    a_signup(session, table.meetings[-1].pool, person=person)
    course.meetings[0].pool.closes_at = table.meetings[-1].starts_at
    a_signup(session, course.meetings[0].pool, person=person)
    coming = [meeting for meeting in course.meetings if meeting.starts_at > now]
    cancel_meeting(session, meeting=coming[0], reason=CancelReason.OTHER, actor=None, now=now)
    session.commit()

    answer = signed_in(client, store).get("/en/my/dates.ics")

    events = Calendar.from_ical(answer.text).walk("VEVENT")
    assert len(events) == 1 + len(coming)
    assert [str(event["STATUS"]) for event in events].count("CANCELLED") == 1


def test_the_number_of_questions_does_not_grow_with_my_dates(
    app: Flask, session: Session, store: Store
) -> None:
    activity = an_activity(session)
    one, three = a_person(session, contact=MAIL), a_person(session, contact="three@example.lu")
    a_signup(session, activity.meetings[-1].pool, person=one)
    for number in (-1, -2, -3):
        a_signup(session, activity.meetings[number].pool, person=three)
    session.commit()
    clients = [signed_in(app.test_client(), store, contact) for contact in (MAIL, "three@example.lu")]

    asked = []
    for client in clients:
        client.get("/en/my/dates")
        with counted(store) as statements:
            client.get("/en/my/dates")
        asked.append(len(statements))

    assert asked[0] == asked[1]


def test_signing_out_ends_the_session_on_the_server(
    app: Flask, client: FlaskClient, session: Session, store: Store
) -> None:
    a_person(session, contact=MAIL)
    session.commit()
    signed_in(client, store)
    copied = client.get_cookie("signin")
    assert copied is not None

    answer = client.post("/en/sign-out")
    thief = app.test_client()
    thief.set_cookie("signin", copied.value)

    assert (answer.location, client.get_cookie("signin")) == ("/en/", None)
    assert thief.get("/en/my/dates").status_code == 303
