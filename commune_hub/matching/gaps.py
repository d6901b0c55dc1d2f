"""Where help is missing: which tables and which volunteers would serve most of the people who wait without a prospect.

A plan of greedy maximum coverage: each step takes the offer that reaches most of those whom no earlier one reaches. It
is never worse than 63 % of the best possible plan of that size (Nemhauser, Wolsey and Fisher 1978), and mostly far
closer: what no plan at all could exceed is reckoned on the way and shown beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from commune_hub.places.communes import Commune
from commune_hub.places.geo import Point, haversine_km
from commune_hub.volunteers.rules import slots_in

# Fewer people than this are never shown: one could tell who they are.
SMALLEST = 5
OFFERS = 10
TABLE_WITHIN_KM = 5
# A coach has one or two learners (DOMAIN.md §5).
LEARNERS_OF_A_COACH = 2


@dataclass(frozen=True, slots=True)
class Need:
    """Somebody for whom there is nothing now. `level`: A1, A2 ...; `free_slots`: when they could come; `speaks`: the
    languages in which one can help them out, `must_share`: in one of which the coach has to; `for_a_coach`: they asked
    for one, and do not wait for a table."""

    language: str
    level: str
    free_slots: int
    point: Point
    reach_km: int = TABLE_WITHIN_KM
    speaks: frozenset[str] = frozenset()
    must_share: bool = False
    for_a_coach: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A conversation table that could be."""

    language: str
    level: str
    lau2: str
    slot: int


@dataclass(frozen=True, slots=True)
class Coaching:
    """Coaches who could be: of a language, in and around a commune, who also speak `shared` (or whatever: '')."""

    language: str
    shared: str
    lau2: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """An offer of the plan: how many people it reaches, and how many of them no offer before it reaches."""

    offer: Table | Coaching
    people: int
    new: int

    @property
    def volunteers(self) -> int:
        """How many coaches it takes."""
        return -(-self.people // LEARNERS_OF_A_COACH)


@dataclass(frozen=True, slots=True)
class Cover:
    """A plan: its offers in order, how many people they reach together, and how many any plan of so many offers could
    reach at most, out of `people`."""

    offers: Sequence[Chosen]
    reached: int
    at_most: int
    people: int


def tables(needs: Sequence[Need], communes: Iterable[Commune]) -> Cover:
    """The tables that would serve most: language, level, commune, part of the week."""
    known = list(communes)
    reached: dict[Table | Coaching, dict[int, float]] = {}
    for number, need in enumerate(needs):
        for lau2, km in _near(need, known, TABLE_WITHIN_KM):
            for slot in slots_in(need.free_slots):
                reached.setdefault(Table(need.language, need.level, lau2, slot), {})[number] = km
    return cover(reached, len(needs))


def coaching(needs: Sequence[Need], communes: Iterable[Commune]) -> Cover:
    """The coaches who would serve most: for anybody, or for those with whom they share a language."""
    known = list(communes)
    reached: dict[Table | Coaching, dict[int, float]] = {}
    for number, need in enumerate(needs):
        if need.for_a_coach:
            for lau2, km in _near(need, known, need.reach_km):
                for shared in (*([] if need.must_share else [""]), *need.speaks):
                    reached.setdefault(Coaching(need.language, shared, lau2), {})[number] = km
    return cover(reached, sum(need.for_a_coach for need in needs))


def cover(reached: Mapping[Table | Coaching, Mapping[int, float]], people: int, offers: int = OFFERS) -> Cover:
    """Greedy maximum coverage; `reached` says who is how many kilometres from each offer. Of equally good offers the
    nearest is taken. No plan of so many offers can add more than the largest gains that are left, at any step."""
    order = sorted((offer for offer, whom in reached.items() if len(whom) >= SMALLEST), key=repr)
    done: set[int] = set()

    def way(offer: Table | Coaching) -> float:
        return sum(km for person, km in reached[offer].items() if person not in done)

    chosen: list[Chosen] = []
    at_most = people
    while order and len(chosen) < offers:
        gains = {offer: len(reached[offer].keys() - done) for offer in order}
        at_most = min(at_most, len(done) + sum(nlargest(offers, gains.values())))
        largest = max(gains.values())
        most = min((offer for offer in order if gains[offer] == largest), key=way)
        if gains[most] < SMALLEST:
            break
        chosen.append(Chosen(most, len(reached[most]), gains[most]))
        done |= reached[most].keys()
    return Cover(chosen, len(done), at_most, people)


def _near(need: Need, communes: Sequence[Commune], within: int) -> list[tuple[str, float]]:
    away = [(one.lau2, haversine_km(need.point, one.point)) for one in communes]
    return [(lau2, km) for lau2, km in away if km <= within]
