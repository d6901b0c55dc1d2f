"""The shipped gazetteer as facts in memory: cantons, communes, localities; made by scripts/make_gazetteer.py."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from commune_hub.places.geo import Point


@dataclass(frozen=True, slots=True)
class Canton:
    """One of the twelve cantons; the code is the first half of a LAU2 code."""

    code: str
    name_fr: str
    name_lb: str
    name_de: str

    def name(self, language: str) -> str:
        """The name in an interface language; French where it has no name of its own."""
        return {"lb": self.name_lb, "de": self.name_de}.get(language, self.name_fr)


@dataclass(frozen=True, slots=True)
class Commune:
    """One of the hundred communes, with the point of its seat."""

    lau2: str
    slug: str
    canton: Canton
    name_fr: str
    name_lb: str
    name_de: str
    point: Point
    population: int
    other_names: tuple[str, ...]

    def name(self, language: str) -> str:
        """The name in an interface language; French where it has no name of its own."""
        return {"lb": self.name_lb, "de": self.name_de}.get(language, self.name_fr)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it is known by, the official ones first."""
        return (self.name_fr, self.name_lb, self.name_de, *self.other_names)


@dataclass(frozen=True, slots=True)
class Locality:
    """A village or a quarter of a town; the number of GeoNames is empty where the hand-written table has it."""

    geonameid: str
    name: str
    lau2: str
    point: Point
    population: int
    other_names: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it is known by, the usual one first."""
        return (self.name, *self.other_names)


@cache
def cantons() -> tuple[Canton, ...]:
    """All twelve, by code."""
    return tuple(Canton(**row) for row in _rows("cantons.csv"))


@cache
def communes() -> tuple[Commune, ...]:
    """All hundred, by code."""
    canton = {canton.name_fr: canton for canton in cantons()}
    return tuple(
        Commune(
            row["lau2"],
            row["slug"],
            canton[row["canton"]],
            row["name_fr"],
            row["name_lb"],
            row["name_de"],
            _point(row),
            int(row["population"]),
            _listed(row["names"]),
        )
        for row in _rows("communes.csv")
    )


@cache
def localities() -> tuple[Locality, ...]:
    """All shipped villages and quarters, those of a commune together."""
    return tuple(
        Locality(
            row["geonameid"], row["name"], row["lau2"], _point(row), int(row["population"]), _listed(row["names"])
        )
        for row in _rows("localities.csv")
    )


def commune_by_slug(slug: str) -> Commune | None:
    """The commune of the page /c/<slug>."""
    return _by_slug().get(slug)


def commune_of(lau2: str) -> Commune:
    """The commune with this code. Raises KeyError."""
    return _by_lau2()[lau2]


def is_commune(lau2: str) -> bool:
    """Whether a commune has this code today."""
    return lau2 in _by_lau2()


@cache
def _by_slug() -> dict[str, Commune]:
    return {commune.slug: commune for commune in communes()}


@cache
def _by_lau2() -> dict[str, Commune]:
    return {commune.lau2: commune for commune in communes()}


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("commune_hub.places") / "gazetteer" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _point(row: dict[str, str]) -> Point:
    return Point(float(row["lat"]), float(row["lon"]))


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()
