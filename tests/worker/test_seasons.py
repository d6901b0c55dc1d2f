"""One message for many dates that were taken in one go."""

from datetime import date, datetime

from icalendar import Calendar
from sqlalchemy.orm import Session

from commune_hub.events.actions import seats
from tests.factories import a_person, a_signup, an_activity
from tests.infrastructure.mail_server import MailServer, parts_of
from tests.worker.conftest import RunWorker


def test_a_season_taken_in_one_go_is_told_in_one_mail_with_a_link_for_each_date(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    table = an_activity(session, capacity="1", first_on=date(2026, 11, 24), last_on=date(2026, 12, 8))
    pools = [meeting.pool for meeting in table.meetings]
    a_signup(session, pools[1])
    person = a_person(session, contact="amina@example.lu", language="en")
    answers = seats.sign_up_for_many(
        session, pool_ids=[pool.public_id for pool in pools], person=person, now=now, form_token="t"
    )
    gone = answers[2][1]
    seats.cancel(session, signup=gone, now=now)
    links = [f"https://hub.example.lu/en/b/{signup.link_key}" for _, signup in answers]
    session.commit()

    run_worker(now)

    sent = mail.mails[0]
    parts = parts_of(sent)
    assert sent["Subject"] == "You have signed up for 2 dates"
    assert parts["text/plain"].count("/en/b/") == 2
    assert f"Tuesday, 24 November, 18:30 – 20:00: You have a seat\n{links[0]}\n" in parts["text/plain"]
    assert f"Tuesday, 1 December, 18:30 – 20:00: You are on the waiting list\n{links[1]}\n" in parts["text/plain"]
    assert "See all my dates:\nhttps://hub.example.lu/en/my/dates" in parts["text/plain"]
    assert len(Calendar.from_ical(parts["text/calendar"]).walk("VEVENT")) == 1
