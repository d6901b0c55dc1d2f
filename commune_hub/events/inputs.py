"""What people type about activities, venues and sign-ups: strings in, a frozen draft or Invalid out."""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from commune_hub.accounts.rules import Reach, reach_from
from commune_hub.base.errors import InputCode
from commune_hub.base.inputs import Clock, Day, Draft, EmptyIsNone, Line, Lines, Reason, Required, Ticked, wrong
from commune_hub.base.words import Language
from commune_hub.events import recurrence
from commune_hub.events.rules import KINDS
from commune_hub.events.words import (
    ActivityKind,
    AttendanceMode,
    AttendanceState,
    CancelReason,
    CefrLevel,
    RegistrationBy,
    SignupMode,
    Touch,
)

_TAG = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
LONGEST_SEASON = timedelta(days=400)


def _reach(text: object) -> object:
    if isinstance(text, Reach):
        return text
    if not isinstance(text, str) or not text.strip():
        raise wrong(InputCode.REQUIRED)
    reach = reach_from(text)
    if reach is None:
        raise wrong(InputCode.NOT_A_CONTACT)
    return reach


def _level(value: object) -> object:
    if value is None or value == "":
        return None
    try:
        return CefrLevel.from_label(str(value)) if not str(value).isdigit() else CefrLevel(int(str(value)))
    except (KeyError, ValueError):
        raise wrong(InputCode.NOT_A_CHOICE) from None


def _link(text: str) -> str:
    if text and not text.lower().startswith(("https://", "http://")):
        raise wrong(InputCode.NOT_A_LINK)
    return text


def _cents(value: object) -> object:
    if value is None or str(value).strip() == "":
        return None
    try:
        return round(float(str(value).replace(",", ".").replace("€", "").strip()) * 100)
    except (ValueError, OverflowError):
        raise wrong(InputCode.NOT_A_NUMBER) from None


def _minutes_between(earlier: time, later: time) -> int:
    """How long it takes from one time of the day to the next time that the clock shows the other."""
    return (later.hour * 60 + later.minute - earlier.hour * 60 - earlier.minute) % (24 * 60)


def _noted_by_hand(state: AttendanceState) -> AttendanceState:
    if state is AttendanceState.CANCELLED_BY_ORGANISER:
        raise wrong(InputCode.NOT_A_CHOICE)
    return state


Level = Annotated[CefrLevel | None, BeforeValidator(_level)]
Tag = Annotated[str, StringConstraints(pattern=_TAG, max_length=35)]
Link = Annotated[str, AfterValidator(_link), StringConstraints(max_length=300)]
Cents = Annotated[Annotated[int, Field(ge=0, le=1_000_000)] | None, BeforeValidator(_cents)]
Count = Annotated[Annotated[int, Field(ge=1, le=5000)] | None, EmptyIsNone]


class SignupDraft(Draft):
    """Taking a seat: a first name and one way to reach the person."""

    pool: Required
    name: Annotated[Required, StringConstraints(max_length=80)]
    contact: Annotated[Reach, BeforeValidator(_reach)]
    reminder: Ticked = False
    has_contract: Ticked = False
    for_language: Annotated[str, StringConstraints(max_length=35)] = ""
    lives_in: Annotated[str, StringConstraints(pattern=r"^(\d{4})?$")] = ""
    form_token: Annotated[str, StringConstraints(max_length=64)] = ""


class ManyDatesDraft(SignupDraft):
    """The same for several dates, or for all of the season that are to come (`season`)."""

    pool: Line = ""
    pools: Annotated[tuple[Line, ...], Field(max_length=400)] = ()
    season: Ticked = False

    @model_validator(mode="after")
    def _some_date(self) -> Self:
        if not (self.season or self.pools):
            raise wrong(InputCode.REQUIRED, "pools")
        return self


