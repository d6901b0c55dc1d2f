"""Every component in a real browser: nothing for axe to find, no sideways scroll, targets large enough for a thumb."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.infrastructure.server import LiveServer

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

SMALL_TARGETS = """
() => [...document.querySelectorAll("a, button, summary, select, textarea, input:not([type=hidden])")]
  .filter((target) => {
    const height = Math.max(...[target, target.closest("label")].map((e) => e?.getBoundingClientRect().height ?? 0));
    const inText = target.closest("p") && getComputedStyle(target).display === "inline";
    return target.getClientRects().length && height < 44 && !inText && !target.closest("h3");
  })
  .map((target) => target.outerHTML.slice(0, 120))
"""


@pytest.mark.parametrize("width", [320, 1280])
def test_every_component_can_be_read_and_touched(
    page: Page, live_server: LiveServer, axe: Callable[[Page], list[str]], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})

    page.goto(f"{live_server.url}/en/styleguide")

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(SMALL_TARGETS) == []
    assert axe(page) == []


def test_menus_close_with_escape_and_give_the_focus_back(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/en/styleguide")
    page.click(".lgs summary")

    page.keyboard.press("Escape")

    assert page.evaluate("[document.querySelector('.lgs').open, document.activeElement.tagName]") == [False, "SUMMARY"]


def test_each_sheet_of_paper_fills_one_page(
    page: Page, live_server: LiveServer, axe: Callable[[Page], list[str]]
) -> None:
    page.goto(f"{live_server.url}/en/styleguide/paper")
    troubles = axe(page)

    printed = page.pdf(prefer_css_page_size=True)

    sizes = re.findall(rb"/MediaBox \[0 0 (\d+)", printed)
    assert troubles == []
    assert sizes == [b"594", b"841", b"841"] * 2
