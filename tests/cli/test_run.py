"""The production server: several processes on one database, stopped by SIGTERM."""

import signal
import socket
import time

import httpx
import pytest

from commune_hub.cli import main
from tests.cli.conftest import start


@pytest.mark.slow
def test_the_server_serves_with_several_processes_and_stops(environ: dict[str, str | None]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = str(listening.getsockname()[1])
    server = start("run", "--port", port, "--workers", "2", environ=environ)

    answers = [asked(f"http://127.0.0.1:{port}{path}") for path in ("/healthz", "/fr/", "/static/hub.css")]
    server.send_signal(signal.SIGTERM)
    _, errors = server.communicate(timeout=60)

    assert answers == [200, 200, 200]
    assert (server.returncode, "Traceback" in errors) == (0, False)


def asked(url: str) -> int:
    """The status, as soon as anybody answers."""
    until = time.monotonic() + 90
    while True:
        try:
            return httpx.get(url, timeout=30).status_code
        except httpx.TransportError:
            assert time.monotonic() < until, "the server does not begin"
            time.sleep(0.3)


def test_the_console_script_is_this_group() -> None:
    from importlib.metadata import entry_points

    [script] = entry_points(group="console_scripts", name="commune-hub")

    assert script.load() is main
