"""The official address file is read in both its forms, with all its oddities."""

import pytest

from commune_hub.places.address_file import AddressRow, NotAnAddressFile, Rejected, read_addresses
from commune_hub.places.words import RowFault

OLD = (
    "rue;numero;localite;code_postal;id_caclr_rue;id_caclr_bat;lat_wgs84;lon_wgs84;coord_est_luref;coord_nord_luref;"
    "id_geoportail"
)
NEW = f"{OLD};commune;lau2"
POSTE = "Rue de la Poste;4;Belvaux;4477;2391;98113;49.510562;5.927183;62530.1;64310.2;049A00123004567_2391_4"


def read(*lines: str) -> tuple[list[AddressRow], list[Rejected]]:
    rejected: list[Rejected] = []
    rows = list(read_addresses([f"{line}\r\n" for line in lines], rejected.append))
    return rows, rejected


def test_the_newer_file_says_the_commune() -> None:
    rows, rejected = read("\ufeff" + NEW, f"{POSTE};Sanem;0213")

    assert rows == [
        AddressRow(
            "Rue de la Poste",
            "4",
            "4477",
            "Belvaux",
            "0213",
            49.510562,
            5.927183,
            "rue de la poste",
            "belvaux",
            "4",
        )
    ]
    assert rejected == []


def test_the_older_file_does_not_and_the_village_tells_it() -> None:
    rows, _ = read(OLD, POSTE, "Duerfstrooss;1;Erpeldange;5426;1;1;49.5447;6.3271;1;1;x")

    assert [row.lau2 for row in rows] == ["0213", "1209"]


def test_codes_of_merged_communes_are_those_of_today() -> None:
    rows, _ = read(NEW, f"{POSTE};Wahl;0710", f"{POSTE};Waldbredimus;LU_1208", f"{POSTE};Luxembourg;304")

    assert [row.lau2 for row in rows] == ["0711", "1209", "0304"]


@pytest.mark.parametrize(
    ("written", "key"), [("37AA", "37aa"), ("37 A", "37a"), ("12-14", "12 14"), ("", ""), ("NaN", "")]
)
def test_numbers_are_compared_without_blanks_and_may_lack(written: str, key: str) -> None:
    rows, _ = read(OLD, POSTE.replace(";4;", f";{written};"))

    assert [row.number_key for row in rows] == [key]


@pytest.mark.parametrize(
    ("written", "key"), [("Av. de la Gare", "avenue de la gare"), ("r. St-Jean", "rue saint jean")]
)
def test_short_forms_of_streets_are_the_long_ones(written: str, key: str) -> None:
    rows, _ = read(OLD, POSTE.replace("Rue de la Poste", written))

    assert [row.street_key for row in rows] == [key]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Rue de la Poste;4;Belvaux", RowFault.COLUMNS),
        (POSTE.replace("Belvaux", " "), RowFault.LOCALITY),
        (POSTE.replace("4477", "L-4477"), RowFault.POSTCODE),
        (POSTE.replace("4477", "٤٤٧٧"), RowFault.POSTCODE),
        (POSTE.replace("49.510562", ""), RowFault.POINT),
        (POSTE.replace("49.510562", "nan"), RowFault.POINT),
        (POSTE.replace("49.510562", "1e9"), RowFault.POINT),
        (POSTE.replace("49.510562", "48.85"), RowFault.OUTSIDE),
        (POSTE.replace("Rue de la Poste", "x" * 121), RowFault.TOO_LONG),
    ],
)
def test_a_bad_line_is_reported_with_its_number_and_the_others_are_taken(line: str, fault: RowFault) -> None:
    rows, rejected = read(OLD, POSTE, line, POSTE)

    assert rejected == [Rejected(3, fault, line[:300])]
    assert len(rows) == 2


def test_a_stray_quotation_mark_costs_one_line() -> None:
    rows, rejected = read(OLD, POSTE.replace("Rue", '"Rue'), POSTE, "", POSTE)

    assert ([row.line for row in rejected], len(rows)) == ([2], 2)


def test_a_decimal_comma_is_understood() -> None:
    rows, _ = read(OLD, POSTE.replace("49.510562", "49,510562"))

    assert rows[0].lat == 49.510562


@pytest.mark.parametrize("first", ["", "name,street", OLD.replace("code_postal", "cp"), "<!doctype html>"])
def test_another_file_is_not_taken_for_addresses(first: str) -> None:
    with pytest.raises(NotAnAddressFile):
        read(first, POSTE)
