"""Finds places by what people type: an index in memory that is made once and never changed."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from commune_hub.places.communes import Locality, commune_of, communes, localities
from commune_hub.places.geo import Point, haversine_km
from commune_hub.places.spelling import folded, one_error_away, spellings, trigrams
from commune_hub.places.words import PlaceKind

MOST_WORDS = 8
_LONGEST_MENDED = 32
_MOST_NAME_WORDS = 5
_LEAST_LIKENESS = 0.2
_STRAY_SHARE = 20
# Words that may stand beside a name without belonging to it.
BESIDE_A_NAME = frozenset(
    "a am an auf bei canton commune d de der des du gemeinde gemeng in kanton l la le les lez op s sur um ville zu"
    " zum".split()
)
THE_COUNTRY = frozenset("lu lux luxembourg luxemburg letzebuerg luxemburgo".split())
_KINDS = {kind: order for order, kind in enumerate(PlaceKind)}
_POSTCODE = re.compile(r"(?:lu?)?(\d{4})")
_HOUSE_NUMBER = re.compile(r"\d{1,4}[a-z]{0,2}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A place as the index knows it; the first names are the official ones, `locality` is for streets only."""

    kind: PlaceKind
    names: tuple[str, ...]
    point: Point
    lau2: str
    people: int = 0
    postcode: str | None = None
    locality: str = ""
    official: int = 1

    @property
    def name(self) -> str:
        """The usual name."""
        return self.names[0]

    def label(self, language: str) -> str:
        """The name with what tells it from others of the same name; whoever types it finds this place."""
        commune = commune_of(self.lau2)
        match self.kind:
            case PlaceKind.COMMUNE:
                return commune.name(language)
            case PlaceKind.POSTCODE:
                return f"{self.postcode} {self.name}"
            case PlaceKind.STREET:
                return f"{self.name}, {self.locality}"
        in_short = self.name in (commune.name_fr, commune.name_lb, commune.name_de)
        return self.name if in_short else f"{self.name} ({commune.name(language)})"


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place that answers a search, with a score from 1 (what was typed) down to 0 (a guess)."""

    kind: PlaceKind
    label: str
    name: str
    lat: float
    lon: float
    lau2: str
    postcode: str | None
    score: float

    @property
    def point(self) -> Point:
        """Where it is."""
        return Point(self.lat, self.lon)


class Fit(IntEnum):
    """How well a name answers what was typed, the best first."""

    OFFICIAL = 0
    WHOLE = 1
    WORDS = 2
    BEGINNING = 3
    WORD_BEGINNINGS = 4
    WHOLE_MISTYPED = 5
    WORDS_MISTYPED = 6
    BEGINNING_MISTYPED = 7
    WORDS_LEFT_OVER = 8

    @property
    def score(self) -> float:
        """The same as a number between 0 and 1."""
        return (1.0, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)[self]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, read: the words of a name, and a postcode if one stands there."""

    words: tuple[str, ...]
    postcode: str | None

    @classmethod
    def read(cls, text: str) -> "Typed":
        """Take a postcode out of the text; further words than eight are not looked at."""
        postcode, words = None, []
        for word in folded(text).split()[:MOST_WORDS]:
            match = _POSTCODE.fullmatch(word) if postcode is None else None
            if match:
                postcode = match[1]
            else:
                words.append(word)
        if postcode and words and words[0] in ("l", "lu"):
            del words[0]
        return cls(tuple(words), postcode)


