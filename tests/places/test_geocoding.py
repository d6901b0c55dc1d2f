"""Answers of geocoders are read with all their traps, and an address is located by whoever knows best."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commune_hub.base.db import Store
from commune_hub.places.communes import commune_of
from commune_hub.places.geo import Point
from commune_hub.places.geocoding import (
    AskedAddress,
    GeocoderDown,
    Located,
    read_ban,
    read_geoportail,
    read_nominatim,
)
from commune_hub.places.queries import locate
from commune_hub.places.words import PointSource

ROYAL = Point(49.614672, 6.129397)
BELVAUX = Point(49.51014, 5.92414)
json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


def geoportail(**changed: Any) -> dict[str, Any]:
    """An answer of the national geocoder to "2 boulevard Royal luxembourg"."""
    result = {
        "ratio": 1,
        "accuracy": 8,
        "name": "2,Boulevard Royal 2449 Luxembourg",
        "matching street": "Boulevard Royal",
        "easting": 77201.39,
        "northing": 75561.53,
        "geom": {"type": "Point", "coordinates": [77201.39, 75561.53]},
        "geomlonlat": {"type": "Point", "coordinates": [6.129397, 49.614672]},
        "AddressDetails": {"postnumber": "2", "street": "Boulevard Royal", "zip": "2449", "locality": "Luxembourg"},
    }
    return {"count": 1, "request": "2 boulevard Royal", "success": True, "results": [result | changed]}


def test_a_door_of_the_geoportal_is_where_its_longitude_and_latitude_say() -> None:
    assert read_geoportail(geoportail()) == ROYAL


NO_HIT = {
    "count": 1,
    "request": {"zip": "9999", "locality": "", "country": "lu", "street": "x", "num": ""},
    "success": False,
    "results": [{"ratio": 0, "accuracy": 1, "name": "", "geom": None}],
}


@pytest.mark.parametrize(
    "answer",
    [
        NO_HIT,
        geoportail(accuracy=6),
        geoportail(accuracy="unknown"),
        geoportail(ratio=0.3),
        geoportail(ratio=None),
        geoportail(geomlonlat=None),
        geoportail(geomlonlat={"type": "Point", "coordinates": [49.614672, 6.129397]}),
        geoportail(geomlonlat={"type": "Point", "coordinates": [6.129397]}),
        geoportail(geomlonlat={"type": "Point", "coordinates": ["x", None]}),
        {"count": 0, "success": True, "results": []},
    ],
)
def test_a_guess_of_the_geoportal_is_no_hit(answer: object) -> None:
    assert read_geoportail(answer) is None


@pytest.mark.parametrize("answer", [None, [], "sorry", {"error": "quota"}, {"results": None}])
def test_another_answer_means_that_the_geoportal_is_down(answer: object) -> None:
    with pytest.raises(GeocoderDown):
        read_geoportail(answer)


@given(json_values)
def test_no_answer_breaks_the_readers(answer: object) -> None:
    for read in (read_geoportail, read_ban, read_nominatim):
        try:
            assert read({"results": [answer], "properties": answer, "geometry": answer, "lat": answer}) is None
            read(answer)
        except GeocoderDown:
            pass


def test_ban_knows_doors_and_streets_and_says_how_sure_it_is() -> None:
    def feature(**about: Any) -> dict[str, Any]:
        return {
            "geometry": {"type": "Point", "coordinates": [6.1675, 49.3579]},
            "properties": {"type": "housenumber", "score": 0.97} | about,
        }

    points = [read_ban(feature()), read_ban(feature(type="municipality")), read_ban(feature(score=0.4))]

    assert points == [Point(49.3579, 6.1675), None, None]


def test_nominatim_says_numbers_as_text_and_a_town_is_no_address() -> None:
    house = {"lat": "49.510562", "lon": "5.927183", "class": "place", "type": "house"}

    points = [read_nominatim(house), read_nominatim(house | {"addresstype": "village"})]

    assert points == [Point(49.510562, 5.927183), None]


@dataclass
class Known:
    """A geocoder that says what it is told to."""

    point: Point | None = None
    down: bool = False
    countries: frozenset[str] = frozenset()
    name: str = "known"
    asked: list[AskedAddress] = field(default_factory=list)

    def locate(self, address: AskedAddress) -> Point | None:
        self.asked.append(address)
        if self.down:
            raise GeocoderDown(self.name)
        return self.point


STREET = AskedAddress("Rue de la Poste", "4", "4477", "Belvaux")
DOOR = Point(49.5106, 5.9272)


@pytest.mark.parametrize(
    ("geocoders", "located"),
    [
        ([], Located(BELVAUX, PointSource.APPROXIMATE)),
        ([Known(DOOR)], Located(DOOR, PointSource.GEOCODER)),
        ([Known(down=True)], Located(BELVAUX, PointSource.APPROXIMATE)),
        ([Known(down=True), Known(DOOR)], Located(DOOR, PointSource.GEOCODER)),
        ([Known(None), Known(DOOR)], Located(DOOR, PointSource.GEOCODER)),
        ([Known(Point(50.05, 6.0))], Located(BELVAUX, PointSource.APPROXIMATE)),
        ([Known(DOOR, countries=frozenset({"FR"}))], Located(BELVAUX, PointSource.APPROXIMATE)),
    ],
    ids=["none", "one that knows", "one down", "the next", "the next that knows", "far from there", "another country"],
)
def test_geocoders_are_asked_in_order_and_else_the_place_is_approximate(
    store: Store, geocoders: Sequence[Known], located: Located
) -> None:
    with store.reading() as session:
        assert locate(session, STREET, geocoders) == located


def test_a_pin_set_by_hand_overrides_everything(store: Store) -> None:
    geocoder = Known(DOOR)

    with store.reading() as session:
        located = locate(session, STREET, [geocoder], pin=Point(49.6, 6.1))

    assert (located, geocoder.asked) == (Located(Point(49.6, 6.1), PointSource.PIN), [])


def test_without_a_street_no_geocoder_is_asked(store: Store) -> None:
    geocoder = Known(DOOR)

    with store.reading() as session:
        located = locate(session, AskedAddress(locality="Zolwer"), [geocoder])

    assert (located.source if located else None, geocoder.asked) == (PointSource.APPROXIMATE, [])


def test_an_unknown_locality_is_approximately_its_commune(store: Store) -> None:
    with store.reading() as session:
        located = locate(session, AskedAddress("Rue X", "1", locality="Nowhere", lau2="0213"))
        nothing = locate(session, AskedAddress("Rue X", "1", locality="Nowhere"))

    assert located == Located(commune_of("0213").point, PointSource.APPROXIMATE)
    assert nothing is None


def test_an_address_across_the_border_is_never_a_place_of_ours(store: Store) -> None:
    thionville = Point(49.3579, 6.1675)
    address = AskedAddress("Rue de Luxembourg", "1", "57100", "Esch", country="FR")

    with store.reading() as session:
        points = [locate(session, address, geocoders) for geocoders in ([], [Known(thionville)])]

    assert points == [None, Located(thionville, PointSource.GEOCODER)]


def test_an_address_is_written_as_on_an_envelope() -> None:
    lines = [STREET.line, AskedAddress(locality="Belvaux").line, AskedAddress("Am Bierg").line, AskedAddress().line]

    assert lines == ["4, Rue de la Poste, 4477 Belvaux", "Belvaux", "Am Bierg", ""]
