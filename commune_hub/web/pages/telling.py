"""Sentences made from the structured fields of an activity, in every interface language; also for mail and paper.

Every function takes the `speech` of the reader, so that a commune that types nothing but fields publishes in
five languages. Rows of the database and the cards of the listings are both understood where it says so.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from babel.dates import format_skeleton
from babel.lists import format_list

from commune_hub.base.words import LOCAL
from commune_hub.events import seasons
from commune_hub.events.models import Activity, Meeting, SeatPool, Venue
from commune_hub.events.recurrence import Rhythm, RhythmKind, Weekday, describe, wall_clock
from commune_hub.events.rules import KINDS
from commune_hub.events.words import (
    ActivityKind,
    AttendanceMode,
    CefrLevel,
    MeetingState,
    PriorityRule,
    RegistrationBy,
    SignupMode,
    TextField,
)
from commune_hub.web.i18n import N_, Speech
from commune_hub.web.pages import words

# -- what it is ---------------------------------------------------------


def title_of(activity: Activity | Mapping[str, Any], speech: Speech) -> str:
    """The organiser's own title in the reader's language, else the name of the kind. Takes a card as well."""
    if isinstance(activity, Activity):
        kind, own = activity.kind, activity.text(TextField.TITLE, speech.code)
    else:
        kind, own = str(activity["kind"]), str(activity.get("titles", {}).get(speech.code, ""))
    return own or kind_words(kind, speech)


def kind_words(kind: str, speech: Speech) -> str:
    """The name of a kind of activity."""
    return speech.say(words.KIND[ActivityKind(kind)])


def language_names(tags: Sequence[str], speech: Speech) -> str:
    """The practised languages by their names in the reader's language: Luxembourgish and French."""
    return listed([speech.language_name(tag) for tag in tags], speech)


def summary(activity: Activity, speech: Speech) -> str:
    """The public sentence about an activity, from its fields alone."""
    told = speech.say(
        N_("%(title)s (%(languages)s): %(when)s, %(place)s."),
        title=title_of(activity, speech),
        languages=language_names(activity.tags, speech),
        when=_inside(rhythm(activity, speech), speech),
        place=place_words(activity, activity.venue, speech),
    )
    level, _ = level_words(activity.level_from, activity.level_to, speech)
    more = [level, price_words(activity, speech), organiser_words(activity, speech)]
    return " ".join([told, *(sentence.rstrip(".") + "." for sentence in more)])


def organiser_words(activity: Activity, speech: Speech) -> str:
    """Who offers it."""
    names = [activity.organisation.name, *sorted(row.organisation.name for row in activity.co_organisers)]
    return speech.say(N_("Offered by %(organiser)s"), organiser=listed(names, speech))


# -- when ---------------------------------------------------------------

