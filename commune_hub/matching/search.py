"""A search as facts: read from an address, written back as one, and the ladder out of an empty answer."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TypeVar

from commune_hub.base.words import LOCAL
from commune_hub.events.words import SEARCHABLE, ActivityKind
from commune_hub.matching.words import LEVELS, DayTime, Need, Order, Step, When
from commune_hub.places.geo import GREATER_REGION, Point

RADIUS_KM = 5
RADII_KM = (2, 5, 10, 20)
FARTHEST_KM = 50
PAGE_SIZE = 20
LAST_PAGE = 500
_LONGEST_PLACE = 80
# Tags are compared as events keeps them: in small letters when they are one language, as typed when they are more.
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_AT = re.compile(r"(-?\d{1,2}(?:\.\d{1,9})?),(-?\d{1,3}(?:\.\d{1,9})?)")
# Bytes that are no letters stay percent signs when Flask reads an address; as words they would find some village.
_NO_LETTER = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]")
_WHEN_DAYS = {When.TODAY: (0, 1), When.WEEK: (0, 7), When.NEXT: (7, 14), When.MONTH: (0, 30)}

Pairs = list[tuple[str, str]]
Found = TypeVar("Found")
Usual = TypeVar("Usual")


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for. `at` is where a browser says that it is (to 100 m), `place` what was typed instead;
    `point` is where either of them is, None as long as nobody has looked or when the whole country is meant.
    `days` are weekdays, Monday is 0; none of them means all.
    """

    language: str = ""
    place: str = ""
    at: Point | None = None
    point: Point | None = None
    radius: int = RADIUS_KM
    when: When = When.WEEK
    days: frozenset[int] = frozenset()
    daytime: DayTime | None = None
    level: str = ""
    kind: ActivityKind | None = None
    needs: frozenset[Need] = frozenset()
    order: Order = Order.DISTANCE
    page: int = 1

    @property
    def online(self) -> bool:
        """Whether it looks for what one can follow from home, so that no distance counts."""
        return Need.ONLINE in self.needs

    @property
    def near(self) -> Point | None:
        """The point around which it looks."""
        return None if self.online else self.point

    @property
    def filters(self) -> int:
        """How many filters beyond language, place and when are set."""
        parts = (self.days, self.daytime, self.level, self.kind, self.radius != RADIUS_KM)
        return len(self.needs) + sum(map(bool, parts))

    def days_looked_at(self, now: datetime) -> tuple[datetime, datetime]:
        """From when to when (local days, the first from now on); a week is the next seven days."""
        first, last = _WHEN_DAYS[self.when]
        today = now.astimezone(LOCAL).date()
        start = now if first == 0 else datetime.combine(today + timedelta(days=first), time(), LOCAL)
        return start, datetime.combine(today + timedelta(days=last), time(), LOCAL)

    def found_at(self, point: Point | None, place: str) -> "Search":
        """The same around a point that was found for the place."""
        return replace(self, point=point, place=place)

    def on_page(self, page: int) -> "Search":
        """The same, another page."""
        return replace(self, page=page)

    def query(self) -> Pairs:
        """The parameters of its address, always in the same order and without what is usual."""
        at = f"{self.at.lat:.3f},{self.at.lon:.3f}" if self.at and not self.place else ""
        usual: Pairs = [
            ("l", self.language),
            ("place", self.place),
            ("at", at),
            ("r", str(self.radius) if self.radius != RADIUS_KM else ""),
            ("w", self.when if self.when is not When.WEEK else ""),
            *(("d", str(day + 1)) for day in sorted(self.days)),
            ("t", self.daytime or ""),
            ("level", self.level),
            ("kind", self.kind or ""),
            *((need, "1") for need in Need if need in self.needs),
            ("order", self.order if self.order is not Order.DISTANCE else ""),
            ("page", str(self.page) if self.page > 1 else ""),
        ]
        return [(str(name), str(value)) for name, value in usual if value]


def read(query: Mapping[str, Sequence[str]]) -> tuple[Search, bool]:
    """The search that an address asks for, and whether all of it was understood.

    What is not understood is left out and never an error: people share addresses, and addresses get broken.
    Unknown parameters belong to others.
    """
    reader = _Reader(query)
    place = reader.value("place", _line, "")
    search = Search(
        language=reader.value("l", _tag, ""),
        place=place,
        at=None if place else reader.value("at", _position, None),
        radius=reader.value("r", _between(1, FARTHEST_KM), RADIUS_KM),
        when=reader.value("w", When, When.WEEK),
        days=frozenset(day - 1 for day in reader.values("d", _between(1, 7))),
        daytime=reader.value("t", DayTime, None),
        level=reader.value("level", _level, ""),
        kind=reader.value("kind", _kind, None),
        needs=frozenset(need for need in Need if reader.value(need, _yes, False)),
        order=reader.value("order", Order, Order.DISTANCE),
        page=reader.value("page", _between(1, LAST_PAGE), 1),
    )
    return replace(search, point=search.at), reader.understood


