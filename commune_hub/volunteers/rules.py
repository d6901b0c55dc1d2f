"""Decisions about volunteers: the week in 18 slots, the life cycle, the qualification. Facts in, answer out."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from commune_hub.base.words import LOCAL
from commune_hub.events.words import ActivityKind
from commune_hub.volunteers.words import (
    HELPING,
    QualifiedBy,
    StepBy,
    SupportStep,
    Unqualified,
    VolunteerRefusal,
    VolunteerState,
)

# -- the week: six days, three parts each --------------------------------------

DAYS, PARTS = 6, 3
SLOTS = DAYS * PARTS
ALL_SLOTS = (1 << SLOTS) - 1
# The local hours at which the afternoon and the evening begin; the evening as in the search (events.rules.is_evening).
NOON, EVENING = 12, 17


def slot_of(moment: datetime) -> int | None:
    """The slot in which a moment lies: bit = day * 3 + part, Monday morning is 0. None on Sundays."""
    local = moment.astimezone(LOCAL)
    if local.weekday() >= DAYS:
        return None
    part = 2 if local.hour >= EVENING else 1 if local.hour >= NOON else 0
    return local.weekday() * PARTS + part


def is_free(free_slots: int, moment: datetime) -> bool:
    """Whether somebody with these free slots could come at this moment."""
    slot = slot_of(moment)
    return slot is not None and bool(free_slots >> slot & 1)


def slots_in(free_slots: int) -> tuple[int, ...]:
    """The numbers of the slots, in order of the week."""
    return tuple(slot for slot in range(SLOTS) if free_slots >> slot & 1)


def free_from(slots: Iterable[int]) -> int:
    """The same as one number of 18 bits; what is no slot is left aside."""
    return sum(1 << slot for slot in set(slots) if 0 <= slot < SLOTS)


# -- the life cycle --------------------------------------------------------------

_S = VolunteerState
# Every step that is allowed, and whose doing it is. Nothing else happens to a volunteer.
STEPS: dict[tuple[VolunteerState, VolunteerState], frozenset[StepBy]] = {
    (_S.ANNOUNCED, _S.INVITED): frozenset({StepBy.STAFF}),
    (_S.ANNOUNCED, _S.MET): frozenset({StepBy.STAFF}),
    (_S.INVITED, _S.MET): frozenset({StepBy.STAFF}),
    # The training was attended; who came to it has been met.
    (_S.ANNOUNCED, _S.TRAINED): frozenset({StepBy.RULE}),
    (_S.INVITED, _S.TRAINED): frozenset({StepBy.RULE}),
    (_S.MET, _S.TRAINED): frozenset({StepBy.RULE}),
    # The first meeting or pair to look after. Without training where the organiser's setting lets them.
    (_S.MET, _S.ACTIVE): frozenset({StepBy.STAFF, StepBy.RULE}),
    (_S.TRAINED, _S.ACTIVE): frozenset({StepBy.STAFF, StepBy.RULE}),
    (_S.MET, _S.PAUSED): frozenset({StepBy.OWN, StepBy.STAFF}),
    (_S.TRAINED, _S.PAUSED): frozenset({StepBy.OWN, StepBy.STAFF}),
    (_S.ACTIVE, _S.PAUSED): frozenset({StepBy.OWN, StepBy.STAFF}),
    (_S.PAUSED, _S.ACTIVE): frozenset({StepBy.OWN, StepBy.STAFF}),
    **{(state, _S.LEFT): frozenset({StepBy.OWN, StepBy.STAFF}) for state in _S if state is not _S.LEFT},
    # Whoever comes back begins anew: somebody talks with them first.
    (_S.LEFT, _S.ANNOUNCED): frozenset({StepBy.OWN, StepBy.STAFF}),
}


def may_step(was: VolunteerState, becomes: VolunteerState, by: StepBy) -> bool:
    """Whether the table of steps has this one."""
    return by in STEPS.get((was, becomes), frozenset())


def steps_from(state: VolunteerState, by: StepBy) -> tuple[VolunteerState, ...]:
    """The states to which one may go on from here, in the order of the table."""
    return tuple(becomes for (was, becomes), who in STEPS.items() if was is state and by in who)


# -- who may help ----------------------------------------------------------------


def bar_to_help(
    state: VolunteerState, *, qualified: bool, policy: Unqualified, minors: bool, bulletin_seen: bool
) -> VolunteerRefusal | None:
    """Why somebody may not host a meeting or coach, or None. `policy` is the organiser's; `minors`: they may come.

    Bulletin no. 5 is no legal duty for volunteers in general; where minors come the hub asks that it was seen.
    """
    if state not in HELPING:
        return VolunteerRefusal.NOT_HELPING
    if not qualified and policy is Unqualified.REFUSE:
        return VolunteerRefusal.NOT_QUALIFIED
    if minors and not bulletin_seen:
        return VolunteerRefusal.BULLETIN_MISSING
    return None


# -- a commune asks for support ------------------------------------------------------

_T = SupportStep
# In the order of the work; every step may be skipped or repeated, only what is done or given up stays so.
SUPPORT_ENDED = frozenset({_T.FIRST_MEETING, _T.DROPPED})


def support_steps_from(step: SupportStep) -> tuple[SupportStep, ...]:
    """Where a request may go on to; nothing once the first meeting was held. One that was given up may begin anew."""
    if step is _T.FIRST_MEETING:
        return ()
    return (_T.IDEA,) if step is _T.DROPPED else tuple(one for one in _T if one is not step)


# -- the qualification -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attended:
    """A training or an exchange day that somebody attended in full; `on` is its last day."""

    on: date
    by: QualifiedBy
    activity_id: int = 0


@dataclass(frozen=True, slots=True)
class Qualified:
    """One reason why somebody is qualified, and until when (that day included)."""

    by: QualifiedBy
    activity_id: int
    granted_on: date
    valid_until: date


QUALIFIES = {
    ActivityKind.VOLUNTEER_TRAINING: QualifiedBy.TRAINING,
    ActivityKind.EXCHANGE_DAY: QualifiedBy.EXCHANGE_DAY,
}


def qualifications(attended: Iterable[Attended], months: int) -> tuple[Qualified, ...]:
    """What these days come to: a training qualifies for so many months, an exchange day prolongs what is still valid.

    An exchange day without a valid qualification gives none, and nothing is ever made shorter.
    """
    found: list[Qualified] = []
    valid_until = date.min
    for one in sorted(attended, key=lambda one: (one.on, one.by is QualifiedBy.EXCHANGE_DAY, one.activity_id)):
        if one.by is QualifiedBy.EXCHANGE_DAY and one.on > valid_until:
            continue
        valid_until = max(valid_until, months_later(one.on, months))
        found.append(Qualified(one.by, one.activity_id, one.on, valid_until))
    return tuple(found)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
