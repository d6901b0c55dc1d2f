"""Writing to the people of a meeting: one message, and one job for each person who can be reached."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.base import outbox
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.ids import is_public_id, new_public_id
from commune_hub.events import permissions
from commune_hub.events.actions import seats
from commune_hub.events.message_inputs import GroupDraft
from commune_hub.events.models import Meeting
from commune_hub.events.permissions import Noter
from commune_hub.events.reached import Way, audience_of
from commune_hub.events.records import GroupMessage
from commune_hub.events.words import MessageRefusal

OPEN_AFTER = timedelta(days=14)


def write_to(session: Session, *, meeting: Meeting, draft: GroupDraft, actor: Noter, now: datetime) -> GroupMessage:
    """Send a message to those who have a seat, or also to those who wait. Raises Refused.

    The key of the form is the public id of the message, so that two clicks are one message.
    """
    permissions.must_write_to(actor, meeting)
    # Two clicks at once wait for each other here.
    seats.lock(session, [meeting.pool_id])
    sent = session.scalar(select(GroupMessage).where(GroupMessage.public_id == draft.key))
    if sent is not None and (sent.meeting_id, sent.by_id) == (meeting.id, actor.person_id):
        return sent
    if now > meeting.ends_at + OPEN_AFTER:
        raise Refused(MessageRefusal.TOO_LATE)
    audience = audience_of(session, meeting, waiting=draft.to_waiting)
    if not audience.of(Way.MAIL, Way.PHONE, Way.LETTER):
        raise Refused(MessageRefusal.NOBODY_TO_TELL)
    message = GroupMessage(
        public_id=draft.key if sent is None and is_public_id(draft.key) else new_public_id(),
        meeting=meeting, by_id=actor.person_id, at=now, text=draft.text, language=draft.language,
        to_waiting=draft.to_waiting,
    )  # fmt: skip
    session.add(message)
    session.flush()
    for signup in audience.of(Way.MAIL, Way.PHONE):
        outbox.enqueue(
            session, "group_mail", due_at=now, now=now, message=message.public_id, signup=signup.public_id,
            key=f"group_mail:{message.public_id}:{signup.public_id}",
        )  # fmt: skip
    return message


def message_named(session: Session, public_id: str) -> GroupMessage:
    """The message with this public id. Raises NotFound."""
    question = select(GroupMessage).where(GroupMessage.public_id == public_id)
    found = session.scalar(question) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("message")
    return found


def messages_of(session: Session, meeting: Meeting) -> list[GroupMessage]:
    """What was written to a meeting, newest first."""
    question = select(GroupMessage).where(GroupMessage.meeting_id == meeting.id)
    return list(session.scalars(question.order_by(GroupMessage.id.desc()).limit(20)))
