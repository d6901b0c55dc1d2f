"""What people type about coaching: strings in, a frozen draft or Invalid out."""

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from commune_hub.accounts.inputs import ContactDraft
from commune_hub.accounts.rules import Reach, reach_from
from commune_hub.base.errors import InputCode
from commune_hub.base.inputs import Clock, Day, Draft, EmptyIsNone, Line, Lines, Required, Ticked, wrong
from commune_hub.base.words import Language
from commune_hub.events.inputs import Tag
from commune_hub.events.words import CefrLevel
from commune_hub.volunteers.coaching.rules import LONGEST_MEETING, USUAL_MINUTES
from commune_hub.volunteers.coaching.words import Answer, MeetingWay, NextWish, PairReason, Phrase
from commune_hub.volunteers.rules import SLOTS

LONGEST_TEXT = 1000
Words = Annotated[Lines, StringConstraints(max_length=LONGEST_TEXT)]
Slot = Annotated[int, Field(ge=0, lt=SLOTS)]
Km = Annotated[int, Field(ge=1, le=50)]
ReasonOrNone = Annotated[PairReason | None, EmptyIsNone]


def _level(value: object) -> object:
    try:
        return CefrLevel(int(str(value)))
    except ValueError:
        raise wrong(InputCode.NOT_A_CHOICE) from None


def _contact_or_none(text: object) -> object:
    if not isinstance(text, str):
        return text
    reach = reach_from(text) if text.strip() else None
    if reach is None and text.strip():
        raise wrong(InputCode.NOT_A_CONTACT)
    return reach


class LanguageStep(Draft):
    """The first question."""

    language: Tag


class LevelStep(LanguageStep):
    """The second question."""

    level: Annotated[CefrLevel, BeforeValidator(_level)]


class TimesStep(LevelStep):
    """The third question: at least one free time in the week."""

    slots: Annotated[tuple[Slot, ...], Field(min_length=1, max_length=SLOTS)]


class RequestWishes(TimesStep):
    """All that the pairing needs to know. Whoever can also meet online need not say where they live."""

    place: Line = ""
    reach_km: Km = 10
    online: Ticked = False
    languages: Annotated[tuple[Tag, ...], Field(max_length=8)] = ()
    must_share: Ticked = False
    wishes: Words = ""
    minor: Ticked = False

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        if not self.place and not self.online:
            raise wrong(InputCode.REQUIRED, "place")
        return self


class RequestDraft(RequestWishes, ContactDraft):
    """A request by the learner: a first name and one way to reach them."""

    name: Annotated[Required, StringConstraints(max_length=80)]
    form_token: Annotated[str, StringConstraints(max_length=64)] = ""


class CounterRequestDraft(RequestWishes):
    """A request that somebody else writes down; a person may have neither phone nor mail."""

    name: Annotated[Required, StringConstraints(max_length=80)]
    contact: Annotated[Reach | None, BeforeValidator(_contact_or_none)] = None
    speaks: Language = Language.FR


class AnswerDraft(Draft):
    """Yes or no to a proposal."""

    answer: Answer
    at_home: Ticked = False
    reason: ReasonOrNone = None
    why: Words = ""


class MessageDraft(Draft):
    """A ready sentence, or one's own."""

    phrase: Annotated[Phrase | None, EmptyIsNone] = None
    text: Words = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.phrase is None and not self.text:
            raise wrong(InputCode.REQUIRED, "text")
        return self


class DateDraft(Draft):
    """A date for the next meeting."""

    on: Day
    at: Clock
    way: MeetingWay = MeetingWay.PUBLIC


class HoursDraft(Draft):
    """How long a meeting took, and on which day when it had no date before."""

    on: Annotated[Day | None, EmptyIsNone] = None
    minutes: Annotated[int, Field(ge=15, le=LONGEST_MEETING)] = USUAL_MINUTES
    way: MeetingWay = MeetingWay.PUBLIC


class ConfirmDraft(Draft):
    """Whether hours are right."""

    answer: Answer


class WhyDraft(Draft):
    """Why somebody pauses or ends, and what they would like next; nothing of it must be said."""

    reason: ReasonOrNone = None
    why: Words = ""
    next_wish: Annotated[NextWish | None, EmptyIsNone] = None


class StandInDraft(Draft):
    """Who stands in for somebody, from one day to another."""

    colleague: Required
    first_on: Day
    last_on: Day


class CallDraft(Draft):
    """What ASTI heard on the phone."""

    text: Annotated[Lines, StringConstraints(min_length=1, max_length=4000)]


class SettleDraft(Draft):
    """How long a meeting was after all; 0 when it did not take place."""

    minutes: Annotated[int, Field(ge=0, le=LONGEST_MEETING)]


class NoteDraft(Draft):
    """A note for oneself."""

    note: Annotated[Lines, StringConstraints(max_length=4000)] = ""
