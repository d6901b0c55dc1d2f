"""The real app on a loopback port, for a browser."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Thread

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from commune_hub.app import create_app
from commune_hub.base.db import Store
from commune_hub.base.settings import Settings


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        pass


@dataclass
class LiveServer:
    """A running server: its address, and the app inside. While it is `away`, connections end without an answer."""

    url: str
    app: Flask
    away: bool = False


@contextmanager
def serving(settings: Settings, *, store: Store, clock: Callable[[], datetime]) -> Iterator[LiveServer]:
    """Serves the app for as long as the `with` lasts; its base_url is where it can be reached."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app = create_app(replace(settings, base_url=url), store=store, clock=clock)
    server = make_server("127.0.0.1", 0, app, threaded=True, fd=listening.fileno(), request_handler=_Quiet)
    live = LiveServer(url, app)
    server.verify_request = lambda request, address: not live.away
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield live
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        listening.close()
