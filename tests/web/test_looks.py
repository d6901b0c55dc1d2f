"""What every stylesheet and template promises: small, the same in both directions of writing, nothing inline."""

import gzip
import re
from pathlib import Path

import pytest

import commune_hub.web
from commune_hub.web.theme import ENOUGH, contrast

WEB = Path(commune_hub.web.__file__).parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
PHYSICAL = re.compile(
    r"[{;]\s*(?:left|right|top|bottom|width|height|(?:min|max)-(?:width|height)|overflow-[xy]"
    r"|(?:margin|padding|border)-(?:left|right|top|bottom)[a-z-]*|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
)


BUDGETS = {"hub.css": 8, "pairing.css": 1.5, "print.css": 2, "hub.js": 5, "roll.js": 4, "roll-keeper.js": 2}


@pytest.mark.parametrize(("name", "kilobytes"), BUDGETS.items())
def test_what_people_load_is_small(name: str, kilobytes: float) -> None:
    assert len(gzip.compress((WEB / "static" / name).read_bytes(), 9)) <= kilobytes * 1024


@pytest.mark.parametrize("name", ["hub.css", "pairing.css", "print.css"])
def test_styles_name_no_side_of_the_page(name: str) -> None:
    assert PHYSICAL.findall((WEB / "static" / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_style_attribute_and_no_event_handler(template: Path) -> None:
    tags = re.findall(r"<[a-z][^<>]*>", template.read_text(encoding="utf-8"))

    assert [tag for tag in tags if re.search(r"\s(?:style|on[a-z]+)\s*=", tag)] == []


def test_every_text_colour_of_the_stylesheet_can_be_read_on_its_ground() -> None:
    named = dict(re.findall(r"--([a-z0-9-]+):(#[0-9a-f]{6})\b", (WEB / "static" / "hub.css").read_text("utf-8")))
    named["card"] = "#ffffff"
    pairs = [(text, ground) for text in ("ink", "ink-2", "brand", "bad") for ground in ("card", "bg")]
    pairs += [
        ("ok", "ok-soft"),
        ("warn", "warn-soft"),
        ("bad", "bad-soft"),
        ("ink-2", "brand-soft"),
        ("ink", "line-soft"),
    ]

    assert [pair for pair in pairs if contrast(named[pair[0]], named[pair[1]]) < ENOUGH] == []
