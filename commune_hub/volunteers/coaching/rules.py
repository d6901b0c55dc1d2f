"""Decisions about requests, pairs and their meetings: facts in, answer out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from commune_hub.base.words import LOCAL
from commune_hub.events.words import CefrLevel
from commune_hub.places.geo import Point, haversine_km, midpoint
from commune_hub.volunteers.coaching.words import (
    HELD,
    OPEN,
    TOGETHER,
    Answer,
    CallReason,
    CoachingRefusal,
    MeetingWay,
    Obstacle,
    PairMeetingState,
    PairState,
    PairStep,
    Quiet,
)

# ASTI asks for "a small level, something like A1"; below it a course comes first (DOMAIN.md §5).
LEAST_LEVEL = CefrLevel.A1
ANSWER_REMINDER = timedelta(days=7)
ANSWER_WITHIN = timedelta(days=14)
FIRST_MEETING_WITHIN = timedelta(days=14)
MEETING_WITHIN = timedelta(days=21)
# A pause that nobody ends shows up with ASTI.
LONG_PAUSE = timedelta(days=60)
LOGGED_WITHIN = timedelta(days=60)
LONGEST_MEETING = 240
USUAL_MINUTES = 60
MESSAGES_A_DAY = 10
_FIRST_DATE_AFTER = timedelta(days=3)
_MIDWAY_KM = 15


def level_refusal(level: int) -> CoachingRefusal | None:
    """Why somebody with this level gets no coach yet, or None."""
    return CoachingRefusal.LEVEL_TOO_LOW if level < LEAST_LEVEL else None


# -- the life of a pair ---------------------------------------------------

# Which steps are possible where. A step that meets, goes on or says yes leads to where the pair then stands (`after`).
STEPS: Mapping[PairState, frozenset[PairStep]] = {
    PairState.PROPOSED: frozenset({PairStep.SAY_YES, PairStep.SAY_NO, PairStep.RUN_OUT, PairStep.TAKE_BACK}),
    PairState.ACCEPTED: frozenset({PairStep.MEET, PairStep.PAUSE, PairStep.END}),
    PairState.MET: frozenset({PairStep.MEET, PairStep.PAUSE, PairStep.END}),
    PairState.ACTIVE: frozenset({PairStep.MEET, PairStep.PAUSE, PairStep.END}),
    PairState.PAUSED: frozenset({PairStep.MEET, PairStep.GO_ON, PairStep.END}),
    PairState.ENDED: frozenset(),
}


def after(state: PairState, step: PairStep, *, both_yes: bool, meetings: int) -> PairState | CoachingRefusal:
    """Where a pair stands after a step, or why it cannot be taken. `meetings`: how many were held, with this one."""
    if step not in STEPS[state]:
        return CoachingRefusal.NO_SUCH_STEP
    match step:
        case PairStep.SAY_YES:
            return PairState.ACCEPTED if both_yes else PairState.PROPOSED
        case PairStep.MEET | PairStep.GO_ON:
            return standing(meetings)
        case PairStep.PAUSE:
            return PairState.PAUSED
    return PairState.ENDED


def standing(meetings: int) -> PairState:
    """How far two people are who do not pause: accepted, met once, active."""
    return (PairState.ACCEPTED, PairState.MET, PairState.ACTIVE)[min(meetings, 2)]


def shows_contacts(state: PairState, answers: Iterable[Answer | None]) -> bool:
    """Whether the two may read each other's contacts: only while together, and only when both said yes."""
    said = list(answers)
    return state in TOGETHER and len(said) == 2 and all(one is Answer.YES for one in said)


@dataclass(frozen=True, slots=True)
class Course:
    """What the definition of "inactive" looks at. `since`: when both had said yes, or went on after a pause."""

    state: PairState
    since: date | None
    last_met: date | None


def quiet(course: Course, today: date) -> Quiet | None:
    """THE definition of an inactive pair, used everywhere: no first meeting within 14 days, no meeting for 21 days."""
    if course.state not in TOGETHER or course.state is PairState.PAUSED or course.since is None:
        return None
    if course.last_met is None:
        return Quiet.NO_FIRST_MEETING if today - course.since > FIRST_MEETING_WITHIN else None
    return Quiet.NO_MEETING if today - max(course.since, course.last_met) > MEETING_WITHIN else None


