"""Decisions about activities and seats: facts in, answer out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from commune_hub.base.words import LOCAL
from commune_hub.events.law import CAI, LEAST_ENROLLED
from commune_hub.events.words import (
    ActivityKind,
    CefrLevel,
    CountsFor,
    PriorityRule,
    QueueRule,
    SeatRefusal,
    SignupMode,
    SignupState,
)
from commune_hub.schemes.rules import counts_as


@dataclass(frozen=True, slots=True)
class KindRule:
    """What a kind of activity brings along; a form starts with it."""

    signup: SignupMode
    capacity: int | None
    waiting_room: int
    level_from: CefrLevel | None
    level_to: CefrLevel | None
    priority: PriorityRule
    counts_for: CountsFor
    minimum: int | None = None
    closes_before: timedelta = timedelta(0)
    for_volunteers: bool = False
    duration: timedelta = timedelta(minutes=90)


# Sizes and rhythms: ASTI's formats (DOMAIN.md §5); 15 people and priority: RGD art. 15(2)-(3); what counts: K18.
KINDS: dict[ActivityKind, KindRule] = {
    ActivityKind.CONVERSATION_TABLE: KindRule(
        SignupMode.SIGN_UP, 6, 6, CefrLevel.A1, CefrLevel.B1, PriorityRule.QUEUE_ONLY, CountsFor.NOTHING
    ),
    ActivityKind.LANGUAGE_CAFE: KindRule(
        SignupMode.DROP_IN, None, 0, None, None, PriorityRule.NONE, CountsFor.NOTHING, duration=timedelta(minutes=120)
    ),
    ActivityKind.COACHING: KindRule(
        SignupMode.ON_REQUEST, 2, 0, CefrLevel.A1, None, PriorityRule.NONE, CountsFor.NOTHING
    ),
    ActivityKind.VOLUNTEER_COURSE: KindRule(
        SignupMode.WHOLE_COURSE, 12, 6, CefrLevel.A1_1, CefrLevel.A1, PriorityRule.QUEUE_ONLY, CountsFor.NOTHING
    ),
    ActivityKind.CONVENTIONED_COURSE: KindRule(
        SignupMode.WHOLE_COURSE, 15, 10, CefrLevel.A1_1, CefrLevel.A1, PriorityRule.RESERVED, CountsFor.LANGUAGE_COURSE
    ),
    ActivityKind.CIVIC_COURSE: KindRule(
        SignupMode.WHOLE_COURSE, 30, 15, None, None, PriorityRule.RESERVED, CountsFor.CIVIC_COURSE,
        minimum=LEAST_ENROLLED, duration=timedelta(minutes=180),
    ),
    ActivityKind.ORIENTATION_DAY: KindRule(
        SignupMode.INVITATION, 1000, 0, None, None, PriorityRule.SIGNATORIES_ONLY, CountsFor.ORIENTATION_DAY,
        duration=timedelta(minutes=270),
    ),
    ActivityKind.VOLUNTEER_TRAINING: KindRule(
        SignupMode.SIGN_UP, 20, 10, None, None, PriorityRule.NONE, CountsFor.NOTHING, for_volunteers=True
    ),
    ActivityKind.EXCHANGE_DAY: KindRule(
        SignupMode.SIGN_UP, 40, 10, None, None, PriorityRule.NONE, CountsFor.NOTHING, for_volunteers=True
    ),
}  # fmt: skip

RESERVATION_ENDS_BEFORE = timedelta(days=7)
DECISION_BEFORE = timedelta(days=7)
REMINDER_HOUR = 18
# Nobody is woken: between these local hours no seat is passed on (COL PR #518 in PEERS.md).
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
GIVEN_AT_ONCE = timedelta(hours=48)
TIME_TO_ANSWER = timedelta(hours=24)
TIME_TO_ANSWER_ON_THE_DAY = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody who wants a seat: what puts them first, and since when they ask. `number` tells two claims apart."""

    asked_at: datetime
    number: int = 0
    right: bool = False
    resident: bool = False
    signatory: bool = False


@dataclass(frozen=True, slots=True)
class Seats:
    """The facts about one pool of seats. `capacity` None: everybody is welcome, nobody needs a seat.

    `decides_at`: until then nobody is seated, everybody is enrolled (civic course). `signatories_until`,
    `residents_until`: until then free seats are theirs. `kept_for_residents`: so many seats are theirs until
    `kept_until`; `taken_by_others` counts the seats of those who live elsewhere.
    """

    capacity: int | None
    taken: int
    closes_at: datetime
    waiting: int = 0
    waiting_room: int = 0
    decides_at: datetime | None = None
    signatories_until: datetime | None = None
    residents_until: datetime | None = None
    kept_for_residents: int = 0
    kept_until: datetime | None = None
    taken_by_others: int = 0

    @property
    def free(self) -> int:
        """Seats that nobody holds; never negative, also after the capacity was lowered."""
        return 10**9 if self.capacity is None else max(0, self.capacity - self.taken)


