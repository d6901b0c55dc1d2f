"""What the taps on an attendance come to, in whatever order they arrive, and when one may tap. Rules only."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from commune_hub.base.words import LOCAL
from commune_hub.events.words import SIGNED_BY, AttendanceChannel, AttendanceRefusal, AttendanceState

OPENS_BEFORE = timedelta(minutes=15)
OFFICERS_CORRECT_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Tap:
    """One tap: when the finger touched, what it said, by which way.

    `key` tells apart two taps of the same moment. `everybody`: it was on "everybody is present".
    """

    at: datetime
    key: str
    state: AttendanceState
    channel: AttendanceChannel
    by_id: int | None = None
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody's attendance stands, by the last tap that counted; `signed_at` while it is signed for."""

    state: AttendanceState = AttendanceState.UNKNOWN
    channel: AttendanceChannel = AttendanceChannel.STAFF
    by_id: int | None = None
    signed_at: datetime | None = None


def standing_of(taps: Iterable[Tap]) -> Standing:
    """The same for every order of arrival, because the taps are read in the order of the fingers.

    "Everybody is present" leaves alone whoever has a mark. A signature stays when staff say "present" once more, and
    falls with any other mark.
    """
    standing = Standing()
    for tap in sorted(taps, key=lambda tap: (tap.at, tap.key)):
        if tap.everybody and standing.state is not AttendanceState.UNKNOWN:
            continue
        signed = tap.at if tap.channel in SIGNED_BY else standing.signed_at
        present = tap.state is AttendanceState.PRESENT
        standing = Standing(tap.state, tap.channel, tap.by_id, signed if present else None)
    return standing


def opens_at(starts_at: datetime) -> datetime:
    """From when on attendance is taken and people check in."""
    return starts_at - OPENS_BEFORE


def moment_of(touched: datetime | None, starts_at: datetime, now: datetime) -> datetime:
    """When a tap counts: a phone whose clock is wrong can neither tap before the beginning nor in the future."""
    return now if touched is None else max(opens_at(starts_at), min(touched, now))


def after_all(tap: Tap, known: Iterable[Tap], now: datetime) -> Tap:
    """A tap of this very moment comes after all that are known, also when two fall on the same tick of the clock."""
    last = max((one.at for one in known), default=now)
    return replace(tap, at=last + timedelta(microseconds=1)) if tap.at == now <= last else tap


def lock_day(ends_at: datetime) -> date:
    """The last local day on which officers may correct; afterwards the coordinator does it."""
    return ends_at.astimezone(LOCAL).date() + OFFICERS_CORRECT_FOR


def is_locked(lock_on: date, now: datetime) -> bool:
    """Whether the day on which officers could correct last is over."""
    return now.astimezone(LOCAL).date() > lock_on


@dataclass(frozen=True, slots=True)
class RollFacts:
    """What decides whether a tap is taken: the meeting's times, whether the roll is finished and locked."""

    starts_at: datetime
    ends_at: datetime
    cancelled: bool = False
    finished_at: datetime | None = None
    lock_on: date | None = None


def bar_to(
    roll: RollFacts, *, tapped_at: datetime, reason: str, may_correct_late: bool, now: datetime, own_hand: bool = False
) -> AttendanceRefusal | None:
    """Why a tap is not taken, or None when it is.

    After the roll is finished a change needs a reason; not one that was tapped before and arrives late, nor one by the
    person's `own_hand` (card, name, check-in) while the meeting lasts: that is its own reason.
    """
    if roll.cancelled:
        return AttendanceRefusal.CALLED_OFF
    if now < opens_at(roll.starts_at):
        return AttendanceRefusal.NOT_BEGUN
    if is_locked(roll.lock_on or lock_day(roll.ends_at), now) and not may_correct_late:
        return AttendanceRefusal.LOCKED
    finished = roll.finished_at is not None and tapped_at >= roll.finished_at
    if finished and not reason and not (own_hand and now <= roll.ends_at):
        return AttendanceRefusal.REASON_NEEDED
    return None


def may_check_in(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether the code shown at the place is valid: from 15 minutes before the beginning until the end."""
    return opens_at(starts_at) <= now <= ends_at
