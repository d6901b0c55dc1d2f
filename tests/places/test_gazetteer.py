"""The shipped gazetteer agrees with the folder of facts, and with itself."""

import csv
import gzip
import json
import os
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from commune_hub.base.settings import Settings
from commune_hub.places.communes import (
    cantons,
    commune_by_slug,
    commune_of,
    communes,
    is_commune,
    localities,
)
from commune_hub.places.geo import Box, Point, haversine_km
from tests.house.source import ROOT

FACTS = ROOT / os.environ.get("COMMUNE_HUB_FACTS", Settings.facts)


def facts(name: str) -> Path:
    if not (FACTS / name).is_file():
        pytest.skip(f"no {name} in the folder of facts ({FACTS}); set COMMUNE_HUB_FACTS")
    return FACTS / name


def rows(name: str) -> list[dict[str, str]]:
    with facts(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_inside(point: Point, polygon: list[list[tuple[float, float]]]) -> bool:
    """Whether a ray to the east crosses the rings an odd number of times."""
    crossings = 0
    for ring in polygon:
        for (lon_a, lat_a), (lon_b, lat_b) in pairwise(ring):
            if (lat_a > point.lat) != (lat_b > point.lat):
                crossings += point.lon < lon_a + (point.lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
    return crossings % 2 == 1


def test_the_hundred_communes_have_the_codes_cantons_and_names_of_the_facts() -> None:
    columns = ("lau2", "canton", "name_fr", "name_lb", "name_de")
    known = {tuple(row[column] for column in columns) for row in rows("communes-lu.csv")}

    ours = {(c.lau2, c.canton.name_fr, c.name_fr, c.name_lb, c.name_de) for c in communes()}

    assert ours == known
    assert len(ours) == 100


def test_every_alias_of_the_facts_is_a_name_of_its_commune() -> None:
    lacking = [
        (row["lau2"], alias)
        for row in rows("communes-lu.csv")
        for alias in filter(None, row["aliases"].split("|"))
        if alias not in commune_of(row["lau2"]).names
    ]

    assert lacking == []


def test_the_point_of_every_commune_lies_in_it_and_near_its_middle() -> None:
    astray = []
    for row in rows("communes-lu.csv"):
        box = Box(*(float(row[f"bbox_{side}"]) for side in "swne"))
        point = commune_of(row["lau2"]).point
        if not box.contains(point) or haversine_km(point, Point(float(row["lat"]), float(row["lon"]))) > 5:
            astray.append(row["name_fr"])

    assert astray == []


def test_the_localities_of_geonames_lie_where_the_facts_say_in_the_commune_that_they_say() -> None:
    known = {row["geonameid"]: row for row in rows("localities-lu-geonames.csv")}

    ours = {place.geonameid: place for place in localities() if place.geonameid}

    assert {key: place.lau2 for key, place in ours.items()} == {key: row["lau2"] for key, row in known.items()}
    assert len(ours) == 235
    for key, row in known.items():
        assert haversine_km(ours[key].point, Point(float(row["lat"]), float(row["lon"]))) < 0.01
        assert {row["name"], *filter(None, row["alternate_names"].split("|"))} <= set(ours[key].names)


def test_every_shipped_point_lies_within_the_boundary_of_its_commune() -> None:
    with gzip.open(facts("communes4326-official-full.geojson.gz")) as file:
        features = json.load(file)["features"]
    polygons = {
        feature["properties"]["LAU2"]: (
            feature["geometry"]["coordinates"]
            if feature["geometry"]["type"] == "MultiPolygon"
            else [feature["geometry"]["coordinates"]]
        )
        for feature in features
    }

    outside = [
        place.names[0]
        for place in (*communes(), *localities())
        if not any(is_inside(place.point, polygon) for polygon in polygons[place.lau2])
    ]

    assert outside == []


def test_the_cantons_have_as_many_communes_as_they_should() -> None:
    counts = Counter(commune.canton.name_fr for commune in communes())

    assert counts == {
        "Capellen": 9,
        "Clervaux": 5,
        "Diekirch": 10,
        "Echternach": 7,
        "Esch-sur-Alzette": 14,
        "Grevenmacher": 8,
        "Luxembourg": 11,
        "Mersch": 10,
        "Redange": 9,
        "Remich": 7,
        "Vianden": 3,
        "Wiltz": 7,
    }
    assert [canton.code for canton in cantons()] == [f"{number:02}" for number in range(1, 13)]
    assert all(commune.canton.code == commune.lau2[:2] for commune in communes())


def test_every_commune_has_a_locality_and_every_locality_a_commune() -> None:
    assert {place.lau2 for place in localities()} == {commune.lau2 for commune in communes()}


def test_slugs_are_short_french_names_and_lead_back_to_their_commune() -> None:
    slugs = [commune.slug for commune in communes()]

    assert [commune_by_slug(slug) for slug in slugs] == list(communes())
    assert all(slug.isascii() and slug.replace("-", "").islower() for slug in slugs)
    assert [commune_of(lau2).slug for lau2 in ("0213", "0706", "0209")] == ["sanem", "redange", "petange"]


def test_a_commune_is_named_in_the_language_of_the_page() -> None:
    sanem = commune_of("0213")

    assert [sanem.name(language) for language in ("fr", "lb", "de", "en", "pt")] == [
        "Sanem",
        "Suessem",
        "Sassenheim",
        "Sanem",
        "Sanem",
    ]


def test_communes_that_merged_are_communes_no_more() -> None:
    assert [code for code in ("0705", "0710", "1201", "1208", "", "9999") if is_commune(code)] == []
    assert commune_by_slug("wahl") is None