class _Reader:
    """Takes values out of a query and remembers whether one was not understood."""

    def __init__(self, query: Mapping[str, Sequence[str]]) -> None:
        self._query = query
        self.understood = True

    def value(self, name: str, parse: Callable[[str], Found], usual: Usual) -> Found | Usual:
        """What one parameter says, else what is usual."""
        found = self.values(name, parse)
        return found[0] if found else usual

    def values(self, name: str, parse: Callable[[str], Found]) -> list[Found]:
        """What a parameter says that may stand there several times; an empty field says nothing."""
        found = []
        for text in self._query.get(name, ()):
            if text.strip():
                try:
                    found.append(parse(text.strip()))
                except ValueError:
                    self.understood = False
        return found


def _line(text: str) -> str:
    if _NO_LETTER.search(text):
        raise ValueError(text)
    words = "".join(letter if letter.isprintable() else " " for letter in text).split()
    return " ".join(words)[:_LONGEST_PLACE].rstrip()


def _tag(text: str) -> str:
    if len(text) > 35 or not _TAG.fullmatch(text):
        raise ValueError(text)
    return text.lower() if len(text) <= 3 else text


def _position(text: str) -> Point:
    match = _AT.fullmatch(text)
    # Three decimals are about 100 m: a browser's position is never more exact than that here.
    point = Point(round(float(match[1]), 3), round(float(match[2]), 3)) if match else None
    if point is None or not GREATER_REGION.contains(point):
        raise ValueError(text)
    return point


def _between(least: int, most: int) -> Callable[[str], int]:
    def whole_number(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) < 6 and least <= int(text) <= most):
            raise ValueError(text)
        return int(text)

    return whole_number


def _level(text: str) -> str:
    if text.upper() not in LEVELS:
        raise ValueError(text)
    return text.upper()


def _kind(text: str) -> ActivityKind:
    kind = ActivityKind(text)
    if kind not in SEARCHABLE:
        raise ValueError(text)
    return kind


def _yes(text: str) -> bool:
    return text.lower() not in ("0", "no", "false", "off")


@dataclass(frozen=True, slots=True)
class Rung:
    """One way on: the step, the search that it is, and what falls away with it."""

    step: Step
    search: Search
    without: Need | None = None


def ladder(search: Search) -> list[Rung]:
    """The ways on from a search that found nothing, the nearest to what was wanted first (UX.md §1.4)."""
    base = search.on_page(1)
    rungs = [Rung(Step.FARTHER, replace(base, radius=km)) for km in (10, 20, FARTHEST_KM) if _reaches(base, km)]
    rungs += [Rung(Step.LATER, replace(base, when=when)) for when in _LATER[base.when]]
    if base.days or base.daytime:
        rungs.append(Rung(Step.ANY_DAY, replace(base, days=frozenset(), daytime=None)))
    if Need.FREE_SEATS in base.needs:
        rungs.append(Rung(Step.FULL_TOO, _without(base, Need.FREE_SEATS)))
    if base.level or Need.BEGINNER in base.needs:
        rungs.append(Rung(Step.ANY_LEVEL, replace(_without(base, Need.BEGINNER), level="")))
    if base.kind:
        rungs.append(Rung(Step.ANY_KIND, replace(base, kind=None)))
    rungs += [
        Rung(Step.ANY_NEED, _without(base, need), need)
        for need in (Need.CHILD_CARE, Need.STEP_FREE, Need.ONLINE)
        if need in base.needs
    ]
    if not base.online:
        rungs.append(Rung(Step.ONLINE, replace(base, needs=base.needs | {Need.ONLINE})))
    if base.language:
        rungs.append(Rung(Step.ANY_LANGUAGE, replace(base, language="")))
    if base.language:
        rungs.append(Rung(Step.ANYWHERE, Search(language=base.language, when=When.MONTH)))
    rungs.append(Rung(Step.EVERYTHING, Search(when=When.MONTH)))
    return [rung for rung in rungs if rung.search != base]


# What comes after the days that were looked at.
_LATER = {
    When.TODAY: (When.WEEK, When.MONTH),
    When.WEEK: (When.NEXT, When.MONTH),
    When.NEXT: (When.WEEK, When.MONTH),
    When.MONTH: (),
}


def _reaches(search: Search, km: int) -> bool:
    return search.near is not None and km > search.radius


def _without(search: Search, need: Need) -> Search:
    return replace(search, needs=search.needs - {need})
