"""The nightly job asks those whose season is over; the mail carries a link that works once."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.events.records import SeasonQuestion
from tests import factories
from tests.infrastructure.mail_server import MailServer, parts_of
from tests.worker.conftest import RunWorker

AFTER = datetime(2026, 11, 25, 10, tzinfo=UTC)


def test_the_day_after_the_last_date_a_participant_gets_the_two_questions(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    meeting = factories.a_meeting(session)
    person = factories.a_person(session, contact="amina@example.lu", language="en")
    factories.a_signup(session, meeting.pool, person=person)
    session.commit()

    for _ in range(2):
        run_worker(AFTER)

    asked = [one for one in mail.mails if one["Subject"] == "Two short questions for you"]
    question = session.scalars(select(SeasonQuestion)).one()
    assert len(asked) == 1
    text = parts_of(asked[0])["text/plain"]
    assert f"Answer the two questions:\nhttps://hub.example.lu/en/q/{question.link_key}\n" in text
    assert "Your answer is kept without your name." in text


def test_whoever_paused_messages_in_the_meantime_gets_no_question(
    session: Session, mail: MailServer, run_worker: RunWorker
) -> None:
    meeting = factories.a_meeting(session)
    person = factories.a_person(session, contact="amina@example.lu", language="en")
    factories.a_signup(session, meeting.pool, person=person)
    session.commit()
    run_worker(datetime(2026, 11, 25, 3, tzinfo=UTC))
    person.messages_paused_at = AFTER
    session.commit()

    run_worker(AFTER)

    assert [one["Subject"] for one in mail.mails if "questions" in one["Subject"]] == []
