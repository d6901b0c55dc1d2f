"""Icons are drawn where they stand and their shapes printed once, at the end of the page."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from commune_hub.web import icons


@pytest.fixture(autouse=True)
def two_icons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    shapes = tmp_path / "icons.json"
    shapes.write_text(json.dumps({"check": '<path d="M20 6"/>', "x": '<path d="M18 6"/>'}), encoding="utf-8")
    monkeypatch.setattr(icons, "SHAPES", shapes)
    _forget()
    yield
    _forget()


def _forget() -> None:
    for remembered in (icons._shapes, icons.icon, icons._sprite):
        remembered.cache_clear()


def test_an_icon_used_twice_has_its_shape_printed_once() -> None:
    drawn = [icons.icon("x"), icons.icon("x", "flip"), icons.icon("check")]

    page = icons.with_shapes("".join([*drawn, icons.icon_sprite()]))

    assert drawn[1] == '<svg class="i flip" aria-hidden="true"><use href="#ic-x"/></svg>'
    assert page.removeprefix("".join(drawn)) == (
        '<svg class="vh" width="0" height="0" aria-hidden="true">'
        '<symbol id="ic-check" viewBox="0 0 24 24"><path d="M20 6"/></symbol>'
        '<symbol id="ic-x" viewBox="0 0 24 24"><path d="M18 6"/></symbol></svg>'
    )


def test_a_page_without_icons_prints_no_shapes() -> None:
    assert icons.with_shapes("<p>none</p>" + str(icons.icon_sprite())) == "<p>none</p>"


def test_words_that_look_like_an_icon_are_left_alone() -> None:
    page = "&lt;use href=&#34;#ic-rocket&#34; #ic-rocket &lt;!--icons--&gt;"

    assert icons.with_shapes(page + str(icons.icon_sprite())) == page


def test_an_unknown_icon_says_what_to_do() -> None:
    with pytest.raises(icons.IconMissing, match=r"'rocket' is not in icons\.json: run scripts/vendor\.py"):
        icons.icon("rocket")


def test_a_missing_file_says_what_to_do() -> None:
    icons.SHAPES.unlink()

    with pytest.raises(icons.IconMissing, match=r"is missing: run scripts/vendor\.py"):
        icons.icon("x")