_EVERY = {
    Weekday.MONDAY: N_("Every Monday"),
    Weekday.TUESDAY: N_("Every Tuesday"),
    Weekday.WEDNESDAY: N_("Every Wednesday"),
    Weekday.THURSDAY: N_("Every Thursday"),
    Weekday.FRIDAY: N_("Every Friday"),
    Weekday.SATURDAY: N_("Every Saturday"),
    Weekday.SUNDAY: N_("Every Sunday"),
}
_ON = {
    Weekday.MONDAY: N_("Mondays"),
    Weekday.TUESDAY: N_("Tuesdays"),
    Weekday.WEDNESDAY: N_("Wednesdays"),
    Weekday.THURSDAY: N_("Thursdays"),
    Weekday.FRIDAY: N_("Fridays"),
    Weekday.SATURDAY: N_("Saturdays"),
    Weekday.SUNDAY: N_("Sundays"),
}
# Written out, because "2nd" takes the gender of the day in Portuguese.
_OF_MONTH = {
    (Weekday.MONDAY, 1): N_("Every 1st Monday of the month"),
    (Weekday.MONDAY, 2): N_("Every 2nd Monday of the month"),
    (Weekday.MONDAY, 3): N_("Every 3rd Monday of the month"),
    (Weekday.MONDAY, 4): N_("Every 4th Monday of the month"),
    (Weekday.MONDAY, -1): N_("Every last Monday of the month"),
    (Weekday.TUESDAY, 1): N_("Every 1st Tuesday of the month"),
    (Weekday.TUESDAY, 2): N_("Every 2nd Tuesday of the month"),
    (Weekday.TUESDAY, 3): N_("Every 3rd Tuesday of the month"),
    (Weekday.TUESDAY, 4): N_("Every 4th Tuesday of the month"),
    (Weekday.TUESDAY, -1): N_("Every last Tuesday of the month"),
    (Weekday.WEDNESDAY, 1): N_("Every 1st Wednesday of the month"),
    (Weekday.WEDNESDAY, 2): N_("Every 2nd Wednesday of the month"),
    (Weekday.WEDNESDAY, 3): N_("Every 3rd Wednesday of the month"),
    (Weekday.WEDNESDAY, 4): N_("Every 4th Wednesday of the month"),
    (Weekday.WEDNESDAY, -1): N_("Every last Wednesday of the month"),
    (Weekday.THURSDAY, 1): N_("Every 1st Thursday of the month"),
    (Weekday.THURSDAY, 2): N_("Every 2nd Thursday of the month"),
    (Weekday.THURSDAY, 3): N_("Every 3rd Thursday of the month"),
    (Weekday.THURSDAY, 4): N_("Every 4th Thursday of the month"),
    (Weekday.THURSDAY, -1): N_("Every last Thursday of the month"),
    (Weekday.FRIDAY, 1): N_("Every 1st Friday of the month"),
    (Weekday.FRIDAY, 2): N_("Every 2nd Friday of the month"),
    (Weekday.FRIDAY, 3): N_("Every 3rd Friday of the month"),
    (Weekday.FRIDAY, 4): N_("Every 4th Friday of the month"),
    (Weekday.FRIDAY, -1): N_("Every last Friday of the month"),
    (Weekday.SATURDAY, 1): N_("Every 1st Saturday of the month"),
    (Weekday.SATURDAY, 2): N_("Every 2nd Saturday of the month"),
    (Weekday.SATURDAY, 3): N_("Every 3rd Saturday of the month"),
    (Weekday.SATURDAY, 4): N_("Every 4th Saturday of the month"),
    (Weekday.SATURDAY, -1): N_("Every last Saturday of the month"),
    (Weekday.SUNDAY, 1): N_("Every 1st Sunday of the month"),
    (Weekday.SUNDAY, 2): N_("Every 2nd Sunday of the month"),
    (Weekday.SUNDAY, 3): N_("Every 3rd Sunday of the month"),
    (Weekday.SUNDAY, 4): N_("Every 4th Sunday of the month"),
    (Weekday.SUNDAY, -1): N_("Every last Sunday of the month"),
}
_MONDAY_TO_FRIDAY = tuple(Weekday)[:5]


def rhythm(activity: Activity, speech: Speech) -> str:
    """How often and at what time: "Every Tuesday, 18:30 – 20:00"."""
    season = seasons.season_of(activity)
    told = describe(season)
    days = _days(told, activity, speech)
    if told.loose and season.rrule:
        days = speech.say_many("%(days)s, and one more date", "%(days)s, and %(num)s more dates", told.loose, days=days)
    times = slot_times(activity, speech)
    return speech.say(N_("%(days)s, %(times)s"), days=days, times=times) if times else days


def _days(told: Rhythm, activity: Activity, speech: Speech) -> str:
    match told.kind:
        case RhythmKind.ONCE:
            return _capital(speech.long_day(activity.first_on))
        case RhythmKind.EVERY_N_WEEKS:
            return _weekly(told, speech)
        case RhythmKind.EVERY_N_DAYS:
            return speech.say_many("Every day", "Every %(num)s days", told.every)
        case RhythmKind.DAY_OF_MONTH:
            days = speech.say(N_("On day %(day)s of every month"), day=told.day_of_month)
            return _every_n_months(days, told.every, speech)
        case RhythmKind.NTH_OF_MONTH if all((told.weekdays[0], nth) in _OF_MONTH for nth in told.nths):
            parts = [speech.say(_OF_MONTH[told.weekdays[0], nth]) for nth in told.nths]
            later = [_inside(part, speech) for part in parts[1:]]
            return _every_n_months(listed([parts[0], *later], speech), told.every, speech)
    loose = told.kind is RhythmKind.LOOSE_DATES
    number = told.loose if loose else len(seasons.occurrences_of(seasons.season_of(activity)))
    return speech.say_many("On one date", "On %(num)s dates", number)


