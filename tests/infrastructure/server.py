"""The real app on a loopback port, for a browser."""

import socket
from dataclasses import dataclass, replace
from threading import Thread
from types import TracebackType

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from commune_hub.app import create_app
from commune_hub.base.settings import Settings


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        pass


@dataclass(frozen=True)
class LiveServer:
    """A running server: its address, and the app inside."""

    url: str
    app: Flask


class Serving:
    """Serves an app with these settings for as long as the `with` lasts; base_url is where it can be reached."""

    def __init__(self, settings: Settings) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        app = create_app(replace(settings, base_url=url))
        self._server = make_server(
            "127.0.0.1", 0, app, threaded=True, fd=self._socket.fileno(), request_handler=_Quiet
        )
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.live = LiveServer(url, app)

    def __enter__(self) -> LiveServer:
        self._thread.start()
        return self.live

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._socket.close()
