"""Who suits whom: the arrays say what the rule says, nothing impossible is proposed, the parts of a score add up."""

from dataclasses import replace
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commune_hub.matching.candidates import graph_of
from commune_hub.matching.flow import best, is_best
from commune_hub.matching.pairing import Facts, Together
from commune_hub.matching.rules import Size, Waiting, Weights
from commune_hub.matching.words import Part
from commune_hub.places.geo import Point
from commune_hub.volunteers.coaching.rules import Coach, Learner, distance_km, obstacles
from commune_hub.volunteers.coaching.words import Obstacle

TAGS = st.sampled_from(["lb", "fr", "pt"])
SLOTS = st.integers(0, 7)
PLACES = st.none() | st.builds(Point, st.floats(49.5, 49.7), st.floats(5.9, 6.2))
REACHES = st.integers(0, 25)
BELVAUX = Point(49.51, 5.92)
ALL = Size(10**9, 30)

LEARNERS = st.builds(
    Learner, person_id=st.integers(1, 4), language=TAGS, level=st.integers(1, 14), free_slots=SLOTS, point=PLACES,
    reach_km=REACHES, online=st.booleans(), minor=st.booleans(), languages=st.frozensets(TAGS),
    must_share=st.booleans(), said_no=st.frozensets(st.integers(0, 3)), qualified_only=st.booleans(),
)  # fmt: skip
COACHES = st.builds(
    Coach, volunteer_id=st.just(0), person_id=st.integers(1, 9), active=st.booleans(),
    offers=st.dictionaries(TAGS, st.none() | st.integers(1, 14)), understands=st.frozensets(TAGS), free_slots=SLOTS,
    now_and_then=st.booleans(), point=PLACES, reach_km=REACHES, online=st.booleans(), free_places=st.integers(0, 3),
    charter=st.booleans(), bulletin_seen=st.booleans(), qualified=st.booleans(),
)  # fmt: skip


def a_learner(**given: Any) -> Learner:
    """Somebody in Belvaux who asks for Luxembourgish at A1, free on Monday morning."""
    values: dict[str, Any] = {
        "person_id": 1, "language": "lb", "level": 3, "free_slots": 1, "point": BELVAUX, "reach_km": 10,
        "online": False, "minor": False,
    }  # fmt: skip
    return Learner(**(values | given))


def a_coach(number: int = 0, **given: Any) -> Coach:
    """A volunteer beside them who suits."""
    values: dict[str, Any] = {
        "volunteer_id": number, "person_id": 100 + number, "active": True, "offers": {"lb": None},
        "understands": frozenset(), "free_slots": 1, "now_and_then": False, "point": BELVAUX, "reach_km": 10,
        "online": False, "free_places": 1, "charter": True, "bulletin_seen": False, "qualified": True,
    }  # fmt: skip
    return Coach(**(values | given))


def waiting(*learners: Learner, days: int = 0) -> list[Waiting]:
    return [Waiting(number, learner, days) for number, learner in enumerate(learners)]


def side_by_side(learner: Learner, coach: Coach, days: int = 0) -> Together:
    return Facts(waiting(learner, days=days), [coach]).side_by_side(np.array([0]), np.array([0]))


def at_the_edge(learner: Learner, coach: Coach) -> bool:
    """Within a metre or so of somebody's reach, where two ways of reckoning may differ."""
    km = distance_km(learner, coach)
    return km is not None and any(abs(km - reach) < 0.005 for reach in (learner.reach_km, coach.reach_km))


def points_of(learner: Learner, coach: Coach, days: int = 0, weights: Weights | None = None) -> dict[Part, int]:
    parts = side_by_side(learner, coach, days).parts(weights or Weights())
    return {part: int(points[0]) for part, points in parts.items()}


