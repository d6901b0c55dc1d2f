"""The weekly offers of 100,000 people against a pass of numpy over all offers for each of them.

    OPENBLAS_NUM_THREADS=1 ./hub bench weekly

Both give the same answer, which is compared; one thread for both, since waiting threads count as processor time.
1,000 offers are new in the week (the beginning of a season).
"""

import random
import time
from math import radians

import numpy as np

from benchmarks.report import Goal, table
from commune_hub.matching.weekly import FARTHEST_KM, MOST, NONE, Crowd, Numbers, Offer, Wish, nearest
from commune_hub.places.communes import communes
from commune_hub.places.geo import EARTH_RADIUS_KM, Point, rounded_home

PEOPLE, OFFERS = 100_000, 1_000
LANGUAGES = ("lb", "fr", "de", "en", "pt")
LEVELS = (0b000011, 0b000111, 0b001100, 0b111111)


def world(seed: int = 20230820, people: int = PEOPLE, offers: int = OFFERS) -> tuple[Crowd, list[Offer]]:
    """People where people live, offers where communes are."""
    dice = random.Random(seed)
    weights = [commune.population for commune in communes()]

    def somewhere() -> Point:
        (commune,) = dice.choices(communes(), weights)
        return Point(commune.point.lat + dice.gauss(0, 0.012), commune.point.lon + dice.gauss(0, 0.018))

    homes = [rounded_home(somewhere()) for _ in range(people)]
    kinds: dict[Wish, int] = {}
    wish = []
    for _ in range(people):
        one = Wish(frozenset(dice.sample(LANGUAGES, dice.choice((0, 1, 1, 1, 2)))), dice.choice(LEVELS))
        wish.append(kinds.setdefault(one, len(kinds)))
    lat, lon = np.array([home.lat for home in homes]), np.array([home.lon for home in homes])
    new = []
    for _ in range(offers):
        point = somewhere()
        languages = frozenset(dice.sample(LANGUAGES, dice.choice((1, 1, 2))))
        new.append(Offer(point.lat, point.lon, languages, dice.choice(LEVELS)))
    return Crowd(lat, lon, np.array(wish), list(kinds)), new


def brute_force(crowd: Crowd, offers: list[Offer]) -> Numbers:
    """For each person the distance to every offer, in one numpy pass."""
    lat, lon = np.radians([one.lat for one in offers]), np.radians([one.lon for one in offers])
    suits = np.array([[offer.suits(wish) for offer in offers] for wish in crowd.wishes])
    numbers, cos_lat = np.arange(len(offers)), np.cos(lat)
    found: Numbers = np.full((len(crowd.lat), MOST), NONE)
    for person, (home_lat, home_lon, wish) in enumerate(zip(crowd.lat, crowd.lon, crowd.wish, strict=True)):
        here_lat, here_lon = radians(home_lat), radians(home_lon)
        half = np.sin((lat - here_lat) / 2) ** 2 + np.cos(here_lat) * cos_lat * np.sin((lon - here_lon) / 2) ** 2
        km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))
        near = numbers[suits[wish] & (km <= FARTHEST_KM)]
        best = near[np.argsort(km[near], kind="stable")][:MOST]
        found[person, : len(best)] = best
    return found


def main() -> list[Goal]:
    """Time both on the same world."""
    crowd, offers = world()
    began = time.process_time()
    ours = nearest(crowd, offers)
    between = time.process_time()
    theirs = brute_force(crowd, offers)
    ended = time.process_time()
    assert np.array_equal(ours, theirs), "both give the same offers"
    mine, brute = between - began, ended - between
    told = str(int((ours[:, 0] != NONE).sum()))
    rows = [["one product a wish", f"{mine:.2f}", told], ["numpy pass", f"{brute:.2f}", told]]
    print(table(["method", "processor seconds", "people with an offer"], rows))
    return [Goal("weekly offers: times faster than a numpy pass", 20, brute / mine)]
