"""A plan: what ASTI fixed stays, everybody has a line, and whoever has no coach is told what stands between."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commune_hub.matching.plans import Fixed, Line, Plan, Why, packed, plan, repeats, unpacked
from commune_hub.matching.rules import Size, Waiting, Weights
from commune_hub.matching.words import LineState, Method, Without
from commune_hub.places.geo import Point
from commune_hub.volunteers.coaching.rules import Coach, Learner, obstacles
from tests.matching.test_pairing import COACHES, LEARNERS, a_coach, a_learner, at_the_edge, waiting

NORTH = {km: Point(49.51 + km / 111.2, 5.92) for km in (4, 12, 14, 40)}


def planned(learners: list[Learner], coaches: list[Coach], fixed: Fixed | None = None, complete: int = 10**9) -> Plan:
    return plan(waiting(*learners), coaches, Weights(), Size(complete, 30), fixed)


def why(learner: Learner, *coaches: Coach) -> Why | None:
    return planned([learner], list(coaches)).lines[0].why


def named(lines: list[Line]) -> dict[int, int | None]:
    return {line.request_id: line.volunteer_id for line in lines}


def test_a_locked_pair_stays_and_takes_its_place() -> None:
    learners = [a_learner(person_id=1), a_learner(person_id=2)]
    near, far = a_coach(0), a_coach(1, point=NORTH[4])

    made = planned(learners, [near, far], Fixed(locked={1: 0}))

    assert named([*made.lines]) == {0: 1, 1: 0}
    assert [line.state for line in made.lines] == [LineState.PLANNED, LineState.LOCKED]
    assert made.is_best


def test_a_pair_that_was_taken_out_does_not_come_back() -> None:
    near, far = a_coach(0), a_coach(1, point=NORTH[4])

    without = Fixed(taken_out=frozenset({(0, 0)}))

    assert named([*planned([a_learner()], [near, far], without).lines]) == {0: 1}
    assert planned([a_learner()], [near], without).lines[0].why == Why(Without.TAKEN_OUT, 1)


@given(
    st.lists(LEARNERS, min_size=1, max_size=6), st.lists(COACHES, min_size=1, max_size=4),
    st.dictionaries(st.integers(0, 5), st.integers(0, 3), max_size=2),
    st.frozensets(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=6),
)  # fmt: skip
def test_whatever_is_fixed_nobody_has_more_learners_than_places_and_everybody_a_line(
    learners: list[Learner], coaches: list[Coach], locked: dict[int, int], out: frozenset[tuple[int, int]]
) -> None:
    coaches = [replace(coach, volunteer_id=number) for number, coach in enumerate(coaches)]
    # One learner and one coach each: more would be refused before (runs.mark).
    locked = {one: at for one, at in locked.items() if at < len(coaches) and coaches[at].free_places}
    locked = {one: at for at, one in {at: one for one, at in locked.items()}.items()}

    made = planned(learners, coaches, Fixed(locked, out))

    assert [line.request_id for line in made.lines] == [*range(len(learners))]
    for coach in coaches:
        assert sum(line.volunteer_id == coach.volunteer_id for line in made.lines) <= coach.free_places
    for number, line in enumerate(made.lines):
        if line.state is LineState.PLANNED:
            assert line.volunteer_id is not None
            assert (number, line.volunteer_id) not in out
            pair = learners[number], coaches[line.volunteer_id]
            assert not obstacles(*pair) or at_the_edge(*pair)
        assert (line.why is None) == (line.state is not LineState.NOBODY)
    assert made.is_best


def test_a_run_can_be_repeated_from_what_is_kept_of_it() -> None:
    learners = [a_learner(person_id=number, reach_km=number) for number in range(1, 9)]
    made = planned(learners, [a_coach(number, free_places=2) for number in range(3)])

    snapshot = packed(made.assignment)

    assert repeats(snapshot)
    assert snapshot == packed(unpacked(snapshot))


def test_what_a_run_keeps_says_which_pairs_it_looked_at() -> None:
    learners, coaches = [a_learner(), a_learner(person_id=2)], [a_coach()]

    assert planned(learners, coaches, complete=2).method is Method.COMPLETE
    assert planned(learners, coaches, complete=1).best_few == 30


@pytest.mark.parametrize(
    ("coach", "reason"),
    [
        ({"offers": {"fr": None}}, Why(Without.OTHER_LANGUAGE)),
        ({"free_slots": 4}, Why(Without.NO_COMMON_TIME, 1, slots=4)),
        ({"offers": {"lb": 3}}, Why(Without.LEVEL, 1)),
        ({"free_places": 0}, Why(Without.NOT_FREE, 1)),
        ({"charter": False}, Why(Without.NO_CHARTER, 1)),
        ({"point": NORTH[40]}, Why(Without.TOO_FAR, 1)),
        ({"point": NORTH[12], "reach_km": 20}, Why(Without.TOO_FAR, 1, km=12, gives=1)),
        ({"point": NORTH[40], "free_slots": 2}, Why(Without.SEVERAL)),
    ],
    ids=lambda value: str(value.code) if isinstance(value, Why) else "",
)
def test_what_stands_between_a_learner_and_a_coach_is_said(coach: dict[str, object], reason: Why) -> None:
    assert why(a_learner(), a_coach(**coach)) == reason


def test_a_minor_and_a_learner_who_needs_a_shared_language_are_told_so() -> None:
    assert why(a_learner(minor=True), a_coach()) == Why(Without.MINOR, 1)
    assert why(a_learner(must_share=True), a_coach(), a_coach(1)) == Why(Without.NO_SHARED_LANGUAGE, 2)


def test_a_longer_way_that_gives_two_is_said() -> None:
    far = [a_coach(number, point=NORTH[km], reach_km=20) for number, km in enumerate((14, 12, 40))]

    assert why(a_learner(), *far) == Why(Without.TOO_FAR, 3, km=14, gives=2)


def test_who_would_suit_and_is_with_others_is_counted() -> None:
    made = planned([a_learner(person_id=1), a_learner(person_id=2, free_slots=0)], [a_coach(now_and_then=True)])

    assert made.lines[1].why == Why(Without.OTHERS_FIRST, 1)


def test_the_longest_wait_decides_between_two_who_are_alike() -> None:
    both = [Waiting(1, a_learner(person_id=1), days=10), Waiting(2, a_learner(person_id=2), days=40)]

    made = plan(both, [a_coach()], Weights(), Size(10**9, 30))

    assert named([*made.lines]) == {1: None, 2: 0}
