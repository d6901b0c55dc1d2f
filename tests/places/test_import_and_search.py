"""Imported addresses are found to the door, offline; a second import doubles nothing."""

from collections.abc import Iterable
from datetime import datetime

import pytest
from sqlalchemy import func, select

from commune_hub.base.db import Store
from commune_hub.places.actions import import_addresses
from commune_hub.places.address_file import Rejected
from commune_hub.places.geo import Point
from commune_hub.places.geocoding import AskedAddress
from commune_hub.places.models import Address, ImportedPlace, ImportStamp
from commune_hub.places.queries import commune_at, find_door, find_places, nearest_places
from commune_hub.places.words import PlaceKind, RowFault

HEAD = "rue;numero;localite;code_postal;id_caclr_rue;id_caclr_bat;lat_wgs84;lon_wgs84;commune;lau2"
LINES = [
    "Rue de la Poste;2;Belvaux;4477;1;1;49.5105;5.9271;Sanem;0213",
    "Rue de la Poste;4;Belvaux;4477;1;2;49.5106;5.9272;Sanem;0213",
    "Rue de la Poste;4A;Belvaux;4477;1;3;49.5107;5.9273;Sanem;0213",
    "Rue de la Poste;6-8;Belvaux;4477;1;4;49.5108;5.9274;Sanem;0213",
    "Rue de la Poste;4;Esch-sur-Alzette;4999;2;5;49.4950;5.9810;Esch-sur-Alzette;0204",
    "Rue de Belvaux;4;Esch-sur-Alzette;4025;3;6;49.4990;5.9700;Esch-sur-Alzette;0204",
    "Avenue de la Gare;10;Luxembourg;1610;4;7;49.6010;6.1330;Luxembourg;0304",
    "Rue du 10 Octobre;12;Bettembourg;3287;5;8;49.5180;6.1030;Bettembourg;0201",
    "Rue du Kiem;;Hivange;8390;6;9;49.6270;5.9350;Garnich;0102",
    "Rue du Kiem;3;Hivange;8390;6;10;49.6272;5.9352;Garnich;0102",
]


def take(store: Store, now: datetime, lines: Iterable[str], replace: bool = False) -> list[Rejected]:
    rejected: list[Rejected] = []
    import_addresses(
        store.writing, [HEAD, *lines], rejected.append, lambda done: None, source="test", now=now, replace=replace
    )
    return rejected


@pytest.fixture
def imported(store: Store, now: datetime) -> Store:
    take(store, now, LINES)
    return store


def found(store: Store, text: str) -> list[str]:
    with store.reading() as session:
        return [place.label for place in find_places(session, text)]


def test_a_second_run_doubles_nothing_and_brings_up_to_date(imported: Store, now: datetime) -> None:
    moved = LINES[0].replace("49.5105", "49.5111")

    take(imported, now, [moved, *LINES[1:]])

    with imported.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (Address, ImportStamp)]
        lat = session.scalar(select(Address.lat).where(Address.number == "2"))
    assert (counts, lat) == ([10, 2], 49.5111)


def test_the_same_door_twice_in_a_file_is_one_address(store: Store, now: datetime) -> None:
    take(store, now, [LINES[0], LINES[0].replace("Rue de la Poste", "RUE DE LA POSTE")])

    with store.reading() as session:
        assert session.scalars(select(Address.street)).all() == ["RUE DE LA POSTE"]


def test_villages_postcodes_and_streets_are_made_of_their_addresses(imported: Store) -> None:
    with imported.reading() as session:
        places = session.execute(
            select(ImportedPlace.kind, ImportedPlace.name, ImportedPlace.postcode, ImportedPlace.doors)
            .where(ImportedPlace.lau2 == "0102")
            .order_by(ImportedPlace.kind)
        )
        assert [tuple(place) for place in places] == [
            ("locality", "Hivange", "", 2),
            ("postcode", "Hivange", "8390", 2),
            ("street", "Rue du Kiem", "8390", 2),
        ]


def test_bad_lines_are_reported_and_counted(store: Store, now: datetime) -> None:
    rejected = take(store, now, [LINES[0], "Rue;1;Paris;7500;1;1;48.85;2.35;;", *LINES[1:]])

    with store.reading() as session:
        stamp = session.scalars(select(ImportStamp)).one()
    assert [(line.line, line.fault) for line in rejected] == [(3, RowFault.OUTSIDE)]
    assert (stamp.taken, stamp.rejected, stamp.finished_at) == (10, 1, now)


