"""Taking, giving back and passing on seats. The pool's row is locked first, so that nobody sits on a seat twice."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.base import outbox
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.ids import is_public_id
from commune_hub.base.words import LOCAL
from commune_hub.events import listings, queries, rules
from commune_hub.events.models import Activity, Meeting, SeatPool, Signup
from commune_hub.events.rules import KINDS
from commune_hub.events.words import (
    HOLDS_A_SEAT,
    ActivityKind,
    ActivityState,
    MeetingState,
    PriorityRule,
    RegistrationBy,
    SeatRefusal,
    SignupChannel,
    SignupMode,
    SignupState,
)


def lock(session: Session, pool_ids: Iterable[int]) -> list[SeatPool]:
    """The pools, locked in the order of their ids, so that two people who lock the same ones never wait in a ring."""
    return list(
        session.scalars(
            select(SeatPool)
            .where(SeatPool.id.in_(sorted(pool_ids)))
            .order_by(SeatPool.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def lock_named(session: Session, public_id: str) -> SeatPool:
    """The pool with this public id, locked. Raises NotFound."""
    number = (
        session.scalar(select(SeatPool.id).where(SeatPool.public_id == public_id)) if is_public_id(public_id) else None
    )
    if number is None:
        raise NotFound("pool")
    return lock(session, [number])[0]


def sign_up(
    session: Session,
    *,
    pool_id: str,
    person: Person,
    now: datetime,
    form_token: str | None = None,
    reminder: bool = True,
    for_language: str = "",
    says_has_contract: bool = False,
    channel: SignupChannel = SignupChannel.WEB,
) -> Signup:
    """A seat, or a place in the queue. The same form sent twice is the same sign-up. Raises Refused."""
    pool = lock_named(session, pool_id)
    if form_token:
        again = session.scalar(select(Signup).where(Signup.form_token == form_token))
        if again is not None:
            return again
    _check_open(session, pool, now)
    if queries.live_signup(session, pool.id, person.id):
        raise Refused(SeatRefusal.ALREADY_SIGNED_UP)

    first = queries.has_priority(session, person.id, pool)
    if KINDS[ActivityKind(pool.activity.kind)].priority is PriorityRule.SIGNATORIES_ONLY and not first:
        raise Refused(SeatRefusal.SIGNATORIES_ONLY)
    decision = rules.seat_for(queries.seats_of(session, pool, first=first, now=now), first, now)
    if isinstance(decision, SeatRefusal):
        raise Refused(decision)

    signup = Signup(
        pool=pool, person=person, state=decision, channel=channel, reminder=reminder, for_language=for_language,
        says_has_contract=says_has_contract, form_token=form_token, asked_at=now, decided_at=now,
    )  # fmt: skip
    session.add(signup)
    _count(session, pool, gained=decision)
    _tell(session, signup, "signup_mail", now)
    _plan_reminders(session, signup, now)
    if decision is SignupState.WAITING and pool.reserved_until is not None and pool.reserved_until > now:
        until = pool.reserved_until
        outbox.enqueue(
            session, "fill_seats", due_at=until, now=now, pool=pool.public_id,
            key=f"fill_seats:{pool.public_id}:{until.isoformat()}",
        )  # fmt: skip
    return signup


def _check_open(session: Session, pool: SeatPool, now: datetime) -> None:
    activity = pool.activity
    if activity.state != ActivityState.PUBLISHED:
        raise Refused(SeatRefusal.NOT_PUBLISHED)
    if activity.registration_by != RegistrationBy.HUB or activity.signup in (
        SignupMode.INVITATION,
        SignupMode.ON_REQUEST,
    ):
        raise Refused(SeatRefusal.NO_SIGNUP_HERE)
    planned = select(Meeting.id).where(Meeting.pool_id == pool.id, Meeting.state == MeetingState.PLANNED)
    if session.scalar(planned.limit(1)) is None:
        raise Refused(SeatRefusal.CANCELLED_MEETING)


def cancel(session: Session, *, signup: Signup, now: datetime) -> Signup:
    """Give back a seat or a place in the queue; a seat goes to whoever comes next. Doing it twice changes nothing."""
    pool = lock(session, [signup.pool_id])[0]
    session.refresh(signup)
    was = SignupState(signup.state)
    if was not in HOLDS_A_SEAT and was is not SignupState.WAITING:
        return signup
    if all(meeting.ends_at <= now for meeting in pool.meetings):
        raise Refused(SeatRefusal.MEETING_OVER)
    signup.state = SignupState.CANCELLED
    signup.cancelled_at = signup.decided_at = now
    _count(session, pool, lost=was)
    for meeting in pool.meetings:
        outbox.withdraw(session, reminder_key(signup, meeting))
    _tell(session, signup, "signup_cancelled_mail", now)
    fill(session, pool=pool, now=now)
    return signup


def fill(session: Session, *, pool: SeatPool, now: datetime) -> list[Signup]:
    """Give the free seats of a locked pool to those who wait, in their order; nothing after the cut-off."""
    given: list[Signup] = []
    if pool.capacity is None or now >= pool.closes_at or pool.activity.state != ActivityState.PUBLISHED:
        return given
    reserved = pool.reserved_until is not None and now < pool.reserved_until
    for signup_id, is_first in queries.queue_of(session, pool.id):
        if pool.taken >= pool.capacity or (reserved and not is_first):
            break
        signup = session.scalars(select(Signup).where(Signup.id == signup_id)).one()
        signup.state = SignupState.CONFIRMED
        signup.decided_at = now
        _count(session, pool, gained=SignupState.CONFIRMED, lost=SignupState.WAITING)
        _tell(session, signup, "seat_given_mail", now)
        _plan_reminders(session, signup, now)
        given.append(signup)
    return given


def fill_named(session: Session, *, pool_id: str, now: datetime) -> list[Signup]:
    """The same for a pool by its public id (the job at the end of a reservation)."""
    return fill(session, pool=lock_named(session, pool_id), now=now)


def set_capacity(session: Session, *, pool: SeatPool, capacity: int | None, waiting_room: int, now: datetime) -> None:
    """More or fewer seats. Nobody is thrown out when there are fewer; those who wait move up when there are more."""
    pool = lock(session, [pool.id])[0]
    pool.over = 0 if capacity is None else max(0, pool.taken - capacity)
    pool.capacity = capacity
    pool.waiting_room = waiting_room
    session.flush()
    listings.set_free(session, pool)
    fill(session, pool=pool, now=now)


def move_signup(session: Session, *, signup: Signup, pool_id: str, now: datetime) -> Signup:
    """Take another date instead: first the new seat, then the old one is given back, or neither.

    Another date of the same activity only. Raises Refused.
    """
    target = queries.pool_named(session, pool_id)
    if target.activity_id != signup.pool.activity_id:
        raise NotFound("pool")
    if target.id == signup.pool_id:
        return signup
    lock(session, [signup.pool_id, target.id])
    new = sign_up(
        session, pool_id=pool_id, person=signup.person, now=now, reminder=signup.reminder,
        for_language=signup.for_language, says_has_contract=signup.says_has_contract,
        channel=SignupChannel(signup.channel),
    )  # fmt: skip
    cancel(session, signup=signup, now=now)
    return new


def _count(
    session: Session, pool: SeatPool, *, gained: SignupState | None = None, lost: SignupState | None = None
) -> None:
    for state, step in ((gained, 1), (lost, -1)):
        if state in HOLDS_A_SEAT:
            pool.taken += step
        elif state is SignupState.WAITING:
            pool.waiting += step
    if pool.capacity is not None:
        pool.over = max(0, min(pool.over, pool.taken - pool.capacity))
    session.flush()
    listings.set_free(session, pool)


def _tell(session: Session, signup: Signup, kind: str, now: datetime) -> None:
    session.flush()
    key = f"{kind}:{signup.public_id}:{signup.decided_at.isoformat()}"
    outbox.enqueue(session, kind, due_at=now, now=now, key=key, signup=signup.public_id)


def reminder_key(signup: Signup, meeting: Meeting) -> str:
    """The key of the reminder of one date; a moved date has a new one."""
    return f"reminder:{signup.public_id}:{meeting.public_id}:{meeting.sequence}"


def _plan_reminders(session: Session, signup: Signup, now: datetime) -> None:
    """A reminder at 18:00 local time on the day before each date, for those who want it and have a seat."""
    if signup.state != SignupState.CONFIRMED or not signup.reminder:
        return
    for meeting in signup.pool.meetings:
        plan_reminder(session, signup, meeting, now)


def plan_reminder(session: Session, signup: Signup, meeting: Meeting, now: datetime) -> None:
    """Put the reminder of one date into the outbox, unless its hour has passed."""
    due = reminder_due(meeting.starts_at)
    if meeting.state != MeetingState.PLANNED or due <= now:
        return
    outbox.enqueue(
        session, "reminder", due_at=due, now=now, key=reminder_key(signup, meeting), signup=signup.public_id,
        meeting=meeting.public_id,
    )  # fmt: skip


def reminder_due(starts_at: datetime) -> datetime:
    """18:00 local time on the day before."""
    day = starts_at.astimezone(LOCAL).date() - timedelta(days=1)
    return datetime(day.year, day.month, day.day, rules.REMINDER_HOUR, tzinfo=LOCAL)


def editable_by_public(activity: Activity) -> bool:
    """Whether people take their seats on this site."""
    return activity.registration_by == RegistrationBy.HUB and activity.signup in (
        SignupMode.SIGN_UP, SignupMode.DROP_IN, SignupMode.WHOLE_COURSE
    )  # fmt: skip
