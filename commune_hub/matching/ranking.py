"""One learner and everybody who could be their coach, the best first; how things stand with all pairs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from commune_hub.matching.pairing import Facts
from commune_hub.matching.rules import Waiting, Weights
from commune_hub.matching.words import Part
from commune_hub.volunteers.coaching.caring import calls_for
from commune_hub.volunteers.coaching.models import CoachingPair
from commune_hub.volunteers.coaching.rules import NEVER, Coach, obstacles
from commune_hub.volunteers.coaching.words import OPEN, Obstacle


@dataclass(frozen=True, slots=True)
class Candidate:
    """A volunteer beside a learner: how far apart (None: not known), what speaks for the pair in points, and what
    stands between the two that ASTI may overlook."""

    coach: Coach
    km: float | None
    parts: Mapping[Part, int]
    obstacles: frozenset[Obstacle]

    @property
    def points(self) -> int:
        """The score of the pair."""
        return sum(self.parts.values())


def ranked(one: Waiting, coaches: Sequence[Coach], weights: Weights) -> list[Candidate]:
    """Whoever is not impossible: first those with nothing between, then those with least, the best score first."""
    between = [obstacles(one.learner, coach) for coach in coaches]
    able = [coach for coach, found in zip(coaches, between, strict=True) if not found & NEVER]
    if not able:
        return []
    both = Facts([one], able).side_by_side(np.zeros(len(able), dtype=np.intp), np.arange(len(able)))
    parts = both.parts(weights)
    found = [
        Candidate(
            coach, None if np.isnan(both.km[number]) else float(both.km[number]),
            {part: int(points[number]) for part, points in parts.items()}, obstacles(one.learner, coach),
        )
        for number, coach in enumerate(able)
    ]  # fmt: skip
    return sorted(found, key=lambda candidate: (len(candidate.obstacles), -candidate.points))


def stages(session: Session, now: datetime) -> tuple[Counter[str], int]:
    """How many pairs and proposals stand where, and with how many somebody should speak (coaching/caring.py)."""
    question = select(CoachingPair).where(CoachingPair.state.in_(sorted(OPEN)))
    pairs = list(session.scalars(question.options(selectinload(CoachingPair.meetings))))
    return Counter(pair.state for pair in pairs), sum(bool(calls_for(pair, now)) for pair in pairs)