def test_addresses_that_are_gone_stay_unless_the_file_is_to_replace_them(imported: Store, now: datetime) -> None:
    take(imported, now, LINES[:4])
    kept = found(imported, "8390")
    take(imported, now, LINES[:4], replace=True)

    assert (kept, found(imported, "8390")) == (["8390 Hivange"], [])


def test_a_run_that_breaks_off_leaves_the_finder_as_it_was(store: Store, now: datetime) -> None:
    def broken() -> Iterable[str]:
        yield from LINES
        raise OSError("the disk")

    with pytest.raises(OSError, match="the disk"):
        take(store, now, broken())

    assert found(store, "8390") == []


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("4, rue de la Poste, 4477 Belvaux", "4, Rue de la Poste, 4477 Belvaux"),
        ("rue de la poste 4 belvaux", "4, Rue de la Poste, 4477 Belvaux"),
        ("Rue de la Poste 4, L-4477", "4, Rue de la Poste, 4477 Belvaux"),
        ("R. de la Poste 4 Bieles", "4, Rue de la Poste, 4477 Belvaux"),
        ("4 rue de la pooste belvaux", "4, Rue de la Poste, 4477 Belvaux"),
        ("4 rue de la poste belvuax", "4, Rue de la Poste, 4477 Belvaux"),
        ("poste 4 sanem", "4, Rue de la Poste, 4477 Belvaux"),
        ("4 A rue de la Poste Belvaux", "4A, Rue de la Poste, 4477 Belvaux"),
        ("4b rue de la Poste Belvaux", "4, Rue de la Poste, 4477 Belvaux"),
        ("6-8 rue de la Poste Belvaux", "6-8, Rue de la Poste, 4477 Belvaux"),
        ("99 rue de la Poste Belvaux", "Rue de la Poste, Belvaux"),
        ("4 rue de la Poste Esch", "4, Rue de la Poste, 4999 Esch-sur-Alzette"),
        ("rue de Belvaux 4 Esch", "4, Rue de Belvaux, 4025 Esch-sur-Alzette"),
        ("av. de la gare 10", "10, Avenue de la Gare, 1610 Luxembourg"),
        ("12 rue du 10 octobre bettembourg", "12, Rue du 10 Octobre, 3287 Bettembourg"),
        ("rue du kiem", "Rue du Kiem, Hivange"),
        ("Hivange", "Hivange (Garnich)"),
        ("L-8390", "8390 Hivange"),
        ("Belvaux", "Belvaux (Sanem)"),
        ("Esch", "Esch-sur-Alzette"),
        ("Gare", "Gare (Luxembourg)"),
    ],
)
def test_what_is_typed_finds_the_door_the_street_or_the_place(imported: Store, typed: str, label: str) -> None:
    assert found(imported, typed)[:1] == [label]


def test_one_street_name_in_two_places_gives_both_doors(imported: Store) -> None:
    assert found(imported, "4 rue de la poste") == [
        "4, Rue de la Poste, 4477 Belvaux",
        "4, Rue de la Poste, 4999 Esch-sur-Alzette",
    ]


def test_a_door_is_where_the_file_says(imported: Store) -> None:
    with imported.reading() as session:
        door = find_places(session, "4, rue de la Poste, 4477 Belvaux", limit=1)[0]

    assert (door.kind, door.lat, door.lon, door.lau2, door.postcode, door.score) == (
        PlaceKind.ADDRESS,
        49.5106,
        5.9272,
        "0213",
        "4477",
        1.0,
    )


def test_the_fields_of_a_form_find_their_door(imported: Store) -> None:
    with imported.reading() as session:
        door = find_door(session, AskedAddress("Rue de la Poste", "4", "4477", "Belvaux"))
        none = find_door(session, AskedAddress("Rue de la Poste", "", "4477", "Belvaux"))

    assert (door.label if door else None, none) == ("4, Rue de la Poste, 4477 Belvaux", None)


def test_a_point_lies_in_the_commune_of_the_nearest_door(imported: Store) -> None:
    points = (Point(49.4952, 5.9812), Point(49.61, 6.13), Point(48.85, 2.35))

    with imported.reading() as session:
        codes = [commune_at(session, point) for point in points]

    assert codes == ["0204", "0304", None]


def test_unknown_postcodes_and_names_get_suggestions(imported: Store) -> None:
    with imported.reading() as session:
        near = [[place.label for place in nearest_places(session, text, 1)] for text in ("4478", "Hivanje x")]

    assert near == [["4477 Belvaux"], ["Hivange (Garnich)"]]


def test_without_an_import_names_are_found_all_the_same(store: Store) -> None:
    assert found(store, "4, rue de la Poste, 4477 Belvaux") == ["Belvaux (Sanem)"]
