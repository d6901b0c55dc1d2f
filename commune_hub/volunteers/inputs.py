"""What is typed about volunteers: strings in, a frozen draft or Invalid out."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from commune_hub.accounts.inputs import ContactDraft
from commune_hub.base.errors import InputCode
from commune_hub.base.inputs import Day, Draft, EmptyIsNone, Line, Lines, Required, Ticked, wrong
from commune_hub.events.inputs import Level, Link, Tag
from commune_hub.events.words import ActivityKind
from commune_hub.places.communes import is_commune
from commune_hub.volunteers.words import Like, SupportStep, VolunteerState

MOST_LANGUAGES = 12


def _communes(lau2s: tuple[str, ...]) -> tuple[str, ...]:
    if not all(is_commune(lau2) for lau2 in lau2s):
        raise wrong(InputCode.UNKNOWN_PLACE)
    return tuple(dict.fromkeys(lau2s))


Communes = Annotated[tuple[str, ...], Field(max_length=20), AfterValidator(_communes)]


class AnnounceDraft(ContactDraft):
    """I would like to help: name, how to be reached, languages, where (V-10)."""

    name: Annotated[Required, StringConstraints(max_length=80)]
    languages: Annotated[tuple[Tag, ...], Field(min_length=1, max_length=MOST_LANGUAGES)]
    place: Annotated[Required, StringConstraints(max_length=120)]
    likes: tuple[Like, ...] = ()


class ProfileDraft(Draft):
    """What a volunteer says about themselves (B-09). `levels` stand beside `offers`, in their order."""

    offers: Annotated[tuple[Tag, ...], Field(min_length=1, max_length=MOST_LANGUAGES)]
    levels: tuple[Level, ...] = ()
    understands: Annotated[tuple[Tag, ...], Field(max_length=MOST_LANGUAGES)] = ()
    place: Annotated[Line, StringConstraints(max_length=120)] = ""
    reach_km: Annotated[int, Field(ge=1, le=100)] = 10
    online: Ticked = False
    capacity: Annotated[int, Field(ge=0, le=9)] = 1
    likes: tuple[Like, ...] = ()
    communes: Communes = ()
    wishes: Annotated[Lines, StringConstraints(max_length=1000)] = ""

    @property
    def offered(self) -> dict[str, int | None]:
        """The languages offered, each with the level."""
        levels = [*self.levels, *[None] * len(self.offers)]
        return {tag: int(level) if level else None for tag, level in zip(self.offers, levels, strict=False)}


class TimesDraft(Draft):
    """When a volunteer can come: some of the 18 slots, or now and then (B-06)."""

    slots: tuple[Annotated[int, Field(ge=0, lt=18)], ...] = ()
    now_and_then: Ticked = False


class StepDraft(Draft):
    """A step of a volunteer's life, with a note that only ASTI reads."""

    becomes: VolunteerState
    note: Annotated[Lines, StringConstraints(max_length=1000)] = ""


class SupportDraft(Draft):
    """A commune asks ASTI for support: what it would like to offer."""

    organisation: Line = ""
    kind: ActivityKind
    languages: Annotated[tuple[Tag, ...], Field(max_length=MOST_LANGUAGES)] = ()
    wish: Annotated[Lines, StringConstraints(min_length=1, max_length=2000)]


class SupportStepDraft(Draft):
    """How a request goes on: the step, who looks after it, what comes next and until when."""

    step: SupportStep
    owner: Line = ""
    next_step: Annotated[Line, StringConstraints(max_length=300)] = ""
    next_on: Annotated[Day | None, EmptyIsNone] = None
    text: Annotated[Lines, StringConstraints(max_length=1000)] = ""


class MaterialDraft(Draft):
    """An idea for conversations: for whom, about what; a link, or a file beside the form."""

    title: Annotated[Required, StringConstraints(max_length=160)]
    theme: Annotated[Required, StringConstraints(max_length=80)]
    about: Annotated[Lines, StringConstraints(max_length=500)] = ""
    language: Tag
    level_from: Level = None
    level_to: Level = None
    url: Link = ""
    this_week: Ticked = False

    @model_validator(mode="after")
    def _levels_in_order(self) -> "MaterialDraft":
        if self.level_from and self.level_to and self.level_to < self.level_from:
            raise wrong(InputCode.NOT_A_CHOICE, "level_to")
        return self


class LetterDraft(Draft):
    """What ASTI writes to volunteers."""

    text: Annotated[Lines, StringConstraints(min_length=1, max_length=2000)]
    key: Annotated[str, StringConstraints(max_length=22)] = ""