def _weekly(told: Rhythm, speech: Speech) -> str:
    if told.weekdays == _MONDAY_TO_FRIDAY:
        days = speech.say(N_("Monday to Friday"))
    elif len(told.weekdays) == 7:
        days = speech.say(N_("Every day of the week"))
    elif len(told.weekdays) == 1 and told.every == 1:
        days = speech.say(_EVERY[told.weekdays[0]])
    else:
        names = [speech.say(_ON[day]) for day in told.weekdays]
        days = listed([names[0], *(_inside(name, speech) for name in names[1:])], speech)
    if told.every == 1:
        return days
    return speech.say_many("%(days)s, every week", "%(days)s, every %(num)s weeks", told.every, days=days)


def _every_n_months(days: str, every: int, speech: Speech) -> str:
    if every == 1:
        return days
    return speech.say_many("%(days)s, every month", "%(days)s, every %(num)s months", every, days=days)


def slot_times(activity: Activity, speech: Speech) -> str:
    """The times of the day at which meetings begin and end, two slots as "18:30 – 19:30 and 19:45 – 20:45"."""
    parts = []
    for slot in activity.slots:
        starts = wall_clock(activity.first_on, slot.starts)
        parts.append(times(starts, starts + timedelta(minutes=slot.minutes), speech))
    return listed(parts, speech) if parts else ""


def times(starts_at: datetime, ends_at: datetime, speech: Speech) -> str:
    """18:30 – 20:00"""
    return f"{speech.clock(starts_at)} – {speech.clock(ends_at)}"


def meeting_times(meeting: Meeting, speech: Speech) -> str:
    """When a meeting begins and ends."""
    return times(meeting.starts_at, meeting.ends_at, speech)


def meeting_day(meeting: Meeting) -> date:
    """The local day of a meeting."""
    return meeting.starts_at.astimezone(LOCAL).date()


def meeting_when(meeting: Meeting, speech: Speech) -> str:
    """Tuesday, 24 November, 18:30 – 20:00"""
    day = speech.long_day(meeting_day(meeting))
    return speech.say(N_("%(days)s, %(times)s"), days=_capital(day), times=meeting_times(meeting, speech))


def season_words(activity: Activity, speech: Speech) -> str:
    """From when to when: "from 6 October to 15 December"; nothing for a single date."""
    first, last = activity.first_on, activity.last_on
    if first == last:
        return ""
    if first.year == last.year:
        begin, end = _day_month(first, speech), _day_month(last, speech)
    else:
        begin, end = speech.day_and_year(first), speech.day_and_year(last)
    return speech.say(N_("from %(first)s to %(last)s"), first=begin, last=end)


def pauses_words(activity: Activity, speech: Speech) -> str:
    """On which holidays there is no meeting."""
    if not activity.rrule:
        return ""
    if activity.skip_public_holidays and activity.skip_school_holidays:
        return speech.say(N_("not in the school holidays and on public holidays"))
    if activity.skip_school_holidays:
        return speech.say(N_("not in the school holidays"))
    return speech.say(N_("not on public holidays")) if activity.skip_public_holidays else ""


@lru_cache(2000)
def _day_month(day: date, speech: Speech) -> str:
    return _first_in_french(format_skeleton("MMMMd", day, locale=speech.locale), speech)


def _first_in_french(text: str, speech: Speech) -> str:
    return re.sub(r"\b1(?= \w)", "1er", text) if speech.code == "fr" else text


# -- for whom -----------------------------------------------------------

