"""Trainings and exchange days: those to come, for volunteers and for ASTI (B-07, A-05)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from commune_hub.events.models import Activity, Meeting, SeatPool, Signup
from commune_hub.events.words import LIVE, ActivityState, MeetingState, SignupMode
from commune_hub.volunteers.rules import QUALIFIES


def coming(session: Session, now: datetime, limit: int = 60) -> list[Meeting]:
    """The next dates that are published and take place; of a whole course its first date only."""
    question = _published().where(Meeting.starts_at > now, Meeting.state == MeetingState.PLANNED)
    found: list[Meeting] = []
    courses: set[int] = set()
    for meeting in session.scalars(question.order_by(Meeting.starts_at, Meeting.id).limit(200)):
        if meeting.activity.signup == SignupMode.WHOLE_COURSE:
            if meeting.pool_id in courses or _has_begun(meeting, now):
                continue
            courses.add(meeting.pool_id)
        found.append(meeting)
    return found[:limit]


def _has_begun(meeting: Meeting, now: datetime) -> bool:
    planned = [one for one in meeting.pool.meetings if one.state == MeetingState.PLANNED]
    return bool(planned) and min(one.starts_at for one in planned) <= now


def past(session: Session, now: datetime, limit: int = 20) -> list[Meeting]:
    """The last dates that were held, the newest first."""
    question = _published().where(Meeting.starts_at <= now, Meeting.state == MeetingState.PLANNED)
    return list(session.scalars(question.order_by(Meeting.starts_at.desc(), Meeting.id).limit(limit)))


def _published() -> Select[Meeting]:
    activity = joinedload(Meeting.activity)
    return (
        select(Meeting)
        .join(Meeting.activity)
        .where(Activity.kind.in_(list(QUALIFIES)), Activity.state == ActivityState.PUBLISHED)
        .options(
            activity.joinedload(Activity.organisation), activity.joinedload(Activity.venue),
            activity.selectinload(Activity.languages), activity.selectinload(Activity.texts),
            joinedload(Meeting.pool).selectinload(SeatPool.meetings), joinedload(Meeting.own_venue),
        )
    )  # fmt: skip


def signups_at(session: Session, person_id: int, pool_ids: Iterable[int]) -> dict[int, Signup]:
    """The seats and places in queues that somebody has there, by pool."""
    question = select(Signup).where(
        Signup.person_id == person_id, Signup.pool_id.in_(list(pool_ids)), Signup.state.in_(LIVE)
    )
    return {signup.pool_id: signup for signup in session.scalars(question.options(selectinload(Signup.pool)))}