class Finder:
    """All places that can be found; `find` takes well under 5 ms whatever is typed."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = [entry for entry in entries if entry.kind is not PlaceKind.STREET]
        self._postcodes: dict[str, int] = {}
        self._owner: list[int] = []
        self._official: dict[str, list[int]] = defaultdict(list)
        self._whole: dict[str, list[int]] = defaultdict(list)
        self._having: dict[str, set[int]] = defaultdict(set)
        for number, entry in enumerate(self.entries):
            if entry.postcode:
                self._postcodes[entry.postcode] = number
            else:
                self._learn(number, entry)
        self._wholes = sorted(self._whole)
        self._words = sorted(self._having)
        self._trigrams: dict[str, list[str]] = defaultdict(list)
        for whole in self._wholes:
            for three in trigrams(whole):
                self._trigrams[three].append(whole)

    def _learn(self, number: int, entry: Entry) -> None:
        # What a list of suggestions offers is official too, so that it finds itself when it is sent back.
        for name in (*entry.names[: entry.official], *(entry.label(language) for language in ("fr", "lb", "de"))):
            for spelling in spellings(name):
                self._official[spelling.replace(" ", "")].append(number)
        for spelling in dict.fromkeys(spelling for name in entry.names for spelling in spellings(name)):
            # A few of GeoNames' names are sentences about the place, whose words would find it everywhere.
            if 0 < len(spelling.split()) <= _MOST_NAME_WORDS:
                self._whole[spelling.replace(" ", "")].append(len(self._owner))
                for word in spelling.split():
                    self._having[word].add(len(self._owner))
                self._owner.append(number)

    def find(self, text: str, limit: int = 8, language: str = "fr") -> list[FoundPlace]:
        """The places that the text may mean, best first."""
        typed = Typed.read(text)
        ranked = self.ranked(typed)
        return [found(self.entries[number], fit.score, language) for number, fit in ranked[:limit]]

    def ranked(self, typed: Typed) -> list[tuple[int, Fit]]:
        """The entries with their fit, best first; a known postcode leads unless the name contradicts it."""
        # No place is named after a number, but people write the one of their house.
        words = tuple(word for word in typed.words if not _HOUSE_NUMBER.fullmatch(word))
        fits = self._by_name(words) if words else {}
        ranked = sorted(fits.items(), key=self._rank)
        number = self._postcodes.get(typed.postcode or "")
        if number is None:
            return ranked
        lau2 = self.entries[number].lau2
        agrees = not fits or any(self.entries[other].lau2 == lau2 for other, _ in ranked[:3])
        here = [(number, Fit.OFFICIAL)]
        return here + ranked if agrees else ranked + here

    def at_postcode(self, postcode: str | None) -> Entry | None:
        """The imported postcode, named after the locality that has most of it."""
        number = self._postcodes.get(postcode or "")
        return None if number is None else self.entries[number]

    def _rank(self, found: tuple[int, Fit]) -> tuple[int, int, int, str]:
        entry = self.entries[found[0]]
        return (found[1], _KINDS[entry.kind], -entry.people, entry.name)

    def _by_name(self, words: tuple[str, ...]) -> dict[int, Fit]:
        """Entry numbers with the best fit of any of their names."""
        whole = "".join(words)
        fits: dict[int, Fit] = {}

        def note(names: Iterable[int], fit: Fit) -> None:
            for name in names:
                fits.setdefault(self._owner[name], fit)

        fits |= dict.fromkeys(self._official.get(whole, ()), Fit.OFFICIAL)
        note(self._whole.get(whole, ()), Fit.WHOLE)
        note(self._with_words(words, lambda word: self._having.get(word, ())), Fit.WORDS)
        note(self._names_of(self._beginning(whole)), Fit.BEGINNING)
        note(self._with_words(words, self._begun), Fit.WORD_BEGINNINGS)
        if min(fits.values(), default=Fit.BEGINNING) >= Fit.BEGINNING and len(fits) < 3 and whole.isascii():
            if 3 <= len(whole) <= _LONGEST_MENDED and len(words) <= _MOST_NAME_WORDS:
                note(self._names_of(w for w in one_error_away(whole) if w in self._whole), Fit.WHOLE_MISTYPED)
            note(self._with_words(words, self._mended), Fit.WORDS_MISTYPED)
        if not fits and whole.isascii() and 4 <= len(whole) <= _LONGEST_MENDED and len(words) <= 3:
            begun = (longer for mended in one_error_away(whole) for longer in self._beginning(mended))
            note(self._names_of(begun), Fit.BEGINNING_MISTYPED)
        if not fits and len(words) > 1:
            note(self._with_most_words(words), Fit.WORDS_LEFT_OVER)
        return fits

    def _names_of(self, wholes: Iterable[str]) -> Iterator[int]:
        return (name for whole in wholes for name in self._whole[whole])

    def _beginning(self, start: str) -> Iterator[str]:
        return _beginning(self._wholes, start)

    def _begun(self, word: str) -> set[int]:
        """Names with a word that begins like this; one letter says too little."""
        longer = _beginning(self._words, word) if len(word) > 1 else [word]
        return set().union(*(self._having.get(each, ()) for each in longer))

    def _mended(self, word: str) -> set[int]:
        """Names with this word, or with one that differs by a typing error."""
        exact = self._having.get(word)
        if exact or not 4 <= len(word) <= _LONGEST_MENDED:
            return exact or set()
        return set().union(*(self._having[each] for each in one_error_away(word) if each in self._having))

    def _with_words(self, words: tuple[str, ...], having: Callable[[str], Iterable[int]]) -> list[int]:
        """Names that have every word; commune, canton and country may be named beside them."""
        hits = []
        for word in words:
            hits.append(frozenset(having(word)))
            if not (hits[-1] or is_beside(word) or word in THE_COUNTRY or word in _all_surroundings()):
                return []
        telling = [hit for word, hit in zip(words, hits, strict=True) if not is_beside(word)] or hits
        return [
            name
            for name in frozenset().union(*telling)
            if all(
                name in hit
                or is_beside(word)
                or word in THE_COUNTRY
                or word in surroundings(self.entries[self._owner[name]].lau2)
                for word, hit in zip(words, hits, strict=True)
            )
        ]

    def _with_most_words(self, words: tuple[str, ...]) -> list[int]:
        """Names that have as much as possible of what was typed, where nothing has it all."""
        letters: dict[int, int] = defaultdict(int)
        telling = [word for word in words if len(word) > 3 and not is_beside(word)]
        unknown = [word for word in telling if word not in self._having]
        for word in telling:
            # One wrong word is a slip; many are another subject, where every word would look like some name.
            for name in self._mended(word) if word in unknown[:2] else self._having.get(word, ()):
                letters[name] += len(word)
        most = max(letters.values(), default=0)
        return [name for name, count in letters.items() if count == most]

    def nearest(self, text: str, limit: int = 3, language: str = "fr") -> list[FoundPlace]:
        """Places whose names look or whose postcodes count like the text, for one that is unknown."""
        typed = Typed.read(text)
        if typed.postcode and not typed.words:
            return [found(entry, 0.2, language) for entry in self._next_postcodes(int(typed.postcode))][:limit]
        whole = "".join(typed.words)[:_LONGEST_MENDED]
        own, shared = trigrams(whole), defaultdict[str, int](int)
        for three in own:
            for other in self._trigrams.get(three, ()):
                shared[other] += 1
        alike = sorted((-2 * count / (len(own) + len(trigrams(other))), other) for other, count in shared.items())
        best: dict[int, float] = {}
        for unlike, other in alike[: 10 * limit]:
            if -unlike >= _LEAST_LIKENESS:
                for name in self._whole[other]:
                    best.setdefault(self._owner[name], -unlike)
        return [found(self.entries[number], score, language) for number, score in best.items()][:limit]

    def _next_postcodes(self, postcode: int) -> list[Entry]:
        """Places with the nearest numbers, each locality once: neighbours in number are mostly neighbours."""
        near = sorted(self._postcodes, key=lambda other: abs(int(other) - postcode))
        places: dict[tuple[str, str], Entry] = {}
        for entry in (self.entries[self._postcodes[other]] for other in near[:50]):
            places.setdefault((entry.name, entry.lau2), entry)
        return list(places.values())


def found(entry: Entry, score: float, language: str) -> FoundPlace:
    """The entry as an answer in an interface language."""
    name = commune_of(entry.lau2).name(language) if entry.kind is PlaceKind.COMMUNE else entry.name
    return FoundPlace(
        kind=entry.kind,
        label=entry.label(language),
        name=name,
        lat=entry.point.lat,
        lon=entry.point.lon,
        lau2=entry.lau2,
        postcode=entry.postcode,
        score=round(score, 3),
    )


def place_near(point: Point, within_km: float = 5, language: str = "fr") -> FoundPlace | None:
    """The nearest shipped locality, to say in words where somebody is; None across the border."""
    nearest = min(localities(), key=lambda locality: haversine_km(point, locality.point))
    away = haversine_km(point, nearest.point)
    return found(_entry(nearest), 1 - away / within_km, language) if away < within_km else None


def commune_for(locality: str, point: Point) -> str:
    """The LAU2 code for a village named without its commune: by its name, else that of the nearest known place.

    The nearest place's commune is right for five villages of six, so it is only the last resort.
    """
    name = folded(locality)
    named = [place for place in localities() if name in _folded_names(place)]
    near = min(named or localities(), key=lambda place: haversine_km(point, place.point))
    return near.lau2


def shipped_entries() -> list[Entry]:
    """The entries of the shipped gazetteer; a seat of its commune's name and point is found as the commune."""
    entries = []
    seats: set[Locality] = set()
    for commune in communes():
        same = [place for place in localities() if place.point == commune.point and place.name in commune.names]
        seats.update(same)
        names = dict.fromkeys((*commune.names, *(name for place in same for name in place.names)))
        # "Erpeldange" is the usual name of a seat, and so of its commune, before it is that of another village.
        official = dict.fromkeys((commune.name_fr, commune.name_lb, commune.name_de, *(place.name for place in same)))
        names = {**official, **names}
        entries.append(
            Entry(
                PlaceKind.COMMUNE,
                tuple(names),
                commune.point,
                commune.lau2,
                commune.population,
                official=len(official),
            )
        )
    return entries + [_entry(place) for place in localities() if place not in seats]