_BANDS = {"A": 1, "B": 2, "C": 3}
_BAND_WORDS = {
    1: N_("Beginners (%(levels)s)"),
    2: N_("Intermediate (%(levels)s)"),
    3: N_("Advanced (%(levels)s)"),
}
_SPAN_WORDS = {
    (1, 2): N_("Beginners to intermediate (%(levels)s)"),
    (1, 3): N_("Beginners to advanced (%(levels)s)"),
    (2, 3): N_("Intermediate to advanced (%(levels)s)"),
}
_OPEN_WORDS = {
    1: N_("Beginners and all who know more (from %(level)s)"),
    2: N_("Intermediate and all who know more (from %(level)s)"),
    3: N_("Advanced (from %(level)s)"),
}
# What somebody says who has just begun, in the language that is practised.
_HELLO = {
    "lb": "Moien, ech heeschen …",
    "fr": "Bonjour, je m’appelle …",
    "de": "Guten Tag, ich heiße …",
    "en": "Hello, my name is …",
    "pt": "Olá, chamo-me …",
    "it": "Ciao, mi chiamo …",
    "es": "Hola, me llamo …",
}


@lru_cache(2000)
def level_words(level_from: int | None, level_to: int | None, speech: Speech) -> tuple[str, int]:
    """The levels in words, and how many of three bars are full where one may begin (0: every level)."""
    low = CefrLevel(level_from) if level_from is not None else None
    high = CefrLevel(level_to) if level_to is not None else None
    if low is None and high is None:
        return speech.say(N_("Every level")), 0
    if low is None:
        assert high is not None
        return speech.say(N_("Up to %(level)s"), level=high.label), 1
    first = _BANDS[low.main[0]]
    if high is None:
        return speech.say(_OPEN_WORDS[first], level=low.label), first
    last = max(first, _BANDS[high.main[0]])
    sentence = _BAND_WORDS[first] if first == last else _SPAN_WORDS[first, last]
    return speech.say(sentence, levels=_range(low, high)), first


def _range(low: CefrLevel, high: CefrLevel) -> str:
    """A1.1 to A1 is all of A1; A1 to A2.2 is A1–A2."""
    ends_whole = high.label.endswith(".2") and low.main != high.main
    end = high.main if ends_whole or "." not in high.label else high.label
    begins_whole = low.label.endswith(".1") and (low.main != high.main or "." not in high.label)
    start = low.main if begins_whole or "." not in low.label else low.label
    if low.label.endswith(".1") and high.label.endswith(".2") and low.main == high.main:
        return low.main
    return start if start == end else f"{start}–{end}"


def can_do(activity: Activity, speech: Speech) -> str:
    """What one can do already who is right here; beginners do not know what A1 means."""
    if activity.level_from is None:
        return ""
    low = CefrLevel(activity.level_from)
    if activity.literacy:
        return speech.say(N_("For people who learn to read and write."))
    if low is CefrLevel.A1_1:
        return speech.say(N_("You need not know anything yet."))
    if low.main == "A1":
        hello = _HELLO.get(activity.tags[0].split("-")[0].lower()) if len(activity.tags) == 1 else None
        if hello:
            return speech.say(N_("You can say: “%(hello)s”"), hello=hello)
        return speech.say(N_("You can say your name and hello."))
    if low.main == "A2":
        return speech.say(N_("You can talk about your family and your day."))
    if low.main == "B1":
        return speech.say(N_("You can say what you did and what you plan."))
    return speech.say(N_("You can follow a discussion and say what you think."))


def audience_words(activity: Activity, speech: Speech) -> str:
    """Who may come."""
    kind = KINDS[ActivityKind(activity.kind)]
    if kind.for_volunteers:
        return speech.say(N_("Volunteers"))
    if kind.priority is PriorityRule.SIGNATORIES_ONLY:
        return speech.say(N_("People with an integration contract"))
    if activity.minors_allowed:
        return speech.say(N_("Adults and young people"))
    return speech.say(N_("Adults"))


def children_words(activity: Activity, speech: Speech) -> str:
    """Whether one can bring children; nothing when nobody said so."""
    if activity.child_care:
        return speech.say(N_("Somebody looks after the children"))
    return speech.say(N_("Young people are welcome")) if activity.minors_allowed else ""


def size_words(activity: Activity, speech: Speech) -> str:
    """How many people meet: "6 people, 2 hosts"."""
    people = speech.say_many("One person", "%(num)s people", activity.capacity) if activity.capacity else ""
    number = len(host_names(activity))
    hosts = speech.say_many("one host", "%(num)s hosts", number) if number else ""
    if people and hosts:
        return speech.say(N_("%(people)s, %(hosts)s"), people=people, hosts=hosts)
    if activity.signup == SignupMode.DROP_IN and not people:
        return speech.say(N_("As many as want to come"))
    return people or _capital(hosts)


