"""The real reference record on a loopback port with a few contracts, and a front that fails as records fail."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from urllib.parse import quote

import psycopg
from psycopg import sql
from sqlalchemy import URL
from werkzeug.serving import WSGIRequestHandler, make_server

from commune_hub.base.db import Store
from national_record import demo, upgrade
from national_record.app import create_app
from national_record.settings import Settings, open_store
from tests.infrastructure.databases import SECRET, Emptier
from tests.infrastructure.postgres import conninfo, database_name, server_url
from tests.infrastructure.shared_run import alone, once


@dataclass(frozen=True)
class LiveRecord:
    """A running record: its address, what a client needs to get in, and its database to look into."""

    url: str
    store: Store
    client: str = demo.CLIENT
    secret: str = demo.CLIENT_SECRET
    agent: str = demo.HUB_AGENTS[0]
    organisation: str = demo.ORGANISATION

    def headers(self, token: str, motive: str = "Attestation of a course that was attended") -> dict[str, str]:
        """What every call carries."""
        return {
            "Authorization": f"Bearer {token}",
            "Record-Agent": quote(self.agent),
            "Record-Organisation": quote(self.organisation),
            "Record-Motive": quote(motive),
        }


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        pass


@contextmanager
def serving_record(folder: Path, *, clock: Callable[[], datetime]) -> Iterator[LiveRecord]:
    """The record on SQLite in this folder with the contracts of national_record/demo.py: RUNNING, SIGNED, ..."""
    settings = sqlite_record(folder)
    store = open_store(settings)
    upgrade.upgrade(store)
    with store.writing() as session:
        demo.fill(session, now=clock())
    with serving(settings, store=store, clock=clock) as live:
        yield live
    store.close()


@contextmanager
def serving(settings: Settings, *, store: Store, clock: Callable[[], datetime]) -> Iterator[LiveRecord]:
    """Serves a record for as long as the `with` lasts."""
    listening = socket.create_server(("127.0.0.1", 0))
    app = create_app(settings, store=store, clock=clock)
    server = make_server("127.0.0.1", 0, app, threaded=True, fd=listening.fileno(), request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield LiveRecord(f"http://127.0.0.1:{listening.getsockname()[1]}", store)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        listening.close()


# --- a front that fails ----------------------------------------------------------------------------------------------


class Mood(StrEnum):
    """What the front does with a request."""

    WELL = "well"
    DOWN = "down"
    SLOW = "slow"
    LOSES_ACKNOWLEDGEMENT = "loses_acknowledgement"
    REDIRECTS = "redirects"
    HTML = "html"
    HUGE = "huge"
    UNAUTHORISED = "unauthorised"


@dataclass(frozen=True)
class Seen:
    """A request that reached the front."""

    method: str
    path: str
    key: str | None
    body: bytes
    at: float


@dataclass
class Front:
    """A server before the record. `mood` counts for every request, but tokens are given in every mood but DOWN unless
    `spares_tokens` is off; SLOW lasts `pause` seconds or until the front closes."""

    url: str
    mood: Mood = Mood.WELL
    pause: float = 35.0
    spares_tokens: bool = True
    seen: list[Seen] = field(default_factory=list)


@contextmanager
def front_of(upstream: str) -> Iterator[Front]:
    """A front before the record at this address."""
    closing = Event()
    host, port = upstream.removeprefix("http://").split(":")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            front.seen.append(Seen(self.command, self.path, self.headers.get("Idempotency-Key"), body, monotonic()))
            mood = front.mood
            if self.path == "/oauth/token" and front.spares_tokens and mood is not Mood.DOWN:
                mood = Mood.WELL
            if mood is Mood.DOWN:
                self._hang_up()
            elif mood is Mood.REDIRECTS:
                self._say(302, b"", Location=f"{front.url}/elsewhere")
            elif mood is Mood.HTML:
                self._say(200, b"<html><body>Maintenance</body></html>", Content_Type="text/html")
            elif mood is Mood.UNAUTHORISED:
                self._say(401, b'{"code": "invalid_token"}', Content_Type="application/problem+json")
            elif mood is Mood.HUGE:
                self._huge()
            else:
                if mood is Mood.SLOW:
                    closing.wait(front.pause)
                self._pass_on(body, acknowledge=mood is not Mood.LOSES_ACKNOWLEDGEMENT)

        do_GET = do_POST = do_PUT = do_DELETE = _any

        def _pass_on(self, body: bytes, *, acknowledge: bool) -> None:
            connection = HTTPConnection(host, int(port), timeout=30)
            own = ("host", "connection")
            headers = {name: value for name, value in self.headers.items() if name.lower() not in own}
            try:
                connection.request(self.command, self.path, body, headers)
                answer = connection.getresponse()
                said = answer.read()
            finally:
                connection.close()
            if not acknowledge:
                self._hang_up()
                return
            self._say(answer.status, said, Content_Type=answer.getheader("Content-Type") or "")

        def _say(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _huge(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(50 * 1024 * 1024))
            self.end_headers()
            self.close_connection = True
            try:
                self.wfile.write(b'{"attestation": "')
                for _ in range(50):
                    self.wfile.write(b"a" * 1024 * 1024)
            except OSError:
                pass

        def _hang_up(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    front = Front(f"http://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield front
    finally:
        closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


# --- its databases ---------------------------------------------------------------------------------------------------


def sqlite_record(folder: Path) -> Settings:
    """The settings of a record on SQLite in the folder."""
    return Settings.from_env({}, secret_key=SECRET, data_dir=str(folder))


class PostgresRecord:
    """The two databases of the record of one worker process, made once and emptied after each test."""

    def __init__(self, run: Path, worker: str) -> None:
        self._server = server_url(run)
        once(run, "postgres-record", lambda: self._make_template(run))
        names = [database_name(run, f"{worker}-record{what}") for what in ("", "-keys")]
        with alone(run, "postgres-copy"):
            for what, name in zip(("", "-keys"), names, strict=True):
                self._create(name, database_name(run, f"template-record{what}"))
        self.urls = [self._url(name).render_as_string(hide_password=False) for name in names]
        self._emptiers = [Emptier(self._url(name)) for name in names]

    def empty(self) -> None:
        """Take out the rows of a test."""
        for emptier in self._emptiers:
            emptier.empty()

    def close(self) -> None:
        """Give the connections back; the databases go with the run."""
        for emptier in self._emptiers:
            emptier.close()

    def _make_template(self, run: Path) -> dict[str, str]:
        names = [database_name(run, f"template-record{what}") for what in ("", "-keys")]
        for name in names:
            self._create(name, "template1")
        urls = [self._url(name).render_as_string(hide_password=False) for name in names]
        store = open_store(Settings.from_env({}, secret_key=SECRET, database_url=urls[0], keys_url=urls[1]))
        upgrade.upgrade(store)
        store.close()
        return {}

    def _create(self, name: str, template: str) -> None:
        with psycopg.connect(conninfo(self._server), autocommit=True) as connection:
            statement = sql.SQL("create database {} template {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def _url(self, name: str) -> URL:
        return self._server.set(database=name)
