"""The job that decides a course when its time has come; publishing a course and moving its dates plan it."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from commune_hub.base import outbox
from commune_hub.events import courses, queries, rules
from commune_hub.events.models import Activity, Meeting, SeatPool
from commune_hub.events.words import ActivityKind, ActivityState, MeetingState, RegistrationBy, SignupMode


def is_decided_here(activity: Activity) -> bool:
    """Whether the people who enrol are counted here: of a course with one list for all its dates, kept by us."""
    return (
        activity.kind == ActivityKind.CIVIC_COURSE
        and activity.signup == SignupMode.WHOLE_COURSE
        and activity.registration_by == RegistrationBy.HUB
    )


def first_planned(pool: SeatPool) -> Meeting | None:
    """The first date of the pool that is to take place."""
    planned = (meeting for meeting in pool.meetings if meeting.state == MeetingState.PLANNED)
    return min(planned, key=lambda meeting: meeting.starts_at, default=None)


def plan(session: Session, *, pool: SeatPool, now: datetime) -> None:
    """Put the decision into the outbox. Nothing for a course that is decided, a draft, or enrolled for elsewhere."""
    first = first_planned(pool)
    if pool.decides_at is None or first is None or first.starts_at <= now:
        return
    if not is_decided_here(pool.activity) or pool.activity.state != ActivityState.PUBLISHED:
        return
    pool.decides_at = courses.decision_date(pool.decides_at, first.starts_at, now)
    moment = pool.decides_at.astimezone(UTC).isoformat()
    outbox.enqueue(
        session, "decide_course", due_at=pool.decides_at, now=now, pool=pool.public_id,
        key=f"decide_course:{pool.public_id}:{moment}",
    )  # fmt: skip


def plan_all(session: Session, *, activity: Activity, now: datetime) -> None:
    """The same for an activity that is published now."""
    if is_decided_here(activity):
        for pool in {meeting.pool for meeting in queries.meetings_of(session, activity.id)}:
            plan(session, pool=pool, now=now)


def follow_first(session: Session, *, pool: SeatPool, before: datetime | None, now: datetime) -> None:
    """The pool's times follow its first date; `before` is when that began until now. A decided course stays decided."""
    session.flush()
    first = first_planned(pool) or min(pool.meetings, key=lambda meeting: meeting.starts_at)
    if first.starts_at == before:
        return
    kind = ActivityKind(pool.activity.kind)
    pool.closes_at = first.starts_at - timedelta(minutes=pool.activity.closes_minutes)
    pool.reserved_until = rules.reservation_end(kind, first.starts_at)
    if pool.decides_at is not None:
        pool.decides_at = rules.decision_moment(kind, first.starts_at)
        plan(session, pool=pool, now=now)
