"""The map says what the list says, in a real browser, with nothing from elsewhere and nothing that is not allowed."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from commune_hub.app import create_app
from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from commune_hub.events.models import Venue
from commune_hub.web.tiles import is_wanted
from tests.factories import a_venue, an_activity
from tests.infrastructure.server import LiveServer

QUERY = "l=lb&at=49.510,5.924"
NASTY = "</script><script>alert(1)</script>'\"&"


@pytest.fixture
def halls(session: Session) -> list[Venue]:
    """Two activities in one hall in Belvaux and one in Soleuvre, online for good measure."""
    belvaux = a_venue(session, name=f"Hall {NASTY}")
    soleuvre = a_venue(session, organisation=belvaux.organisation, name="Schoul", lat=49.5246, lon=5.9377)
    for venue in (belvaux, belvaux, soleuvre):
        an_activity(session, venue=venue)
    an_activity(session, attendance_mode="online", online_url="https://example.lu/room")
    session.commit()
    return [belvaux, soleuvre]


def test_pins_have_the_numbers_and_the_links_of_the_list(client: FlaskClient, halls: list[Venue]) -> None:
    listed = client.get(f"/fr/search?{QUERY}").text
    drawn = client.get(f"/fr/map?{QUERY}").text

    links = re.findall(r'<h3><a href="([^"]+)"', listed)
    pins = re.findall(r"href=\\\"(.+?)\\\".{1,20}b\\u003e(\d)", drawn)
    assert pins == [(link, str(number)) for number, link in enumerate(links, 1)]
    assert len(links) == 3


def test_the_same_answer_is_the_same_document(client: FlaskClient, halls: list[Venue]) -> None:
    first, second = (re.sub(r"nonce(-|=\")[\w-]+", "", client.get(f"/fr/map?{QUERY}").text) for _ in range(2))

    assert first == second


def test_a_map_may_be_framed_by_us_only_and_nothing_else_may(client: FlaskClient, halls: list[Venue]) -> None:
    policies = {path: client.get(path).headers["Content-Security-Policy"] for path in (f"/fr/map?{QUERY}", "/fr/")}

    assert [policy.split("frame-ancestors ")[1] for policy in policies.values()] == ["'self'", "'none'"]
    assert [policy for policy in policies.values() if "unsafe" in policy or "http" in policy] == []


def test_what_an_organiser_typed_stays_text(client: FlaskClient, halls: list[Venue]) -> None:
    html = client.get(f"/fr/map?{QUERY}").text

    assert html.count("<script") == 2
    assert "alert(1)</script>" not in html


@pytest.mark.parametrize("query", ["", "l=zz", "at=0,0&r=x", "place=Belvaux&r=50", "online=1", "place=xyzzy"])
def test_every_search_has_a_map(client: FlaskClient, halls: list[Venue], query: str) -> None:
    assert client.get(f"/de/map?{query}").status_code == 200


def asked_of(page: Page) -> list[str]:
    """The addresses that a page asks for, as they come."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def test_in_the_browser_it_draws_and_asks_nobody_else(
    page: Page, live_server: LiveServer, halls: list[Venue], axe: Callable[[Page], list[str]]
) -> None:
    asked = asked_of(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/fr/search?{QUERY}")
    frame = page.frame_locator("iframe.mapbox")
    frame.locator("a.pin").nth(2).wait_for()

    assert [url for url in asked if not url.startswith(live_server.url)] == []
    assert len(asked) == 4 + 4
    assert frame.locator("a.pin b").all_inner_texts() == ["1", "2", "3"]
    assert page.locator("iframe.mapbox").get_attribute("title") is not None
    assert axe(page) == []


def test_pins_at_one_door_stand_side_by_side_and_lead_to_their_pages(
    page: Page, live_server: LiveServer, halls: list[Venue]
) -> None:
    page.goto(f"{live_server.url}/fr/search?{QUERY}&view=map")
    pins = page.frame_locator("iframe.mapbox").locator("a.pin")
    boxes = [box for number in range(2) if (box := pins.nth(number).bounding_box())]

    assert boxes[1]["x"] - boxes[0]["x"] == pytest.approx(30, abs=1)
    pins.nth(1).click()
    page.wait_for_url(f"{live_server.url}/fr/a/**")


def test_a_phone_fetches_the_map_only_when_asked(page: Page, live_server: LiveServer, halls: list[Venue]) -> None:
    asked = asked_of(page)
    page.goto(f"{live_server.url}/fr/search?{QUERY}", wait_until="networkidle")
    before = [url for url in asked if "/map" in url or "leaflet" in url]

    page.locator("nav.seg a").nth(1).click()
    page.frame_locator("iframe.mapbox").locator("a.pin").first.wait_for()

    assert before == []
    assert not page.locator("ol.results").is_visible()


# -- tiles --------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n" + b"tile"
BELVAUX_14 = (14, 8461, 5613)


class Server:
    """A tile server that counts, and can be down."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int, int]] = []
        self.picture: bytes | None = PNG

    def fetch(self, z: int, x: int, y: int) -> bytes | None:
        self.asked.append((z, x, y))
        return self.picture


@pytest.fixture
def tiled(settings: Settings, store: Store, now: datetime) -> Iterator[tuple[FlaskClient, Server]]:
    given = replace(settings, tiles_url="http://127.0.0.1:9/{z}/{x}/{y}.png", tiles_attribution="© Somebody <b>")
    app = create_app(given, store=store, clock=lambda: now)
    app.extensions["tile_server"] = server = Server()
    yield app.test_client(), server


def test_a_tile_is_fetched_once_and_kept(tiled: tuple[FlaskClient, Server]) -> None:
    client, server = tiled

    answers = [client.get("/tiles/{}/{}/{}.png".format(*BELVAUX_14)) for _ in range(2)]

    assert [(a.status_code, a.data, a.content_type) for a in answers] == [(200, PNG, "image/png")] * 2
    assert server.asked == [BELVAUX_14]


def test_an_old_tile_is_shown_when_the_server_is_down(
    tiled: tuple[FlaskClient, Server], settings: Settings
) -> None:
    client, server = tiled
    kept = Path(settings.data_dir, "tiles", *map(str, BELVAUX_14[:2]), f"{BELVAUX_14[2]}.png")
    kept.parent.mkdir(parents=True)
    kept.write_bytes(PNG)
    os.utime(kept, (0, 0))
    server.picture = None

    assert client.get("/tiles/{}/{}/{}.png".format(*BELVAUX_14)).data == PNG
    assert server.asked == [BELVAUX_14]


def test_no_tile_and_no_server_is_not_found(tiled: tuple[FlaskClient, Server], client: FlaskClient) -> None:
    tiled[1].picture = None

    assert tiled[0].get("/tiles/{}/{}/{}.png".format(*BELVAUX_14)).status_code == 404
    assert client.get("/tiles/{}/{}/{}.png".format(*BELVAUX_14)).status_code == 404


@pytest.mark.parametrize(
    ("tile", "wanted"),
    [(BELVAUX_14, True), ((7, 66, 43), True), ((6, 33, 21), False), ((18, 135388, 89811), False), ((14, 0, 0), False),
     ((14, 8461, 5700), False), ((14, 10**9, 5613), False)],
)  # fmt: skip
def test_only_the_country_is_fetched(tile: tuple[int, int, int], wanted: bool) -> None:
    assert is_wanted(*tile) is wanted


def test_with_tiles_the_map_names_who_made_them(tiled: tuple[FlaskClient, Server], halls: list[Venue]) -> None:
    html = tiled[0].get(f"/fr/map?{QUERY}").text

    assert "/tiles/{z}/{x}/{y}.png" in html
    assert "Somebody \\u0026lt;b\\u0026gt;" in html
    assert "127.0.0.1:9" not in html
