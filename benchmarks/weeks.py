"""Weeks of waiting, invented: people ask, pairs are made once a week and end after some months, places become free."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks import countries_that_wait as invented
from commune_hub.matching.candidates import graph_of
from commune_hub.matching.flow import NOBODY, Assignment, Graph
from commune_hub.matching.pairing import Facts
from commune_hub.matching.rules import Size, Waiting, Weights

_ALL = Size(complete=10**12, best_few=0)
_MONTHS = (8, 12, 16, 26)


@dataclass(frozen=True, slots=True)
class Week:
    """How a week ended: pairs made, and the longest wait in days of those who still wait and for whom somebody could
    be a coach at all (whoever speaks what nobody speaks waits under every rule)."""

    number: int
    paired: int
    oldest: int


def simulate(
    solve: Callable[[Graph], Assignment], *, weeks: int = 20, volunteers: int = 150, new: int = 40, seed: int = 5
) -> list[Week]:
    """The same people for every rule: `new` requests a week, more than find a place."""
    dice = random.Random(seed)
    coaches = invented.coaches(dice, volunteers)
    waiting: list[Waiting] = invented.learners(dice, new * 3)
    ends: dict[int, list[int]] = {}
    taken = [0] * volunteers
    told = []
    for number in range(1, weeks + 1):
        for coach in ends.pop(number, []):
            taken[coach] -= 1
        asked = invented.learners(dice, new)
        fresh = [replace(one, request_id=one.request_id + number * 10**6, days=0) for one in asked]
        waiting = sorted([*(replace(one, days=one.days + 7) for one in waiting), *fresh], key=lambda one: -one.days)
        free = [replace(one, free_places=one.free_places - taken[n]) for n, one in enumerate(coaches)]
        found = solve(graph_of(Facts(waiting, free), Weights(), _ALL))
        for pair in found.chosen:
            coach = int(found.graph.volunteer[pair])
            taken[coach] += 1
            # How long a pair lasts hangs on the learner, not on the rule that made it.
            request = waiting[int(found.graph.learner[pair])].request_id
            ends.setdefault(number + _MONTHS[request % len(_MONTHS)], []).append(coach)
        waiting = [one for one, pair in zip(waiting, found.pair_of, strict=True) if pair == NOBODY]
        could = set(graph_of(Facts(waiting, coaches), Weights(), _ALL).learner.tolist())
        told.append(Week(number, found.count, max((waiting[one].days for one in could), default=0)))
    return told
