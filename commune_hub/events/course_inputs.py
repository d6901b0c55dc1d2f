"""What people type about courses, offered venues and orientation days: strings in, a frozen draft or Invalid out."""

import re
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from commune_hub.base.errors import InputCode
from commune_hub.base.inputs import Clock, Day, Draft, EmptyIsNone, Line, Lines, Required, wrong
from commune_hub.events.inputs import Tag
from commune_hub.events.words import CourseContent

_HOUR = r"(?:[01]?\d|2[0-3])[:h][0-5]\d"
_PROGRAMME = re.compile(rf"(?P<starts>{_HOUR})(?:\s*[-–]\s*(?P<ends>{_HOUR}))?\s+(?P<what>\S.*)")


class CourseDraft(Draft):
    """What a course is about; of an orientation day the programme, one stand or workshop in each line."""

    contents: tuple[CourseContent, ...] = ()
    handbook: Line = ""
    helpers: Annotated[tuple[Tag, ...], Field(max_length=20)] = ()
    programme: Lines = ""

    @property
    def programme_points(self) -> list[dict[str, str]]:
        """Lines like "13:30-14:15 Workshop on schools"; one without a time is a stand that is there all day."""
        return [_point(line.strip()) for line in self.programme.split("\n") if line.strip()]


def _point(line: str) -> dict[str, str]:
    found = _PROGRAMME.fullmatch(line)
    if found is None:
        return {"starts": "", "ends": "", "what": line[:200]}
    return {"starts": _hour(found["starts"]), "ends": _hour(found["ends"] or ""), "what": found["what"][:200]}


def _hour(text: str) -> str:
    return text.replace("h", ":").zfill(5) if text else ""


class PostponeDraft(Draft):
    """The first day of a postponed course; empty is four weeks later."""

    first_on: Annotated[Day | None, EmptyIsNone] = None


class DecisionDraft(Draft):
    """Another decision day."""

    on: Day


class ModuleDraft(Draft):
    """Another date for a cancelled one."""

    on: Day
    starts: Clock
    ends: Clock
    venue: Line = ""

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.ends <= self.starts:
            raise wrong(InputCode.END_BEFORE_START, "ends")
        return self


class OfferDraft(ModuleDraft):
    """A time at which a venue is free."""


class TakeDraft(Draft):
    """Which of the free times are taken, and in which languages the course is."""

    offers: Annotated[tuple[Line, ...], Field(min_length=1, max_length=12)]
    languages: Annotated[tuple[Tag, ...], Field(min_length=1, max_length=12)]


class ReasonDraft(Draft):
    """Why."""

    reason: Annotated[Required, StringConstraints(max_length=300)]
