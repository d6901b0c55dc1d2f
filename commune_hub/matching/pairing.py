"""Who suits whom, and how well: the rules of a pair, for one pair or for millions at once.

What makes a pair impossible is decided by volunteers/coaching/rules.py (`obstacles`); here the same stands for arrays,
and a test compares the two. What makes one pair better than another stands here alone: five parts, each a whole number
of points, that are added up. Their weights are a setting (matching/rules.py).
"""

from collections.abc import Iterable, Sequence
from functools import cached_property, reduce
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commune_hub.matching.rules import Waiting, Weights
from commune_hub.matching.words import Part
from commune_hub.places.geo import EARTH_RADIUS_KM
from commune_hub.volunteers.coaching.rules import Coach
from commune_hub.volunteers.coaching.words import Obstacle

Array = NDArray[Any]

# Points for distance run out here; who meets online is as good as somebody at half of it.
FAR_KM = 20.0
# More common times than this are no easier to agree on.
ENOUGH_TIMES = 3
# Whoever says no level speaks it well enough for everybody: it counts as more than C2 (14).
_NOT_SAID = 15
# Levels are numbered with their halves: three of them are one step of the Common European Framework.
_STEP = 3
_WORD = 32


class Learners:
    """Those who wait, as columns."""

    def __init__(self, waiting: Sequence[Waiting], known: "Known") -> None:
        learners = [one.learner for one in waiting]
        self.language = np.array([known.language(learner.language) for learner in learners], dtype=np.intp)
        self.level = np.array([learner.level for learner in learners], dtype=np.int8)
        self.slots = np.array([learner.free_slots for learner in learners], dtype=np.int32)
        self.at = _on_the_globe([learner.point for learner in learners])
        self.reach = _as_chords([learner.reach_km for learner in learners])
        self.online = np.array([learner.online for learner in learners], dtype=bool)
        self.minor = np.array([learner.minor for learner in learners], dtype=bool)
        self.must_share = np.array([learner.must_share for learner in learners], dtype=bool)
        self.qualified_only = np.array([learner.qualified_only for learner in learners], dtype=bool)
        self.speaks = known.bits([learner.languages for learner in learners])
        self.days = np.array([one.days for one in waiting], dtype=np.int64)

    def __len__(self) -> int:
        return len(self.days)


class Coaches:
    """Volunteers, as columns. `levels[language]`: what each of them speaks of it, 0 for nothing."""

    def __init__(self, coaches: Sequence[Coach], known: "Known") -> None:
        self.slots = np.array([coach.free_slots for coach in coaches], dtype=np.int32)
        self.now_and_then = np.array([coach.now_and_then for coach in coaches], dtype=bool)
        self.at = _on_the_globe([coach.point for coach in coaches])
        self.reach_km = np.array([coach.reach_km for coach in coaches], dtype=np.int64)
        self.reach = _as_chords(self.reach_km)
        self.online = np.array([coach.online for coach in coaches], dtype=bool)
        self.places = _numbers(coach.free_places for coach in coaches)
        self.active = np.array([coach.active for coach in coaches], dtype=bool)
        self.charter = np.array([coach.charter for coach in coaches], dtype=bool)
        self.qualified = np.array([coach.qualified for coach in coaches], dtype=bool)
        self.bulletin = np.array([coach.bulletin_seen for coach in coaches], dtype=bool)
        self.speaks = known.bits([coach.understands | set(coach.offers) for coach in coaches])
        self.levels = np.zeros((len(known.languages), len(coaches)), dtype=np.int8)
        for number, coach in enumerate(coaches):
            for tag, level in coach.offers.items():
                if tag in known.languages:
                    self.levels[known.languages[tag], number] = _NOT_SAID if level is None else level

    def __len__(self) -> int:
        return len(self.places)


