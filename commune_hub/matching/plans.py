"""A plan for everybody who waits: the best pairs beside those that ASTI fixed, and a reason for each learner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO

import numpy as np

from commune_hub.matching.candidates import graph_of
from commune_hub.matching.flow import NOBODY, Assignment, Graph, best, is_best
from commune_hub.matching.pairing import Array, Facts
from commune_hub.matching.rules import Size, Waiting, Weights
from commune_hub.matching.words import LineState, Method, Part, Without
from commune_hub.volunteers.coaching.rules import Coach
from commune_hub.volunteers.coaching.words import Obstacle


@dataclass(frozen=True, slots=True)
class Fixed:
    """What ASTI decided: for these requests this volunteer, and never these pairs (request, volunteer)."""

    locked: Mapping[int, int] = field(default_factory=dict)
    taken_out: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Why:
    """Why there is nobody for a learner. `count`: so many volunteers suit but for this. For a distance, `km` would give
    `gives` of them; for times, `slots` are those at which they are free."""

    code: Without
    count: int = 0
    km: int = 0
    gives: int = 0
    slots: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """What a plan says of one learner."""

    request_id: int
    state: LineState
    days: int
    volunteer_id: int | None = None
    km: int | None = None
    parts: Mapping[Part, int] = field(default_factory=dict)
    why: Why | None = None

    @property
    def points(self) -> int:
        """The score of the pair."""
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True)
class Plan:
    """The lines in the order of waiting, the assignment behind them, and whether our own check found nothing better."""

    lines: Sequence[Line]
    assignment: Assignment
    method: Method
    best_few: int | None
    is_best: bool


def plan(
    waiting: Sequence[Waiting], coaches: Sequence[Coach], weights: Weights, size: Size, fixed: Fixed | None = None
) -> Plan:
    """The best plan: fixed pairs first, then as many more as possible, then the best score."""
    fixed = fixed or Fixed()
    by_id = {coach.volunteer_id: coach for coach in coaches}
    locked = {one.request_id: by_id[at] for one in waiting if (at := fixed.locked.get(one.request_id)) in by_id}
    taken = [coach.volunteer_id for coach in locked.values()]
    rest = [one for one in waiting if one.request_id not in locked]
    free = [replace(one, free_places=max(0, one.free_places - taken.count(one.volunteer_id))) for one in coaches]

    facts = Facts(rest, free)
    out = _numbers(facts, rest, free, fixed.taken_out)
    graph = _without(graph_of(facts, weights, size), facts, out)
    assignment = best(graph)
    lines = {
        **{one.request_id: _line(one, locked[one.request_id], weights, LineState.LOCKED) for one in waiting
           if one.request_id in locked},
        **{one.request_id: _planned(facts, assignment, number, one, free, weights, out)
           for number, one in enumerate(rest)},
    }  # fmt: skip
    keeps = size.keeps(len(rest), len(free))
    return Plan(
        lines=[lines[one.request_id] for one in waiting],
        assignment=assignment,
        method=Method.COMPLETE if keeps is None else Method.BEST_FEW,
        best_few=keeps,
        is_best=is_best(assignment),
    )


def packed(assignment: Assignment) -> bytes:
    """What a run looked at and came to: numbers only, from which no person can be told."""
    graph, file = assignment.graph, BytesIO()
    np.savez_compressed(
        file, learners=graph.learners, places=graph.places, learner=graph.learner, volunteer=graph.volunteer,
        points=graph.points, pair_of=assignment.pair_of,
    )  # fmt: skip
    return file.getvalue()


def unpacked(snapshot: bytes) -> Assignment:
    """The assignment that was packed."""
    with np.load(BytesIO(snapshot)) as kept:
        columns = {name: kept[name] for name in ("places", "learner", "volunteer", "points")}
        return Assignment(Graph(learners=int(kept["learners"]), **columns), kept["pair_of"])


def repeats(snapshot: bytes) -> bool:
    """Whether the same input leads to the same pairs again, and nothing better is possible."""
    kept = unpacked(snapshot)
    return np.array_equal(best(kept.graph).pair_of, kept.pair_of) and is_best(kept)


def _numbers(
    facts: Facts, waiting: Sequence[Waiting], coaches: Sequence[Coach], pairs: frozenset[tuple[int, int]]
) -> Array:
    learner_of = {one.request_id: number for number, one in enumerate(waiting)}
    coach_of = {one.volunteer_id: number for number, one in enumerate(coaches)}
    known = [(learner_of[one], coach_of[other]) for one, other in pairs if one in learner_of and other in coach_of]
    return np.array([facts.number(*pair) for pair in known], dtype=np.int64)


def _without(graph: Graph, facts: Facts, out: Array) -> Graph:
    if not len(out):
        return graph
    kept = ~np.isin(facts.number(graph.learner, graph.volunteer), out)
    columns = {name: getattr(graph, name)[kept] for name in ("learner", "volunteer", "points")}
    return replace(graph, **columns)


def _planned(
    facts: Facts, assignment: Assignment, number: int, one: Waiting, coaches: Sequence[Coach], weights: Weights,
    out: Array,
) -> Line:  # fmt: skip
    pair = assignment.pair_of[number]
    if pair == NOBODY:
        why = why_nobody(facts, number, out)
        return Line(one.request_id, LineState.NOBODY, one.days, why=why)
    return _line(one, coaches[assignment.graph.volunteer[pair]], weights, LineState.PLANNED)


def _line(one: Waiting, coach: Coach, weights: Weights, state: LineState) -> Line:
    km, parts = scored(one, coach, weights)
    return Line(one.request_id, state, one.days, coach.volunteer_id, None if km is None else round(km), parts)


def scored(one: Waiting, coach: Coach, weights: Weights) -> tuple[float | None, dict[Part, int]]:
    """How far apart two people are, and what they would be worth as a pair, part by part."""
    both = Facts([one], [coach]).side_by_side(np.array([0]), np.array([0]))
    km = float(both.km[0])
    return None if np.isnan(km) else km, {part: int(points[0]) for part, points in both.parts(weights).items()}


def why_nobody(facts: Facts, number: int, out: Array | None = None) -> Why:
    """The reason that stands alone between the learner and most volunteers; `out` are pairs that were taken out."""
    if not len(facts.coaches):
        return Why(Without.OTHER_LANGUAGE)
    both = facts.side_by_side(np.array([[number]]), np.arange(len(facts.coaches))[None, :])
    suit = np.flatnonzero(both.possible())
    if len(suit):
        others = ~np.isin(facts.number(number, suit), [] if out is None else out)
        return Why(Without.OTHERS_FIRST, int(others.sum())) if others.any() else Why(Without.TAKEN_OUT, len(suit))
    every = (1, len(facts.coaches))
    stand = {obstacle: np.broadcast_to(there, every)[0] for obstacle, there in both.obstacles().items()}
    if stand[Obstacle.OTHER_LANGUAGE].all():
        return Why(Without.OTHER_LANGUAGE)
    alone = sum(there.astype(int) for there in stand.values()) == 1
    counts = {Without(str(obstacle)): int((there & alone).sum()) for obstacle, there in stand.items()}
    code = max(Without, key=lambda word: counts.get(word, 0))
    if not counts.get(code):
        return Why(Without.SEVERAL)
    these = np.flatnonzero(stand[Obstacle(str(code))] & alone)
    if code is Without.TOO_FAR:
        return _too_far(facts, both.km[0, these], these)
    slots = int(np.bitwise_or.reduce(facts.coaches.slots[these])) if code is Without.NO_COMMON_TIME else 0
    return Why(code, counts[code], slots=slots)


def _too_far(facts: Facts, km: Array, coaches: Array) -> Why:
    """How far the learner would have to go for one or two of those who come as far themselves."""
    come = np.sort(km[km <= facts.coaches.reach_km[coaches]])
    if not len(come):
        return Why(Without.TOO_FAR, len(km))
    # Two are more than twice as good as one, unless the second lives at the other end of the country.
    gives = 2 if len(come) > 1 and come[1] <= 2 * come[0] else 1
    return Why(Without.TOO_FAR, len(km), km=int(np.ceil(come[gives - 1])), gives=gives)
