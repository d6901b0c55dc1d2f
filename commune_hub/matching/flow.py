"""The best assignment of all who wait to all free places at once: a minimum-cost flow, and our own check of it.

From each learner one unit goes over a possible pair to a volunteer, and from there to the sink, as many as the
volunteer has places. The largest flow is the largest number of pairs, and among the largest flows the cheapest has the
best score (docs/decisions/0012-pairing-as-a-flow.md).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
NOBODY = -1


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """The possible pairs: `learner[n]` with `volunteer[n]` scores `points[n]`. `places`: how many learners each
    volunteer can still take. The pairs stand in order of learner and volunteer, so that a run can be repeated."""

    learners: int
    places: Numbers
    learner: Numbers
    volunteer: Numbers
    points: Numbers

    @property
    def pairs(self) -> int:
        """How many pairs are possible."""
        return len(self.learner)


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """Which of the graph's pairs was chosen for each learner, or NOBODY."""

    graph: Graph
    pair_of: Numbers

    @property
    def chosen(self) -> Numbers:
        """The numbers of the chosen pairs, in the order of their learners."""
        return np.asarray(self.pair_of[self.pair_of != NOBODY])

    @property
    def count(self) -> int:
        """How many pairs there are."""
        return len(self.chosen)

    @property
    def points(self) -> int:
        """Their score in all."""
        return int(self.graph.points[self.chosen].sum())


def best(graph: Graph) -> Assignment:
    """The largest number of pairs, and the best score among those; the same graph always gives the same answer."""
    # Brought by the first plan that somebody asks for: a web worker that makes none does without its 50 MB.
    from ortools.graph.python import min_cost_flow

    if graph.pairs == 0:
        return Assignment(graph, np.full(graph.learners, NOBODY, dtype=np.int64))
    volunteers = len(graph.places)
    sink = graph.learners + volunteers
    to_sink = np.arange(volunteers) + graph.learners
    flow = min_cost_flow.SimpleMinCostFlow()
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        graph.learner, graph.volunteer + graph.learners, np.ones(graph.pairs, dtype=np.int64), _costs(graph)
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        to_sink, np.full(volunteers, sink), graph.places, np.zeros(volunteers, dtype=np.int64)
    )
    supplies = np.zeros(sink + 1, dtype=np.int64)
    supplies[: graph.learners] = 1
    supplies[sink] = -graph.learners
    flow.set_nodes_supplies(np.arange(sink + 1), supplies)
    status = flow.solve_max_flow_with_min_cost()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"the flow was not solved: {status}")
    (chosen,) = np.nonzero(flow.flows(pairs))
    pair_of = np.full(graph.learners, NOBODY, dtype=np.int64)
    pair_of[graph.learner[chosen]] = chosen
    return Assignment(graph, pair_of)


def is_valid(assignment: Assignment) -> bool:
    """Whether each learner has a pair of their own and no volunteer more than their places."""
    graph, chosen = assignment.graph, assignment.chosen
    (paired,) = np.nonzero(assignment.pair_of != NOBODY)
    taken = np.bincount(graph.volunteer[chosen], minlength=len(graph.places))
    return bool(np.array_equal(graph.learner[chosen], paired) and (taken <= graph.places).all())


def is_best(assignment: Assignment) -> bool:
    """Whether nothing can be better: no path along which one more pair fits (Berge), and no round of changes that
    raises the score (a residual cycle of negative cost). It trusts no solver."""
    if assignment.graph.pairs == 0:
        return assignment.count == 0
    return is_valid(assignment) and not _one_more_fits(assignment) and not _a_round_pays(assignment)


def _costs(graph: Graph) -> Numbers:
    """What a flow pays for each pair; the best pair costs nothing."""
    return np.asarray(graph.points.max(initial=0) - graph.points)


def _one_more_fits(assignment: Assignment) -> bool:
    """From those without a coach over possible pairs to a volunteer, back over the pairs that volunteer has, and on."""
    graph, pair_of = assignment.graph, assignment.pair_of
    taken = np.bincount(graph.volunteer[assignment.chosen], minlength=len(graph.places))
    reached = pair_of == NOBODY
    met = np.zeros(len(graph.places), dtype=bool)
    coach_of = _coach_of(assignment)
    while True:
        new = np.zeros_like(met)
        new[graph.volunteer[reached[graph.learner]]] = True
        new &= ~met
        if (taken[new] < graph.places[new]).any():
            return True
        if not new.any():
            return False
        met |= new
        # Whoever is with a volunteer just met may move on to another one.
        reached = (coach_of != NOBODY) & new[coach_of]


def _a_round_pays(assignment: Assignment) -> bool:
    """Bellman and Ford, for all nodes at once: where prices that fit every arc are found, no round pays.

    The arcs that are left: over a possible pair (its cost), back over a chosen pair (its cost refunded), to the sink
    and back for volunteers with free or taken places, and for learners with and without a coach past a source likewise.
    """
    graph, pair_of = assignment.graph, assignment.pair_of
    costs, coach_of = _costs(graph), _coach_of(assignment)
    paired = pair_of != NOBODY
    refund = np.where(paired, costs[pair_of], 0)
    taken = np.bincount(coach_of[paired], minlength=len(graph.places))
    free, used = taken < graph.places, taken > 0
    over = np.ones(graph.pairs, dtype=bool)
    over[assignment.chosen] = False
    start, end, cost = graph.learner[over], graph.volunteer[over], costs[over]

    learner = np.zeros(graph.learners, dtype=np.int64)
    volunteer = np.zeros(len(graph.places), dtype=np.int64)
    source = sink = np.int64(0)
    changed = np.ones(graph.learners, dtype=bool)
    for _ in range(graph.learners + len(graph.places) + 3):
        moved = changed[start]
        cheaper = volunteer.copy()
        np.minimum.at(cheaper, end[moved], learner[start[moved]] + cost[moved])
        sink = min(sink, cheaper[free].min(initial=sink))
        cheaper[used] = np.minimum(cheaper[used], sink)
        back = learner.copy()
        back[paired] = np.minimum(back[paired], cheaper[coach_of[paired]] - refund[paired])
        source = min(source, back[paired].min(initial=source))
        back[~paired] = np.minimum(back[~paired], source)
        changed = back < learner
        if not changed.any():
            return False
        learner, volunteer = back, cheaper
    return True


def _coach_of(assignment: Assignment) -> Numbers:
    coach_of = np.full(assignment.graph.learners, NOBODY, dtype=np.int64)
    paired = assignment.pair_of != NOBODY
    coach_of[paired] = assignment.graph.volunteer[assignment.pair_of[paired]]
    return coach_of