class Known:
    """The numbers of the languages that are asked for, and the bits of those that learners speak."""

    def __init__(self, waiting: Sequence[Waiting]) -> None:
        asked = sorted({one.learner.language for one in waiting})
        spoken = sorted({tag for one in waiting for tag in one.learner.languages})
        self.languages = dict(zip(asked, count(), strict=False))
        self._spoken = dict(zip(spoken, count(), strict=False))

    def language(self, tag: str) -> int:
        """The row of Coaches.levels."""
        return self.languages[tag]

    def bits(self, people: Sequence[Iterable[str]]) -> Array:
        """For each person the languages as bits, in as many words as it takes."""
        words = np.zeros((len(self._spoken) // _WORD + 1, len(people)), dtype=np.uint32)
        for person, tags in enumerate(people):
            for tag in tags:
                if (bit := self._spoken.get(tag)) is not None:
                    words[bit // _WORD, person] |= np.uint32(1 << bit % _WORD)
        return words


class Facts:
    """Everything that a run looks at. `never`: the pairs that no rule of two columns finds, because one said no to the
    other or is the other."""

    def __init__(self, waiting: Sequence[Waiting], coaches: Sequence[Coach]) -> None:
        known = Known(waiting)
        self.learners = Learners(waiting, known)
        self.coaches = Coaches(coaches, known)
        by_volunteer = {coach.volunteer_id: number for number, coach in enumerate(coaches)}
        by_person = {coach.person_id: number for number, coach in enumerate(coaches)}
        never = []
        for learner, one in enumerate(waiting):
            coach_numbers = [by_person.get(one.learner.person_id), *map(by_volunteer.get, one.learner.said_no)]
            never += [(learner, coach) for coach in coach_numbers if coach is not None]
        self.never = _numbers(self.number(learner, coach) for learner, coach in never)

    def number(self, learner: Any, coach: Any) -> Any:
        """One number for a pair, or for columns of them."""
        return learner * len(self.coaches) + coach

    def side_by_side(self, learner: Array, coach: Array) -> "Together":
        """Learners and coaches by their numbers: two columns of the same length, or a column and a row for a block."""
        return Together(self, learner, coach)


class Together:
    """Learners beside coaches, in any shape in which numpy can bring the two together."""

    def __init__(self, facts: Facts, learner: Array, coach: Array) -> None:
        self.facts = facts
        self.learner, self.coach = learner, coach

    def those(self, chosen: Array) -> "Together":
        """Some of a block, side by side as two columns; what was reckoned for the block is not reckoned again."""
        places = np.flatnonzero(chosen)
        row, column = np.divmod(places, chosen.shape[1])
        some = Together(self.facts, self.learner[row, 0], self.coach[0, column])
        some.__dict__["chord"] = self.chord.ravel()[places]
        some.__dict__["near"] = self.near.ravel()[places]
        return some

    @cached_property
    def chord(self) -> Array:
        """How far apart, straight through the earth: the square, in earth's radii. Not a number where one of them says
        no place."""
        sides = zip(self.facts.learners.at, self.facts.coaches.at, strict=True)
        return np.asarray(sum((learner[self.learner] - coach[self.coach]) ** 2 for learner, coach in sides))

    @property
    def km(self) -> Array:
        """How far apart, a metre more or less."""
        return np.asarray(np.sqrt(self.chord) * EARTH_RADIUS_KM)

    @cached_property
    def near(self) -> Array:
        """Within what both of them go."""
        learner, coach = self.facts.learners.reach[self.learner], self.facts.coaches.reach[self.coach]
        return np.asarray((self.chord <= learner) & (self.chord <= coach))

    @cached_property
    def common(self) -> Array:
        """The times at which both are free, as bits."""
        return np.asarray(self.facts.learners.slots[self.learner] & self.facts.coaches.slots[self.coach])

    @cached_property
    def level(self) -> Array:
        """What the coach speaks of the language that the learner asks for, 0 for nothing."""
        language = self.facts.learners.language[self.learner]
        # In a block all ask for the same language, and one row says it for everybody.
        return np.asarray(self.facts.coaches.levels[language[:1] if language.ndim == 2 else language, self.coach])

    @cached_property
    def shares(self) -> Array:
        """Whether they can help each other out in a language that both speak."""
        pairs = zip(self.facts.learners.speaks, self.facts.coaches.speaks, strict=True)
        common = [learner[self.learner] & coach[self.coach] for learner, coach in pairs]
        return np.asarray(np.bitwise_or.reduce(common) != 0)

    def obstacles(self) -> dict[Obstacle, Array]:
        """The twin of volunteers/coaching/rules.py `obstacles`, but for what `Facts.never` knows."""
        learners, coaches = self.facts.learners, self.facts.coaches
        i, j = self.learner, self.coach
        return {
            Obstacle.NOT_FREE: coaches.places[j] < 1,
            Obstacle.NOT_ACTIVE: ~coaches.active[j],
            Obstacle.NO_CHARTER: ~coaches.charter[j],
            Obstacle.NOT_QUALIFIED: learners.qualified_only[i] & ~coaches.qualified[j],
            Obstacle.MINOR: learners.minor[i] & ~coaches.bulletin[j],
            Obstacle.OTHER_LANGUAGE: self.level == 0,
            Obstacle.LEVEL: (self.level != 0) & (self.level <= learners.level[i]),
            Obstacle.NO_COMMON_TIME: ~coaches.now_and_then[j] & (self.common == 0),
            Obstacle.TOO_FAR: ~(self.near | (learners.online[i] & coaches.online[j])),
            Obstacle.NO_SHARED_LANGUAGE: learners.must_share[i] & ~self.shares,
        }

    def possible(self) -> Array:
        """Which of them can be a pair."""
        fits = np.asarray(~reduce(np.bitwise_or, self.obstacles().values()))
        if len(self.facts.never):
            # They are few: looked for among those that fit, not among all.
            numbers = np.broadcast_to(self.facts.number(self.learner, self.coach), fits.shape)
            fits[fits] = ~np.isin(numbers[fits], self.facts.never)
        return fits

    def parts(self, weights: Weights) -> dict[Part, Array]:
        """What a pair is worth, part by part, in whole points."""
        i, j = self.learner, self.coach
        km = np.where(self.near, self.km, FAR_KM / 2)
        times = np.minimum(np.bitwise_count(self.common), ENOUGH_TIMES)
        # Somebody who comes "now and then" finds a time with everybody, but it has to be found.
        times = np.where(self.facts.coaches.now_and_then[j], np.maximum(times, 1), times)
        above = self.level - self.facts.learners.level[i]
        # Just above is little; and who speaks it far better is kept for those who need that.
        level = np.where(above < _STEP, 0.5, np.where(above > 3 * _STEP, 0.8, 1.0))
        weeks = self.facts.learners.days[i] / 7
        return {
            Part.NEAR: _points(weights.near * np.clip(1 - km / FAR_KM, 0, 1)),
            Part.TIMES: _points(times / ENOUGH_TIMES * weights.times),
            Part.LEVEL: _points(weights.level * level),
            Part.SHARED: _points(weights.shared * self.shares),
            Part.WAITING: _points(weights.waiting * weeks * (1 + weeks / 4) + np.zeros(j.shape)),
        }

    def points(self, weights: Weights) -> Array:
        """The sum of the parts."""
        return np.asarray(sum(self.parts(weights).values()))


def _points(worth: Array) -> Array:
    return np.rint(worth).astype(np.int64)


def _numbers(values: Iterable[int]) -> Array:
    return np.fromiter(values, dtype=np.int64)


def _as_chords(kilometres: Any) -> Array:
    return np.asarray((2 * np.sin(np.array(kilometres) / EARTH_RADIUS_KM / 2)) ** 2, dtype=np.float32)


def _on_the_globe(points: Sequence[Any]) -> Array:
    """Points as directions from the middle of the earth, to half a metre; not a number where there is none."""
    degrees = np.array([(np.nan, np.nan) if at is None else (at.lat, at.lon) for at in points], dtype=np.float64)
    lat, lon = np.radians(degrees.reshape(-1, 2)).T
    return np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], dtype=np.float32)
