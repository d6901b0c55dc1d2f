"""The matricule: thirteen digits, days with 00, two check digits over the first eleven."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn, verhoeff

from commune_hub.base.settings import Settings
from commune_hub.schemes.matricule import MatriculeFault, agrees_with, compact, fault_in, is_valid
from tests.house.source import ROOT

FACTS = ROOT / os.environ.get("COMMUNE_HUB_FACTS", Settings.facts) / "matricule-synthetic.json"


def facts() -> Any:
    if not FACTS.is_file():
        pytest.skip(f"no file of synthetic numbers ({FACTS}); set COMMUNE_HUB_FACTS")
    return json.loads(Path(FACTS).read_text(encoding="utf-8"))


def with_check_digits(first_eleven: str) -> str:
    return f"{first_eleven}{luhn.calc_check_digit(first_eleven)}{verhoeff.calc_check_digit(first_eleven)}"


def over_twelve(first_eleven: str) -> str:
    """The number as those make it who reckon the Verhoeff digit over the Luhn digit too."""
    twelve = f"{first_eleven}{luhn.calc_check_digit(first_eleven)}"
    return twelve + verhoeff.calc_check_digit(twelve)


def test_the_synthetic_and_the_published_numbers_are_right() -> None:
    told = facts()
    numbers = [
        row["matricule"] for kind in ("valid", "unknown_birth_date_00", "published_test_vectors") for row in told[kind]
    ]

    assert {number: fault_in(number) for number in numbers} == dict.fromkeys(numbers)


def test_the_invalid_numbers_and_those_of_the_twelve_digit_reading_are_wrong() -> None:
    told = facts()
    numbers = [row["matricule"] for row in told["invalid"]]
    numbers += [row["must_be_rejected_verhoeff_over_12_digits"] for row in told["valid"]]

    assert [number for number in numbers if is_valid(number)] == []


@pytest.mark.parametrize(
    ("right", "over_twelve"),
    [
        ("1985063099074", "1985063099071"),
        ("1992022999130", "1992022999134"),
        ("2007111599277", "2007111599271"),
    ],
)
def test_the_verhoeff_digit_leaves_the_luhn_digit_out(right: str, over_twelve: str) -> None:
    assert (fault_in(right), fault_in(over_twelve)) == (None, MatriculeFault.CHECK_DIGITS)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 999))
def test_a_number_is_right_with_its_own_check_digits_and_no_others(born: date, serial: int) -> None:
    eleven = f"{born:%Y%m%d}{serial:03}"
    right = with_check_digits(eleven)

    others = [f"{eleven}{check:02}" for check in range(100) if f"{eleven}{check:02}" != right]

    assert (is_valid(right), [number for number in others if is_valid(number)]) == (True, [])
    assert is_valid(over_twelve(eleven)) == (over_twelve(eleven) == right)
    assert agrees_with(right, born)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("1985 0630 990 74", None),
        ("1985-06-30-990.74", None),
        (with_check_digits("19600000990"), None),
        (with_check_digits("19600400990"), None),
        (with_check_digits("19600012990"), None),
        (with_check_digits("19850231990"), MatriculeFault.NO_SUCH_DAY),
        (with_check_digits("19851301990"), MatriculeFault.NO_SUCH_DAY),
        (with_check_digits("20230229990"), MatriculeFault.NO_SUCH_DAY),
        (with_check_digits("00000000990"), MatriculeFault.NO_SUCH_DAY),
        ("198506309907", MatriculeFault.NOT_13_DIGITS),
        ("19850630990744", MatriculeFault.NOT_13_DIGITS),
        ("١٩٨٥٠٦٣٠٩٩٠٧٤", MatriculeFault.NOT_13_DIGITS),
        ("1985063099O74", MatriculeFault.NOT_13_DIGITS),
        ("", MatriculeFault.NOT_13_DIGITS),
        ("1" * 10_000, MatriculeFault.NOT_13_DIGITS),
    ],
)
def test_what_is_wrong_with_a_number_is_named(typed: str, fault: MatriculeFault | None) -> None:
    assert fault_in(typed) is fault


def test_groups_are_taken_together() -> None:
    assert compact(" 1985\u00a00630 990/74 ") == "1985063099074"


@pytest.mark.parametrize(
    ("number", "agrees"),
    [
        ("1985063099074", True),
        (with_check_digits("19850600990"), True),
        (with_check_digits("19850000990"), True),
        (with_check_digits("19850500990"), False),
        (with_check_digits("19840630990"), False),
    ],
)
def test_what_is_unknown_in_the_number_agrees_with_every_birth_date(number: str, agrees: bool) -> None:
    assert agrees_with(number, date(1985, 6, 30)) is agrees
