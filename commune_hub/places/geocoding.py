"""Geocoders: what one is asked and answers, and how their answers are read; sockets are opened in worker/adapters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from commune_hub.places.geo import GREATER_REGION, LUXEMBOURG, Box, Point
from commune_hub.places.words import COUNTRY, PointSource

# The geoportal says 8 for a house number and 7 for a street; below that its points are anywhere.
_LEAST_ACCURACY = 7
_LEAST_RATIO = 0.6
_LEAST_BAN_SCORE = 0.6
_EXACT_FOR_BAN = frozenset({"housenumber", "street"})
# What Nominatim calls something larger than a street; its point would be a place's, not a door's.
_TOO_LARGE_FOR_NOMINATIM = frozenset(
    "city city_district country county district hamlet municipality postcode province region state suburb town village"
    " quarter neighbourhood borough".split()
)


@dataclass(frozen=True, slots=True)
class AskedAddress:
    """An address as people wrote it into the fields of a form; `lau2` where the commune is known."""

    street: str = ""
    number: str = ""
    postcode: str = ""
    locality: str = ""
    country: str = COUNTRY
    lau2: str = ""

    @property
    def line(self) -> str:
        """On one line, as it stands on an envelope: "4, rue de la Poste, 4477 Belvaux"."""
        door = ", ".join(part for part in (self.number, self.street) if part)
        place = " ".join(part for part in (self.postcode, self.locality) if part)
        return ", ".join(part for part in (door, place) if part)


@dataclass(frozen=True, slots=True)
class Located:
    """Where an address is, and who says so."""

    point: Point
    source: PointSource


class GeocoderDown(Exception):
    """No answer, or none that can be read: ask the next one, and this one later."""


class Geocoder(Protocol):
    """Anything that finds addresses."""

    @property
    def name(self) -> str:
        """The word for it in the settings."""
        ...

    @property
    def countries(self) -> frozenset[str]:
        """The countries that it knows; empty for all."""
        ...

    def locate(self, address: AskedAddress) -> Point | None:
        """The door or the street, None where it knows neither. Raises GeocoderDown."""
        ...


def read_geoportail(answer: object) -> Point | None:
    """The first result of api.geoportail.lu/geocode/search that is a street or a door.

    No hit still counts one result, with success false and no point; the service always answers something, so
    the accuracy decides. Coordinates come as longitude, latitude. Raises GeocoderDown for another thing.
    """
    if not isinstance(answer, Mapping) or not isinstance(answer.get("results"), list):
        raise GeocoderDown("geoportail")
    for result in answer["results"] if answer.get("success", True) else ():
        if isinstance(result, Mapping) and _at_least(result.get("accuracy"), _LEAST_ACCURACY):
            point = _geojson_point(result.get("geomlonlat"), LUXEMBOURG)
            if point and _at_least(result.get("ratio"), _LEAST_RATIO):
                return point
    return None


def read_ban(feature: object) -> Point | None:
    """A feature of the Base Adresse Nationale, if it is a street or a door and fits well enough."""
    if not isinstance(feature, Mapping) or not isinstance(feature.get("properties"), Mapping):
        raise GeocoderDown("ban")
    about = feature["properties"]
    if about.get("type") not in _EXACT_FOR_BAN or not _at_least(about.get("score"), _LEAST_BAN_SCORE):
        return None
    return _geojson_point(feature.get("geometry"), GREATER_REGION)


def read_nominatim(place: object) -> Point | None:
    """A place of Nominatim, if it is a street or something in a street; its numbers come as text."""
    if not isinstance(place, Mapping):
        raise GeocoderDown("nominatim")
    if {str(place.get("addresstype")), str(place.get("type"))} & _TOO_LARGE_FOR_NOMINATIM:
        return None
    return _point(place.get("lat"), place.get("lon"), GREATER_REGION)


def _geojson_point(geometry: object, within: Box) -> Point | None:
    if not isinstance(geometry, Mapping) or geometry.get("type") != "Point":
        return None
    match geometry.get("coordinates"):
        case [lon, lat, *_]:
            return _point(lat, lon, within)
    return None


def _point(lat: Any, lon: Any, within: Box) -> Point | None:
    try:
        point = Point(float(lat), float(lon))
    except (TypeError, ValueError):
        return None
    return point if within.contains(point) else None


def _at_least(value: Any, least: float) -> bool:
    try:
        return float(value) >= least
    except (TypeError, ValueError):
        return False