def host_names(activity: Activity) -> list[str]:
    """The hosts as the organiser wrote them, one by one."""
    parts = re.split(r"[,;&+/]|\s(?:et|und|and|an|a|e)\s", activity.hosts)
    return [part.strip() for part in parts if part.strip()]


def priority_words(activity: Activity, speech: Speech) -> str:
    """Who comes first when there are more people than seats."""
    priority = KINDS[ActivityKind(activity.kind)].priority
    if priority in (PriorityRule.RESERVED, PriorityRule.QUEUE_ONLY) and activity.registration_by == RegistrationBy.HUB:
        return speech.say(N_("People with an integration contract come first on the waiting list."))
    return ""


# -- price, place -------------------------------------------------------


def price_words(activity: Activity, speech: Speech) -> str:
    """Free, an amount, or an amount with what a voucher makes of it."""
    if activity.free_of_charge:
        return speech.say(N_("Free of charge"))
    if activity.price_cents is None:
        return speech.say(N_("Ask the organiser for the price"))
    price = speech.euros(activity.price_cents)
    if activity.voucher_price_cents is None:
        return price
    if activity.voucher_price_cents == 0:
        return speech.say(N_("%(price)s, free of charge with a voucher"), price=price)
    return speech.say(
        N_("%(price)s, with a voucher %(less)s"), price=price, less=speech.euros(activity.voucher_price_cents)
    )


def place_words(activity: Activity, venue: Venue | None, speech: Speech) -> str:
    """Where: "Centre culturel, Belvaux", "Online", or both."""
    return _place(activity.attendance_mode, venue.name if venue else "", venue.locality if venue else "", speech)


def card_place(card: Mapping[str, Any], speech: Speech) -> str:
    """The same from a card of the listings."""
    return _place(str(card["mode"]), str(card["venue"]), str(card["locality"]), speech)


def _place(mode: str, venue: str, locality: str, speech: Speech) -> str:
    if mode == AttendanceMode.ONLINE or not venue:
        return speech.say(N_("Online"))
    # A hall that is named after its village needs not say it twice.
    place = venue if locality.casefold() in venue.casefold() else f"{venue}, {locality}"
    return speech.say(N_("%(place)s, or online"), place=place) if mode == AttendanceMode.BOTH else place


def address_words(venue: Venue) -> str:
    """4, rue de la Poste, 4477 Belvaux"""
    town = f"{venue.postcode} {venue.locality}".strip()
    return f"{venue.address}, {town}" if venue.address else town


def access_words(venue: Venue | None, speech: Speech) -> str:
    """Whether one gets in without a step; nothing when nobody said so."""
    return speech.say(N_("Entrance without steps")) if venue is not None and venue.step_free else ""


# -- seats and signing up -----------------------------------------------


def seats_words(pool: SeatPool, speech: Speech, now: datetime) -> tuple[str, str, str]:
    """The state of a pool: a kind (ok, warn, bad, info), words for a tag, and more words or ''."""
    if now >= pool.closes_at:
        return "bad", speech.say(N_("Closed")), speech.say(N_("Sign-up is over."))
    if pool.capacity is None:
        return "info", speech.say(N_("Just come")), ""
    free = max(0, pool.capacity - pool.taken)
    reserved = pool.reserved_until is not None and now < pool.reserved_until
    if free > pool.waiting and not reserved:
        return "ok", speech.say_many("One seat free", "%(num)s seats free", free), ""
    waiting = speech.say_many("One person waits", "%(num)s people wait", pool.waiting) if pool.waiting else ""
    if pool.waiting >= pool.waiting_room and not (reserved and free):
        return "bad", speech.say(N_("Full")), waiting
    if reserved and free and pool.reserved_until is not None:
        until = speech.long_day(pool.reserved_until.astimezone(LOCAL).date())
        kept = speech.say(N_("Until %(day)s the seats are kept for people with a contract."), day=until)
        return "warn", speech.say(N_("Waiting list")), " ".join(filter(None, (kept, waiting)))
    return "warn", speech.say(N_("Full")), waiting or speech.say(N_("Nobody waits yet"))


