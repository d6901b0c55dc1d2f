"""The browser that the other tests count on."""

from collections.abc import Callable

from playwright.sync_api import Page

PAGE = '<html lang="en"><head><title>T</title></head><body><main><h1>T</h1>{}</main></body></html>'


def test_axe_names_what_is_wrong_and_where(page: Page, axe: Callable[[Page], list[str]]) -> None:
    page.set_content(PAGE.format('<img src="data:,">'))

    found = axe(page)

    assert [line.split(" at ")[0] for line in found] == [
        "image-alt (critical): Images must have alternative text"
    ]


def test_axe_is_content_with_a_plain_page(page: Page, axe: Callable[[Page], list[str]]) -> None:
    page.set_content(PAGE.format("<p>Moien</p>"))

    assert axe(page) == []
