"""Finds streets and house numbers by what people type, where addresses are imported."""

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from commune_hub.places.communes import localities
from commune_hub.places.finder import THE_COUNTRY, Entry, Typed, is_beside, surroundings
from commune_hub.places.spelling import folded, one_error_away, spellings

_MOST_CANDIDATES = 100
_LONGEST_MENDED = 32
# More unknown words than these are no slips.
_MOST_MENDED = 3
_SHORT_FORMS = {
    "all": "allee",
    "av": "avenue",
    "ave": "avenue",
    "bd": "boulevard",
    "bld": "boulevard",
    "blvd": "boulevard",
    "boul": "boulevard",
    "ch": "chemin",
    "imp": "impasse",
    "mtee": "montee",
    "pl": "place",
    "r": "rue",
    "rte": "route",
    "sq": "square",
    "st": "saint",
    "ste": "sainte",
}
KINDS_OF_STREET = frozenset(
    "allee avenue boulevard chemin cite impasse montee place quai route rue sentier square val strooss wee".split()
)
_NUMBER = re.compile(r"\d{1,4}[a-z]{0,2}")
_LETTER_APART = re.compile(r"(\d) ([a-z]{1,2})(?![a-z])")


def street_key(street: str) -> str:
    """The street as it is compared: "Av. de la Gare" - "avenue de la gare"."""
    return " ".join(_SHORT_FORMS.get(word, word) for word in folded(street).split())


def number_key(number: str) -> str:
    """The house number as it is compared: "37 AA" - "37aa", "12-14" - "12 14"."""
    return _LETTER_APART.sub(r"\1\2", folded(number))


@dataclass(frozen=True, slots=True)
class StreetHit:
    """A street that the text may mean, and the numbers to try at its doors.

    `placed` is 2 where the text says the locality or postcode, 1 where the commune or canton, else 0. The rest
    counts what speaks against it: words that do not belong, words of its name that lack or are mistyped, another
    kind of street; `unsaid` are all words of its name that were not typed, articles too.
    """

    street: Entry
    numbers: tuple[str, ...]
    placed: int
    strays: int
    missing: int
    mistyped: int
    other_kind: bool
    unsaid: int

    @property
    def doubt(self) -> tuple[int, int, int, int, bool]:
        """How unsure it is, the surest first."""
        return (self.strays, -self.placed, self.missing, self.mistyped, self.other_kind)


