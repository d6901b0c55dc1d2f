"""Sentences made from the structured fields of an activity, in every interface language; also for mail and paper.

Every function takes the `speech` of the reader, so that a commune that types nothing but fields publishes in
five languages. Rows of the database and the cards of the listings are both understood where it says so.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any

from commune_hub.base.words import LOCAL, Language
from commune_hub.events.models import Activity, Meeting, SeatPool, Venue
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
from commune_hub.speech import sentences
from commune_hub.speech.catalogues import N_, Speech
from commune_hub.speech.dates import (
    capital,
    inside,
    is_over,
    listed,
    meeting_day,
    meeting_times,
    meeting_when,
    pauses_words,
    rhythm,
    rhythm_days,
    season_words,
    slot_times,
    times,
)

# Whoever tells of an activity finds its dates here as well.
__all__ = [
    "is_over", "listed", "meeting_day", "meeting_times", "meeting_when", "pauses_words", "rhythm", "rhythm_days",
    "season_words", "slot_times", "times",
]  # fmt: skip

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
    return speech.say(sentences.KIND[ActivityKind(kind)])


def language_names(tags: Sequence[str], speech: Speech) -> str:
    """The practised languages by their names in the reader's language: Luxembourgish and French."""
    return listed([speech.language_name(tag) for tag in tags], speech)


def summary(activity: Activity, speech: Speech) -> str:
    """The public sentence about an activity, from its fields alone."""
    told = speech.say(
        N_("%(title)s (%(languages)s): %(when)s, %(place)s."),
        title=title_of(activity, speech),
        languages=language_names(activity.tags, speech),
        when=inside(rhythm(activity, speech), speech),
        place=place_words(activity, activity.venue, speech),
    )
    level, _ = level_words(activity.level_from, activity.level_to, speech)
    more = [level, price_words(activity, speech), organiser_words(activity, speech)]
    return " ".join([told, *(sentence.rstrip(".") + "." for sentence in more)])


def organiser_words(activity: Activity, speech: Speech) -> str:
    """Who offers it."""
    names = [activity.organisation.name, *sorted(row.organisation.name for row in activity.co_organisers)]
    return speech.say(N_("Offered by %(organiser)s"), organiser=listed(names, speech))


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
# Where the organiser did not write in the reader's language, the one that most people here read comes first.
_READ_FIRST = (Language.FR, Language.DE, Language.EN, Language.LB, Language.PT)
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


def own_words(activity: Activity, what: TextField, speech: Speech) -> tuple[str, str]:
    """What the organiser wrote, and its language where that is not the reader's: in it, else in one that we have."""
    written = {row.language: row.text for row in activity.texts if row.field == what}
    if speech.code in written:
        return written[speech.code], ""
    found = next((language for language in _READ_FIRST if language in written), "")
    return written.get(found, ""), found


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
    return people or capital(hosts)


def parts_words(activity: Activity, speech: Speech) -> list[str]:
    """When tables change in the middle of an evening: "19:00 – 20:00: French and German", part by part."""
    parts: dict[tuple[time, time], list[str]] = {}
    for row in activity.languages:
        if row.starts is not None and row.ends is not None:
            parts.setdefault((row.starts, row.ends), []).append(row.tag)
    return [
        speech.say(
            N_("%(times)s: %(languages)s"),
            times=f"{starts:%H:%M} – {ends:%H:%M}",
            languages=language_names(tags, speech),
        )
        for (starts, ends), tags in sorted(parts.items())
    ]


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
    """The state of a pool: a kind (ok, warn, info), words for a tag, and more words or ''."""
    if now >= pool.closes_at:
        return "info", speech.say(N_("Closed")), speech.say(N_("Sign-up is over."))
    if pool.capacity is None:
        return "info", speech.say(N_("Just come")), ""
    waiting = speech.say_many("One person waits", "%(num)s people wait", pool.waiting) if pool.waiting else ""
    if pool.decides_at is not None and now < pool.decides_at:
        given = speech.say(N_("The seats are given on %(day)s."), day=_day_of(pool.decides_at, speech))
        enrolled = speech.say_many("One person has enrolled.", "%(num)s people have enrolled.", pool.waiting)
        return "info", speech.say(N_("Enrol now")), f"{given} {enrolled}" if pool.waiting else given
    free = max(0, pool.capacity - pool.taken)
    kept = _kept_for_others(pool, speech, now) if free else ""
    if free > pool.waiting and not kept:
        return "ok", speech.say_many("One seat free", "%(num)s seats free", free), ""
    if kept:
        return "warn", speech.say(N_("Waiting list")), " ".join(filter(None, (kept, waiting)))
    if pool.waiting >= pool.waiting_room:
        return "warn", speech.say(N_("Full")), waiting
    return "warn", speech.say(N_("Full")), waiting or speech.say(N_("Nobody waits yet"))


def _kept_for_others(pool: SeatPool, speech: Speech, now: datetime) -> str:
    """For whom the free seats are kept first, and until when."""
    if pool.reserved_until is not None and now < pool.reserved_until:
        until = _day_of(pool.reserved_until, speech)
        return speech.say(N_("Until %(day)s the seats are kept for people with a contract."), day=until)
    end = residents_until(pool.activity)
    if end is not None and now < end:
        return speech.say(N_("Until %(day)s the seats are kept for those who live here."), day=_day_of(end, speech))
    return ""


def residents_until(activity: Activity) -> datetime | None:
    """Until when those come first who live in the communes of the organisers, where that was agreed."""
    if not activity.resident_days or activity.published_at is None:
        return None
    return activity.published_at + timedelta(days=activity.resident_days)


def _day_of(moment: datetime, speech: Speech) -> str:
    return speech.long_day(moment.astimezone(LOCAL).date())


def is_open(pool: SeatPool, meetings: Sequence[Meeting], now: datetime) -> bool:
    """Whether somebody may still ask for a seat or a place in the queue."""
    if now >= pool.closes_at or all(meeting.state == MeetingState.CANCELLED for meeting in meetings):
        return False
    if pool.capacity is None:
        return True
    undecided = pool.decides_at is not None and now < pool.decides_at
    room = pool.waiting_room + (pool.capacity if undecided else 0)
    return pool.capacity - pool.taken > pool.waiting or pool.waiting < room


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
