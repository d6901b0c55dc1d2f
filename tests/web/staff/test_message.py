"""Writing to the people of a meeting: the look, the cost, once to all, letters for the rest."""

import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation
from commune_hub.base.outbox import Job
from commune_hub.events.actions import meetings
from commune_hub.events.models import Meeting
from commune_hub.events.records import GroupMessage
from commune_hub.events.words import CancelReason
from tests import factories


@pytest.fixture
def meeting(session: Session, organisation: Organisation) -> Meeting:
    """Amina has mail, Bogdan a phone, Carla neither; Daniyar waits, with a phone."""
    meeting = factories.a_meeting(session, organisation=organisation, capacity=3)
    contacts = {"Amina": "amina@example.lu", "Bogdan": "621 123 456", "Carla": "", "Daniyar": "621 123 457"}
    for name, contact in contacts.items():
        factories.a_signup(session, meeting.pool, person=factories.a_person(session, name=name, contact=contact))
    return meeting


def address(meeting: Meeting) -> str:
    return f"/en/staff/meetings/{meeting.public_id}/message"


def jobs(session: Session) -> int:
    return len(session.scalars(select(Job).where(Job.kind == "group_mail")).all())


def test_the_page_says_how_many_are_reached_how_and_who_needs_a_letter(officer: FlaskClient, meeting: Meeting) -> None:
    page = officer.get(address(meeting)).text

    assert [words in page for words in ("by mail", "by text message", "by letter")] == [True, True, True]
    assert "Also the person who waits" in page
    assert "Carla" in page and "Amina" not in page
    assert f'href="{address(meeting)}"' in officer.get(address(meeting).removesuffix("/message")).text


def test_a_look_shows_the_text_message_and_what_it_takes_and_sends_nothing(
    officer: FlaskClient, session: Session, meeting: Meeting
) -> None:
    look = officer.post(address(meeting), data={"text": "La fête <b>", "language": "fr", "step": "look"})

    assert look.status_code == 200
    assert '<div lang="fr" dir="auto"><p>La fête &lt;b&gt;</p></div>' in look.text
    assert "La fete &lt;b&gt; localhost" in look.text or "La fete &lt;b&gt; http" in look.text
    assert "One text message for each person, one in all." in look.text
    assert "We send it by phone without them." in look.text
    assert "Send to 2 people" in look.text
    assert jobs(session) == 0


def test_letters_that_no_phone_has_are_named(officer: FlaskClient, meeting: Meeting) -> None:
    look = officer.post(address(meeting), data={"text": "Привет!", "language": "fr"})

    assert "These characters make a text message two or three times as dear: П р и в е т" in look.text


def test_a_message_is_sent_once_to_everybody_who_can_be_reached(
    officer: FlaskClient, session: Session, meeting: Meeting
) -> None:
    page = officer.get(address(meeting)).text
    key = re.search(r'name="key" value="([\w-]{22})"', page)
    assert key
    form = {"text": "Bring a cup.", "language": "en", "to_waiting": "yes", "step": "send", "key": key[1]}

    answers = [officer.post(address(meeting), data=form) for _ in range(2)]
    page = officer.get(address(meeting)).text

    assert [answer.status_code for answer in answers] == [303, 303]
    assert (len(session.scalars(select(GroupMessage)).all()), jobs(session)) == (1, 3)
    assert "3 people get your message." in page


def test_an_empty_message_is_asked_for_again_and_one_that_is_too_late_refused(
    officer: FlaskClient, session: Session, organisation: Organisation, meeting: Meeting
) -> None:
    empty = officer.post(address(meeting), data={"text": " ", "language": "en", "step": "send"})
    meeting.starts_at -= timedelta(days=20)
    meeting.ends_at -= timedelta(days=20)
    late = officer.post(address(meeting), data={"text": "Hello", "language": "en", "step": "send"})

    assert (empty.status_code, late.status_code) == (422, 303)
    assert "There is a problem" in empty.text
    page = officer.get(address(meeting)).text
    assert "Nothing was sent." in page and "One can no longer write" in page
    assert jobs(session) == 0


def test_nobody_writes_to_the_people_of_another_commune(officer: FlaskClient, session: Session) -> None:
    foreign = factories.a_meeting(session)
    factories.a_signup(session, foreign.pool)
    form = {"text": "Hello", "language": "en", "step": "send"}
    letters = address(foreign).replace("/message", "/letters.pdf")

    answers = [officer.get(address(foreign)), officer.post(address(foreign), data=form), officer.get(letters)]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert jobs(session) == 0


def test_whoever_has_neither_mail_nor_phone_gets_a_letter_to_print(
    officer: FlaskClient, session: Session, meeting: Meeting
) -> None:
    officer.post(address(meeting), data={"text": "Bring *a* #cup.", "language": "en", "step": "send"})
    sent = session.scalars(select(GroupMessage)).one()
    letters = f"{address(meeting).replace('/message', '/letters.pdf')}?message={sent.public_id}"

    page, pdf = officer.get(address(meeting)).text, officer.get(letters)

    assert letters.replace("&", "&amp;") in page
    assert (pdf.status_code, pdf.content_type, pdf.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert b"/MarkInfo<</Marked true" in pdf.data and b"/Count 1/Kids" in pdf.data
    assert pdf.headers["Cache-Control"] == "no-store"


def test_a_cancellation_is_printed_also_for_whoever_wants_no_messages(
    officer: FlaskClient, session: Session, organisation: Organisation, meeting: Meeting, now: datetime
) -> None:
    quiet = factories.a_person(session, name="Elena")
    quiet.messages_paused_at = now
    factories.a_signup(session, meeting.pool, person=quiet)
    letters = address(meeting).replace("/message", "/letters.pdf")
    before = officer.get(letters).status_code
    actor = factories.an_actor(session, organisation=organisation)
    meetings.cancel_meeting(session, meeting=meeting, reason=CancelReason.HOST_ILL, actor=actor, now=now)

    page, pdf = officer.get(address(meeting)).text, officer.get(letters)

    assert before == 404
    assert letters in page
    assert (pdf.status_code, b"/Count 2/Kids" in pdf.data) == (200, True)


def test_a_message_to_another_meeting_gives_no_letters(
    officer: FlaskClient, session: Session, organisation: Organisation, meeting: Meeting
) -> None:
    officer.post(address(meeting), data={"text": "Hello", "language": "en", "step": "send"})
    sent = session.scalars(select(GroupMessage)).one()
    other = factories.a_meeting(session, organisation=organisation)

    path = address(other).replace("/message", "/letters.pdf")
    answers = [officer.get(f"{path}?message={key}").status_code for key in (sent.public_id, "x", "A" * 22)]

    assert answers == [404, 404, 404]
