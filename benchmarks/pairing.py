"""The best plan of pairs against greedy and first come, first served: pairs, score, time, memory; twenty weeks.

    ./hub bench pairing

Every method gets the same learners, volunteers and possible pairs. The time of the best plan counts everything: facts,
candidates, flow. Each size runs in a process of its own, whose peak of memory is read after each method.
"""

import random
import resource
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks import countries_that_wait as invented
from benchmarks.drawing import bars, lines
from benchmarks.report import Goal, table
from benchmarks.weeks import Week, simulate
from commune_hub.matching.candidates import graph_of
from commune_hub.matching.flow import NOBODY, Assignment, Graph, best, is_best
from commune_hub.matching.pairing import Facts
from commune_hub.matching.rules import Size, Weights

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
SIZES = ((1_000, 300, None), (10_000, 2_000, 2.0), (100_000, 20_000, 60.0))
SIZE = Size(complete=10_000_000, best_few=30)
# The bound that is promised, in days.
LONGER = 28
METHODS = ("first come, first served", "greedy by score", "best plan")


class Measured(NamedTuple):
    """What a method came to on one country."""

    method: str
    pairs: int
    points: int
    seconds: float
    processor: float
    megabytes: float


def first_come(graph: Graph) -> Assignment:
    """Each learner, the longest wait first (the order of the graph), takes the best coach who is still free."""
    left, pair_of = graph.places.copy(), np.full(graph.learners, NOBODY)
    first = np.searchsorted(graph.learner, np.arange(graph.learners + 1))
    for learner in range(graph.learners):
        mine = np.arange(first[learner], first[learner + 1])
        mine = mine[left[graph.volunteer[mine]] > 0]
        if len(mine):
            pair_of[learner] = mine[np.argmax(graph.points[mine])]
            left[graph.volunteer[pair_of[learner]]] -= 1
    return Assignment(graph, pair_of)


def greedy(graph: Graph) -> Assignment:
    """The pair with the best score of all, then the next one that is still possible."""
    left, pair_of = graph.places.tolist(), np.full(graph.learners, NOBODY)
    learners, volunteers = graph.learner.tolist(), graph.volunteer.tolist()
    for pair in np.argsort(-graph.points, kind="stable").tolist():
        learner, volunteer = learners[pair], volunteers[pair]
        if pair_of[learner] == NOBODY and left[volunteer]:
            pair_of[learner], left[volunteer] = pair, left[volunteer] - 1
    return Assignment(graph, pair_of)


def main() -> list[Goal]:
    """Print the tables, draw the pictures, answer the goals."""
    PICTURES.mkdir(exist_ok=True)
    rows, shares, goals = [], {}, []
    for learners, volunteers, wanted in SIZES:
        name = f"{learners:,} x {volunteers:,}"
        with get_context("spawn").Pool(1) as pool:
            possible, candidates, measured, checked = pool.apply(one_size, (learners, volunteers))
        assert checked, "our own check found something better"
        most = measured[-1]
        rows += [
            [f"{name}: {one.method}", f"{one.pairs:,}", f"{one.points:,}", f"{one.seconds:.2f}", f"{one.processor:.2f}",
             f"{one.megabytes:.0f}"]
            for one in measured
        ]  # fmt: skip
        shares[f"{name}, {possible:,} pairs looked at"] = [
            (one.method, one.pairs, one.pairs / most.pairs) for one in measured
        ]
        if wanted:
            goals.append(Goal(f"pairing {name}: {wanted:g} s / seconds of the clock", 1, wanted / most.seconds))
            goals.append(Goal(f"pairing {name}: {wanted:g} s / seconds of a processor", 1, wanted / most.processor))
        rows.append([f"{name}: of these, candidates", "", "", f"{candidates[0]:.2f}", f"{candidates[1]:.2f}", ""])
    print(table(["method", "pairs", "score", "s", "s of a processor", "peak MB"], rows))
    (PICTURES / "pairing-methods.svg").write_text(bars("Pairs made of the same people", shares), encoding="utf-8")
    goals.append(weeks())
    return goals


def one_size(learners: int, volunteers: int) -> tuple[int, tuple[float, float], list[Measured], bool]:
    """All methods on one country."""
    dice = random.Random(1)
    waiting = sorted(invented.learners(dice, learners), key=lambda one: -one.days)
    coaches = invented.coaches(dice, volunteers)
    best(graph_of(Facts(waiting[:9], coaches[:9]), Weights(), SIZE))
    graph, *candidates = _timed(lambda: graph_of(Facts(waiting, coaches), Weights(), SIZE))
    measured, checked = [], False
    for method, solve in zip(METHODS, (first_come, greedy, best), strict=True):
        found, seconds, processor = _timed(lambda solve=solve: solve(graph))  # type: ignore[misc]
        if method == METHODS[-1]:
            seconds, processor = seconds + candidates[0], processor + candidates[1]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        measured.append(Measured(method, found.count, found.points, seconds, processor, peak))
        checked = is_best(found)
    return graph.pairs, (candidates[0], candidates[1]), measured, checked


def _timed(work: Callable[[], object]) -> tuple[object, float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    done = work()
    return done, time.perf_counter() - clock, time.process_time() - processor


def weeks() -> Goal:
    """Twenty weeks of a country where more people ask than can be helped."""
    plan, queue = simulate(best), simulate(first_come)
    print("\nTwenty weeks, the oldest request that could be served and still waited, in days:\n")
    rows = [
        [str(number) for number in (ours.number, theirs.oldest, ours.oldest, theirs.paired, ours.paired)]
        for ours, theirs in zip(plan, queue, strict=True)
    ]
    print(table(["week", "first come", "best plan", "pairs, first come", "pairs, best plan"], rows))
    (PICTURES / "pairing-weeks.svg").write_text(
        lines("Oldest request still waiting, in days", {
            METHODS[0]: [week.oldest for week in queue], METHODS[2]: [week.oldest for week in plan],
        }), encoding="utf-8",
    )  # fmt: skip
    return Goal("pairing: days by which the oldest may wait longer / does", 1, LONGER / max(1, longer(plan, queue)))


def longer(plan: list[Week], queue: list[Week]) -> int:
    """By how many days the oldest request waits longer than under first come, first served, in the worst week."""
    return max(ours.oldest - theirs.oldest for ours, theirs in zip(plan, queue, strict=True))
