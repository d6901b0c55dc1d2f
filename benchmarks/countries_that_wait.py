"""Who waits for a coach and who could be one, invented for measurements: where people live, and what they speak."""

import random
from collections.abc import Sequence

from commune_hub.matching.rules import Waiting
from commune_hub.places.communes import communes
from commune_hub.places.geo import Point, rounded_home
from commune_hub.volunteers.coaching.rules import Coach, Learner

# How often each language is asked for: nearly half Luxembourgish, as in the activities of the country.
ASKED = {"lb": 45, "fr": 35, "de": 12, "en": 8}
# What people speak besides, roughly as they came.
SPOKEN = {"pt": 30, "fr": 20, "it": 8, "es": 8, "en": 12, "ar": 8, "uk": 6, "ti": 4, "fa": 4}
_OWN_LEVELS = (None, None, None, 14, 13, 12, 9)


def learners(dice: random.Random, how_many: int) -> list[Waiting]:
    """Requests that wait for up to half a year, half of them for less than a month."""
    homes = _homes(dice, how_many)
    asked = dice.choices([*ASKED], [*ASKED.values()], k=how_many)
    return [
        Waiting(
            number,
            Learner(
                person_id=number, language=language, level=dice.choice((3, 3, 3, 6, 6, 9)), free_slots=_slots(dice),
                point=home, reach_km=dice.choice((5, 10, 10, 15)), online=dice.random() < 0.1, minor=False,
                languages=frozenset(_spoken(dice)) - {language}, must_share=dice.random() < 0.1,
            ),
            min(180, int(dice.expovariate(1 / 40))),
        )
        for number, (home, language) in enumerate(zip(homes, asked, strict=True))
    ]  # fmt: skip


def coaches(dice: random.Random, how_many: int, *, places: Sequence[int] = (1, 2, 2, 3, 4)) -> list[Coach]:
    """Volunteers, a third of whom speak two of the languages that are asked for."""
    homes = _homes(dice, how_many)
    return [
        Coach(
            volunteer_id=number, person_id=10**6 + number, active=True,
            offers={
                tag: dice.choice(_OWN_LEVELS)
                for tag in dice.choices([*ASKED], [*ASKED.values()], k=dice.choice((1, 1, 2)))
            },
            understands=frozenset(_spoken(dice)), free_slots=_slots(dice), now_and_then=dice.random() < 0.1,
            point=home, reach_km=dice.choice((5, 10, 15, 20)), online=dice.random() < 0.2,
            free_places=dice.choice(places), charter=True, bulletin_seen=False,
        )
        for number, home in enumerate(homes)
    ]  # fmt: skip


def _homes(dice: random.Random, how_many: int) -> list[Point]:
    lived_in = dice.choices(communes(), [commune.population for commune in communes()], k=how_many)
    return [
        rounded_home(Point(one.point.lat + dice.gauss(0, 0.015), one.point.lon + dice.gauss(0, 0.02)))
        for one in lived_in
    ]


def _slots(dice: random.Random) -> int:
    """Two to five of the 18 parts of a week."""
    return sum(1 << slot for slot in dice.sample(range(18), dice.randint(2, 5)))


def _spoken(dice: random.Random) -> list[str]:
    return dice.choices([*SPOKEN], [*SPOKEN.values()], k=dice.choice((1, 2, 2, 3)))
