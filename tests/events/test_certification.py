"""The rule of certificates and its edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commune_hub.events.certification import CertificateRule, Lesson, verdict
from commune_hub.events.words import AttendanceState, CertificateBar, CertificateBasis

P, A, E, U, C = (
    AttendanceState.PRESENT, AttendanceState.ABSENT, AttendanceState.EXCUSED, AttendanceState.UNKNOWN,
    AttendanceState.CANCELLED_BY_ORGANISER,
)  # fmt: skip
SEVENTY = CertificateRule(CertificateBasis.SHARE, 70)
ALL = CertificateRule(CertificateBasis.ALL_MODULES)


def lessons(*states: AttendanceState, minutes: int = 90) -> list[Lesson]:
    return [Lesson(minutes, state) for state in states]


@pytest.mark.parametrize(
    ("present", "absent", "met"),
    [(7, 3, True), (6, 4, False), (69, 31, False), (70, 30, True), (699, 301, False), (700, 300, True), (1, 0, True)],
)
def test_exactly_seventy_per_cent_is_enough_and_a_little_less_is_not(present: int, absent: int, met: bool) -> None:
    assert verdict(SEVENTY, lessons(*[P] * present, *[A] * absent)).met is met


def test_the_share_is_reckoned_in_minutes() -> None:
    long_one_missed = [Lesson(180, A), Lesson(60, P), Lesson(60, P), Lesson(60, P)]

    assert verdict(SEVENTY, long_one_missed).met is False
    assert verdict(SEVENTY, [Lesson(0, lesson.state) for lesson in long_one_missed]).met is True


def test_excused_counts_as_absent() -> None:
    assert verdict(SEVENTY, lessons(*[P] * 6, *[E] * 4)) == verdict(SEVENTY, lessons(*[P] * 6, *[A] * 4))


def test_unknown_blocks() -> None:
    assert verdict(SEVENTY, lessons(*[P] * 9, U)).bar == CertificateBar.UNKNOWN_ATTENDANCE


def test_a_cancelled_lesson_counts_neither_way() -> None:
    found = verdict(SEVENTY, lessons(*[P] * 7, *[A] * 3, *[C] * 5))

    assert (found.met, found.attended, found.held, found.minutes, found.of_minutes) == (True, 7, 10, 630, 900)


def test_a_cancelled_module_must_be_held_again_before_anything_is_certified() -> None:
    assert verdict(ALL, lessons(P, P, C)).bar == CertificateBar.MODULE_NOT_REPLACED
    assert verdict(ALL, [*lessons(P, P, P), Lesson(120, C, replaced=True)]).met


def test_all_modules_means_all() -> None:
    assert verdict(ALL, lessons(P, P, P)).met
    assert verdict(ALL, lessons(P, E, P)).bar == CertificateBar.TOO_LITTLE


def test_a_course_is_certified_when_it_is_over() -> None:
    assert verdict(ALL, [Lesson(120, P), Lesson(120, P, over=False)]).bar == CertificateBar.NOT_OVER


def test_hours_of_practice_add_up_while_others_are_open() -> None:
    two_hours = CertificateRule(CertificateBasis.HOURS, 120)

    assert verdict(two_hours, lessons(P, U, U, minutes=60)).bar == CertificateBar.TOO_LITTLE
    assert verdict(two_hours, lessons(P, U, P, minutes=60)).met


def test_so_many_may_be_missed() -> None:
    two = CertificateRule(CertificateBasis.MOST_MISSED, 2)

    assert verdict(two, lessons(P, A, E)).met
    assert not verdict(two, lessons(P, A, E, A)).met


def test_nothing_held_is_nothing_to_certify() -> None:
    assert verdict(SEVENTY, lessons(C, C)).bar == CertificateBar.NOTHING_HELD
    assert verdict(CertificateRule(CertificateBasis.HOURS, 0), []).bar == CertificateBar.NOTHING_HELD


rules = st.sampled_from([SEVENTY, ALL, CertificateRule(CertificateBasis.MOST_MISSED, 2)])
histories = st.lists(st.builds(Lesson, st.integers(1, 300), st.sampled_from([P, A, E, C])), min_size=1, max_size=12)


@given(rules, histories, st.data())
def test_attending_one_more_lesson_never_takes_a_certificate_away(
    rule: CertificateRule, history: list[Lesson], data: st.DataObject
) -> None:
    missed = [n for n, lesson in enumerate(history) if lesson.state in (A, E)]
    if not missed:
        return
    number = data.draw(st.sampled_from(missed))
    better = [Lesson(one.minutes, P) if n == number else one for n, one in enumerate(history)]

    assert verdict(rule, history).met <= verdict(rule, better).met