class CounterDraft(SignupDraft):
    """Signing up somebody at the counter or on the phone; a person may have neither phone nor mail."""

    contact: Annotated[
        Reach | None, BeforeValidator(lambda v: None if v is None or str(v).strip() == "" else _reach(v))
    ] = None  # type: ignore[assignment]
    language: Language = Language.FR


class VenueDraft(Draft):
    """A room or hall."""

    name: Required
    address: Line = ""
    postcode: Annotated[Line, StringConstraints(max_length=10)] = ""
    locality: Required
    lat: Annotated[Annotated[float, Field(ge=48.5, le=51)] | None, EmptyIsNone] = None
    lon: Annotated[Annotated[float, Field(ge=4.5, le=8)] | None, EmptyIsNone] = None
    step_free: Ticked = False
    access_note: Line = ""
    bus_stop: Line = ""
    capacity: Count = None
    offered_for_civic: Ticked = False
    free_times: Lines = ""


class ActivityDraft(Draft):
    """An activity with its season. The common case needs eight fields; the rest comes from the kind."""

    kind: ActivityKind
    languages: Annotated[tuple[Tag, ...], Field(min_length=1, max_length=12)]
    level_from: Level = None
    level_to: Level = None
    venue: Line = ""
    attendance_mode: AttendanceMode = AttendanceMode.ON_SITE
    online_url: Link = ""
    rrule: Annotated[Line, StringConstraints(max_length=200)] = ""
    starts: Clock
    ends: Clock
    second_starts: Annotated[Clock | None, EmptyIsNone] = None
    later_languages: Annotated[tuple[Tag, ...], Field(max_length=12)] = ()
    later_starts: Annotated[Clock | None, EmptyIsNone] = None
    first_on: Day
    last_on: Day
    extra_dates: tuple[Day, ...] = ()
    skipped_dates: tuple[Day, ...] = ()
    skip_public_holidays: Ticked = False
    skip_school_holidays: Ticked = False
    hosts: Line = ""
    signup: Annotated[SignupMode | None, EmptyIsNone] = None
    registration_by: RegistrationBy = RegistrationBy.HUB
    registration_contact: Annotated[Line, StringConstraints(max_length=300)] = ""
    capacity: Count = None
    waiting_room: Annotated[Annotated[int, Field(ge=0, le=500)] | None, EmptyIsNone] = None
    closes_hours: Annotated[Annotated[int, Field(ge=0, le=24 * 60)] | None, EmptyIsNone] = None
    price: Cents = None
    voucher_price: Cents = None
    minors_allowed: Ticked = False
    child_care: Ticked = False
    literacy: Ticked = False
    convention_reference: Annotated[Line, StringConstraints(max_length=80)] = ""
    contact_name: Annotated[Line, StringConstraints(max_length=120)] = ""
    contact_phone: Annotated[Line, StringConstraints(max_length=40)] = ""
    contact_mail: Annotated[Line, StringConstraints(max_length=254)] = ""
    reference: Annotated[Line, StringConstraints(max_length=80)] = ""
    co_organisers: tuple[Line, ...] = ()
    audience_lb: Line = ""
    audience_fr: Line = ""
    audience_de: Line = ""
    audience_en: Line = ""
    audience_pt: Line = ""
    price_lb: Line = ""
    price_fr: Line = ""
    price_de: Line = ""
    price_en: Line = ""
    price_pt: Line = ""
    title_lb: Line = ""
    title_fr: Line = ""
    title_de: Line = ""
    title_en: Line = ""
    title_pt: Line = ""
    description_lb: Lines = ""
    description_fr: Lines = ""
    description_de: Lines = ""
    description_en: Lines = ""
    description_pt: Lines = ""

    @model_validator(mode="after")
    def _together(self) -> Self:
        if self.last_on < self.first_on:
            raise wrong(InputCode.END_BEFORE_START, "last_on")
        if self.last_on - self.first_on > LONGEST_SEASON:
            raise wrong(InputCode.SEASON_TOO_LONG, "last_on")
        self._check_parts()
        if self.rrule and isinstance(recurrence.parse_rule(self.rrule), str):
            raise wrong(InputCode.NOT_A_RULE, "rrule")
        return self

    def _check_parts(self) -> None:
        """A second part of the evening has languages and begins while people are there."""
        if self.later_languages and self.later_starts is None:
            raise wrong(InputCode.REQUIRED, "later_starts")
        if self.later_starts is None:
            return
        if not self.later_languages:
            raise wrong(InputCode.REQUIRED, "later_languages")
        if not 0 < _minutes_between(self.starts, self.later_starts) < self.minutes:
            raise wrong(InputCode.OUTSIDE_MEETING, "later_starts")

    @property
    def minutes(self) -> int:
        """How long a meeting lasts; an end before the start is on the next day."""
        return _minutes_between(self.starts, self.ends) or 24 * 60

    @property
    def signup_mode(self) -> SignupMode:
        """How one takes part: as chosen, else as the kind has it."""
        return self.signup or KINDS[self.kind].signup


