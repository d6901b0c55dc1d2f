"""Reads the official file of addresses (BD-Adresses): CSV with semicolons, UTF-8 with a mark in front."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from commune_hub.places.communes import is_commune
from commune_hub.places.finder import commune_for
from commune_hub.places.geo import LUXEMBOURG, Point
from commune_hub.places.spelling import folded
from commune_hub.places.streets import number_key, street_key
from commune_hub.places.words import RowFault

NEEDED = ("rue", "numero", "localite", "code_postal", "lat_wgs84", "lon_wgs84")
# Communes that merged, so that an older file still finds its communes (2018, 2023).
MERGED = {"0705": "0711", "0710": "0711", "1201": "1209", "1208": "1209"}
_NOTHING = frozenset({"", "-", "0", "nan", "none", "null"})
_LONGEST = {"street": 120, "number": 20, "locality": 80}


class NotAnAddressFile(Exception):
    """The first line does not name the columns that an address needs; carries those that lack."""

    def __init__(self, lacking: list[str]) -> None:
        super().__init__(f"columns that lack: {', '.join(lacking)}")
        self.lacking = lacking


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One good line; the keys are what the others are compared by."""

    street: str
    number: str
    postcode: str
    locality: str
    lau2: str
    lat: float
    lon: float
    street_key: str
    locality_key: str
    number_key: str

    @property
    def door(self) -> tuple[str, str, str, str]:
        """What makes two lines the same address."""
        return (self.street_key, self.locality_key, self.number_key, self.postcode)


@dataclass(frozen=True, slots=True)
class Rejected:
    """One bad line: its number in the file (the first is 1), what is wrong, and the line itself."""

    line: int
    fault: RowFault
    text: str


def read_addresses(lines: Iterable[str], reject: Callable[[Rejected], None]) -> Iterator[AddressRow]:
    """The good lines, in order; each bad one is handed to `reject`. Raises NotAnAddressFile.

    Each line is read for itself: an address has no line break, and a stray quotation mark must not swallow
    the lines after it.
    """
    numbered = enumerate(lines, start=1)
    _, first = next(numbered, (1, ""))
    column = {name.strip().casefold(): at for at, name in enumerate(_cells(first.lstrip("\ufeff")))}
    if lacking := [name for name in NEEDED if name not in column]:
        raise NotAnAddressFile(lacking)
    villages: dict[tuple[str, str], str] = {}
    for number, line in numbered:
        if not line.strip():
            continue
        cells = _cells(line)
        row = _row(column, cells, villages) if len(cells) == len(column) else RowFault.COLUMNS
        if isinstance(row, RowFault):
            reject(Rejected(number, row, line.rstrip("\r\n")[:300]))
        else:
            yield row


def _cells(line: str) -> list[str]:
    return next(csv.reader([line.replace("\0", "").rstrip("\r\n")], delimiter=";"), [])


def _row(
    column: dict[str, int], cells: list[str], villages: dict[tuple[str, str], str]
) -> AddressRow | RowFault:
    """The address of a line, or what is wrong with it. A village keeps the commune that its first line got."""

    def cell(name: str) -> str:
        text = " ".join(cells[column[name]].split()) if name in column else ""
        return "" if text.casefold() in _NOTHING else text

    street, number, locality, postcode = cell("rue"), cell("numero"), cell("localite"), cell("code_postal")
    if not locality:
        return RowFault.LOCALITY
    if postcode and not (len(postcode) == 4 and postcode.isascii() and postcode.isdigit()):
        return RowFault.POSTCODE
    if len(street) > _LONGEST["street"] or len(number) > _LONGEST["number"] or len(locality) > _LONGEST["locality"]:
        return RowFault.TOO_LONG
    point = _point(cell("lat_wgs84"), cell("lon_wgs84"))
    if point is None:
        return RowFault.POINT
    if not LUXEMBOURG.contains(point):
        return RowFault.OUTSIDE
    lau2 = _lau2(cell("lau2")) or villages.get((locality, postcode))
    if lau2 is None:
        lau2 = villages[locality, postcode] = commune_for(locality, point)
    keys = (street_key(street), folded(locality), number_key(number))
    return AddressRow(street, number, postcode, locality, lau2, point.lat, point.lon, *keys)


def _point(lat: str, lon: str) -> Point | None:
    try:
        return Point(round(float(lat.replace(",", ".")), 6), round(float(lon.replace(",", ".")), 6))
    except ValueError:
        return None


def _lau2(code: str) -> str | None:
    """The code as it is today, however it is written ("LU_0304", "304"); None where there is no such commune."""
    code = code.removeprefix("LU").lstrip("_").zfill(4)
    code = MERGED.get(code, code)
    return code if is_commune(code) else None
