"""Points and distances on the globe: plain arithmetic that imports nothing above Python."""

import math
from dataclasses import dataclass

from commune_hub.places.words import DistanceBand

# The mean radius that geopy's great_circle uses, so that both give the same kilometres.
EARTH_RADIUS_KM = 6371.009
KM_PER_DEGREE = math.radians(1) * EARTH_RADIUS_KM
WALKING_KM_PER_HOUR = 5
# The middle of the country: degrees of longitude are scaled by it where a grid must be the same everywhere.
_MIDDLE_LATITUDE = 49.8
_HOME_GRID_KM = 0.3
_AREA_GRID_KM = 2.0
_POSITION_GRID_KM = 0.1


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the globe in degrees (WGS 84). Raises ValueError where there is none."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        # Written so that a "not a number" fails too.
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise ValueError(f"no such point: {self.lat}, {self.lon}")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of degrees, edges included."""

    south: float
    west: float
    north: float
    east: float

    def contains(self, point: Point) -> bool:
        """Whether the point lies in it."""
        return self.south <= point.lat <= self.north and self.west <= point.lon <= self.east


# With a margin of some 500 m, since addresses at the border lie on the border.
LUXEMBOURG = Box(south=49.443, west=5.729, north=50.188, east=6.538)
# The country and the regions from which people come to work.
GREATER_REGION = Box(south=48.0, west=4.0, north=51.6, east=8.6)


def haversine_km(a: Point, b: Point) -> float:
    """Kilometres along the great circle; up to 0.3 % off the ellipsoid, 59 m within 20 km."""
    return kilometres(a.lat, a.lon, b.lat, b.lon)


def kilometres(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """The same for plain degrees, for those who have many."""
    lat_a, lat_b = math.radians(lat_a), math.radians(lat_b)
    across = math.sin((lat_b - lat_a) / 2)
    along = math.sin(math.radians(lon_b - lon_a) / 2)
    chord = across * across + math.cos(lat_a) * math.cos(lat_b) * along * along
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def bounding_box(point: Point, km: float) -> Box:
    """The smallest rectangle that holds every point within so many kilometres (not across poles and date line)."""
    up = km / KM_PER_DEGREE
    # A meridian's nearest point to the circle lies nearer the pole than the centre does.
    widest = math.sin(km / EARTH_RADIUS_KM) / math.cos(math.radians(point.lat))
    aside = math.degrees(math.asin(widest)) if widest < 1 else 180.0
    return Box(point.lat - up, point.lon - aside, point.lat + up, point.lon + aside)


def minutes_on_foot(km: float) -> int:
    """An estimate for a straight way at 5 km/h, at least one minute."""
    return max(1, math.ceil(round(km * 60 / WALKING_KM_PER_HOUR, 6)))


def midpoint(a: Point, b: Point) -> Point:
    """The point half-way, good to a few metres within the country."""
    return Point((a.lat + b.lat) / 2, (a.lon + b.lon) / 2)


def rounded_home(point: Point) -> Point:
    """The middle of the 300 m square in which a home lies: what may be kept of it."""
    return _on_grid(point, _HOME_GRID_KM)


def rounded_area(point: Point) -> Point:
    """The middle of the 2 km square in which a home lies: where people are counted, not found."""
    return _on_grid(point, _AREA_GRID_KM)


def rounded_position(point: Point) -> Point:
    """The middle of the 100 m square in which a browser says that it is; it is never kept."""
    return _on_grid(point, _POSITION_GRID_KM)


def distance_band(km: float) -> DistanceBand:
    """What others may learn of a distance."""
    for limit, band in _BANDS:
        if km < limit:
            return band
    return DistanceBand.FARTHER


_BANDS = (
    (2, DistanceBand.UNDER_2),
    (5, DistanceBand.UNDER_5),
    (10, DistanceBand.UNDER_10),
    (20, DistanceBand.UNDER_20),
)


def _on_grid(point: Point, km: float) -> Point:
    high = km / KM_PER_DEGREE
    wide = high / math.cos(math.radians(_MIDDLE_LATITUDE))
    lat = (math.floor(point.lat / high) + 0.5) * high
    lon = (math.floor(point.lon / wide) + 0.5) * wide
    return Point(round(min(90.0, lat), 5), round(min(180.0, lon), 5))