class StreetIndex:
    """All imported streets."""

    def __init__(self, streets: Iterable[Entry]) -> None:
        self.streets = list(streets)
        self._words = [tuple(street_key(street.name).split()) for street in self.streets]
        self._having: dict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(self._words):
            for word in _telling(words):
                self._having[word].append(number)
        self._places = [(street.locality, street.lau2) for street in self.streets]
        self._around = {place: _words_around(*place) for place in set(self._places)}
        self._named: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for place, names in self._around.items():
            for word in names:
                self._named[word].add(place)
        self._known = frozenset(self._having).union(self._named, *(surroundings(lau2) for _, lau2 in self._around))

    def find(self, typed: Typed, postcode_place: Entry | None = None) -> list[StreetHit]:
        """The streets that the text may mean, best first; none where the text names no street."""
        words = [_SHORT_FORMS.get(word, word) for word in typed.words]
        meant = {word: frozenset({word}) for word in words}
        for word in [word for word in words if self._is_slip(word)][:_MOST_MENDED]:
            meant[word] = self._known.intersection(one_error_away(word))
        there = (postcode_place.name, postcode_place.lau2) if postcode_place else None
        hits = (self._hit(number, words, meant, there) for number in self._candidates(meant, there))
        return sorted(
            (hit for hit in hits if hit),
            key=lambda hit: (hit.doubt, hit.unsaid, -hit.street.people, hit.street.locality),
        )

    def _is_slip(self, word: str) -> bool:
        """Whether a word is unknown and could be a known one with a typing error."""
        could_be = 4 <= len(word) <= _LONGEST_MENDED and word.isascii()
        return could_be and not (word in self._known or is_beside(word) or word in KINDS_OF_STREET)

    def _candidates(self, meant: Mapping[str, frozenset[str]], there: tuple[str, str] | None) -> list[int]:
        """The streets that share most with the words; those in a place that is named come first."""
        shared: Counter[int] = Counter()
        for words in meant.values():
            for word in words:
                shared.update(self._having.get(word, ()))
        homes = {place for words in meant.values() for word in words for place in self._named.get(word, ())} | {there}
        close = (
            (count + (self._places[number] in homes), self.streets[number].people, number)
            for number, count in shared.items()
        )
        return [number for *_, number in heapq.nlargest(_MOST_CANDIDATES, close)]

    def _hit(
        self, number: int, words: Sequence[str], meant: Mapping[str, frozenset[str]], there: tuple[str, str] | None
    ) -> StreetHit | None:
        """How the words fit this street; None where too little of it or too much else is said."""
        own_words = self._words[number]
        left, lacking, mistyped = _taken_off(words, own_words, meant)
        missing = 0
        if lacking:
            telling = _telling(own_words)
            missing = sum(word in telling for word in lacking)
            if 2 * missing > len(telling) or missing == len(telling):
                return None
        place = self._places[number]
        placed, strays = self._placed(left, meant, place)
        if strays > 1 or (strays and not placed):
            return None
        kind_typed = not KINDS_OF_STREET.isdisjoint(words)
        other_kind = kind_typed and not (KINDS_OF_STREET.isdisjoint(left) and KINDS_OF_STREET.isdisjoint(lacking))
        placed = 2 if place == there else placed
        doubts = (placed, strays, missing, mistyped, other_kind, len(lacking))
        return StreetHit(self.streets[number], _tries(left), *doubts)

    def _placed(
        self, left: Sequence[str], meant: Mapping[str, frozenset[str]], place: tuple[str, str]
    ) -> tuple[int, int]:
        """How well the words that are left say this place, and how many say something else."""
        own, around = self._around[place], surroundings(place[1])
        placed = strays = 0
        for word in left:
            if not meant[word].isdisjoint(own):
                placed = 2
            elif not meant[word].isdisjoint(around):
                placed = max(placed, 1)
            elif not (is_beside(word) or word in KINDS_OF_STREET or word in THE_COUNTRY or len(word) == 1):
                strays += 1
        return placed, strays


def _taken_off(
    words: Sequence[str], street: Sequence[str], meant: Mapping[str, frozenset[str]]
) -> tuple[list[str], list[str], int]:
    """What is left of the words without those of the street, which of these lack, how many are mistyped."""
    left, lacking, mistyped = list(words), [], 0
    for word in street:
        if word in left:
            left.remove(word)
        else:
            lacking.append(word)
    for word in list(lacking):
        near = next((other for other in left if word in meant[other]), None)
        if near is not None:
            left.remove(near)
            lacking.remove(word)
            mistyped += 1
    return left, lacking, mistyped


def _tries(left: Sequence[str]) -> tuple[str, ...]:
    """The house numbers to look for, the most exact first: "12-14 b" is tried as 12 14b, 12 14, 12."""
    numbers = [word for word in left if _NUMBER.fullmatch(word)]
    if not numbers:
        return ()
    at = left.index(numbers[-1]) + 1
    letter = left[at] if at < len(left) and len(left[at]) == 1 and left[at].isalpha() else ""
    whole = " ".join(numbers)
    return tuple(dict.fromkeys((whole + letter, whole, numbers[0], re.sub(r"\D", "", numbers[0]))))


def _tells(word: str) -> bool:
    return word not in KINDS_OF_STREET and not is_beside(word)


def _telling(words: Sequence[str]) -> tuple[str, ...]:
    """The words that tell a street from others; all of them where it has no others ("Am Berg" has one)."""
    return tuple(word for word in words if _tells(word)) or tuple(words)


def _words_around(locality: str, lau2: str) -> frozenset[str]:
    """The words of the locality's names, in any language."""
    name = folded(locality)
    same = [place for place in localities() if place.lau2 == lau2 and name in map(folded, place.names)]
    names = [locality, *(other for place in same for other in place.names)]
    words = (word for each in names for form in spellings(each) for word in form.split())
    return frozenset(word for word in words if not is_beside(word))
