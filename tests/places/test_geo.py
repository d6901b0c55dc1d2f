"""Distances agree with geopy, rounding keeps a home unknown, boxes lose nobody."""

import math

import pytest
from geopy.distance import great_circle
from hypothesis import given
from hypothesis import strategies as st

from commune_hub.places.geo import (
    Box,
    Point,
    bounding_box,
    distance_band,
    haversine_km,
    midpoint,
    minutes_on_foot,
    rounded_home,
    rounded_position,
)
from commune_hub.places.words import DistanceBand

BELVAUX = Point(49.51014, 5.92414)
LUXEMBOURG = Point(49.60982, 6.13268)
everywhere = st.builds(Point, st.floats(-89, 89), st.floats(-180, 180))
around_here = st.builds(Point, st.floats(48, 51.5), st.floats(4, 8.5))


@given(everywhere, everywhere)
def test_kilometres_are_those_of_geopy_to_the_metre(a: Point, b: Point) -> None:
    expected = great_circle((a.lat, a.lon), (b.lat, b.lon)).km

    assert haversine_km(a, b) == pytest.approx(expected, abs=0.001)


@given(around_here, st.floats(0.1, 100), st.floats(0, 2 * math.pi))
def test_a_box_holds_everything_within_its_kilometres(centre: Point, km: float, direction: float) -> None:
    there = great_circle(kilometers=km * 0.99999).destination((centre.lat, centre.lon), math.degrees(direction))

    assert bounding_box(centre, km).contains(Point(there.latitude, there.longitude))


def test_a_box_is_no_wider_than_its_circle() -> None:
    box = bounding_box(LUXEMBOURG, 10)

    edges = [Point(box.south, 6.13268), Point(box.north, 6.13268), Point(49.60982, box.west), Point(49.60982, box.east)]
    assert [round(haversine_km(LUXEMBOURG, edge), 1) for edge in edges] == [10.0, 10.0, 10.0, 10.0]


@given(around_here)
def test_a_rounded_home_is_some_hundred_metres_off_and_rounds_to_itself(home: Point) -> None:
    kept = rounded_home(home)

    assert haversine_km(home, kept) < 0.23
    assert rounded_home(kept) == kept


@given(around_here)
def test_a_rounded_position_is_less_than_a_hundred_metres_off(position: Point) -> None:
    assert haversine_km(position, rounded_position(position)) < 0.08


def test_neighbours_have_the_same_rounded_home() -> None:
    homes = {rounded_home(Point(49.5077 + step * 0.0002, 5.9241)) for step in range(10)}

    assert homes == {Point(49.50893, 5.92504)}


@pytest.mark.parametrize(("km", "minutes"), [(0, 1), (0.05, 1), (0.5, 6), (1, 12), (1.01, 13), (2, 24)])
def test_minutes_on_foot_are_reckoned_at_five_kilometres_an_hour(km: float, minutes: int) -> None:
    assert minutes_on_foot(km) == minutes


def test_others_learn_a_band_of_the_distance_only() -> None:
    bands = [distance_band(km) for km in (0, 1.99, 2, 9.9, 10, 20, 500)]

    assert bands == [
        DistanceBand.UNDER_2,
        DistanceBand.UNDER_2,
        DistanceBand.UNDER_5,
        DistanceBand.UNDER_10,
        DistanceBand.UNDER_20,
        DistanceBand.FARTHER,
        DistanceBand.FARTHER,
    ]


def test_the_midpoint_is_as_far_from_both() -> None:
    middle = midpoint(BELVAUX, LUXEMBOURG)

    assert haversine_km(middle, BELVAUX) == pytest.approx(haversine_km(middle, LUXEMBOURG), abs=0.02)


@pytest.mark.parametrize(("lat", "lon"), [(91, 0), (0, 181), (math.nan, 0), (0, math.inf)])
def test_there_is_no_point_off_the_globe(lat: float, lon: float) -> None:
    with pytest.raises(ValueError, match="no such point"):
        Point(lat, lon)


def test_the_edges_of_a_box_belong_to_it() -> None:
    assert Box(49, 5, 50, 6).contains(Point(50, 5))