@cache
def shipped() -> Finder:
    """The finder as delivered, before any addresses are imported."""
    return Finder(shipped_entries())


def with_imported(imported: Sequence[Entry]) -> Finder:
    """The shipped places and the imported villages and postcodes; a village known already is not said twice."""
    known_ones = shipped_entries()
    known = {(entry.lau2, spelling) for entry in known_ones for name in entry.names for spelling in spellings(name)}
    largest: dict[str, int] = defaultdict(int)
    for entry in imported:
        if entry.kind is PlaceKind.LOCALITY:
            largest[folded(entry.name)] = max(largest[folded(entry.name)], entry.people)

    def is_new(village: Entry) -> bool:
        # A few doors of a town stand across its border; they make no second town there.
        strays = _STRAY_SHARE * village.people < largest[folded(village.name)]
        return not strays and (village.lau2, folded(village.name)) not in known

    return Finder([*known_ones, *(e for e in imported if e.kind is not PlaceKind.LOCALITY or is_new(e))])


def is_beside(word: str) -> bool:
    """Whether a word may stand beside a name without belonging to it: "gemeng", "de", a house number."""
    return word in BESIDE_A_NAME or _HOUSE_NUMBER.fullmatch(word) is not None


def _entry(place: Locality) -> Entry:
    return Entry(PlaceKind.LOCALITY, place.names, place.point, place.lau2, place.population)


def _beginning(ordered: Sequence[str], start: str) -> Iterator[str]:
    at = bisect_left(ordered, start)
    while at < len(ordered) and ordered[at].startswith(start):
        yield ordered[at]
        at += 1


@cache
def _folded_names(place: Locality) -> frozenset[str]:
    return frozenset(folded(name) for name in place.names)


@cache
def _all_surroundings() -> frozenset[str]:
    return frozenset[str]().union(*(surroundings(commune.lau2) for commune in communes()))


@cache
def surroundings(lau2: str) -> frozenset[str]:
    """The words by which somebody may say where a place lies: its commune's and its canton's."""
    commune = commune_of(lau2)
    canton = commune.canton
    names = (*commune.names, canton.name_fr, canton.name_lb, canton.name_de)
    words = (word for name in names for spelling in spellings(name) for word in spelling.split())
    return frozenset(word for word in words if not is_beside(word))
