"""The best assignment: equal to an independent solver's, checked without trusting any, the same every time."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from commune_hub.matching.flow import NOBODY, Assignment, Graph, best, is_best, is_valid

MOST_POINTS = 500


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Up to eight learners and five volunteers, with any of the pairs between them."""
    learners, volunteers = draw(st.integers(0, 8)), draw(st.integers(1, 5))
    places = draw(st.lists(st.integers(0, 3), min_size=volunteers, max_size=volunteers))
    points = draw(
        st.dictionaries(
            st.sampled_from([*product(range(learners), range(volunteers))] or [(0, 0)]),
            st.integers(0, MOST_POINTS),
        )
        if learners
        else st.just({})
    )
    return a_graph(learners, places, points)


def a_graph(learners: int, places: list[int], points: dict[tuple[int, int], int]) -> Graph:
    pairs = sorted(points)
    columns = [np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1)]
    worth = np.array([points[pair] for pair in pairs], dtype=np.int64)
    return Graph(learners, np.array(places, dtype=np.int64), columns[0], columns[1], worth)


def by_another_solver(graph: Graph) -> tuple[int, int]:
    """The number of pairs and the score by scipy: each place a column, a pair worth more than all points together."""
    columns = [volunteer for volunteer, places in enumerate(graph.places) for _ in range(places)]
    if not columns or graph.learners == 0:
        return 0, 0
    worth = {
        (int(learner), int(volunteer)): int(points)
        for learner, volunteer, points in zip(graph.learner, graph.volunteer, graph.points, strict=True)
    }
    more_than_all = (MOST_POINTS + 1) * (graph.learners + 1)
    table = np.array(
        [
            [more_than_all + worth[learner, volunteer] if (learner, volunteer) in worth else 0 for volunteer in columns]
            for learner in range(graph.learners)
        ]
    )
    rows, chosen = linear_sum_assignment(table, maximize=True)
    return divmod(int(table[rows, chosen].sum()), more_than_all)


def equals_the_other_solver(graph: Graph) -> None:
    found = best(graph)

    assert (found.count, found.points) == by_another_solver(graph)
    assert is_best(found)


@given(graphs())
@settings(max_examples=100)
def test_it_is_as_good_as_that_of_an_independent_solver(graph: Graph) -> None:
    equals_the_other_solver(graph)


@pytest.mark.prove
@given(graphs())
@settings(max_examples=1000)
def test_a_thousand_times_it_is_as_good_as_that_of_an_independent_solver(graph: Graph) -> None:
    equals_the_other_solver(graph)


@given(graphs(), st.data())
def test_our_own_check_finds_every_assignment_that_could_be_better(graph: Graph, data: st.DataObject) -> None:
    worse = spoilt(best(graph), data)

    is_as_good = (worse.count, worse.points) == by_another_solver(graph)
    assert is_best(worse) == (is_as_good and is_valid(worse))


def spoilt(assignment: Assignment, data: st.DataObject) -> Assignment:
    """Some learner with another possible pair, or with none."""
    graph, pair_of = assignment.graph, assignment.pair_of.copy()
    if graph.learners:
        learner = data.draw(st.integers(0, graph.learners - 1))
        possible = [number for number in range(graph.pairs) if graph.learner[number] == learner]
        pair_of[learner] = data.draw(st.sampled_from([NOBODY, *possible]))
    return Assignment(graph, pair_of)


@pytest.mark.parametrize(
    ("learners", "places", "points", "worse"),
    [
        (2, [1], {(0, 0): 1, (1, 0): 2}, [0, NOBODY]),
        (1, [1, 1], {(0, 0): 1, (0, 1): 2}, [0]),
        (2, [1, 1], {(0, 0): 1, (0, 1): 5, (1, 0): 5, (1, 1): 1}, [0, 3]),
        (1, [1], {(0, 0): 1}, [NOBODY]),
        (2, [1, 1], {(0, 0): 9, (0, 1): 1, (1, 0): 1}, [0, NOBODY]),
    ],
    ids=["another learner", "another volunteer", "two change places", "one more", "one more, when somebody moves"],
)
def test_the_check_sees_each_way_to_do_better(
    learners: int, places: list[int], points: dict[tuple[int, int], int], worse: list[int]
) -> None:
    graph = a_graph(learners, places, points)

    assert not is_best(Assignment(graph, np.array(worse)))
    assert is_best(best(graph))


def test_more_pairs_come_before_better_ones() -> None:
    graph = a_graph(2, [1, 1], {(0, 0): 500, (0, 1): 1, (1, 0): 1})

    assert best(graph).chosen.tolist() == [1, 2]


def test_the_same_graph_gives_the_same_answer() -> None:
    dice = np.random.default_rng(4)
    pairs = np.unique(dice.integers(0, 200 * 60, 2000))
    graph = Graph(200, dice.integers(1, 4, 60), pairs // 60, pairs % 60, dice.integers(0, 3, len(pairs)))

    first, second = best(graph), best(graph)

    assert np.array_equal(first.pair_of, second.pair_of)
    assert is_best(first)


def test_nobody_can_be_paired_where_no_pair_is_possible() -> None:
    nothing = best(a_graph(3, [2], {}))

    assert nothing.pair_of.tolist() == [NOBODY] * 3
    assert is_best(nothing)
