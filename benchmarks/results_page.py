"""The complete results page against a bare Flask "ok": how many requests a second one core makes.

    ./hub bench results_page

The page is what a visitor gets who has seen the first page: 100,000 meetings on SQLite, form, header, footer, up to 20
activities; every request asks near another commune, for another language, in one of five languages. Measured twice:
called in one process through WSGI, in turns, and behind the server that `commune-hub run` starts, one worker each, as
the processor time of that worker.
"""

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder

from benchmarks import country
from benchmarks.report import Goal, table
from benchmarks.stores import on_sqlite
from commune_hub.app import create_app
from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from commune_hub.places.communes import communes

PAGES = 400
ROUNDS = 7
INTERFACE = ("lb", "fr", "de", "en", "pt")


def bare_app() -> Flask:
    """What everything is measured against."""
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "ok")
    return app


def paths(dice: random.Random) -> list[str]:
    """Searches as the form sends them, from where people live; the usual 5 km and this week."""
    places = dice.choices(communes(), [commune.population for commune in communes()], k=PAGES)
    languages = dice.choices([*country.EVEN], k=PAGES)
    return [
        f"/{dice.choice(INTERFACE)}/search?l={language}&place=&w=week"
        f"&at={place.point.lat + dice.gauss(0, 0.01):.3f},{place.point.lon + dice.gauss(0, 0.015):.3f}"
        for place, language in zip(places, languages, strict=True)
    ]


def main(meetings: int = 100_000) -> list[Goal]:
    """Measure, print the table, answer the goal."""
    asked = paths(random.Random(5))
    with on_sqlite(meetings) as (settings, store):
        inside = in_process(create_app(settings, store=store, clock=lambda: country.NOW), asked)
        behind = behind_server(settings, store, asked)
    rows = [
        [f"{what}, {where}", f"{seconds * 1e6:.0f}", f"{1 / seconds:.0f}"]
        for where, pair in (("in process", inside), ("behind granian", behind))
        for what, seconds in zip(("bare Flask", "results page"), pair, strict=True)
    ]
    print(table(["what", "us of a core", "requests/s per core"], rows))
    return [
        Goal("results page: its requests/s / those of a bare Flask, behind the server", 1 / 8, behind[0] / behind[1]),
        Goal("results page: the same in one process without a server", 1 / 8, inside[0] / inside[1]),
    ]


def in_process(app: Flask, asked: list[str]) -> tuple[float, float]:
    """Seconds of processor time of a bare answer and of a page."""
    bare, root = bare_app(), _environ("/")
    environs = [_environ(path) for path in asked]
    for environ in environs:
        _call(app, environ)
    taken: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for environ in environs:
            _call(app, environ)
        middle = time.process_time()
        for _ in environs * 4:
            _call(bare, root)
        taken.append(((time.process_time() - middle) / (4 * PAGES), (middle - start) / PAGES))
    return median(bare for bare, _ in taken), median(page for _, page in taken)


def _environ(path: str) -> dict[str, Any]:
    before, _, query = path.partition("?")
    language = before.split("/")[1]
    headers = {"Cookie": f"lang={language}"} if language else {}
    return EnvironBuilder(path=before, query_string=query, headers=headers).get_environ()


def _call(app: Flask, environ: dict[str, Any]) -> None:
    body: Iterable[bytes] = app.wsgi_app(environ.copy(), _start_response)
    assert sum(map(len, body)) > 1
    close: Callable[[], None] | None = getattr(body, "close", None)
    if close:
        close()


def _start_response(status: str, _headers: object, _error: object = None) -> Any:
    assert status == "200 OK", status


def behind_server(settings: Settings, store: Store, asked: list[str]) -> tuple[float, float]:
    """The same through granian with one worker, as the processor time of its processes."""
    environ = {
        "COMMUNE_HUB_DATA_DIR": settings.data_dir,
        "COMMUNE_HUB_SECRET_KEY": settings.secret_key,
        "COMMUNE_HUB_BASE_URL": "http://127.0.0.1",
        "COMMUNE_HUB_LOG_LEVEL": "ERROR",
    }
    roots = ["/"] * PAGES * 4
    bare = [_through("benchmarks.served:bare", environ, roots) for _ in range(3)]
    return median(bare), median(_through("benchmarks.served:app", environ, asked) for _ in range(3))


def _through(target: str, environ: dict[str, str], asked: list[str]) -> float:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "1",
        "--host", "127.0.0.1", "--port", str(port), "--no-ws", "--log-level", "error", target,
    ]  # fmt: skip
    server = subprocess.Popen(command, env=os.environ | environ, cwd=Path(__file__).parents[1])
    try:
        client = _Client(port)
        client.get(asked)
        before = _processor_seconds(server.pid)
        client.get(asked)
        client.get(asked)
        return (_processor_seconds(server.pid) - before) / (2 * len(asked))
    finally:
        server.terminate()
        server.wait()


def _processor_seconds(pid: int) -> float:
    """Of the process and its workers, all threads."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(stat.parent.name) == pid or int(fields[1]) == pid:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


class _Client:
    """One connection that is kept, asked again and again; not fast, but it does not count."""

    def __init__(self, port: int) -> None:
        for _ in range(200):
            try:
                self._socket = socket.create_connection(("127.0.0.1", port))
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
        self._file = self._socket.makefile("rb")

    def get(self, asked: list[str]) -> None:
        for path in asked:
            language = path.split("/")[1]
            cookie = f"Cookie: lang={language}\r\n" if language else ""
            self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}\r\n".encode())
            status = self._file.readline()
            assert b" 200 " in status, status
            length = 0
            while (line := self._file.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            assert len(self._file.read(length)) == length