@given(LEARNERS, COACHES)
def test_the_arrays_say_what_the_rule_says(learner: Learner, coach: Coach) -> None:
    if at_the_edge(learner, coach):
        return
    together, rule = side_by_side(learner, coach), obstacles(learner, coach)

    found = {obstacle for obstacle, there in together.obstacles().items() if there.all()}

    assert found == rule - {Obstacle.SAID_NO, Obstacle.SAME_PERSON}
    assert together.possible().all() == (not rule)


@given(st.lists(LEARNERS, min_size=1, max_size=6), st.lists(COACHES, min_size=1, max_size=4))
def test_no_pair_is_proposed_that_the_rule_forbids(learners: list[Learner], coaches: list[Coach]) -> None:
    coaches = [replace(coach, volunteer_id=number) for number, coach in enumerate(coaches)]
    graph = graph_of(Facts(waiting(*learners), coaches), Weights(), ALL)
    plan = best(graph)

    chosen = [(learners[graph.learner[n]], coaches[graph.volunteer[n]]) for n in plan.chosen]

    assert [pair for pair in chosen if obstacles(*pair) and not at_the_edge(*pair)] == []
    assert is_best(plan)


@given(st.lists(LEARNERS, min_size=1, max_size=6), st.lists(COACHES, min_size=1, max_size=4))
def test_every_possible_pair_is_found(learners: list[Learner], coaches: list[Coach]) -> None:
    coaches = [replace(coach, volunteer_id=number) for number, coach in enumerate(coaches)]
    graph = graph_of(Facts(waiting(*learners), coaches), Weights(), ALL)

    found = set(zip(graph.learner.tolist(), graph.volunteer.tolist(), strict=True))

    pairs = [(i, j) for i, j in product(range(len(learners)), range(len(coaches)))]
    edges = {(i, j) for i, j in pairs if at_the_edge(learners[i], coaches[j])}
    assert found - edges == {(i, j) for i, j in pairs if not obstacles(learners[i], coaches[j])} - edges


def test_above_a_size_the_best_few_of_each_learner_are_kept() -> None:
    coaches = [a_coach(number, point=Point(49.51 + number / 200, 5.92)) for number in (3, 0, 2, 1)]

    facts = Facts(waiting(a_learner(), a_learner(person_id=2)), coaches)
    graph = graph_of(facts, Weights(), Size(complete=7, best_few=2))

    assert graph.volunteer.tolist() == [1, 3, 1, 3]


def test_a_pair_that_is_nearer_is_worth_more() -> None:
    here, there = a_coach(), a_coach(point=Point(49.55, 5.92))

    assert points_of(a_learner(), here)[Part.NEAR] == 100
    assert points_of(a_learner(), there)[Part.NEAR] == 78


def test_the_weight_of_waiting_grows() -> None:
    weeks = [points_of(a_learner(), a_coach(), days=7 * week)[Part.WAITING] for week in range(5)]

    more = [later - earlier for earlier, later in pairwise(weeks)]
    assert more == sorted(set(more))


def test_each_part_counts_with_its_own_weight() -> None:
    learner = a_learner(languages=frozenset({"pt"}), free_slots=3)
    coach = a_coach(understands=frozenset({"pt"}), free_slots=7)

    parts = points_of(learner, coach, 7, Weights(near=1000, times=300, level=50, shared=7, waiting=4))

    assert parts == {Part.NEAR: 1000, Part.TIMES: 200, Part.LEVEL: 40, Part.SHARED: 7, Part.WAITING: 5}


def test_one_who_speaks_far_better_is_kept_for_those_who_need_it() -> None:
    levels = [points_of(a_learner(level=3), a_coach(offers={"lb": level}))[Part.LEVEL] for level in (4, 6, 12, None)]

    assert levels == [15, 30, 30, 24]


def test_weights_are_read_from_a_setting() -> None:
    assert Weights.read("near=50, shared=0") == replace(Weights(), near=50, shared=0)
    assert Weights.read("") == Weights()


@pytest.mark.parametrize("text", ["far=1", "near", "near=much", "near=-1", "near=99999"])
def test_what_are_no_weights_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Weights.read(text)
