"""Cancelling, moving and re-housing single meetings; everybody who signed up is told."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.permissions import Actor
from commune_hub.base import outbox
from commune_hub.base.errors import InputCode, Invalid, Refused
from commune_hub.events import listings, permissions, queries, recurrence
from commune_hub.events.actions import attendance, deciding, seats
from commune_hub.events.inputs import MoveDraft
from commune_hub.events.models import Meeting, Signup, Venue
from commune_hub.events.words import (
    LIVE,
    ActivityRefusal,
    CancelReason,
    MeetingState,
    SignupState,
)


def cancel_meeting(
    session: Session, *, meeting: Meeting, reason: CancelReason, actor: Actor | None, now: datetime
) -> int:
    """The meeting does not take place; returns how many people are told. `actor` None: it follows from a change
    whose right was checked already."""
    if actor is not None:
        permissions.must_edit(actor, meeting.activity)
    seats.lock(session, [meeting.pool_id])
    session.refresh(meeting, ["state", "sequence", "starts_at", "ends_at"])
    if meeting.state == MeetingState.CANCELLED:
        raise Refused(ActivityRefusal.ALREADY_CANCELLED)
    if meeting.ends_at <= now:
        raise Refused(ActivityRefusal.MEETING_IN_THE_PAST)
    _drop_reminders(session, meeting)
    meeting.state = MeetingState.CANCELLED
    meeting.cancel_reason = reason
    meeting.sequence += 1
    meeting.changed_at = now
    attendance.cancelled_by_organiser(session, meeting=meeting, actor=actor, now=now)
    told = _tell_everybody(session, meeting, "meeting_cancelled_mail", now)
    listings.refresh(session, meeting.activity_id)
    return told


def move(session: Session, *, meeting: Meeting, draft: MoveDraft, actor: Actor, now: datetime) -> list[Meeting]:
    """Another time or place for one meeting, or for it and all that follow; returns the meetings that changed."""
    permissions.must_edit(actor, meeting.activity)
    if meeting.state == MeetingState.CANCELLED:
        raise Refused(ActivityRefusal.ALREADY_CANCELLED)
    if meeting.starts_at <= now:
        raise Refused(ActivityRefusal.MEETING_IN_THE_PAST)
    starts_at = recurrence.wall_clock(draft.on, draft.starts)
    minutes = (draft.ends.hour - draft.starts.hour) * 60 + draft.ends.minute - draft.starts.minute
    length = timedelta(minutes=minutes % (24 * 60) or 24 * 60)
    if starts_at <= now:
        raise Invalid({"on": [InputCode.TOO_SMALL]})
    venue = venue_of(session, meeting, draft.venue)
    shift = draft.on - meeting.starts_at.astimezone(recurrence.LOCAL).date()
    changed = []
    for one in [meeting, *(_following(session, meeting, now) if draft.following else [])]:
        day = one.starts_at.astimezone(recurrence.LOCAL).date() + shift
        start = recurrence.wall_clock(day, draft.starts)
        if venue is not None:
            one.own_venue = None if venue is one.activity.venue else venue
        retime(session, meeting=one, starts_at=start, ends_at=start + length, now=now, always=True)
        one.moved = True
        changed.append(one)
    listings.refresh(session, meeting.activity_id)
    return changed


def venue_of(session: Session, meeting: Meeting, public_id: str) -> Venue | None:
    """The venue that was chosen, one of the organiser's; None when none was. Raises Invalid."""
    if not public_id:
        return None
    venue = queries.venue_named(session, public_id)
    if venue.organisation_id != meeting.activity.organisation_id:
        raise Invalid({"venue": [InputCode.UNKNOWN_VENUE]})
    return venue


def _following(session: Session, meeting: Meeting, now: datetime) -> list[Meeting]:
    rows = queries.meetings_of(session, meeting.activity_id)
    return [
        row
        for row in rows
        if row.starts_at > meeting.starts_at and row.state == MeetingState.PLANNED and row.slot == meeting.slot
    ]


def retime(
    session: Session,
    *,
    meeting: Meeting,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    always: bool = False,
    tell: bool = True,
) -> None:
    """Put a meeting at another time: seats stay, reminders move, everybody is told (`tell` False: by another mail)."""
    pool = seats.lock(session, [meeting.pool_id])[0]
    if not always and (meeting.starts_at, meeting.ends_at) == (starts_at, ends_at):
        return
    _drop_reminders(session, meeting)
    first = deciding.first_planned(pool)
    before = first.starts_at if first else None
    meeting.starts_at, meeting.ends_at = starts_at, ends_at
    meeting.sequence += 1
    meeting.changed_at = now
    deciding.follow_first(session, pool=pool, before=before, now=now)
    for signup in _live_signups(session, meeting):
        if signup.state == SignupState.CONFIRMED and signup.reminder:
            seats.plan_reminder(session, signup, meeting, now)
    if tell:
        _tell_everybody(session, meeting, "meeting_moved_mail", now)


def set_size(
    session: Session, *, meeting: Meeting, capacity: int | None, waiting_room: int, actor: Actor, now: datetime
) -> None:
    """More or fewer seats for one meeting (or for the course it belongs to)."""
    permissions.must_edit(actor, meeting.activity)
    seats.set_capacity(session, pool=meeting.pool, capacity=capacity, waiting_room=waiting_room, now=now)


def _live_signups(session: Session, meeting: Meeting) -> list[Signup]:
    question = select(Signup).where(Signup.pool_id == meeting.pool_id, Signup.state.in_(LIVE)).order_by(Signup.id)
    return list(session.scalars(question))


def _drop_reminders(session: Session, meeting: Meeting) -> None:
    for signup in _live_signups(session, meeting):
        outbox.withdraw(session, seats.reminder_key(signup, meeting))


def _tell_everybody(session: Session, meeting: Meeting, kind: str, now: datetime) -> int:
    signups = _live_signups(session, meeting)
    for signup in signups:
        outbox.enqueue(
            session, kind, due_at=now, now=now, signup=signup.public_id, meeting=meeting.public_id,
            key=f"{kind}:{signup.public_id}:{meeting.public_id}:{meeting.sequence}",
        )  # fmt: skip
    return len(signups)
