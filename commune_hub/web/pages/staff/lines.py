"""Meetings, activities and people as the staff pages show them: ready words, no sentence made in a template."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from commune_hub.accounts.models import Person
from commune_hub.accounts.words import ContactKind
from commune_hub.base.words import LOCAL
from commune_hub.events.desk import ENDS_SOON, ActivityLine
from commune_hub.events.models import Activity, Meeting, SeatPool, Signup
from commune_hub.events.rules import Reliability
from commune_hub.events.words import ActivityState, MeetingState, SignupState
from commune_hub.speech import dates, telling
from commune_hub.web.cards import PractisedLanguage
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages import parts, words


@dataclass(frozen=True, slots=True)
class Fill:
    """How full something is: a bar in percent (None where there is no end of seats), the words that say the same,
    whether it is full, who waits."""

    percent: int | None
    words: str
    full: bool
    waiting: str


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in a list."""

    public_id: str
    title: str
    langs: tuple[PractisedLanguage, ...]
    when: str
    day: str
    leaf: tuple[str, str, str]
    place: str
    fill: Fill
    cancelled: str


@dataclass(frozen=True, slots=True)
class ActivityCard:
    """An activity in the list."""

    public_id: str
    title: str
    langs: tuple[PractisedLanguage, ...]
    rhythm: str
    season: str
    place: str
    organiser: str
    state: str
    next_when: str
    fill: Fill | None
    ends_soon: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who comes or waits. No word about a contract: a list of names never shows one."""

    public_id: str
    name: str
    note: str
    reach: str
    reach_url: str
    position: int


def fill_of(pool: SeatPool) -> Fill:
    """How full a pool is."""
    number = speech().number
    waiting = _("+%(number)s", number=number(pool.waiting)) if pool.waiting else ""
    if pool.capacity is None:
        return Fill(None, speech().say_many("one person", "%(num)s people", pool.taken), False, waiting)
    words = _("%(taken)s of %(seats)s", taken=number(pool.taken), seats=number(pool.capacity))
    return Fill(round(100 * pool.taken / pool.capacity), words, pool.taken >= pool.capacity, waiting)


def short_when(moment: datetime) -> str:
    """Tue 24 Nov, 18:30"""
    return _("%(day)s, %(time)s", day=speech().day(moment.astimezone(LOCAL).date()), time=speech().clock(moment))


def meeting_row(meeting: Meeting) -> MeetingRow:
    """A meeting in a list."""
    spoken, activity = speech(), meeting.activity
    weekday, day, _month = spoken.leaf(dates.meeting_day(meeting))
    cancelled = meeting.state == MeetingState.CANCELLED
    return MeetingRow(
        public_id=meeting.public_id,
        title=telling.title_of(activity, spoken),
        langs=parts.badges(activity.tags),
        when=short_when(meeting.starts_at),
        day=spoken.day(dates.meeting_day(meeting)),
        leaf=(weekday, day, spoken.clock(meeting.starts_at)),
        place=telling.place_words(activity, meeting.venue, spoken),
        fill=fill_of(meeting.pool),
        cancelled=_("Cancelled") if cancelled else "",
    )


def activity_card(line: ActivityLine, *, several_organisers: bool, today: date) -> ActivityCard:
    """An activity in the list; who offers it is shown to those who see several organisers."""
    spoken, activity, coming = speech(), line.activity, line.next_meeting
    return ActivityCard(
        public_id=activity.public_id,
        title=telling.title_of(activity, spoken),
        langs=parts.badges(activity.tags),
        rhythm=dates.rhythm(activity, spoken),
        season=dates.season_words(activity, spoken),
        place=telling.place_words(activity, activity.venue, spoken),
        organiser=activity.organisation.name if several_organisers else "",
        state=activity.state,
        next_when=short_when(coming.starts_at) if coming else "",
        fill=fill_of(coming.pool) if coming else None,
        ends_soon=bool(activity.rrule) and activity.last_on <= today + ENDS_SOON,
    )


def state_tag(activity: Activity) -> tuple[str, str]:
    """The state of an activity as a tag: kind and words."""
    kind = {ActivityState.PUBLISHED: "ok", ActivityState.DRAFT: "warn"}.get(ActivityState(activity.state), "")
    return kind, _(words.STATE[ActivityState(activity.state)])


def people_of(
    signups: list[Signup], reliability: Mapping[int, Reliability] = MappingProxyType({})
) -> tuple[list[PersonRow], list[PersonRow]]:
    """Who has a seat and who waits, each in order; a phone number before a mail address, since staff call."""
    seated = [_person_row(one, 0) for one in signups if one.state != SignupState.WAITING]
    queue = [one for one in signups if one.state == SignupState.WAITING]
    counted = [reliability_words(reliability.get(one.person_id)) for one in queue]
    return seated, [_person_row(one, number, counted[number - 1]) for number, one in enumerate(queue, 1)]


def reliability_words(counted: Reliability | None) -> str:
    """How often somebody did not come or gave back late, only where it happened: for a talk, never to keep out."""
    if counted is None:
        return ""
    say = speech().say_many
    missed = say("did not come once in a year", "did not come %(num)s times in a year", counted.no_shows)
    late = say("gave back late once in a year", "gave back late %(num)s times in a year", counted.late_cancels)
    return " · ".join([*([missed] if counted.no_shows else []), *([late] if counted.late_cancels else [])])


def _person_row(signup: Signup, position: int, more: str = "") -> PersonRow:
    reach, url = reach_of(signup.person)
    notes = {SignupState.OFFERED: _("has not answered yet")}
    languages_here = speech().language_name(signup.for_language) if signup.for_language else ""
    note = notes.get(SignupState(signup.state), languages_here)
    note = " · ".join(filter(None, (note, more)))
    return PersonRow(signup.public_id, signup.person.name or _("Erased"), note, reach, url, position)


def reach_of(person: Person) -> tuple[str, str]:
    """A phone number or mail address to reach somebody, and the link behind it; ('', '') when there is neither."""
    by_kind = {contact.kind: contact.value for contact in person.contacts}
    if ContactKind.PHONE in by_kind:
        return by_kind[ContactKind.PHONE], telling.phone_url(by_kind[ContactKind.PHONE])
    if ContactKind.MAIL in by_kind:
        return by_kind[ContactKind.MAIL], f"mailto:{by_kind[ContactKind.MAIL]}"
    return "", ""


def heading_of(meeting: Meeting) -> dict[str, Any]:
    """What stands at the head of every page about one meeting."""
    spoken = speech()
    return {
        "meeting": meeting,
        "row": meeting_row(meeting),
        "when": dates.meeting_when(meeting, spoken),
        "over": meeting.state == MeetingState.CANCELLED,
    }