@dataclass(frozen=True, slots=True)
class Reliability:
    """How often somebody gave a seat back late, or did not come, in a year. It never keeps anybody out."""

    late_cancels: int = 0
    no_shows: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody who asks is told, and the rule by which."""

    state: SignupState
    rule: QueueRule


def place_in_queue(claim: Claim, residents_first: bool) -> tuple[bool, bool, bool, datetime, int]:
    """The order of the queue: a right to the seat, residents where the organisers agreed on it, signatories
    (RGD art. 15(3); "en priorité" in document 002), then the order of asking. The smallest comes first."""
    return (
        not claim.right, not (claim.resident and residents_first), not claim.signatory, claim.asked_at, claim.number
    )  # fmt: skip


def barred(seats: Seats, claim: Claim, now: datetime) -> QueueRule | None:
    """Why this claim cannot take a free seat yet, or None when it can."""
    if seats.decides_at is not None and now < seats.decides_at:
        return QueueRule.DECISION_DATE
    if claim.right:
        return None
    if _before(now, seats.residents_until) and not claim.resident:
        return QueueRule.RESERVED_FOR_RESIDENTS
    if _before(now, seats.signatories_until) and not claim.signatory:
        return QueueRule.RESERVED_FOR_PRIORITY
    if _before(now, seats.kept_until) and not claim.resident and seats.capacity is not None:
        open_to_others = seats.capacity - seats.kept_for_residents
        if seats.taken_by_others >= open_to_others:
            return QueueRule.RESERVED_FOR_RESIDENTS
    return None


def _before(now: datetime, end: datetime | None) -> bool:
    return end is not None and now < end


def seat_for(
    seats: Seats, claim: Claim, queue: Sequence[Claim], now: datetime, residents_first: bool = False
) -> Answer | SeatRefusal:
    """A free seat, a place in the queue, or the reason why not (RGD art. 15(3) for the reservation).

    `queue` matters only while a seat is free; when none is, it may be left empty.
    """
    if now >= seats.closes_at:
        return SeatRefusal.SIGNUP_CLOSED
    bar = barred(seats, claim, now)
    mine = place_in_queue(claim, residents_first)
    # A queue is a promise: nobody takes a freed seat past those who come first and may sit.
    ahead = sum(1 for one in queue if not barred(seats, one, now) and place_in_queue(one, residents_first) < mine)
    if bar is None and seats.free > ahead:
        return Answer(SignupState.CONFIRMED, QueueRule.SEAT_WAS_FREE)
    if seats.waiting < seats.waiting_room:
        full = QueueRule.OTHERS_CAME_FIRST if seats.free else QueueRule.TABLE_WAS_FULL
        return Answer(SignupState.WAITING, bar or full)
    return SeatRefusal.WAITING_LIST_FULL


def next_for(seats: Seats, queue: Sequence[Claim], now: datetime, residents_first: bool = False) -> Claim | None:
    """Who of those who wait gets the next free seat; None when nobody may (no seat, a reservation, the cut-off)."""
    if now >= seats.closes_at or not seats.free:
        return None
    may_sit = (claim for claim in queue if barred(seats, claim, now) is None)
    return min(may_sit, key=lambda claim: place_in_queue(claim, residents_first), default=None)


def why_first(claim: Claim, residents_first: bool) -> QueueRule:
    """The rule that put a claim before the others, for the row that explains it."""
    if claim.right:
        return QueueRule.RIGHT_TO_THE_SEAT
    if claim.resident and residents_first:
        return QueueRule.RESIDENT_FIRST
    return QueueRule.SIGNATORY_FIRST if claim.signatory else QueueRule.LONGEST_WAIT


def quiet_until(now: datetime) -> datetime | None:
    """The end of the quiet hours (21:00 to 8:00 local time) when it is quiet now, else None."""
    local = now.astimezone(LOCAL)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return None
    morning = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return datetime.combine(morning, QUIET_UNTIL, tzinfo=LOCAL)


def answer_by(starts_at: datetime, closes_at: datetime, now: datetime) -> datetime | None:
    """Until when an offered seat must be answered; None when the seat is given at once, 48 hours or more before."""
    if starts_at - now >= GIVEN_AT_ONCE:
        return None
    on_the_day = starts_at.astimezone(LOCAL).date() == now.astimezone(LOCAL).date()
    return min(closes_at, now + (TIME_TO_ANSWER_ON_THE_DAY if on_the_day else TIME_TO_ANSWER))


def is_late_cancel(starts_at: datetime, now: datetime) -> bool:
    """Whether giving back a seat at this moment is late: less than 24 hours before."""
    return now >= starts_at - timedelta(hours=24)


def reservation_end(kind: ActivityKind, starts_at: datetime) -> datetime | None:
    """Until when free seats are kept for people with priority: a week before a conventioned course."""
    if kind is not ActivityKind.CIVIC_COURSE and KINDS[kind].priority is PriorityRule.RESERVED:
        return starts_at - RESERVATION_ENDS_BEFORE
    return None


def decision_moment(kind: ActivityKind, starts_at: datetime) -> datetime | None:
    """When the seats of a civic course are given, signatories first, if enough have enrolled (RGD art. 15(2)-(3))."""
    return starts_at - DECISION_BEFORE if kind is ActivityKind.CIVIC_COURSE else None


def may_count(kind: ActivityKind, convention_reference: str) -> bool:
    """Whether attendance may be proposed for an obligation: only these three kinds, a language course only with its
    convention (DOMAIN.md K18)."""
    return counts_as(CAI, kind, bool(convention_reference.strip())) is not None


def is_for_beginners(level_from: CefrLevel | None) -> bool:
    """Whether somebody with A1 at most may come."""
    return level_from is None or level_from <= CefrLevel.A1


def level_mask(level_from: CefrLevel | None, level_to: CefrLevel | None) -> int:
    """The main levels (bit 0 = A1 ... bit 5 = C2) that an activity is for; no level means all of them."""
    mains = ("A1", "A2", "B1", "B2", "C1", "C2")
    first = mains.index(level_from.main) if level_from else 0
    last = mains.index(level_to.main) if level_to else 5
    return sum(1 << number for number in range(first, max(first, last) + 1))


def is_evening(local_hour: int) -> bool:
    """Whether a meeting that begins at this local hour is an evening one (17:00 or later)."""
    return local_hour >= 17
