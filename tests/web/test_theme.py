"""The colours of an organisation are readable, or refused with a way out."""

from dataclasses import replace

import pytest

from commune_hub.base.errors import InputCode
from commune_hub.web.theme import ENOUGH, Objection, Theme, contrast, css, css_of, mended, objections


def test_contrast_is_that_of_wcag() -> None:
    ratios = [contrast("#000000", "#ffffff"), contrast("#ffffff", "#777777"), contrast("#0b5563", "#0b5563")]

    assert [round(ratio, 2) for ratio in ratios] == [21.0, 4.48, 1.0]


def test_the_usual_theme_needs_no_change() -> None:
    assert objections(Theme()) == []


def test_a_brand_too_light_for_links_is_refused_with_the_nearest_shade_that_will_do() -> None:
    theme = replace(Theme(), brand="#1c8ca1")

    [refused] = [objection for objection in objections(theme) if objection.variable == "brand"]

    assert (refused.problem, refused.ratio) == (InputCode.CONTRAST_TOO_LOW, 3.62)
    assert contrast(refused.suggestion, "#f6f5f1") >= ENOUGH
    assert contrast(refused.suggestion, "#f6f5f1") < 4.7


def test_letters_on_the_brand_colour_are_judged_too() -> None:
    theme = replace(Theme(), on_brand="#7aa7b0")

    assert [objection.variable for objection in objections(theme)] == ["on_brand"]


@pytest.mark.parametrize("written", ["red", "#12345", "#12345g", "", "#000;}body{display:none", "#0b5563\n"])
def test_what_is_no_colour_is_refused_and_never_printed(written: str) -> None:
    theme = replace(Theme(), accent=written)

    assert objections(theme) == [Objection("accent", InputCode.NOT_A_COLOUR)]
    with pytest.raises(ValueError, match="rrggbb"):
        css(theme)


@pytest.mark.parametrize("brand", ["#0b5563", "#8B0000", "064", "#ffd400", "#e30613", "#808080", "#ffffff", "#000000"])
def test_from_one_colour_comes_a_theme_that_can_be_read(brand: str) -> None:
    theme = mended(Theme.of(brand))

    assert theme is not None
    assert objections(theme) == []


def test_a_colour_that_will_do_is_kept_as_it_is() -> None:
    assert mended(Theme.of("#8b0000")).brand == "#8b0000"


def test_a_brand_that_is_no_colour_stays_to_be_refused() -> None:
    assert objections(Theme.of("blue-ish")) == [Objection("brand", InputCode.NOT_A_COLOUR)]


def test_the_five_variables_are_printed_as_one_rule() -> None:
    expected = ":root{--brand:#0b5563;--brand-dark:#073f4a;--brand-soft:#e3f0f1;--on-brand:#ffffff;--accent:#c23f13}"

    assert css(Theme()) == expected


def test_stored_colours_are_printed_when_they_can_be_read() -> None:
    printed = [css_of({"brand": "#8b0000", "brand_dark": "#5c0000"}), css_of({}), css_of({"brand": "#ffd400"})]

    assert printed == [css(replace(Theme(), brand="#8b0000", brand_dark="#5c0000")), "", ""]
