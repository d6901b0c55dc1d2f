"""A week in its 18 parts, in words: to tick (components/week.html) and to read."""

from typing import Any

from commune_hub.speech.coaching import PART_OF_DAY
from commune_hub.volunteers.rules import DAYS, PARTS
from commune_hub.web.i18n import _, speech

Cell = tuple[int, str, bool]


def week_words() -> dict[str, Any]:
    """The heads of the grid of the week (components/week.html)."""
    days = [(speech().weekday(day, "short").rstrip("."), speech().weekday(day)) for day in range(DAYS)]
    return {"days": days, "parts": [_(part) for part in PART_OF_DAY]}


def week_of(free_slots: int) -> list[tuple[str, list[Cell]]]:
    """The six days with their cells: number of the slot, what it is called, whether one is free then."""
    called = [_(part) for part in PART_OF_DAY]
    return [
        (
            speech().weekday(day),
            [
                (day * PARTS + part, called[part], bool(free_slots >> (day * PARTS + part) & 1))
                for part in range(PARTS)
            ],
        )
        for day in range(DAYS)
    ]  # fmt: skip