@dataclass(frozen=True, slots=True)
class Care:
    """What tells whether ASTI should call: days since a proposal or a pause began, None where there is none."""

    course: Course
    help_asked: bool = False
    disputed: bool = False
    proposed_days: int | None = None
    paused_days: int | None = None


def calls(care: Care, today: date) -> tuple[CallReason, ...]:
    """Why ASTI should call the two, the most pressing reason first; nothing when all is well."""
    silence = quiet(care.course, today)
    found = {
        CallReason.HELP_ASKED: care.help_asked,
        CallReason.DISPUTED: care.disputed,
        CallReason.NO_FIRST_MEETING: silence is Quiet.NO_FIRST_MEETING,
        CallReason.NO_MEETING: silence is Quiet.NO_MEETING,
        CallReason.NO_ANSWER: care.proposed_days is not None and care.proposed_days >= ANSWER_REMINDER.days,
        CallReason.LONG_PAUSE: care.paused_days is not None and care.paused_days > LONG_PAUSE.days,
    }
    return tuple(reason for reason, there in found.items() if there)


# -- meetings -------------------------------------------------------------


def log_refusal(
    state: PairState, *, way: MeetingWay, home_chosen: bool, on: date, today: date
) -> CoachingRefusal | None:
    """Why hours cannot be written down for that day, or None. A pause that is broken by a meeting is over."""
    if PairStep.MEET not in STEPS[state]:
        return CoachingRefusal.NOT_TOGETHER
    if on > today:
        return CoachingRefusal.NOT_YET
    if today - on > LOGGED_WITHIN:
        return CoachingRefusal.TOO_LONG_AGO
    return CoachingRefusal.HOME_NOT_CHOSEN if way is MeetingWay.HOME and not home_chosen else None


def counts(state: PairMeetingState) -> bool:
    """Whether the hours count as practice and for the volunteer: only what both have said."""
    return state is PairMeetingState.CONFIRMED


def is_held(state: PairMeetingState) -> bool:
    """Whether it took place as far as anybody knows."""
    return state in HELD


# -- messages -------------------------------------------------------------

_CONTACT = re.compile(
    r"[\w.+-]+\s*(?:@|\(at\)|\[at\])\s*[\w-]+|(?<!\w)@\w{3,}|https?://|www\.|\d(?:[\s./()-]*\d){5,}", re.IGNORECASE
)


_DATE = re.compile(r"\b(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])[./-]20\d\d\b")


def names_a_contact(text: str) -> bool:
    """Whether a text gives away a mail address, a phone number, a link or a handle; a date is none of them."""
    return _CONTACT.search(_DATE.sub(" ", text)) is not None


def message_refusal(text: str, *, contacts_shown: bool, sent_today: int, open_pair: bool) -> CoachingRefusal | None:
    """Why a message is not passed on, or None."""
    if not open_pair:
        return CoachingRefusal.NOT_TOGETHER
    if sent_today >= MESSAGES_A_DAY:
        return CoachingRefusal.TOO_MANY_MESSAGES
    return CoachingRefusal.CONTACT_IN_MESSAGE if not contacts_shown and names_a_contact(text) else None


# -- who may be paired with whom ------------------------------------------


@dataclass(frozen=True, slots=True)
class Learner:
    """A request as the pairing sees it. `said_no`: volunteers with whom it never is to be proposed again.

    `qualified_only`: the commune where the learner lives takes volunteers with a valid qualification only.
    """

    person_id: int
    language: str
    level: int
    free_slots: int
    point: Point | None
    reach_km: int
    online: bool
    minor: bool
    languages: frozenset[str] = frozenset()
    must_share: bool = False
    said_no: frozenset[int] = frozenset()
    qualified_only: bool = False


@dataclass(frozen=True, slots=True)
class Coach:
    """A volunteer as the pairing sees them. `offers`: language and own level, None where it was not said."""

    volunteer_id: int
    person_id: int
    active: bool
    offers: Mapping[str, int | None]
    understands: frozenset[str]
    free_slots: int
    now_and_then: bool
    point: Point | None
    reach_km: int
    online: bool
    free_places: int
    charter: bool
    bulletin_seen: bool
    qualified: bool = True


