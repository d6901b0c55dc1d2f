"""The answers at the end of a season as staff read them: numbers that point at nobody."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.events.models import Activity
from commune_hub.events.records import SeasonAnswer, SeasonQuestion

FEWEST = 5
CHOICES = (4, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class SeasonResult:
    """How many were asked and have answered; `useful` from very to not at all, None where a number is hidden.

    With fewer than five answers there is nothing but how many were asked. `wishes` stand in the order of the
    alphabet, because the order of answering would say whose they are.
    """

    asked: int
    answered: int | None
    useful: tuple[int | None, ...]
    wishes: tuple[str, ...]


def shown(counts: Sequence[int]) -> tuple[int | None, ...]:
    """Numbers below five are hidden, and others with them until the sum of the hidden ones says nothing either."""
    hidden = {place for place, count in enumerate(counts) if count < FEWEST}
    while hidden and len(hidden) < len(counts) and 0 < sum(counts[place] for place in hidden) < FEWEST:
        hidden.add(min(set(range(len(counts))) - hidden, key=lambda place: counts[place]))
    return tuple(None if place in hidden else count for place, count in enumerate(counts))


def result_of(session: Session, activity: Activity) -> SeasonResult:
    """What the participants of an activity have answered (RGD art. 29: interest and needs)."""
    asked = session.scalar(
        select(func.count()).select_from(SeasonQuestion).where(SeasonQuestion.activity_id == activity.id)
    )
    answers = list(session.scalars(select(SeasonAnswer).where(SeasonAnswer.activity_id == activity.id)))
    if len(answers) < FEWEST:
        return SeasonResult(asked or 0, None, (None,) * len(CHOICES), ())
    counts = [sum(answer.useful == choice for answer in answers) for choice in CHOICES]
    wishes = sorted(answer.would_help for answer in answers if answer.would_help)
    return SeasonResult(asked or 0, len(answers), shown(counts), tuple(wishes))
