"""A message to a group: in the reader's frame, with the officer's words as they were written."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from commune_hub.events.actions import messages, seats
from commune_hub.events.message_inputs import GroupDraft
from commune_hub.events.models import Meeting, Signup
from commune_hub.worker.work import Work
from tests import factories
from tests.infrastructure.mail_server import MailServer, parts_of
from tests.worker.conftest import RunWorker

TEXT = "100 % sûr : <b>apportez</b> une tasse.\n\nÀ mardi !"


@pytest.fixture
def meeting(session: Session) -> Meeting:
    return factories.a_meeting(session)


def a_seat(session: Session, meeting: Meeting, contact: str, language: str = "en") -> Signup:
    return factories.a_signup(
        session, meeting.pool, person=factories.a_person(session, contact=contact, language=language)
    )


def written(session: Session, meeting: Meeting, now: datetime) -> None:
    officer = factories.an_actor(session, organisation=meeting.activity.organisation)
    draft = GroupDraft.parse({"text": TEXT, "language": "fr"})
    messages.write_to(session, meeting=meeting, draft=draft, actor=officer, now=now)


def test_the_words_of_the_officer_stand_in_the_frame_of_the_reader(
    session: Session, meeting: Meeting, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    signup = a_seat(session, meeting, "amina@example.lu")
    written(session, meeting, now)
    session.commit()

    run_worker(now)

    sent = next(one for one in mail.mails if "message" in one["Subject"])
    parts = parts_of(sent)
    assert sent["Subject"] == "A message about your date: Tue 24 Nov, 18:30"
    assert sent["List-Unsubscribe"].strip() == f"<https://hub.example.lu/b/{signup.link_key}/no-reminders>"
    assert "Hello Amina,\n\n100 % sûr : <b>apportez</b> une tasse.\n\nÀ mardi !\n" in parts["text/plain"]
    assert '<div lang="fr" dir="auto">\n<p>100 % sûr : &lt;b&gt;apportez&lt;/b&gt; une tasse.</p>' in parts["text/html"]


def test_by_phone_it_is_one_line_in_the_alphabet_of_phones(
    session: Session, meeting: Meeting, work: Work, run_worker: RunWorker, now: datetime
) -> None:
    signup = a_seat(session, meeting, "621 123 456")
    organiser = meeting.activity.organisation.name
    written(session, meeting, now)
    session.commit()

    run_worker(now)

    texts = [json.loads(file.read_text())["text"] for file in Path(work.settings.mailbox).glob("*.sms")]
    assert (
        f"{organiser}, Tue 24 Nov, 18:30: 100 % sur : <b>apportez</b> une tasse. À mardi !"
        f" hub.example.lu/en/b/{signup.link_key}".replace("À", "A")
    ) in texts


def test_whoever_paused_or_gave_back_the_seat_in_the_meantime_gets_nothing(
    session: Session, meeting: Meeting, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    paused, gone = a_seat(session, meeting, "a@example.lu"), a_seat(session, meeting, "b@example.lu")
    written(session, meeting, now)
    paused.person.messages_paused_at = now
    seats.cancel(session, signup=gone, now=now)
    session.commit()

    run_worker(now)

    assert [one["Subject"] for one in mail.mails if "message" in one["Subject"]] == []
