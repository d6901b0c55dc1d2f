"""Whether a course takes place, what is unusual about it, where it moves to."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commune_hub.events.course_inputs import CourseDraft
from commune_hub.events.courses import (
    POSTPONED_BY,
    Module,
    bar_to_publish,
    decision,
    decision_date,
    living_near,
    missing,
    shift_of,
    too_few_orientation_days,
    warnings_of,
)
from commune_hub.events.words import ActivityKind, CourseContent, CourseRefusal, CourseState, CourseWarning, SignupMode
from commune_hub.places.geo import Point

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
START = NOW + timedelta(days=14)
HALF = Module(180)


@pytest.mark.parametrize(
    ("enrolled", "at", "state"),
    [
        (14, NOW, CourseState.POSTPONED),
        (15, NOW, CourseState.CONFIRMED),
        (15, NOW - timedelta(microseconds=1), CourseState.OPEN),
        (0, NOW + timedelta(days=1), CourseState.POSTPONED),
    ],
)
def test_fifteen_people_at_the_decision_date_are_enough(enrolled: int, at: datetime, state: CourseState) -> None:
    assert decision(enrolled, 15, at, NOW) is state


@given(st.integers(0, 60), st.none() | st.integers(1, 40), st.timedeltas(-timedelta(days=30), timedelta(days=30)))
def test_a_decision_depends_on_the_number_and_the_moment_alone(
    enrolled: int, minimum: int | None, late: timedelta
) -> None:
    answer = decision(enrolled, minimum, NOW + late, NOW)

    assert (answer is CourseState.OPEN) == (late < timedelta(0))
    if answer is not CourseState.OPEN:
        assert (answer is CourseState.CONFIRMED) == (enrolled >= (minimum or 0))
        # One more person never turns a yes into a no.
        more = decision(enrolled + 1, minimum, NOW + late, NOW)
        assert not (answer is CourseState.CONFIRMED and more is not CourseState.CONFIRMED)


@pytest.mark.parametrize(
    ("wanted", "starts_at", "decides_at"),
    [
        (NOW + timedelta(days=7), START, NOW + timedelta(days=7)),
        # Published late: half of the time that is left.
        (NOW - timedelta(days=3), NOW + timedelta(days=4), NOW + timedelta(days=2)),
        # Nobody is woken: 22:30 in Luxembourg becomes 8:00.
        (NOW.replace(hour=21, minute=30), START, datetime(2026, 11, 23, 7, tzinfo=UTC)),
    ],
)
def test_the_decision_is_taken_by_day_and_while_there_is_time(
    wanted: datetime, starts_at: datetime, decides_at: datetime
) -> None:
    assert decision_date(wanted, starts_at, NOW) == decides_at


@given(st.timedeltas(-timedelta(days=20), timedelta(days=20)), st.timedeltas(timedelta(minutes=1), timedelta(days=20)))
def test_the_decision_always_lies_before_the_course(wanted: timedelta, left: timedelta) -> None:
    decides_at = decision_date(min(NOW + wanted, NOW + left - timedelta(seconds=1)), NOW + left, NOW)

    assert NOW < decides_at < NOW + left


def warned(*modules: Module, **given: object) -> list[CourseWarning]:
    values: dict[str, object] = {
        "kind": ActivityKind.CIVIC_COURSE, "signup": SignupMode.WHOLE_COURSE, "languages": ["fr"], "handbook": "H",
    }  # fmt: skip
    return warnings_of(modules, **(values | given))  # type: ignore[arg-type]


def test_what_is_unusual_about_a_civic_course_is_said() -> None:
    assert warned(HALF, HALF) == warned(HALF, HALF, HALF) == []
    assert warned(HALF, Module(179)) == [CourseWarning.TOO_SHORT]
    assert warned(Module(360)) == [CourseWarning.UNUSUAL_NUMBER]
    assert warned(HALF, HALF, HALF, HALF) == [CourseWarning.UNUSUAL_NUMBER]
    assert warned(HALF, HALF, languages=[]) == [CourseWarning.NO_LANGUAGE]
    assert warned(HALF, HALF, contents=[CourseContent.HISTORY]) == [CourseWarning.CONTENTS_MISSING]
    assert warned(HALF, HALF, handbook=" ") == [CourseWarning.NO_HANDBOOK]
    assert warned(HALF, HALF, signup=SignupMode.SIGN_UP) == [CourseWarning.NOT_ONE_COURSE]
    assert warned(HALF, kind=ActivityKind.CONVENTIONED_COURSE, contents=(), handbook="") == []


def test_a_cancelled_module_counts_only_once_it_is_held_again() -> None:
    lost, found = Module(180, cancelled=True), Module(180, cancelled=True, replaced=True)

    assert (missing([HALF, lost]), missing([HALF, found, HALF])) == (1, 0)
    assert warned(HALF, HALF, lost) == [CourseWarning.MODULE_MISSING]
    assert warned(HALF, found, HALF) == []


def test_a_civic_course_is_announced_with_six_hours_and_one_list_only() -> None:
    def bar(*modules: Module, kind: ActivityKind = ActivityKind.CIVIC_COURSE, signup: str = "whole_course") -> object:
        return bar_to_publish(modules, kind=kind, signup=SignupMode(signup))

    assert bar(HALF, HALF) is None
    assert bar(HALF, Module(179)) is CourseRefusal.TOO_SHORT
    assert bar(HALF, HALF, Module(180, cancelled=True), signup="sign_up") is CourseRefusal.NOT_ONE_COURSE
    assert bar(Module(60), kind=ActivityKind.CONVERSATION_TABLE, signup="sign_up") is None


def test_a_postponed_course_moves_four_weeks_or_as_many_more_as_it_takes() -> None:
    first, second = date(2026, 12, 12), date(2026, 12, 19)

    assert shift_of(first, None, [], [first, second]) == POSTPONED_BY
    assert shift_of(first, None, [date(2027, 1, 9), date(2027, 1, 23)], [first, second]) == timedelta(weeks=7)
    assert shift_of(first, date(2027, 2, 1), [], [first, second]) == timedelta(days=51)


def test_a_number_that_could_point_at_somebody_is_not_shown() -> None:
    belvaux, wiltz = Point(49.51, 5.92), Point(49.97, 5.93)

    assert living_near(belvaux, [(belvaux, 4), (wiltz, 9)]) is None
    assert living_near(belvaux, [(belvaux, 4), (Point(49.50, 5.98), 1)]) == 5


def test_a_year_needs_two_orientation_days() -> None:
    days = [date(2026, 4, 18), date(2026, 11, 14), date(2027, 4, 17)]

    assert (too_few_orientation_days(days, 2026), too_few_orientation_days(days, 2027)) == (False, True)


def test_a_programme_is_read_line_by_line() -> None:
    draft = CourseDraft.parse({"programme": "13:30-14:15 Schools\n9h00 – 10h00  Work\n\n25:00 Stand of the commune"})

    assert draft.programme_points == [
        {"starts": "13:30", "ends": "14:15", "what": "Schools"},
        {"starts": "09:00", "ends": "10:00", "what": "Work"},
        {"starts": "", "ends": "", "what": "25:00 Stand of the commune"},
    ]
