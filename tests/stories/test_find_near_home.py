"""J1: a visitor finds a Luxembourgish table near home in three taps, with nothing to type."""

from collections.abc import Callable
from datetime import time

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request
from sqlalchemy.orm import Session

from tests.factories import a_signup, a_venue, an_activity, an_organisation
from tests.infrastructure.server import LiveServer

BELVAUX = {"latitude": 49.51029, "longitude": 5.92411}
PAGES = {
    "home": "/",
    "languages": "/languages",
    "results": "/search?l=lb&at=49.510,5.924",
    "map": "/search?l=lb&at=49.510,5.924&view=map",
    "map alone": "/map?l=lb&at=49.510,5.924",
    "many pages": "/search?w=month&place=Belvaux&r=50&order=time",
    "empty": "/search?l=lb&place=Clervaux&kids=1&d=7",
    "unknown place": "/search?l=lb&place=Bellevaud",
    "two places": "/search?place=Esch",
    "broken": "/search?r=1000",
}


@pytest.fixture
def country(session: Session) -> None:
    """A little of everything around Belvaux."""
    sanem = an_organisation(session, name="Gemeng Suessem", slug="sanem")
    belvaux = a_venue(session, organisation=sanem)
    esch = a_venue(
        session, organisation=sanem, name="Bibliothèque", locality="Esch-sur-Alzette", lat=49.4958, lon=5.9806
    )  # fmt: skip
    an_activity(session, venue=belvaux, level_from="A1", level_to="A2")
    an_activity(
        session, venue=esch, kind="language_cafe", languages=("lb", "fr", "de", "pt", "en"),
        rrule="FREQ=WEEKLY;BYDAY=WE", starts=time(19), ends=time(21), title_fr="Café des langues de la bibliothèque",
    )  # fmt: skip
    full = an_activity(session, venue=esch, rrule="FREQ=WEEKLY;BYDAY=TH", capacity=1)
    a_signup(session, next(m.pool for m in full.meetings if m.occurrence_on.isoformat() == "2026-11-26"))
    for day in ("MO", "TU", "WE", "FR", "SA") * 4:
        an_activity(session, venue=belvaux, languages=("fr",), rrule=f"FREQ=WEEKLY;BYDAY={day}")
    session.commit()


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, page: Page) -> Page:
    """A phone that may tell where it is."""
    page.context.grant_permissions(["geolocation"], origin=live_server.url)
    page.context.set_geolocation(BELVAUX)
    return page


class Taps:
    """Counts what a finger does."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def __call__(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).locator("visible=true").first.click()  # type: ignore[arg-type]
        self.count += 1

    def chip(self, words: str) -> None:
        self.page.locator("label.chip", has_text=words).first.click()
        self.count += 1


def read(page: Page, what: str) -> str:
    """The words of the first such part, in one line."""
    return " ".join(page.locator(what).first.inner_text().split())


def test_three_taps_and_no_field(phone: Page, live_server: LiveServer, country: None) -> None:
    asked: list[Request] = []
    phone.goto(f"{live_server.url}/en/")
    tap = Taps(phone)

    tap.chip("Lëtzebuergesch")
    tap("button", "Use my position")
    phone.wait_for_function("document.querySelector('[name=at]').value")
    phone.on("request", lambda request: asked.append(request))
    tap("button", "Search")
    phone.wait_for_load_state("networkidle")

    assert tap.count == 3
    assert "at=49.510%2C5.924" in phone.url and "place=&" in phone.url
    assert read(phone, ".resbar [role=status]") == "3 activities in Luxembourgish, within 5 km, this week"
    assert read(phone, ".ev").startswith("Tue 24 Nov 1 Conversation table")
    assert len(asked) <= 4
    assert [request.url for request in asked if not request.url.startswith(live_server.url)] == []


def test_a_phone_that_does_not_tell_leads_to_the_field(page: Page, live_server: LiveServer, country: None) -> None:
    page.goto(f"{live_server.url}/en/")

    page.get_by_role("button", name="Use my position").click()
    page.get_by_text("We could not find your position.").wait_for()

    assert page.evaluate("document.activeElement.name") == "place"


def test_it_works_without_javascript(browser: Browser, live_server: LiveServer, country: None) -> None:
    context: BrowserContext = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{live_server.url}/fr/")

    assert not page.locator("[data-locate]").is_visible()
    page.locator("label.chip", has_text="Lëtzebuergesch").click()
    page.locator("input[name=place]").fill("belvau")
    page.locator("form.find button.btn").click()

    assert page.locator(".ev").count() == 3
    page.locator("a.pill").click()
    assert page.locator("input[name=place]").input_value() == "Belvaux (Sanem)"
    page.locator("details.more summary").click()
    page.locator("label.chip", has=page.locator("input[name=d][value='2']")).click()
    page.locator("form.find button.btn").click()
    assert page.locator(".ev").count() == 1
    context.close()


def test_the_keyboard_alone_gets_there(page: Page, live_server: LiveServer, country: None) -> None:
    page.goto(f"{live_server.url}/en/")
    page.locator("input[name=l][value=lb]").focus()
    page.keyboard.press("Space")
    page.locator("input[name=place]").focus()
    page.keyboard.type("Belvaux")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    page.locator(".ev a").first.focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/en/a/**")


@pytest.mark.parametrize("language", ["fr", "de"])
def test_every_state_is_accessible_and_fits_a_small_phone(
    page: Page, live_server: LiveServer, country: None, axe: Callable[[Page], list[str]], language: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    found = {}
    for name, path in PAGES.items():
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(f"{live_server.url}/{language}{path}", wait_until="networkidle")
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            found[f"{name}: width"] = [str(page.evaluate("document.documentElement.scrollWidth"))]
        if foreign := [url for url in asked if not url.startswith(live_server.url)]:
            found[f"{name}: requests"] = foreign
        found |= {f"{name}: axe": violations for violations in [axe(page)] if violations}

    assert found == {}


def test_a_wide_screen_shows_list_and_map_side_by_side(
    page: Page, live_server: LiveServer, country: None, axe: Callable[[Page], list[str]]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/fr/search?l=lb&place=Belvaux")
    page.frame_locator("iframe.mapbox").locator("a.pin").first.wait_for()

    card, frame = page.locator(".ev").first.bounding_box(), page.locator("iframe.mapbox").bounding_box()

    assert card and frame and card["x"] + card["width"] < frame["x"] and card["y"] == pytest.approx(frame["y"], abs=2)
    assert axe(page) == []
