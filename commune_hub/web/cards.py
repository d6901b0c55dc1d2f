"""The rows of the list of activities, made safe for HTML all at once."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup, escape


class PractisedLanguage(NamedTuple):
    """A language as its badge shows it: 'LB', its code 'lb', its own name."""

    badge: str
    code: str
    name: str


class ActivityCard(NamedTuple):
    """One card, every value ready to print (components/cards.html)."""

    pin: str
    """The number on the map, or ''."""
    url: str
    title: str
    title_lang: str
    """'' where the title is in the language of the page."""
    weekday: str
    day: str
    """'' draws the sign of a coach instead of a date."""
    month: str
    langs: tuple[PractisedLanguage, ...]
    time: str
    place: str
    distance: str
    """'1.4 km · 18 min on foot', or ''."""
    steps: str
    """'0' for every level, else '1' to '3'."""
    level: str
    status: str
    """'ok' seats free, 'warn' full, 'info' no sign-up, 'bad' cancelled."""
    seats: str
    action: str


# No sentence holds it, and escaping leaves it alone.
_BETWEEN = "\x1f"
_LANGS = ActivityCard._fields.index("langs")
_WIDTH = len(ActivityCard._fields) - 1


def escaped_cards(cards: Sequence[ActivityCard]) -> Iterator[list[str]]:
    """The rows with every text escaped and the languages drawn, for a loop without autoescape.

    One call of `escape` for the whole list: one for each value would be two thirds of the time of a page of results.
    """
    texts: list[Any] = []
    for card in cards:
        texts += card[:_LANGS]
        texts += card[_LANGS + 1 :]
    safe = str(escape(_BETWEEN.join(texts))).split(_BETWEEN)
    if len(safe) != len(texts):
        safe = [str(escape(text)) for text in texts]
    for at, card in enumerate(cards):
        row = safe[at * _WIDTH : (at + 1) * _WIDTH]
        row.insert(_LANGS, _drawn(tuple(card[_LANGS])))
        yield row


@lru_cache(1000)
def _drawn(langs: tuple[PractisedLanguage, ...]) -> str:
    badge = Markup('<span class="lang {}"><i aria-hidden="true">{}</i><span lang="{}">{}</span></span>')
    return "".join(badge.format(short, short, code, name) for short, code, name in langs)
