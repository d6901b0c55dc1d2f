"""Taking, giving back and passing on seats. The pool's row is locked first, so that nobody sits on a seat twice."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import queries as accounts
from commune_hub.accounts.models import Person
from commune_hub.accounts.permissions import Actor
from commune_hub.base import outbox
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.ids import is_public_id, new_public_id
from commune_hub.base.words import LOCAL
from commune_hub.events import listings, queries, rules
from commune_hub.events.models import Activity, Meeting, SeatPool, Signup
from commune_hub.events.permissions import Noter
from commune_hub.events.records import QueueDecision
from commune_hub.events.rules import KINDS
from commune_hub.events.words import (
    HOLDS_A_SEAT,
    LIVE,
    ActivityKind,
    ActivityState,
    MeetingState,
    PriorityRule,
    QueueRule,
    QueueStep,
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
    lives_in: str = "",
    channel: SignupChannel = SignupChannel.WEB,
    tell: bool = True,
    invited: bool = False,
) -> Signup:
    """A seat, or a place in the queue. The same form sent twice is the same sign-up. Raises Refused.

    `invited`: the person holds a personal invitation, by which alone one takes part where sign-up is not open.
    """
    pool = lock_named(session, pool_id)
    if form_token:
        again = session.scalar(select(Signup).where(Signup.form_token == form_token))
        if again is not None:
            return again
    if not invited:
        _check_open(pool)
    _check_takes_place(session, pool)
    if queries.live_signup(session, pool.id, person.id):
        raise Refused(SeatRefusal.ALREADY_SIGNED_UP)

    claim = queries.claim_of(session, person.id, pool, lives_in, now)
    if KINDS[ActivityKind(pool.activity.kind)].priority is PriorityRule.SIGNATORIES_ONLY and not claim.signatory:
        raise Refused(SeatRefusal.SIGNATORIES_ONLY)
    seats = queries.seats_of(session, pool, now)
    queue = queries.claims_of(session, pool) if seats.free else []
    answer = rules.seat_for(seats, claim, queue, now, _residents_first(pool))
    if isinstance(answer, SeatRefusal):
        raise Refused(answer)

    signup = Signup(
        pool=pool, person=person, state=answer.state, channel=channel, reminder=reminder, for_language=for_language,
        says_has_contract=says_has_contract, lives_in=lives_in, form_token=form_token, asked_at=now, decided_at=now,
    )  # fmt: skip
    session.add(signup)
    _count(session, pool, gained=answer.state)
    seated = answer.state is SignupState.CONFIRMED
    note(session, signup, QueueStep.SEAT_AT_ONCE if seated else QueueStep.TO_THE_QUEUE, answer.rule, now)
    if tell:
        _tell(session, signup, "signup_mail", now)
    _plan_reminders(session, signup, now)
    if not seated:
        _look_again(session, pool, seats, now)
    return signup


def sign_up_for_many(
    session: Session, *, pool_ids: Sequence[str], person: Person, now: datetime, form_token: str, **wishes: Any
) -> list[tuple[str, Signup | SeatRefusal]]:
    """Several dates or a whole season in one go, told in one message: for each pool the sign-up, or why not.

    A date that is full stops none of the others. Raises Refused when there is no seat and no queue at any of them.
    """
    numbers = session.scalars(select(SeatPool.id).where(SeatPool.public_id.in_(pool_ids))).all()
    lock(session, numbers)
    answers: list[tuple[str, Signup | SeatRefusal]] = []
    for pool_id in pool_ids:
        token = f"{form_token[:40]}:{pool_id}"
        try:
            answers.append(
                (
                    pool_id,
                    sign_up(session, pool_id=pool_id, person=person, now=now, form_token=token, tell=False, **wishes),
                )
            )
        except Refused as refused:
            answers.append((pool_id, SeatRefusal(refused.reason)))
    taken = [answer for _, answer in answers if isinstance(answer, Signup)]
    if not taken:
        raise Refused(answers[0][1] if answers else SeatRefusal.NOT_PUBLISHED)  # type: ignore[arg-type]
    outbox.enqueue(
        session, "season_mail", due_at=now, now=now, key=f"season_mail:{person.public_id}:{form_token[:40]}",
        signups=",".join(signup.public_id for signup in taken),
    )  # fmt: skip
    return answers


def _residents_first(pool: SeatPool) -> bool:
    return bool(pool.activity.resident_days or pool.activity.resident_seats)


def _look_again(session: Session, pool: SeatPool, seats: rules.Seats, now: datetime) -> None:
    """Who waits for the end of a reservation gets the seat when it ends, not when somebody happens to look."""
    for end in (seats.signatories_until, seats.residents_until, seats.kept_until):
        if end is not None and end > now:
            _fill_at(session, pool, end, now)


def _fill_at(session: Session, pool: SeatPool, moment: datetime, now: datetime) -> None:
    outbox.enqueue(
        session, "fill_seats", due_at=moment, now=now, pool=pool.public_id,
        key=f"fill_seats:{pool.public_id}:{moment.astimezone(UTC).isoformat()}",
    )  # fmt: skip


def _check_open(pool: SeatPool) -> None:
    activity = pool.activity
    if activity.state == ActivityState.PUBLISHED and (
        activity.registration_by != RegistrationBy.HUB
        or activity.signup in (SignupMode.INVITATION, SignupMode.ON_REQUEST)
    ):
        raise Refused(SeatRefusal.NO_SIGNUP_HERE)


def _check_takes_place(session: Session, pool: SeatPool) -> None:
    if pool.activity.state != ActivityState.PUBLISHED:
        raise Refused(SeatRefusal.NOT_PUBLISHED)
    planned = select(Meeting.id).where(Meeting.pool_id == pool.id, Meeting.state == MeetingState.PLANNED)
    if session.scalar(planned.limit(1)) is None:
        raise Refused(SeatRefusal.CANCELLED_MEETING)


def cancel(session: Session, *, signup: Signup, now: datetime) -> Signup:
    """Give back a seat or a place in the queue, or say no to an offered one; it goes to whoever comes next.

    Doing it twice changes nothing. Raises Refused when the meeting is over.
    """
    pool = lock(session, [signup.pool_id])[0]
    session.refresh(signup)
    was = SignupState(signup.state)
    if was not in LIVE:
        return signup
    if all(meeting.ends_at <= now for meeting in pool.meetings):
        raise Refused(SeatRefusal.MEETING_OVER)
    start = pool.meetings[0].starts_at
    late = was is SignupState.CONFIRMED and rules.is_late_cancel(start, now)
    step = QueueStep.CANCELLED_LATE if late else QueueStep.CANCELLED
    if was is SignupState.OFFERED:
        step = QueueStep.OFFER_DECLINED
    _leave(session, pool, signup, SignupState.CANCELLED, now)
    note(session, signup, step, QueueRule.OWN_CHOICE, now)
    _tell(session, signup, "signup_cancelled_mail", now)
    fill(session, pool=pool, now=now)
    return signup


def accept(session: Session, *, signup: Signup, now: datetime) -> Signup:
    """Say yes to an offered seat. Doing it twice changes nothing; too late is refused."""
    pool = lock(session, [signup.pool_id])[0]
    session.refresh(signup)
    if signup.state == SignupState.CONFIRMED:
        return signup
    if signup.state != SignupState.OFFERED or signup.offered_until is None or signup.offered_until <= now:
        raise Refused(SeatRefusal.OFFER_RAN_OUT)
    signup.state = SignupState.CONFIRMED
    signup.decided_at = now
    signup.offered_until = None
    _count(session, pool, gained=SignupState.CONFIRMED, lost=SignupState.OFFERED)
    note(session, signup, QueueStep.OFFER_ACCEPTED, QueueRule.OWN_CHOICE, now)
    _tell(session, signup, "signup_mail", now)
    _plan_reminders(session, signup, now)
    return signup


def end_offer(session: Session, *, signup: Signup, now: datetime) -> None:
    """Nobody answered in time: the seat goes to the next (the job at the end of the time to answer)."""
    pool = lock(session, [signup.pool_id])[0]
    session.refresh(signup)
    if signup.state != SignupState.OFFERED or signup.offered_until is None or signup.offered_until > now:
        return
    _leave(session, pool, signup, SignupState.EXPIRED, now)
    note(session, signup, QueueStep.OFFER_RAN_OUT, QueueRule.NO_ANSWER, now)
    _tell(session, signup, "offer_ran_out_mail", now)
    fill(session, pool=pool, now=now)


def _leave(session: Session, pool: SeatPool, signup: Signup, state: SignupState, now: datetime) -> None:
    was = SignupState(signup.state)
    signup.state = state
    signup.cancelled_at = signup.decided_at = now
    signup.offered_until = None
    _count(session, pool, lost=was)
    for meeting in pool.meetings:
        outbox.withdraw(session, reminder_key(signup, meeting))


def give_right(session: Session, *, signup: Signup, reason: str, actor: Actor, now: datetime) -> None:
    """Move somebody to the head of the queue. The reason is kept with the decision, and the person can read it."""
    pool = lock(session, [signup.pool_id])[0]
    session.refresh(signup)
    if signup.state != SignupState.WAITING:
        raise Refused(SeatRefusal.NOT_WAITING)
    signup.right_at = now
    note(session, signup, QueueStep.RIGHT_GIVEN, QueueRule.BY_OFFICER, now, actor=actor, reason=reason)
    session.flush()
    fill(session, pool=pool, now=now)


def take_off(session: Session, *, signup: Signup, reason: str, actor: Actor, now: datetime) -> None:
    """An officer takes somebody off the list, with a reason that the person can read."""
    pool = lock(session, [signup.pool_id])[0]
    session.refresh(signup)
    if signup.state not in LIVE:
        raise Refused(SeatRefusal.NOTHING_TO_CANCEL)
    if all(meeting.ends_at <= now for meeting in pool.meetings):
        raise Refused(SeatRefusal.MEETING_OVER)
    _leave(session, pool, signup, SignupState.CANCELLED, now)
    note(session, signup, QueueStep.TAKEN_OFF, QueueRule.BY_OFFICER, now, actor=actor, reason=reason)
    _tell(session, signup, "signup_cancelled_mail", now)
    fill(session, pool=pool, now=now)


def fill(session: Session, *, pool: SeatPool, now: datetime, decided: bool = False) -> list[Signup]:
    """Pass on the free seats of a locked pool, in the order of the queue; nobody is woken, nothing after the cut-off.

    48 hours or more before the seat is given at once, later it is offered for a time. `decided`: a course takes place
    and gives its seats at once to those who enrolled; that mail says so, and no other.
    """
    moved: list[Signup] = []
    if pool.capacity is None or pool.activity.state != ActivityState.PUBLISHED:
        return moved
    start = queries.first_start(session, pool.id)
    while start is not None:
        seats = queries.seats_of(session, pool, now)
        claim = rules.next_for(seats, queries.claims_of(session, pool), now, _residents_first(pool))
        if claim is None:
            break
        signup = session.get_one(Signup, claim.number)
        morning = rules.quiet_until(now)
        if morning is not None:
            _keep_for_morning(session, pool, signup, morning, now)
            break
        until = None if decided else rules.answer_by(start, pool.closes_at, now)
        _pass_on(session, pool, signup, until, claim, now, tell=not decided)
        moved.append(signup)
    return moved


def _keep_for_morning(session: Session, pool: SeatPool, signup: Signup, morning: datetime, now: datetime) -> None:
    if morning < pool.closes_at:
        _fill_at(session, pool, morning, now)
    note(session, signup, QueueStep.KEPT_FOR_MORNING, QueueRule.QUIET_HOURS, now)


def _pass_on(
    session: Session,
    pool: SeatPool,
    signup: Signup,
    until: datetime | None,
    claim: rules.Claim,
    now: datetime,
    *,
    tell: bool,
) -> None:
    state = SignupState.CONFIRMED if until is None else SignupState.OFFERED
    signup.state = state
    signup.decided_at = now
    signup.offered_until = until
    _count(session, pool, gained=state, lost=SignupState.WAITING)
    step = QueueStep.SEAT_GIVEN if until is None else QueueStep.SEAT_OFFERED
    note(session, signup, step, rules.why_first(claim, _residents_first(pool)), now)
    if tell:
        _tell(session, signup, "seat_given_mail" if until is None else "seat_offered_mail", now)
    _plan_reminders(session, signup, now)
    if until is not None:
        outbox.enqueue(
            session, "offer_ends", due_at=until, now=now, signup=signup.public_id,
            key=f"offer_ends:{signup.public_id}:{until.astimezone(UTC).isoformat()}",
        )  # fmt: skip


def note(
    session: Session,
    signup: Signup,
    step: QueueStep,
    rule: QueueRule,
    now: datetime,
    *,
    actor: Noter | None = None,
    reason: str = "",
) -> None:
    """Write down a decision about the queue."""
    session.flush()
    person = signup.person
    sealed = accounts.ring_of(session).seal(person.public_id, reason) if reason else None
    session.add(
        QueueDecision(
            pool_id=signup.pool_id, signup_id=signup.id, at=now, step=step, rule=rule,
            by_id=actor.account_id if actor else None, reason_sealed=sealed,
        )
    )  # fmt: skip
    session.flush()


def fill_named(session: Session, *, pool_id: str, now: datetime) -> list[Signup]:
    """The same for a pool by its public id (the job at the end of a reservation or of the quiet hours)."""
    return fill(session, pool=lock_named(session, pool_id), now=now)


def let_in(
    session: Session, *, pool: SeatPool, person: Person, actor: Noter | None, now: datetime, for_language: str = ""
) -> Signup:
    """Somebody stands at the door and gets a seat of this locked pool, one too many if need be.

    Who waits or was offered a seat has it now. No message: they are there. `actor` None: they checked in themselves.
    """
    signup = queries.live_signup(session, pool.id, person.id)
    was = SignupState(signup.state) if signup else None
    if signup is not None and was is SignupState.CONFIRMED:
        return signup
    if was is not SignupState.OFFERED and pool.capacity is not None:
        pool.over = max(pool.over, pool.taken + 1 - pool.capacity)
    if signup is None:
        signup = Signup(
            pool=pool, person=person, state=SignupState.CONFIRMED, channel=SignupChannel.WALK_IN, reminder=False,
            for_language=for_language, asked_at=now, decided_at=now,
        )  # fmt: skip
        session.add(signup)
    signup.state = SignupState.CONFIRMED
    signup.decided_at = now
    signup.offered_until = None
    _count(session, pool, gained=SignupState.CONFIRMED, lost=was)
    rule = QueueRule.BY_OFFICER if actor else QueueRule.OWN_CHOICE
    note(session, signup, QueueStep.SEAT_AT_ONCE if was is None else QueueStep.SEAT_GIVEN, rule, now, actor=actor)
    return signup


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

    Another date of the same activity only. The link goes along: whoever opens an old mail sees the new date.
    Raises Refused.
    """
    target = queries.pool_named(session, pool_id)
    if target.activity_id != signup.pool.activity_id:
        raise NotFound("pool")
    if target.id == signup.pool_id:
        return signup
    lock(session, [signup.pool_id, target.id])
    session.refresh(signup)
    if signup.state not in LIVE:
        raise Refused(SeatRefusal.NOTHING_TO_CANCEL)
    new = sign_up(
        session, pool_id=pool_id, person=signup.person, now=now, reminder=signup.reminder,
        for_language=signup.for_language, says_has_contract=signup.says_has_contract,
        channel=SignupChannel(signup.channel),
    )  # fmt: skip
    cancel(session, signup=signup, now=now)
    new.link_key, signup.link_key = signup.link_key, new_public_id()
    session.flush()
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
