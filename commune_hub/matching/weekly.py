"""The weekly offers: for each of very many people the nearest few that fit language and level. Arithmetic only.

People of one part of the country with the same wishes are one question: homes and offers become points on the unit
sphere, and one product of two matrices says how near each is to each (the larger, the nearer).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos

import numpy as np
from numpy.typing import NDArray

from commune_hub.places.geo import EARTH_RADIUS_KM, KM_PER_DEGREE

MOST = 3
FARTHEST_KM = 10.0
NONE = -1
# People of one square are asked together, against what lies in and around it.
_SQUARE_KM = 24.0
_NORTH = KM_PER_DEGREE / _SQUARE_KM
_EAST = KM_PER_DEGREE * 0.645 / _SQUARE_KM  # at 49.8 degrees north

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants: practised languages (none: all) and main levels (bits, events/rules.py)."""

    languages: frozenset[str]
    levels: int


@dataclass(frozen=True, slots=True)
class Offer:
    """Something new: where, in which practised languages, for which main levels."""

    lat: float
    lon: float
    languages: frozenset[str]
    levels: int

    def suits(self, wish: Wish) -> bool:
        """Whether language and level fit."""
        same_level = bool(self.levels & wish.levels)
        return same_level and (not wish.languages or not wish.languages.isdisjoint(self.languages))


@dataclass(frozen=True)
class Crowd:
    """Very many people as columns: about where home is, and the number of the wish in `wishes`."""

    lat: Floats
    lon: Floats
    wish: Numbers
    wishes: Sequence[Wish]


def nearest(crowd: Crowd, offers: Sequence[Offer], *, most: int = MOST, within: float = FARTHEST_KM) -> Numbers:
    """For each person a row with the numbers (places in `offers`) of the nearest offers that fit, the nearest first,
    NONE where there is no more. Of two that are equally near the one that stands first in `offers` comes first."""
    found: Numbers = np.full((len(crowd.lat), most), NONE)
    if not len(crowd.lat) or not offers:
        return found
    lat, lon = np.array([one.lat for one in offers]), np.array([one.lon for one in offers])
    homes, places, everything = _sphere(crowd.lat, crowd.lon), _sphere(lat, lon), np.arange(len(offers))
    suits = [np.array([offer.suits(wish) for offer in offers]) for wish in crowd.wishes]
    north, east = np.floor(crowd.lat * _NORTH), np.floor(crowd.lon * _EAST)
    order = np.lexsort((crowd.wish, east, north))
    keys = np.stack([north, east, crowd.wish], axis=1)[order]
    starts = np.flatnonzero(np.any(keys[1:] != keys[:-1], axis=1)) + 1
    least = cos(within / EARTH_RADIUS_KM)
    for people in np.split(order, starts):
        first = people[0]
        around = _near(lat * _NORTH, north[first], within) & _near(lon * _EAST, east[first], within)
        here = everything[suits[crowd.wish[first]] & around]
        if len(here):
            _take(found, people, homes[people] @ places[here].T, here, least)
    return found


def _near(place: Floats, square: float, within: float) -> NDArray[np.bool_]:
    # A degree of longitude is up to 1 % longer or shorter in the south and north of the country.
    reach = 1.02 * within / _SQUARE_KM
    near: NDArray[np.bool_] = (place >= square - reach) & (place <= square + 1 + reach)
    return near


def _take(found: Numbers, people: Numbers, near: Floats, here: Numbers, least: float) -> None:
    rows = np.arange(len(people))
    for turn in range(min(found.shape[1], len(here))):
        # The first of equals, which a partial sort would not promise.
        best = near.argmax(axis=1)
        found[people, turn] = np.where(near[rows, best] >= least, here[best], NONE)
        near[rows, best] = -2.0


def _sphere(lat: Floats, lon: Floats) -> Floats:
    lat, lon = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
