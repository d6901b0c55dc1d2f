"""Pieces of a map are fetched from a real server on loopback, and nothing else is taken for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from commune_hub.worker.adapters.tiles import TileServer

PNG = b"\x89PNG\r\n\x1a\n" + b"tile"


@contextmanager
def answering(status: int, body: bytes) -> Iterator[tuple[TileServer, list[str]]]:
    """A tile server that answers everything alike, and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        tiles = TileServer(f"http://127.0.0.1:{server.server_port}/t/{{z}}/{{x}}/{{y}}.png")
        yield tiles, asked
        tiles.close()
        server.shutdown()
        thread.join()


def test_a_picture_is_taken() -> None:
    with answering(200, PNG) as (tiles, asked):
        assert tiles.fetch(14, 8461, 5613) == PNG
        assert asked == ["/t/14/8461/5613.png"]


@pytest.mark.parametrize(
    ("status", "body"), [(404, PNG), (302, PNG), (200, b"<html>no key"), (200, PNG + b"x" * 1_000_000), (200, b"")]
)
def test_what_is_no_tile_is_not_taken(status: int, body: bytes) -> None:
    with answering(status, body) as (tiles, _):
        assert tiles.fetch(14, 8461, 5613) is None


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_that_is_down_is_left_alone_for_a_while(status: int) -> None:
    with answering(status, b"") as (tiles, asked):
        assert [tiles.fetch(14, 8461, 5613) for _ in range(3)] == [None] * 3
        assert len(asked) == 1


def test_a_server_that_is_away_is_no_error() -> None:
    tiles = TileServer("http://127.0.0.1:9/{z}/{x}/{y}.png")

    assert [tiles.fetch(14, 8461, 5613) for _ in range(2)] == [None, None]
    tiles.close()
