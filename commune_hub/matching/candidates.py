"""Which pairs are possible at all: found block by block, of those who wait in one neighbourhood for one language.

Everybody is compared with whom they could meet, by array arithmetic: 100,000 learners and 20,000 volunteers are some
hundred million comparisons, which take seconds and no index. Above a size all possible pairs would no longer fit the
solver's memory; then the best few of each learner are kept, and the graph says so.
"""

from collections.abc import Iterator

import numpy as np

from commune_hub.matching.flow import Graph
from commune_hub.matching.pairing import Array, Facts
from commune_hub.matching.rules import Size, Weights
from commune_hub.places.geo import EARTH_RADIUS_KM, KM_PER_DEGREE

# A neighbourhood: wide enough for long rows, narrow enough that most of the country is left out.
_CELL_KM = 6.0
_BLOCK = 100_000


def graph_of(facts: Facts, weights: Weights, size: Size) -> Graph:
    """All possible pairs with their points, or the best of each learner, in order of learner and coach."""
    keep = size.keeps(len(facts.learners), len(facts.coaches))
    found = [_pairs(facts, weights, learners, coaches, keep) for learners, coaches in _blocks(facts)]
    nothing = np.zeros(0, dtype=np.int64)
    learner, coach, points = map(np.concatenate, zip((nothing,) * 3, *found, strict=True))
    order = np.argsort(learner * len(facts.coaches) + coach)
    return Graph(len(facts.learners), facts.coaches.places, learner[order], coach[order], points[order])


def _pairs(facts: Facts, weights: Weights, learners: Array, coaches: Array, keep: int | None) -> tuple[Array, ...]:
    """The possible pairs of a block."""
    block = facts.side_by_side(learners[:, None], coaches[None, :])
    possible = block.possible()
    pairs = block.those(possible)
    points = pairs.points(weights)
    if keep is not None and len(coaches) > keep:
        best = _best(possible, points, keep)
        return pairs.learner[best], pairs.coach[best], points[best]
    return pairs.learner, pairs.coach, points


def _best(possible: Array, points: Array, keep: int) -> Array:
    """The best pairs of each learner; of two alike that with the first coach."""
    many = possible.sum(axis=1)
    row = np.repeat(np.arange(len(many)), many)
    place = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    wide = max(keep, int(many.max(initial=0)))
    worth = np.full((len(many), wide), -1, dtype=np.int64)
    worth[row, place] = points * wide + (wide - 1 - place)
    least = np.partition(worth, wide - keep, axis=1)[:, wide - keep]
    return np.asarray(worth[row, place] >= least[row])


def _blocks(facts: Facts) -> Iterator[tuple[Array, Array]]:
    """Learners of one language and neighbourhood, each of them once, with all coaches whom they could meet."""
    all_learners, coaches = facts.learners, facts.coaches
    lat, lon = _degrees(all_learners.at)
    coach_lat, coach_lon = _degrees(coaches.at)
    able = (coaches.places > 0) & coaches.active & coaches.charter
    cell_lat, cell_lon = _CELL_KM / KM_PER_DEGREE, _CELL_KM / KM_PER_DEGREE * 1.5
    # Without a place (not a number) they all are in a cell of their own, from which only online leads anywhere.
    place = np.nan_to_num(np.floor(lat / cell_lat) * 10_000 + np.floor(lon / cell_lon), nan=-1).astype(np.int64)
    key = (all_learners.language * 2 + all_learners.online) * 10**9 + place
    order = np.argsort(key, kind="stable")
    for group in np.split(order, np.nonzero(np.diff(key[order]))[0] + 1):
        if not len(group):
            continue
        first = group[0]
        speaks = able & (coaches.levels[all_learners.language[first]] > 0)
        up = all_learners.reach[group].max() ** 0.5 * EARTH_RADIUS_KM / KM_PER_DEGREE * 1.01
        # A degree of longitude is shorter: between 49 and 51 degrees north, 0.62 to 0.66 of one of latitude.
        aside = up / np.cos(np.radians(min(85.0, np.nan_to_num(np.abs(lat[first]) + up + cell_lat))))
        near = (coach_lat >= lat[group].min() - up) & (coach_lat <= lat[group].max() + up)
        near &= (coach_lon >= lon[group].min() - aside) & (coach_lon <= lon[group].max() + aside)
        (met,) = np.nonzero(speaks & (near | coaches.online if all_learners.online[first] else near))
        if len(met):
            for part in np.array_split(group, -(-len(group) * len(met) // _BLOCK)):
                yield part, met


def _degrees(at: Array) -> tuple[Array, Array]:
    return np.degrees(np.arcsin(at[2])), np.degrees(np.arctan2(at[1], at[0]))