# No click of anybody makes such a pair.
NEVER = frozenset(
    {
        Obstacle.SAME_PERSON, Obstacle.NOT_FREE, Obstacle.NOT_ACTIVE, Obstacle.OTHER_LANGUAGE, Obstacle.SAID_NO,
        Obstacle.MINOR, Obstacle.NO_CHARTER, Obstacle.NOT_QUALIFIED,
    }
)  # fmt: skip


def obstacles(learner: Learner, coach: Coach) -> frozenset[Obstacle]:
    """All that stands between the two; ASTI may overlook what is not in NEVER, the best plan overlooks nothing."""
    found = {
        Obstacle.SAME_PERSON: learner.person_id == coach.person_id,
        Obstacle.NOT_FREE: coach.free_places < 1,
        Obstacle.NOT_ACTIVE: not coach.active,
        Obstacle.OTHER_LANGUAGE: learner.language not in coach.offers,
        Obstacle.SAID_NO: coach.volunteer_id in learner.said_no,
        # Learners may be 16 or 17 (DOMAIN.md §5): bulletin no. 5 has been seen, by whom stands with the volunteer.
        Obstacle.MINOR: learner.minor and not coach.bulletin_seen,
        Obstacle.NO_CHARTER: not coach.charter,
        Obstacle.NOT_QUALIFIED: learner.qualified_only and not coach.qualified,
        Obstacle.LEVEL: not _speaks_better(learner, coach),
        Obstacle.NO_COMMON_TIME: not (coach.now_and_then or learner.free_slots & coach.free_slots),
        Obstacle.TOO_FAR: not _near_enough(learner, coach),
        Obstacle.NO_SHARED_LANGUAGE: learner.must_share and not shared_languages(learner, coach),
    }
    return frozenset(obstacle for obstacle, there in found.items() if there)


def shared_languages(learner: Learner, coach: Coach) -> frozenset[str]:
    """Languages in which the two can help each other out."""
    return learner.languages & (coach.understands | set(coach.offers))


def distance_km(learner: Learner, coach: Coach) -> float | None:
    """How far apart they are, None where one of them says no place."""
    if learner.point is None or coach.point is None:
        return None
    return haversine_km(learner.point, coach.point)


def _speaks_better(learner: Learner, coach: Coach) -> bool:
    level = coach.offers.get(learner.language)
    return level is None or level > learner.level


def _near_enough(learner: Learner, coach: Coach) -> bool:
    if learner.online and coach.online:
        return True
    km = distance_km(learner, coach)
    return km is not None and km <= min(learner.reach_km, coach.reach_km)


# -- the first meeting ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """A room of the register."""

    venue_id: int
    point: Point
    step_free: bool = False


def midway(learner: Point | None, coach: Point | None, places: Iterable[PublicPlace]) -> int | None:
    """The public place nearest to half-way between the two, or None when there is none within reach."""
    here = midpoint(learner, coach) if learner and coach else learner or coach
    if here is None:
        return None
    near = [(haversine_km(here, place.point), place.venue_id) for place in places]
    km, venue_id = min(near, default=(_MIDWAY_KM + 1.0, 0))
    return venue_id if km <= _MIDWAY_KM else None


_BEGINS = (time(10), time(15), time(18, 30))


def first_date(common_slots: int, now: datetime) -> datetime:
    """A first date to propose: the first common free time that leaves some days, else a week from now at 18:30."""
    day = (now + _FIRST_DATE_AFTER).astimezone(LOCAL).date()
    for ahead in range(7):
        on = day + timedelta(days=ahead)
        for part, begins in enumerate(_BEGINS):
            # Sunday has no slot.
            if on.weekday() < 6 and common_slots >> (on.weekday() * 3 + part) & 1:
                return datetime.combine(on, begins, LOCAL)
    return datetime.combine(now.astimezone(LOCAL).date() + timedelta(days=7), _BEGINS[2], LOCAL)


def takes_a_place(state: PairState) -> bool:
    """Whether a pair in this state counts against what a volunteer can take on."""
    return state in OPEN


def free_place(taken: Iterable[int], capacity: int) -> int | None:
    """The lowest free place with a volunteer, 1 to capacity; None when all are taken."""
    used = set(taken)
    return next((place for place in range(1, capacity + 1) if place not in used), None)
