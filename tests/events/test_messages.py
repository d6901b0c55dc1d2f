"""A message to the people of a meeting: who gets it, once, and until when."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.permissions import Actor
from commune_hub.base.errors import Invalid, NotFound, Refused
from commune_hub.base.ids import new_public_id
from commune_hub.base.outbox import Job
from commune_hub.events.actions import messages
from commune_hub.events.message_inputs import GroupDraft
from commune_hub.events.models import Meeting
from commune_hub.events.reached import Way, audience_of, without_contact
from commune_hub.events.records import GroupMessage
from commune_hub.events.words import MessageRefusal
from tests import factories


@pytest.fixture
def meeting(session: Session) -> Meeting:
    """Four seats for Amina (mail), Bogdan (phone), Carla (neither) and Daniyar (paused); Elena waits, with mail."""
    meeting = factories.a_meeting(session, capacity=4)
    contacts = {
        "Amina": "amina@example.lu", "Bogdan": "621 123 456", "Carla": "", "Daniyar": "d@example.lu",
        "Elena": "elena@example.lu",
    }  # fmt: skip
    for name, contact in contacts.items():
        person = factories.a_person(session, name=name, contact=contact)
        person.messages_paused_at = factories.NOW if name == "Daniyar" else None
        factories.a_signup(session, meeting.pool, person=person)
    return meeting


@pytest.fixture
def officer(session: Session, meeting: Meeting) -> Actor:
    return factories.an_actor(session, organisation=meeting.activity.organisation)


def a_draft(**given: object) -> GroupDraft:
    return GroupDraft.parse({"text": "Bring a cup.", "language": "en", "key": new_public_id()} | given)


def told(session: Session) -> list[str]:
    jobs = session.scalars(select(Job).where(Job.kind == "group_mail").order_by(Job.id))
    signups = {signup.public_id: signup.person.name for pool in _pools(session) for signup in pool.signups}
    return [signups[job.ids["signup"]] for job in jobs]


def _pools(session: Session) -> list:  # type: ignore[type-arg]
    return [meeting.pool for meeting in session.scalars(select(Meeting))]


def test_everybody_is_reached_in_one_way(session: Session, meeting: Meeting) -> None:
    audience = audience_of(session, meeting, waiting=True)

    names = {way: [signup.person.name for signup in signups] for way, signups in audience.by_way.items()}
    assert names == {
        Way.MAIL: ["Amina", "Elena"], Way.PHONE: ["Bogdan"], Way.LETTER: ["Carla"], Way.PAUSED: ["Daniyar"]
    }  # fmt: skip
    assert [one.person.name for one in without_contact(session, meeting, waiting=False, paused=True)] == ["Carla"]


@pytest.mark.parametrize(("to_waiting", "names"), [("", ["Amina", "Bogdan"]), ("yes", ["Amina", "Elena", "Bogdan"])])
def test_who_can_be_reached_gets_a_job_and_who_wants_no_messages_gets_none(
    session: Session, meeting: Meeting, officer: Actor, now: datetime, to_waiting: str, names: list[str]
) -> None:
    messages.write_to(session, meeting=meeting, draft=a_draft(to_waiting=to_waiting), actor=officer, now=now)

    assert told(session) == names


def test_the_same_form_sent_twice_is_one_message(
    session: Session, meeting: Meeting, officer: Actor, now: datetime
) -> None:
    draft = a_draft()

    sent = [messages.write_to(session, meeting=meeting, draft=draft, actor=officer, now=now) for _ in range(2)]

    assert sent[0] is sent[1]
    assert (len(session.scalars(select(GroupMessage)).all()), len(told(session))) == (1, 2)


def test_two_weeks_after_the_meeting_nobody_is_written_to(session: Session, meeting: Meeting, officer: Actor) -> None:
    last = meeting.ends_at + timedelta(days=14)

    messages.write_to(session, meeting=meeting, draft=a_draft(), actor=officer, now=last)
    with pytest.raises(Refused) as refused:
        messages.write_to(session, meeting=meeting, draft=a_draft(), actor=officer, now=last + timedelta(seconds=1))

    assert refused.value.reason is MessageRefusal.TOO_LATE


def test_a_meeting_without_anybody_is_not_written_to(session: Session, now: datetime) -> None:
    meeting = factories.a_meeting(session)
    officer = factories.an_actor(session, organisation=meeting.activity.organisation)

    with pytest.raises(Refused) as refused:
        messages.write_to(session, meeting=meeting, draft=a_draft(), actor=officer, now=now)

    assert refused.value.reason is MessageRefusal.NOBODY_TO_TELL


def test_nobody_writes_to_the_people_of_others(session: Session, meeting: Meeting, now: datetime) -> None:
    stranger = factories.an_actor(session, organisation=factories.an_organisation(session))

    with pytest.raises(NotFound):
        messages.write_to(session, meeting=meeting, draft=a_draft(), actor=stranger, now=now)


@pytest.mark.parametrize("given", [{"text": " \n"}, {"text": "a" * 1001}, {"language": "xx"}, {"text": "a\x00b"}])
def test_a_text_that_cannot_be_sent_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        a_draft(**given)
