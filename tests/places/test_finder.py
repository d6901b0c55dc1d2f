"""What people type finds the place that they mean."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commune_hub.places.communes import localities
from commune_hub.places.finder import Entry, commune_for, place_near, shipped, with_imported
from commune_hub.places.geo import Point
from commune_hub.places.spelling import LONGEST_TEXT
from commune_hub.places.words import PlaceKind


def first(text: str, language: str = "fr") -> str | None:
    found = shipped().find(text, language=language)
    return found[0].label if found else None


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Esch", "Esch-sur-Alzette"),
        ("Esch-Uelzecht", "Esch-sur-Alzette"),
        ("Esch/Alzette", "Esch-sur-Alzette"),
        ("Esch s/Alzette", "Esch-sur-Alzette"),
        ("alzette esch", "Esch-sur-Alzette"),
        ("Esch an der Alzette", "Esch-sur-Alzette"),
        ("Esch-Sauer", "Esch-sur-Sûre"),
        ("Belval", "Belval (Sanem)"),
        ("Kirchbierg", "Kirchberg (Luxembourg)"),
        ("Lëtzebuerg", "Luxembourg"),
        ("Letzebuerg", "Luxembourg"),
        ("LUXEMBURGO", "Luxembourg"),
        ("4411 Soleuvre", "Soleuvre (Sanem)"),
        ("L-4411 Zolwer", "Soleuvre (Sanem)"),
        ("Soleuvre, Luxembourg", "Soleuvre (Sanem)"),
        ("Belvaux 4", "Belvaux (Sanem)"),
        ("Käerjeng", "Käerjeng"),
        ("Kaerjeng", "Käerjeng"),
        ("Kaeerjeng", "Käerjeng"),
        ("Differdingen", "Differdange"),
        ("Duedelingen", "Dudelange"),
        ("commune de Sanem", "Sanem"),
        ("Gemeng Suessem", "Sanem"),
        ("Redange-sur-Attert", "Redange/Attert"),
        ("Erpeldange", "Erpeldange-sur-Sûre"),
        ("Hobscheid", "Hobscheid (Habscht)"),
        ("Luxembourg Gare", "Gare (Luxembourg)"),
        ("Vallee de l'Ernz", "Vallée de l'Ernz"),
        ("badmondorf", "Mondorf-les-Bains"),
        ("Шенген", "Schengen"),
        ("diff", "Differdange"),
        ("Solevre", "Soleuvre (Sanem)"),
        ("Belvuax", "Belvaux (Sanem)"),
        ("esch alzete", "Esch-sur-Alzette"),
        ("diferdanj", "Differdange"),
        ("ettelbrick", "Ettelbruck"),
        ("near the church in Soleuvre", "Soleuvre (Sanem)"),
    ],
)
def test_what_is_typed_finds_the_place(typed: str, label: str) -> None:
    assert first(typed) == label


def test_the_larger_of_two_places_of_one_name_comes_first() -> None:
    labels = [place.label for place in shipped().find("Esch")]

    assert labels[:2] == ["Esch-sur-Alzette", "Esch-sur-Sûre"]


def test_two_villages_of_one_name_are_told_apart() -> None:
    labels = [place.label for place in shipped().find("Erpeldange")]

    assert labels == ["Erpeldange-sur-Sûre", "Erpeldange (Bous-Waldbredimus)"]


def test_a_commune_and_its_seat_of_the_same_name_are_one_answer() -> None:
    assert [(place.kind, place.label) for place in shipped().find("Sanem")] == [(PlaceKind.COMMUNE, "Sanem")]


@pytest.mark.parametrize("typed", ["", "  ", "-/-", "L-4411", "1234 5678", "xqzvw", "\0\ud800", "🙂🙂", "()[]%_'\"\\"])
def test_what_means_no_place_finds_none(typed: str) -> None:
    assert shipped().find(typed) == []


def test_every_name_finds_its_place() -> None:
    lost = [
        (name, entry.name)
        for entry in shipped().entries
        for name in entry.names
        if entry.point not in [place.point for place in shipped().find(name)]
    ]

    assert lost == []


@pytest.mark.parametrize("language", ["fr", "lb", "de"])
def test_every_label_that_is_offered_finds_its_place_first(language: str) -> None:
    lost = [
        label
        for entry in shipped().entries
        if (label := entry.label(language)) and shipped().find(label, 1, language)[0].point != entry.point
    ]

    assert lost == []


def test_every_usual_name_is_found_in_spite_of_one_typing_error() -> None:
    letters = random.Random(4)
    lost = []
    for entry in shipped().entries:
        at = letters.randrange(1, len(entry.name) - 1)
        typed = entry.name[:at] + "q" + entry.name[at + 1 :]
        if len(entry.name) > 4 and entry.point not in [place.point for place in shipped().find(typed)]:
            lost.append(typed)

    assert lost == []


def test_labels_speak_the_language_of_the_page() -> None:
    assert [first("Belvaux", "lb"), first("Sanem", "de")] == ["Belvaux (Suessem)", "Sassenheim"]


@given(st.text(max_size=300))
def test_any_text_is_answered(text: str) -> None:
    found = shipped().find(text)

    assert len(found) <= 8
    assert [place.score for place in found] == sorted((place.score for place in found), reverse=True)


HARD = [
    "x" * 10_000,
    "Esch " * 2000,
    "e s c h d i f f",
    "de la le les sur an der op",
    "luxembourgluxembourgluxembourgxx",
    "aaaaaaaa bbbbbbbb cccccccc dddddddd eeeeeeee ffffffff gggggggg hhhhhhhh",
    "ﷺ" * LONGEST_TEXT,
    "be di es lu ma me mo re",
    "Soluevre prés de chez moi Luxembourg",
]


@pytest.mark.parametrize("text", HARD + [place.name for place in localities()[::40]])
def test_any_text_is_answered_the_same_way_twice(text: str) -> None:
    assert shipped().find(text) == shipped().find(text)


def test_an_unknown_name_is_answered_with_those_that_look_alike() -> None:
    assert [place.label for place in shipped().nearest("Esh Allzet", 1)] == ["Esch-sur-Alzette"]
    assert [place.label for place in shipped().nearest("Soluvr", 1)] == ["Soleuvre (Sanem)"]
    assert shipped().nearest("9999") == shipped().nearest("") == []


HIVANGE = Entry(PlaceKind.LOCALITY, ("Hivange",), Point(49.627, 5.935), "0102", 300)
IMPORTED = [
    HIVANGE,
    Entry(PlaceKind.LOCALITY, ("Soleuvre",), Point(49.52, 5.94), "0213", 6000),
    Entry(PlaceKind.LOCALITY, ("Soleuvre",), Point(49.54, 5.97), "0208", 9),
    Entry(PlaceKind.POSTCODE, ("Soleuvre",), Point(49.521, 5.938), "0213", 60, "4411"),
    Entry(PlaceKind.POSTCODE, ("Belvaux",), Point(49.511, 5.931), "0213", 90, "4477"),
]


def test_imported_villages_are_found_and_those_already_known_are_not_doubled() -> None:
    finder = with_imported(IMPORTED)

    labels = [[place.label for place in finder.find(text)] for text in ("Hivange", "Soleuvre")]

    assert labels == [["Hivange (Garnich)"], ["Soleuvre (Sanem)"]]


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("4411", ["4411 Soleuvre"]),
        ("L-4411", ["4411 Soleuvre"]),
        ("4411 Soleuvre", ["4411 Soleuvre", "Soleuvre (Sanem)"]),
        ("4411 Mersch", ["Mersch", "Reckange (Mersch)", "4411 Soleuvre"]),
        ("4412 Soleuvre", ["Soleuvre (Sanem)"]),
    ],
)
def test_a_postcode_counts_unless_the_name_contradicts_it(typed: str, labels: list[str]) -> None:
    assert [place.label for place in with_imported(IMPORTED).find(typed)] == labels


def test_an_unknown_postcode_is_answered_with_its_neighbours() -> None:
    assert [place.label for place in with_imported(IMPORTED).nearest("4412")] == ["4411 Soleuvre", "4477 Belvaux"]


def test_a_position_is_named_after_the_nearest_locality() -> None:
    near, across_the_border = place_near(Point(49.511, 5.925)), place_near(Point(49.36, 6.17))

    assert (near.label, near.lau2) == ("Belvaux (Sanem)", "0213") if near else False
    assert across_the_border is None


def test_a_village_without_its_commune_gets_that_of_its_name_or_the_nearest() -> None:
    codes = [
        commune_for("Zolwer", Point(49.61, 6.13)),
        commune_for("Erpeldange", Point(49.55, 6.33)),
        commune_for("Unknown", Point(49.511, 5.925)),
    ]

    assert codes == ["0213", "1209", "0213"]