class MoveDraft(Draft):
    """Another time or place for one meeting, or for it and all that follow."""

    on: Day
    starts: Clock
    ends: Clock
    venue: Line = ""
    following: Ticked = False


class CancelDraft(Draft):
    """Why a meeting does not take place."""

    reason: CancelReason


class SizeDraft(Draft):
    """More or fewer seats."""

    capacity: Annotated[int, Field(ge=1, le=5000)]
    waiting_room: Annotated[int, Field(ge=0, le=500)] = 0


class WalkInDraft(Draft):
    """Somebody at the door: a first name, a contact if they like; a reason when the roll is finished already."""

    name: Annotated[Required, StringConstraints(max_length=80)]
    contact: Annotated[
        Reach | None, BeforeValidator(lambda v: None if v is None or str(v).strip() == "" else _reach(v))
    ] = None
    for_language: Annotated[str, StringConstraints(max_length=35)] = ""
    reason: Line = ""
    form_token: Annotated[str, StringConstraints(max_length=64)] = ""


class RightDraft(Draft):
    """Who is moved to the head of the queue, and why; the person can read it."""

    signup: Annotated[Required, StringConstraints(max_length=22)]
    reason: Reason


class TakeOffDraft(Draft):
    """Why somebody is taken off the list; the person can read it."""

    reason: Reason


class CorrectionDraft(Draft):
    """Another mark after the roll is finished, and why."""

    state: Annotated[AttendanceState, AfterValidator(_noted_by_hand)]
    reason: Reason
    form_token: Annotated[str, StringConstraints(max_length=64)] = ""


class HeadCountDraft(Draft):
    """How many people sit at the tables of a language."""

    language: Tag
    number: Annotated[int, Field(ge=0, le=500)]


class TapDraft(Draft):
    """One tap as a phone kept it: its key, what it said, when the finger touched (milliseconds since 1970).

    Somebody who came without a seat has a name and perhaps a contact. They are read when the tap is taken: a contact
    that nobody can read must not hold up the rest. `person` is a public id, or the key of the tap that added somebody.
    """

    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    at: Annotated[int, Field(ge=0, le=4_000_000_000_000)]
    touch: Touch
    person: Annotated[str, StringConstraints(max_length=64)] = ""
    name: Annotated[str, StringConstraints(max_length=400)] = ""
    contact: Annotated[str, StringConstraints(max_length=400)] = ""

    @property
    def moment(self) -> datetime:
        """When the finger touched."""
        return datetime.fromtimestamp(self.at / 1000, UTC)


class TapsDraft(Draft):
    """What a phone sends: all the taps it kept, in order."""

    taps: Annotated[tuple[TapDraft, ...], Field(max_length=500)] = ()


class SpeakerDraft(Draft):
    """Somebody who looks after a table, and the languages they can do it in."""

    name: Annotated[Line, StringConstraints(max_length=80)] = ""
    languages: Annotated[tuple[Tag, ...], Field(max_length=12)] = ()
