"""The cards of the results: facts of a listing put into words, each card once per language."""

import json
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from flask import request, url_for

from commune_hub.events.listings import ALWAYS_FREE
from commune_hub.events.words import RegistrationBy
from commune_hub.matching.queries import Row
from commune_hub.places.geo import minutes_on_foot
from commune_hub.speech import telling
from commune_hub.speech.catalogues import N_, Speech
from commune_hub.web.cards import ActivityCard, PractisedLanguage
from commune_hub.web.pages.parts import badges

_WALK_KM = 2


def cards_of(rows: tuple[Row, ...], speech: Speech, first: int = 1) -> list[ActivityCard]:
    """The rows as cards, numbered from `first` as on the map."""
    return [_card(row, str(number), speech) for number, row in enumerate(rows, first)]


def _card(row: Row, pin: str, speech: Speech) -> ActivityCard:
    facts = facts_of(row.card, speech)
    before, after = _address(request.script_root, speech.code)
    status, seats = _seats(row, facts, speech)
    return ActivityCard(
        pin=pin,
        url=f"{before}{facts.activity}{after}?m={row.meeting}",
        title=facts.title,
        title_lang="",
        weekday=facts.weekday,
        day=facts.day,
        month=facts.month,
        langs=facts.langs,
        time=facts.time if row.dates == 1 else _with_more_dates(facts.time, row.dates - 1, speech),
        place=facts.place,
        distance="" if row.km is None else distance_words(max(0.1, round(row.km, 1)), speech),
        steps=facts.steps,
        level=facts.level,
        status=status,
        seats=seats,
        action=_said(N_("Sign up") if status == "ok" else N_("See"), speech),
    )


class Facts(NamedTuple):
    """What a card says that no sign-up changes."""

    activity: str
    title: str
    weekday: str
    day: str
    month: str
    langs: tuple[PractisedLanguage, ...]
    time: str
    place: str
    steps: str
    level: str
    by_hub: bool


@lru_cache(20_000)
def facts_of(card: str, speech: Speech) -> Facts:
    """The facts of a card, which comes as JSON (events/listings.py); kept, since the same meetings are shown often."""
    given: dict[str, Any] = json.loads(card)
    level, steps = telling.level_words(given["from"], given["to"], speech)
    weekday, day, month = speech.leaf(date.fromisoformat(given["on"]))
    return Facts(
        activity=given["activity"],
        title=telling.title_of(given, speech),
        weekday=weekday,
        day=day,
        month=month,
        langs=badges(given["tags"]),
        time=f"{given['starts']} – {given['ends']}",
        place=telling.card_place(given, speech),
        steps=str(steps),
        level=level,
        by_hub=given["by"] == RegistrationBy.HUB,
    )


def _seats(row: Row, facts: Facts, speech: Speech) -> tuple[str, str]:
    """How it stands with seats, in the words of telling.seats_words, from what the search knows."""
    if not row.open:
        return "info", _said(N_("Closed"), speech)
    if row.free == ALWAYS_FREE:
        return "info", _said(N_("Just come"), speech)
    if not facts.by_hub:
        return "info", _said(N_("Sign-up with the organiser"), speech)
    if row.free > row.waiting and not row.reserved:
        return "ok", _seats_free(row.free, speech)
    if row.waiting < row.waiting_room or (row.reserved and row.free):
        full = row.free == 0 or row.waiting > 0
        return "warn", _said(N_("Full · waiting list") if full else N_("Waiting list"), speech)
    return "warn", _said(N_("Full"), speech)


@lru_cache(2000)
def distance_words(km: float, speech: Speech) -> str:
    """How far: "4.3 km", and near by "1.4 km · 17 min on foot"."""
    far = speech.say(N_("%(km)s km"), km=speech.number(km if km < 10 else round(km)))
    if km >= _WALK_KM:
        return far
    walk = speech.say(N_("%(minutes)s min on foot"), minutes=minutes_on_foot(km))
    return f"{far} · {walk}"


@lru_cache(2000)
def _with_more_dates(time: str, more: int, speech: Speech) -> str:
    return speech.say_many("%(time)s, and one more date", "%(time)s, and %(num)s more dates", more, time=time)


@lru_cache(2000)
def _seats_free(free: int, speech: Speech) -> str:
    return speech.say_many("One seat free", "%(num)s seats free", free)


@lru_cache(500)
def _said(sentence: str, speech: Speech) -> str:
    return speech.say(sentence)


@lru_cache(100)
def _address(_root: str, _language: str) -> tuple[str, str]:
    """What stands before and after the id; asking Flask for every card would take as long as the search itself."""
    before, after = url_for("pages.activity", activity_id="0activity0").split("0activity0")
    return before, after
