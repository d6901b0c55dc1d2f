"""Geocoders speak with a real server on loopback that answers, refuses, dawdles and talks nonsense."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from commune_hub.base.settings import Settings, SettingsError
from commune_hub.places.geo import Point
from commune_hub.places.geocoding import AskedAddress, GeocoderDown
from commune_hub.worker.adapters.geocoders import Service, geocoders_of

ADDRESS = AskedAddress("Boulevard Royal", "2", "2449", "Luxembourg")
ROYAL = Point(49.614672, 6.129397)
THIONVILLE = AskedAddress("Rue de Paris", "1", "57100", "Thionville", country="FR")

GEOPORTAIL = {
    "count": 1,
    "success": True,
    "results": [
        {"ratio": 1, "accuracy": 8, "geomlonlat": {"type": "Point", "coordinates": [6.129397, 49.614672]}},
    ],
}
GEOPORTAIL_NO_HIT = {"count": 1, "success": False, "results": [{"ratio": 0, "accuracy": 1, "geom": None}]}
NOMINATIM = [{"lat": "49.614672", "lon": "6.129397", "type": "house", "display_name": "2, Boulevard Royal"}]
BAN = {
    "features": [
        {
            "geometry": {"type": "Point", "coordinates": [6.1675, 49.3579]},
            "properties": {"label": "1 Rue de Paris 57100 Thionville", "type": "housenumber", "score": 0.97},
        }
    ]
}


@dataclass
class Outside:
    """What the server answers next, and what it was asked."""

    url: str = ""
    status: int = 200
    body: bytes = b"{}"
    wait: float = 0
    drip: bool = False
    asked: list[tuple[str, dict[str, list[str]], str, str]] = field(default_factory=list)

    def says(self, answer: object) -> None:
        self.body = json.dumps(answer).encode()


@pytest.fixture
def outside() -> Iterator[Outside]:
    state, ended = Outside(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            said = (self.headers.get("Referer", ""), self.headers.get("User-Agent", ""))
            state.asked.append((parts.path, parse_qs(parts.query), *said))
            ended.wait(state.wait)
            self.send_response(state.status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            try:
                for byte in state.body if state.drip else ():
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    if ended.wait(0.05):
                        return
                self.wfile.write(b"" if state.drip else state.body)
            except OSError:
                pass

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield state
        ended.set()
        server.shutdown()
        thread.join()


def made(outside: Outside, name: str, timeout: float = 5) -> Service:
    settings = Settings(geocoder=name, geocoder_url=outside.url, base_url="https://hub.example.lu")
    (service,) = geocoders_of(settings, timeout=timeout)
    assert isinstance(service, Service)
    return service


def test_the_geoportal_is_asked_by_fields_and_told_who_asks(outside: Outside) -> None:
    outside.says(GEOPORTAIL)

    point = made(outside, "geoportail").locate(ADDRESS)

    fields = {"num": ["2"], "street": ["Boulevard Royal"], "zip": ["2449"], "locality": ["Luxembourg"]}
    ((path, query, referer, agent),) = outside.asked
    assert (point, path, query, referer) == (ROYAL, "/geocode/search", fields, "https://hub.example.lu")
    assert agent.startswith("commune-hub/")


def test_no_hit_of_the_geoportal_is_no_point(outside: Outside) -> None:
    outside.says(GEOPORTAIL_NO_HIT)

    assert made(outside, "geoportail").locate(ADDRESS) is None


def test_nominatim_is_asked_within_the_country(outside: Outside) -> None:
    outside.says(NOMINATIM)

    point = made(outside, "nominatim").locate(ADDRESS)

    ((path, query, _, agent),) = outside.asked
    assert (point, path, query["q"], query["countrycodes"]) == (
        ROYAL,
        "/search",
        ["2, Boulevard Royal, 2449 Luxembourg"],
        ["lu"],
    )
    assert agent.startswith("commune-hub/")


def test_ban_finds_addresses_across_the_border(outside: Outside) -> None:
    outside.says(BAN)

    assert made(outside, "ban").locate(THIONVILLE) == Point(49.3579, 6.1675)


@pytest.mark.parametrize("name", ["geoportail", "nominatim", "ban"])
@pytest.mark.parametrize("empty", [[], {"features": []}, {"success": True, "results": []}, [{"nothing": 1}]])
def test_an_empty_answer_is_no_point_or_no_service(outside: Outside, name: str, empty: object) -> None:
    outside.says(empty)

    with suppress(GeocoderDown):
        assert made(outside, name).locate(ADDRESS) is None


@pytest.mark.parametrize("name", ["geoportail", "nominatim", "ban"])
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (503, b"busy"),
        (429, b"slow down"),
        (403, b"{}"),
        (302, b""),
        (200, b"<html>sorry</html>"),
        (200, b""),
        (200, b"\xff\xfe"),
        (200, b'{"features": [{"geometry": null}], "results": 7}'),
        (200, b"[" * 100_000),
        (200, b" " * 2_000_000),
    ],
)
def test_errors_and_nonsense_mean_that_a_geocoder_is_down(
    outside: Outside, name: str, status: int, body: bytes
) -> None:
    outside.status, outside.body = status, body

    with pytest.raises(GeocoderDown):
        made(outside, name).locate(ADDRESS)


@pytest.mark.parametrize("drip", [False, True], ids=["silent", "dripping"])
def test_a_slow_geocoder_holds_nobody_longer_than_its_time(outside: Outside, drip: bool) -> None:
    outside.says(GEOPORTAIL)
    outside.wait, outside.drip = (0, True) if drip else (20, False)
    start = time.monotonic()

    with pytest.raises(GeocoderDown):
        made(outside, "geoportail", timeout=0.3).locate(ADDRESS)

    assert time.monotonic() - start < 10


def test_nobody_listening_means_down() -> None:
    nowhere = Outside(url="http://127.0.0.1:9")

    with pytest.raises(GeocoderDown):
        made(nowhere, "geoportail").locate(ADDRESS)


def test_an_address_is_asked_for_once_a_day(outside: Outside) -> None:
    outside.says(GEOPORTAIL_NO_HIT)
    service = made(outside, "geoportail")
    moment = 0.0
    service.clock = lambda: moment
    points = [service.locate(ADDRESS) for _ in range(3)]
    asked_that_day = len(outside.asked)

    moment = 90_000.0
    outside.says(GEOPORTAIL)

    assert (points, asked_that_day, service.locate(ADDRESS)) == ([None, None, None], 1, ROYAL)


def test_a_geocoder_that_is_down_rests_a_minute(outside: Outside) -> None:
    outside.status = 500
    service = made(outside, "geoportail")
    moment = 1000.0
    service.clock = lambda: moment
    for _ in range(3):
        with pytest.raises(GeocoderDown):
            service.locate(ADDRESS)
    asked_while_down = len(outside.asked)

    moment, outside.status = 1061.0, 200
    outside.says(GEOPORTAIL)

    assert (asked_while_down, service.locate(ADDRESS)) == (1, ROYAL)


def test_nominatim_is_asked_once_a_second_at_most(outside: Outside) -> None:
    outside.says(NOMINATIM)
    service = made(outside, "nominatim")
    slept: list[float] = []
    service.clock, service.sleep = lambda: 100.0, slept.append

    for number in ("1", "2", "3"):
        service.locate(AskedAddress("Boulevard Royal", number, "2449", "Luxembourg"))

    assert (len(outside.asked), slept) == (3, [1.0, 1.0])


def test_what_is_kept_is_bounded() -> None:
    service = Service("any", frozenset(), lambda address: None)

    for number in range(2500):
        service.locate(AskedAddress("Rue", str(number)))

    assert len(service._kept) == 2000


def test_the_settings_name_the_geocoders_in_order() -> None:
    named = geocoders_of(Settings(geocoder="geoportail, ban,nominatim"))

    assert [(geocoder.name, sorted(geocoder.countries)) for geocoder in named] == [
        ("geoportail", ["LU"]),
        ("ban", ["FR"]),
        ("nominatim", []),
    ]
    assert geocoders_of(Settings(geocoder="none")) == geocoders_of(Settings(geocoder="")) == ()


@pytest.mark.parametrize(
    "settings",
    [
        Settings(geocoder="google"),
        Settings(geocoder="ban", geocoder_url="ftp://x"),
        Settings(geocoder="ban", geocoder_url="x"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="COMMUNE_HUB_GEOCODER"):
        geocoders_of(settings)
