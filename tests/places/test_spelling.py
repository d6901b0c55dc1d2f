"""Names are the same whatever the accents, case and hyphens, and one typing error is recognised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commune_hub.places.spelling import folded, one_error_away, spellings

words = st.text("abcdeé", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Esch/Uelzécht", "esch uelzecht"),
        ("  VALLÉE de l’Ernz ", "vallee de l ernz"),
        ("Großbus œuvre", "grossbus oeuvre"),
        ("Ｅｓｃｈ", "esch"),
        ("Шенген", "шенген"),
        ("मर्श", "मर्श"),
        ("\0\ud800--", ""),
    ],
)
def test_accents_case_and_signs_make_no_difference(typed: str, plain: str) -> None:
    assert folded(typed) == plain


def test_a_pasted_book_is_read_at_its_beginning_only() -> None:
    assert len(folded("Mersch " * 5000)) <= 120


def test_an_umlaut_may_be_written_with_two_letters() -> None:
    assert [spellings("Düdelingen"), spellings("Ko\u0308rich"), spellings("Mersch")] == [
        ("dudelingen", "duedelingen"),
        ("korich", "koerich"),
        ("mersch",),
    ]


def test_one_error_is_a_letter_wrong_missing_surplus_or_two_exchanged() -> None:
    near = set(one_error_away("mersch"))

    assert {"mirsch", "mesch", "merrsch", "mresch"} <= near
    assert "mirsh" not in near


@given(st.text("abc", min_size=1, max_size=5), st.text("abc", min_size=1, max_size=5))
def test_being_one_error_away_goes_both_ways(one: str, other: str) -> None:
    assert (one in set(one_error_away(other))) == (other in set(one_error_away(one)))