def is_open(pool: SeatPool, meetings: Sequence[Meeting], now: datetime) -> bool:
    """Whether somebody may still ask for a seat or a place in the queue."""
    if now >= pool.closes_at or all(meeting.state == MeetingState.CANCELLED for meeting in meetings):
        return False
    if pool.capacity is None:
        return True
    return pool.capacity - pool.taken > pool.waiting or pool.waiting < pool.waiting_room


def signup_words(activity: Activity, speech: Speech) -> str:
    """How one takes part, in one sentence."""
    if activity.signup == SignupMode.INVITATION:
        return speech.say(N_("You come by personal invitation only."))
    if activity.registration_by == RegistrationBy.PROVIDER:
        return speech.say(N_("You sign up with the provider, not on this site."))
    if activity.registration_by == RegistrationBy.AUTHORITY:
        return speech.say(N_("You sign up with the national authority, not on this site."))
    if activity.registration_by == RegistrationBy.COMMUNE:
        return speech.say(N_("You sign up with the commune, not on this site."))
    if activity.signup == SignupMode.ON_REQUEST:
        return speech.say(N_("Please ask the organiser."))
    if activity.signup == SignupMode.DROP_IN:
        return speech.say(N_("You need not sign up. Just come."))
    if activity.signup == SignupMode.WHOLE_COURSE:
        return speech.say(N_("You sign up once for the whole course."))
    return speech.say(N_("You sign up for each date."))


class WayKind:
    """How somebody can be reached."""

    LINK = "link"
    PHONE = "phone"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach an organiser: its kind, what is shown, and the address behind it."""

    kind: str
    shown: str
    url: str


def ways_of(text: str) -> list[Way]:
    """The links, mail addresses and phone numbers in what an organiser wrote."""
    ways = []
    for part in re.split(r"[,;|\n]|\s(?=https?://)|\s(?=\S+@)|(?<=\S)\s+(?=\+\d)", text):
        part = part.strip()
        if re.match(r"https?://\S+$", part):
            ways.append(Way(WayKind.LINK, re.sub(r"^https?://(www\.)?|/$", "", part), part))
        elif re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", part):
            ways.append(Way(WayKind.MAIL, part, f"mailto:{part}"))
        elif len(re.sub(r"\D", "", part)) >= 6 and re.fullmatch(r"[\d\s()+./-]+", part):
            ways.append(Way(WayKind.PHONE, part, phone_url(part)))
    return ways


def phone_url(number: str) -> str:
    """tel: with digits only; a number without country is a Luxembourg one."""
    digits = re.sub(r"[^\d+]", "", number)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    return f"tel:{digits}" if digits.startswith("+") else f"tel:+352{digits}"


def spoken_words(tags: Sequence[str], speech: Speech) -> str:
    """In which languages one is answered."""
    return speech.say(N_("We speak %(languages)s."), languages=language_names(tags, speech)) if tags else ""


# -- small things -------------------------------------------------------


def listed(parts: Sequence[str], speech: Speech) -> str:
    """a, b and c."""
    text = format_list(list(parts), locale=speech.locale)
    # Luxembourgish drops the n before most consonants; the locale data leaves the choice to us.
    return re.sub(r" a\(n\) (?=(.))", lambda match: f" {'an' if _keeps_n(match[1]) else 'a'} ", text)


def _keeps_n(letter: str) -> bool:
    return letter.lower() in "aeiouäëéöüdhntz0123456789"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _inside(text: str, speech: Speech) -> str:
    """The same words in the middle of a sentence; German-like languages keep the capitals of their nouns."""
    first = text.split(" ")[0]
    is_noun = speech.code in ("de", "lb") and first in {speech.weekday(number) for number in range(7)}
    return text if is_noun or not text[:1].isupper() else text[:1].lower() + text[1:]


def is_over(activity: Activity, now: datetime) -> bool:
    """Whether the last day of the season is behind us."""
    return activity.last_on < now.astimezone(LOCAL).date()
