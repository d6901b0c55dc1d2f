"""Mail about seats, as a real mail server gets it: text, HTML and calendar with the same facts."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.words import AfterNoShow
from commune_hub.events.actions import attendance, meetings, seats
from commune_hub.events.inputs import MoveDraft
from commune_hub.events.models import SeatPool, Signup
from commune_hub.events.words import AttendanceState, CancelReason
from tests.factories import (
    NOW,
    a_meeting,
    a_person,
    a_pool,
    a_signup,
    a_venue,
    an_activity,
    an_actor,
    an_organisation,
)
from tests.infrastructure.mail_server import MailServer, parts_of
from tests.worker.conftest import RunWorker

DURING = datetime(2026, 11, 24, 18, tzinfo=UTC)


def amina(session: Session, language: str = "en") -> Person:
    return a_person(session, name="Amina", contact="amina@example.lu", language=language)


def event_of(text: str) -> dict[str, str]:
    calendar = Calendar.from_ical(text)
    [event] = calendar.walk("VEVENT")
    return {"method": str(calendar["method"])} | {
        name: str(event[name]) for name in ("summary", "status", "sequence") if name in event
    }


def test_a_seat_is_confirmed_with_text_html_and_calendar(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    office = an_organisation(session, name="Gemeng Suessem", mail="office@suessem.example", phone="59 30 75-1")
    pool = a_pool(session, organisation=office)
    signup = a_signup(session, pool, person=amina(session))
    session.commit()

    run_worker(now)

    [sent] = mail.mails
    parts = parts_of(sent)
    link = f"https://hub.example.lu/en/b/{signup.link_key}"
    assert mail.recipients == ["amina@example.lu"]
    assert {name: sent[name] for name in ("From", "To", "Reply-To", "Subject", "Content-Language")} == {
        "From": "Gemeng Suessem <hub@hub.example.lu>",
        "To": "amina@example.lu",
        "Reply-To": "Gemeng Suessem <office@suessem.example>",
        "Subject": "You have a seat: Tue 24 Nov, 18:30",
        "Content-Language": "en",
    }
    assert parts["text/plain"] == f"""\
You have a seat
---------------

Hello Amina,

Good that you are coming.

You cannot come? Please tell us with the button, then somebody else gets your seat.

What: Conversation table
Language: Luxembourgish
When: Tuesday, 24 November, 18:30 – 20:00
Where: Centre culturel, Belvaux
Address: 4, rue de la Poste, 4477 Belvaux

See or change my booking:
{link}

