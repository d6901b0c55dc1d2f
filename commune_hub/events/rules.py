"""Decisions about activities and seats: facts in, answer out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from commune_hub.events.words import (
    ActivityKind,
    CefrLevel,
    CountsFor,
    PriorityRule,
    SeatRefusal,
    SignupMode,
    SignupState,
)


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
        SignupMode.WHOLE_COURSE, 30, 15, None, None, PriorityRule.RESERVED, CountsFor.CIVIC_COURSE, minimum=15,
        duration=timedelta(minutes=180),
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
REMINDER_HOUR = 18


@dataclass(frozen=True, slots=True)
class Seats:
    """The facts about one pool of seats, as the person who asks meets them.

    `capacity` None: everybody is welcome, nobody needs a seat. `ahead`: how many of those who wait come before
    this person and could take a seat now.
    """

    capacity: int | None
    taken: int
    waiting: int
    waiting_room: int
    closes_at: datetime
    reserved_until: datetime | None = None
    ahead: int = 0

    @property
    def free(self) -> int:
        """Seats that nobody holds; never negative, also after the capacity was lowered."""
        return 10**9 if self.capacity is None else max(0, self.capacity - self.taken)

    def reserved_at(self, now: datetime) -> bool:
        """Whether free seats are kept for people with priority (RGD art. 15(3))."""
        return self.reserved_until is not None and now < self.reserved_until


def seat_for(seats: Seats, has_priority: bool, now: datetime) -> SignupState | SeatRefusal:
    """A free seat, a place in the queue, or the reason why not (RGD art. 15(3) for the reservation)."""
    if now >= seats.closes_at:
        return SeatRefusal.SIGNUP_CLOSED
    may_sit = has_priority or not seats.reserved_at(now)
    # A queue is a promise: nobody takes a freed seat past those who come first.
    if may_sit and seats.free > seats.ahead:
        return SignupState.CONFIRMED
    if seats.waiting < seats.waiting_room:
        return SignupState.WAITING
    return SeatRefusal.WAITING_LIST_FULL


def reservation_end(kind: ActivityKind, starts_at: datetime) -> datetime | None:
    """Until when free seats are kept for people with priority: a week before a conventioned course; to the end for a
    civic course, whose seats are given at the decision date (RGD art. 15(3))."""
    if KINDS[kind].priority is PriorityRule.RESERVED:
        return starts_at - RESERVATION_ENDS_BEFORE
    return None


def may_count(kind: ActivityKind, convention_reference: str) -> bool:
    """Whether attendance may be proposed for an obligation: only these three kinds, a language course only with its
    convention (DOMAIN.md K18)."""
    if kind is ActivityKind.CONVENTIONED_COURSE:
        return bool(convention_reference.strip())
    return KINDS[kind].counts_for is not CountsFor.NOTHING


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
