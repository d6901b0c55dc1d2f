"""Questions about places: what a text means, which door it is, where an address lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session

from commune_hub.places.communes import commune_by_slug, commune_of, communes, is_commune
from commune_hub.places.finder import Entry, Finder, Fit, FoundPlace, Typed, found, place_near, shipped, with_imported
from commune_hub.places.geo import Point, bounding_box, haversine_km
from commune_hub.places.geocoding import AskedAddress, Geocoder, GeocoderDown, Located
from commune_hub.places.models import Address, ImportedPlace, ImportStamp
from commune_hub.places.spelling import folded
from commune_hub.places.streets import KINDS_OF_STREET, StreetHit, StreetIndex, street_key
from commune_hub.places.words import COUNTRY, PlaceKind, PointSource

__all__ = [
    "FoundPlace",
    "commune_at",
    "commune_by_slug",
    "commune_of",
    "communes",
    "find_door",
    "find_places",
    "locate",
    "nearest_places",
    "place_near",
]

# An address lies within its locality; a geocoder that says otherwise has found another one of that name.
_FARTHEST_FROM_LOCALITY_KM = 12
_NEXT_DOOR_KM = 0.3
_PEOPLE_PER_DOOR = 3
_STREETS_LOOKED_AT = 5


@dataclass(frozen=True, slots=True)
class _Index:
    names: Finder
    streets: StreetIndex


_indexes: dict[str, _Index] = {}
_making = Lock()


def find_places(session: Session, text: str, limit: int = 8, *, language: str = "fr") -> list[FoundPlace]:
    """What the text may mean, best first: communes, localities, postcodes, and doors and streets where imported."""
    index, typed = _index(session), Typed.read(text)
    ranked = index.names.ranked(typed)
    places = [found(index.names.entries[number], fit.score, language) for number, fit in ranked[:limit]]
    if not _may_name_a_street(typed, ranked[0][1] if ranked else None):
        return places
    hits = index.streets.find(typed, index.names.at_postcode(typed.postcode))
    doors = _doors(session, typed, hits)
    sure = [found(hit.street, 0.9, language) for hit in hits[:limit] if hit.placed and not hit.strays]
    others = [found(hit.street, 0.6, language) for hit in hits[:limit] if not hit.placed or hit.strays]
    guesses = [place for place in places if place.score <= Fit.WHOLE_MISTYPED.score]
    named = [place for place in places if place.score > Fit.WHOLE_MISTYPED.score]
    return [*doors, *named, *guesses][:limit] if doors else [*sure, *named, *others, *guesses][:limit]


def nearest_places(session: Session, text: str, limit: int = 3, *, language: str = "fr") -> list[FoundPlace]:
    """Places to suggest for a text that means none: names that look alike, postcodes that are next in number."""
    return _index(session).names.nearest(text, limit, language)


def find_door(session: Session, address: AskedAddress) -> FoundPlace | None:
    """The very door of an address, if it is among the imported ones."""
    if not (address.street and address.number):
        return None
    index, typed = _index(session), Typed.read(address.line)
    doors = _doors(session, typed, index.streets.find(typed, index.names.at_postcode(typed.postcode)))
    return doors[0] if doors else None


def locate(
    session: Session, address: AskedAddress, geocoders: Sequence[Geocoder] = (), *, pin: Point | None = None
) -> Located | None:
    """Where an address lies: the pin, else our own addresses, else the geocoders in order, else its place.

    Geocoders that are down are passed over; None only where not even the place is known.
    """
    if pin:
        return Located(pin, PointSource.PIN)
    door = find_door(session, address) if address.country == COUNTRY else None
    if door:
        return Located(door.point, PointSource.ADDRESS)
    place = _place_of(session, address)
    for geocoder in geocoders if address.street else ():
        if geocoder.countries and address.country not in geocoder.countries:
            continue
        try:
            point = geocoder.locate(address)
        except GeocoderDown:
            continue
        if point and (place is None or haversine_km(point, place) <= _FARTHEST_FROM_LOCALITY_KM):
            return Located(point, PointSource.GEOCODER)
    return Located(place, PointSource.APPROXIMATE) if place else None


def commune_at(session: Session, point: Point) -> str | None:
    """The LAU2 code of the commune in which a point lies: that of the nearest address within 300 m.

    Where none is imported there, that of the nearest locality, which is right for five points of six; None abroad.
    """
    box = bounding_box(point, _NEXT_DOOR_KM)
    near = session.execute(
        select(Address.lau2, Address.lat, Address.lon).where(
            Address.lat.between(box.south, box.north), Address.lon.between(box.west, box.east)
        )
    ).all()
    if near:
        _, lau2 = min((haversine_km(point, Point(lat, lon)), lau2) for lau2, lat, lon in near)
        return lau2
    locality = place_near(point)
    return locality.lau2 if locality else None


def _place_of(session: Session, address: AskedAddress) -> Point | None:
    """The point of the locality, the postcode or the commune, the nearest known of them; None across the border."""
    if address.country != COUNTRY:
        return None
    commune = commune_of(address.lau2) if is_commune(address.lau2) else None
    text = f"{address.postcode} {address.locality}".strip()
    for place in find_places(session, text) if text else ():
        if place.score >= Fit.WHOLE_MISTYPED.score and (commune is None or place.lau2 == commune.lau2):
            return place.point
    return commune.point if commune else None


def _may_name_a_street(typed: Typed, fit: Fit | None) -> bool:
    """Whether streets are worth looking for: not where the text is just the name of a place."""
    says_street = any(word in KINDS_OF_STREET or word.isdigit() for word in typed.words)
    return bool(typed.words) and (says_street or fit is None or fit > Fit.WORDS)


def _doors(session: Session, typed: Typed, hits: Sequence[StreetHit]) -> list[FoundPlace]:
    """The doors with the number that was typed, in the streets that the text fits best."""
    likely = {
        (street_key(hit.street.name), folded(hit.street.locality), hit.street.lau2): hit
        for hit in hits[:_STREETS_LOOKED_AT]
        if hit.numbers and hit.doubt == hits[0].doubt and not hit.strays
    }
    if not likely:
        return []
    # One condition per street: with a list of pairs SQLite would read the whole table.
    doorways = or_(
        *(
            and_(Address.street_key == street, Address.locality_key == locality, Address.number_key.in_(hit.numbers))
            for (street, locality, _), hit in likely.items()
        )
    )
    here = session.scalars(select(Address).where(doorways))
    doors: dict[StreetHit, list[Address]] = {hit: [] for hit in likely.values()}
    for address in here:
        hit = likely.get((address.street_key, address.locality_key, address.lau2))
        if hit and address.number_key in hit.numbers:
            doors[hit].append(address)
    return [_door(_best_of(found_here, hit, typed), hit) for hit, found_here in doors.items() if found_here]


def _best_of(addresses: Sequence[Address], hit: StreetHit, typed: Typed) -> Address:
    """Of the doors of one street: one name may be in one locality twice, then the postcode says which."""
    return min(
        addresses, key=lambda a: (a.postcode != typed.postcode, hit.numbers.index(a.number_key), a.postcode, a.id)
    )


def _door(address: Address, hit: StreetHit) -> FoundPlace:
    name = f"{address.number}, {address.street}"
    exact = hit.numbers[0] == address.number_key
    return FoundPlace(
        kind=PlaceKind.ADDRESS,
        label=f"{name}, {address.postcode} {address.locality}".replace("  ", " "),
        name=name,
        lat=address.lat,
        lon=address.lon,
        lau2=address.lau2,
        postcode=address.postcode or None,
        score=(1.0 if exact else 0.9) - 0.1 * bool(hit.mistyped or hit.missing),
    )


def _index(session: Session) -> _Index:
    """The index for the newest import; made once per process and import, since that takes a moment."""
    stamp = session.scalar(select(ImportStamp.public_id).order_by(ImportStamp.id.desc()).limit(1)) or ""
    index = _indexes.get(stamp)
    if index is None:
        with _making:
            index = _indexes.get(stamp) or _make_index(session, stamp)
            # Two may be in use while an import ends; older ones are only memory.
            for old in list(_indexes)[:-1]:
                del _indexes[old]
            _indexes[stamp] = index
    return index


def _make_index(session: Session, stamp: str) -> _Index:
    if not stamp:
        return _Index(shipped(), StreetIndex(()))
    entries = [_entry(place) for place in session.execute(select(*_PLACE).order_by(ImportedPlace.id))]
    streets = [entry for entry in entries if entry.kind is PlaceKind.STREET]
    return _Index(with_imported(entries), StreetIndex(streets))


_PLACE = (
    ImportedPlace.kind,
    ImportedPlace.name,
    ImportedPlace.locality,
    ImportedPlace.lau2,
    ImportedPlace.postcode,
    ImportedPlace.lat,
    ImportedPlace.lon,
    ImportedPlace.doors,
)


def _entry(place: Row[str, str, str, str, str, float, float, int]) -> Entry:
    kind, name, locality, lau2, postcode, lat, lon, doors = place
    people = doors * _PEOPLE_PER_DOOR
    return Entry(PlaceKind(kind), (name,), Point(lat, lon), lau2, people, postcode or None, locality)
