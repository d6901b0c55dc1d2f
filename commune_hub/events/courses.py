"""Rules of courses made of modules: whether one takes place, what is unusual about it, where it may be postponed to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from commune_hub.events.law import LEAST_MINUTES, ORIENTATION_DAYS_A_YEAR, USUAL_MODULES
from commune_hub.events.rules import quiet_until
from commune_hub.events.words import (
    ActivityKind,
    CourseContent,
    CourseRefusal,
    CourseState,
    CourseWarning,
    SignupMode,
)
from commune_hub.places.geo import Point, haversine_km

POSTPONED_BY = timedelta(weeks=4)
NEAR_KM = 10
# Below this a number could point at somebody.
SMALLEST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Module:
    """One meeting of a course. `replaced`: another date takes its place."""

    minutes: int
    cancelled: bool = False
    replaced: bool = False


def decision(enrolled: int, minimum: int | None, now: datetime, decides_at: datetime) -> CourseState:
    """Whether a course takes place (RGD art. 15(2)): at the decision date with the minimum or more, else it is
    postponed; before it is open. A course without a minimum takes place."""
    if now < decides_at:
        return CourseState.OPEN
    return CourseState.CONFIRMED if enrolled >= (minimum or 0) else CourseState.POSTPONED


def decision_date(wanted: datetime, starts_at: datetime, now: datetime) -> datetime:
    """When it is decided: as wanted, but in waking hours. When that is over already (a course published late), half
    of the time that is left, so that people can still enrol."""
    moment = wanted if wanted > now else now + (starts_at - now) / 2
    morning = quiet_until(moment)
    return morning if morning is not None and morning < starts_at else moment


def taught_minutes(modules: Iterable[Module]) -> int:
    """How long the course lasts in all; a cancelled module counts for nothing."""
    return sum(module.minutes for module in modules if not module.cancelled)


def missing(modules: Iterable[Module]) -> int:
    """How many cancelled modules have no other date."""
    return sum(1 for module in modules if module.cancelled and not module.replaced)


def warnings_of(
    modules: Sequence[Module],
    *,
    kind: ActivityKind,
    signup: SignupMode,
    languages: Sequence[str],
    contents: Iterable[str] = tuple(CourseContent),
    handbook: str = "",
) -> list[CourseWarning]:
    """What is not as it should be, the grave things first."""
    held = [module for module in modules if not module.cancelled]
    found = []
    if missing(modules):
        found.append(CourseWarning.MODULE_MISSING)
    if kind is ActivityKind.CIVIC_COURSE:
        if taught_minutes(modules) < LEAST_MINUTES:
            found.append(CourseWarning.TOO_SHORT)
        if signup is not SignupMode.WHOLE_COURSE:
            found.append(CourseWarning.NOT_ONE_COURSE)
        if len(held) not in USUAL_MODULES:
            found.append(CourseWarning.UNUSUAL_NUMBER)
        if not set(CourseContent) <= set(contents):
            found.append(CourseWarning.CONTENTS_MISSING)
        if not handbook.strip():
            found.append(CourseWarning.NO_HANDBOOK)
    if not any(language.strip() for language in languages):
        found.append(CourseWarning.NO_LANGUAGE)
    return found


def bar_to_publish(modules: Sequence[Module], *, kind: ActivityKind, signup: SignupMode) -> CourseRefusal | None:
    """Why a civic course may not be announced: all modules of one course (CIV-4), six hours (RGD art. 14)."""
    if kind is not ActivityKind.CIVIC_COURSE:
        return None
    if signup is not SignupMode.WHOLE_COURSE:
        return CourseRefusal.NOT_ONE_COURSE
    return CourseRefusal.TOO_SHORT if taught_minutes(modules) < LEAST_MINUTES else None


def shift_of(first_on: date, wanted: date | None, taken: Iterable[date], days: Sequence[date]) -> timedelta:
    """By how much all dates move: to the wanted first day, else four weeks and as many more as it takes to meet none
    of the days that are `taken` by a cancelled date."""
    if wanted is not None:
        return wanted - first_on
    shift, kept = POSTPONED_BY, set(taken)
    while kept & {day + shift for day in days}:
        shift += timedelta(weeks=1)
    return shift


def living_near(point: Point, areas: Iterable[tuple[Point, int]]) -> int | None:
    """How many signatories live within 10 km; None when so few do that a number could point at somebody."""
    number = sum(many for where, many in areas if haversine_km(point, where) <= NEAR_KM)
    return number if number >= SMALLEST_SHOWN else None


def too_few_orientation_days(days: Iterable[date], year: int) -> bool:
    """Whether a year has fewer than two orientation days (RGD art. 19)."""
    return len({day for day in days if day.year == year}) < ORIENTATION_DAYS_A_YEAR