--{' '}
Questions? Call 59 30 75-1. Gemeng Suessem
You get this message because somebody signed up with this address.
"""
    assert f'<a class="button" href="{link}">See or change my booking</a>' in parts["text/html"]
    assert event_of(parts["text/calendar"]) == {
        "method": "REQUEST", "summary": "Conversation table", "status": "CONFIRMED", "sequence": "0"
    }  # fmt: skip


def test_every_sentence_of_the_text_is_in_the_html(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    a_signup(session, a_pool(session), person=amina(session))
    session.commit()

    run_worker(now)

    parts = parts_of(mail.mails[0])
    lines = [line.split(": ")[-1].rstrip(":") for line in parts["text/plain"].splitlines() if line.strip("- ")]
    assert [line for line in lines if line not in parts["text/html"]] == []


def test_a_mail_is_written_in_the_language_of_its_reader(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    pool = a_pool(session)
    for language in ("fr", "de", "pt", "xx"):
        a_signup(session, pool, person=a_person(session, contact=f"{language}@example.lu", language=language))
    session.commit()

    run_worker(now)

    told = {sent["To"]: (sent["Content-Language"], "Dienstag" in parts_of(sent)["text/plain"]) for sent in mail.mails}
    assert told == {
        "fr@example.lu": ("fr", False),
        "de@example.lu": ("de", True),
        "pt@example.lu": ("pt", False),
        "xx@example.lu": ("fr", False),
    }


def test_french_has_a_space_before_the_colon(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    a_signup(session, a_pool(session), person=amina(session, "fr"))
    session.commit()

    run_worker(now)

    text = parts_of(mail.mails[0])["text/plain"]
    assert "\nQuand\u00a0: " in text
    assert [line for line in text.splitlines() if re.search(r"\w: |\w:$", line)] == []


def test_who_waits_is_told_the_place_in_the_queue_and_later_of_the_seat(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    pool = a_pool(session, capacity=1)
    first = a_signup(session, pool)
    a_signup(session, pool)
    a_signup(session, pool, person=amina(session))
    session.commit()
    run_worker(now)

    a_signup_gives_way(session, pool, first, now)
    run_worker(now + timedelta(minutes=1))

    subjects = [sent["Subject"] for sent in mail.mails]
    assert subjects == ["You are on the waiting list: Tue 24 Nov, 18:30", "A seat is free for you: Tue 24 Nov, 18:30"]
    assert "You are number 2 on the waiting list." in parts_of(mail.mails[0])["text/plain"]
    assert "text/calendar" not in parts_of(mail.mails[0])


def a_signup_gives_way(session: Session, pool: SeatPool, first: Signup, now: datetime) -> None:
    """The first gives the seat back, and so does everybody else who stands before the last."""
    for signup in [first, *[row for row in pool.signups if row is not first][:1]]:
        seats.cancel(session, signup=signup, now=now + timedelta(minutes=1))
    session.commit()


def test_who_enrols_in_a_course_that_is_decided_later_is_told_when(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    course = an_activity(session, kind="civic_course", registration_by="hub", first_on=date(2027, 1, 12),
        last_on=date(2027, 2, 16))  # fmt: skip
    pool = course.meetings[0].pool
    a_signup(session, pool, person=amina(session))
    session.commit()

    run_worker(now)

    [sent] = mail.mails
    assert sent["Subject"] == "You have enrolled: Tue 12 Jan, 09:00"
    assert "The seats are given on " in parts_of(sent)["text/plain"]


def test_a_seat_offered_at_short_notice_asks_for_an_answer_and_says_when_it_is_gone(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    pool = a_pool(session, capacity=1, on=date(2026, 11, 23))
    first = a_signup(session, pool)
    a_signup(session, pool, person=amina(session))
    seats.cancel(session, signup=first, now=now + timedelta(minutes=1))
    session.commit()

    run_worker(now + timedelta(minutes=1))
    session.expire_all()
    until = pool.signups[1].offered_until
    session.commit()
    run_worker(until)

    subjects = [sent["Subject"] for sent in mail.mails]
    assert subjects == ["Do you want this seat? Mon 23 Nov, 18:30", "The seat is no longer kept: Mon 23 Nov, 18:30"]
    assert "Say yes or no:\nhttps://hub.example.lu/en/b/" in parts_of(mail.mails[0])["text/plain"]


def test_who_was_taken_off_the_list_is_shown_where_the_reason_stands(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    signup = a_signup(session, a_pool(session), person=amina(session))
    session.commit()
    run_worker(now)
    actor = an_actor(session, organisation=signup.pool.activity.organisation)
    seats.take_off(session, signup=signup, reason="Has moved abroad", actor=actor, now=now)
    session.commit()

    run_worker(now)

    text = parts_of(mail.mails[1])["text/plain"]
    assert "The organiser took you off the list." in text
    assert "abroad" not in text


def test_a_seat_given_back_leaves_the_calendar(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    signup = a_signup(session, a_pool(session), person=amina(session))
    session.commit()
    run_worker(now)

    seats.cancel(session, signup=signup, now=now + timedelta(hours=1))
    session.commit()
    run_worker(now + timedelta(hours=1))

    parts = parts_of(mail.mails[1])
    assert mail.mails[1]["Subject"] == "You are no longer signed up: Tue 24 Nov, 18:30"
    assert event_of(parts["text/calendar"]) == {
        "method": "CANCEL", "summary": "Conversation table", "status": "CANCELLED", "sequence": "0"
    }  # fmt: skip


def test_a_cancelled_meeting_is_told_with_its_reason_also_to_those_who_paused_their_messages(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    meeting = a_meeting(session)
    person = amina(session)
    a_signup(session, meeting.pool, person=person)
    person.messages_paused_at = now
    session.flush()
    run_now = now + timedelta(hours=1)
    meetings.cancel_meeting(session, meeting=meeting, reason=CancelReason.HOST_ILL, actor=None, now=run_now)
    session.commit()

    run_worker(run_now)

    [sent] = mail.mails
    parts = parts_of(sent)
    assert sent["Subject"] == "Cancelled: Tue 24 Nov, 18:30"
    assert "Reason: The host is ill." in parts["text/plain"]
    assert event_of(parts["text/calendar"])["status"] == "CANCELLED"


def test_a_date_moved_twice_is_told_once_with_the_last_time(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    meeting = a_meeting(session)
    a_signup(session, meeting.pool, person=amina(session))
    session.commit()
    run_worker(now)
    actor = an_actor(session, organisation=meeting.activity.organisation)
    for day in ("2026-11-25", "2026-11-26"):
        draft = MoveDraft.parse({"on": day, "starts": "19:00", "ends": "20:00"})
        meetings.move(session, meeting=meeting, draft=draft, actor=actor, now=now)
    session.commit()

    run_worker(now)

    [_, sent] = mail.mails
    assert sent["Subject"] == "New time or place: Thu 26 Nov, 19:00"
    assert event_of(parts_of(sent)["text/calendar"])["sequence"] == "2"


def test_a_reminder_comes_the_evening_before_and_can_be_switched_off(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    signup = a_signup(session, a_pool(session), person=amina(session))
    session.commit()
    run_worker(now)

    run_worker(datetime(2026, 11, 23, 16, 59, tzinfo=UTC))
    before = len(mail.mails)
    run_worker(datetime(2026, 11, 23, 17, 0, tzinfo=UTC))

    [_, sent] = mail.mails
    assert (before, sent["Subject"]) == (1, "Do not forget: Tue 24 Nov, 18:30")
    assert (sent["List-Unsubscribe"].strip(), sent["List-Unsubscribe-Post"]) == (
        f"<https://hub.example.lu/b/{signup.link_key}/no-reminders>", "List-Unsubscribe=One-Click"
    )  # fmt: skip


def test_nothing_is_said_that_is_no_longer_true(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    pool = a_pool(session)
    late = a_signup(session, pool, person=a_person(session, contact="late@example.lu", language="en"))
    erased = a_person(session, contact="erased@example.lu")
    paused = a_person(session, contact="paused@example.lu")
    a_signup(session, pool, person=erased)
    a_signup(session, pool, person=paused)
    erased.erased_at = paused.messages_paused_at = now
    session.commit()

    # A worker that was away for a week finds everything at once.
    run_worker(now + timedelta(days=7))

    assert [(sent["To"], sent["Subject"]) for sent in mail.mails] == [
        ("late@example.lu", "You have a seat: Tue 24 Nov, 18:30"),
        ("late@example.lu", "Two short questions for you"),
    ]
    assert late.reminder


def test_a_course_brings_all_its_dates(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    course = an_activity(
        session, kind="volunteer_course", first_on="2026-12-01", last_on="2026-12-15", registration_by="hub"
    )
    a_signup(session, course.meetings[0].pool, person=amina(session))
    session.commit()

    run_worker(now)

    parts = parts_of(mail.mails[0])
    calendar = Calendar.from_ical(parts["text/calendar"])
    assert (str(calendar["method"]), len(calendar.walk("VEVENT"))) == ("PUBLISH", 3)
    assert "All dates: Every Tuesday, 18:30 – 20:00" in parts["text/plain"]


def test_nobody_writes_headers_into_a_mail(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    nasty = "Commune\r\nBcc: all@example.lu\u2028X-Evil: yes"
    venue = a_venue(session, organisation=an_organisation(session, name=nasty), name=nasty[:100])
    pool = a_meeting(session, venue=venue).pool
    a_signup(session, pool, person=a_person(session, name=nasty, contact="amina@example.lu", language="en"))
    session.commit()

    run_worker(now)

    [sent] = mail.mails
    assert mail.recipients == ["amina@example.lu"]
    assert (sent["Bcc"], sent["X-Evil"]) == (None, None)
    assert sent["From"].addresses[0].display_name == "Commune Bcc: all@example.lu X-Evil: yes"
    assert "&lt;" in parts_of(sent)["text/html"] or "<script" not in parts_of(sent)["text/html"]


def a_no_show(session: Session, after: AfterNoShow) -> None:
    """Amina had a seat on Tuesday and did not come; she has one the week after too."""
    table = an_activity(session)
    tuesday, next_one = [meeting for meeting in table.meetings if meeting.starts_at > NOW][:2]
    table.organisation.after_no_show = after
    person = amina(session)
    for meeting in (tuesday, next_one):
        a_signup(session, meeting.pool, person=person)
    officer = an_actor(session, organisation=table.organisation)
    attendance.mark(session, meeting=tuesday, person=person, state=AttendanceState.ABSENT, actor=officer, now=DURING)
    attendance.finish(session, meeting=tuesday, actor=officer, now=DURING)
    session.commit()


@pytest.mark.parametrize(
    "after, last", [
        (AfterNoShow.NOTHING, "Do not forget: Tue 1 Dec, 18:30"),
        (AfterNoShow.REMINDER, "We missed you: Tue 24 Nov, 18:30"),
        (AfterNoShow.ASK_AGAIN, "Do you come? Tue 1 Dec, 18:30"),
    ],
)  # fmt: skip
def test_what_follows_when_somebody_did_not_come_is_as_the_organiser_set_it(
    session: Session, mail: MailServer, run_worker: RunWorker, after: AfterNoShow, last: str
) -> None:
    a_no_show(session, after)
    run_worker(DURING)
    mail.mails.clear()

    run_worker(datetime(2026, 11, 30, 17, tzinfo=UTC))

    subjects = [sent["Subject"] for sent in mail.mails]
    assert last in subjects
    assert len(subjects) == (2 if after is AfterNoShow.REMINDER else 1)
