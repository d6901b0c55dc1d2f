"""Planning and counting the tables of a café: who speaks which language, how many sat there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from commune_hub.accounts.permissions import Actor
from commune_hub.base.errors import NotFound, Refused
from commune_hub.events import permissions, taps
from commune_hub.events.actions import seats
from commune_hub.events.cafe import Speaker
from commune_hub.events.models import Meeting
from commune_hub.events.records import HeadCount, TableSpeaker
from commune_hub.events.words import AttendanceRefusal


def head_count(
    session: Session, *, meeting: Meeting, language: str, number: int, actor: Actor, now: datetime
) -> HeadCount:
    """So many people sat at the tables of this language; a second count replaces the first. Raises Refused."""
    permissions.must_take_attendance(actor, meeting)
    if language not in meeting.activity.tags:
        raise NotFound("language")
    if now < taps.opens_at(meeting.starts_at):
        raise Refused(AttendanceRefusal.NOT_BEGUN)
    seats.lock(session, [meeting.pool_id])
    question = select(HeadCount).where(HeadCount.meeting_id == meeting.id, HeadCount.language == language)
    counted = session.scalar(question) or HeadCount(meeting_id=meeting.id, language=language)
    session.add(counted)
    counted.number, counted.noted_at = number, now
    session.flush()
    return counted


def set_speakers(session: Session, *, meeting: Meeting, speakers: Sequence[Speaker], actor: Actor) -> None:
    """Who looks after the tables of this meeting, instead of who was named before."""
    permissions.must_take_attendance(actor, meeting)
    seats.lock(session, [meeting.pool_id])
    session.execute(delete(TableSpeaker).where(TableSpeaker.meeting_id == meeting.id))
    tags = meeting.activity.tags
    session.add_all(
        TableSpeaker(
            meeting_id=meeting.id, position=number, name=speaker.name,
            languages=[tag for tag in tags if tag in speaker.languages],
        )
        for number, speaker in enumerate(speakers)
    )  # fmt: skip
    session.flush()
