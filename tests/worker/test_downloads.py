"""A file is fetched from a real server, complete or not at all."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from commune_hub.worker.adapters.downloads import DownloadFailed, download

FILE = b"rue;numero\r\n" + b"x;1\r\n" * 50_000


@pytest.fixture
def server() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            where = self.path.strip("/")
            if where == "moved":
                self.send_response(302)
                self.send_header("Location", "/whole")
                self.end_headers()
                return
            self.send_response(404 if where == "gone" else 200)
            length = len(FILE) + (1000 if where == "cut" else 0)
            if where != "unsaid":
                self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(b"<html>sorry" + FILE[11:] if where == "page" else FILE)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def fetch(url: str, target: Path, **limits: Any) -> int:
    return download(url, target, looks_right=lambda first: first.startswith(b"rue;"), **limits)


@pytest.mark.parametrize("where", ["whole", "moved", "unsaid"])
def test_the_file_is_there_afterwards_and_nothing_else(server: str, tmp_path: Path, where: str) -> None:
    seen: list[tuple[int, int | None]] = []

    target = tmp_path / "new" / "a.csv"

    size = fetch(f"{server}/{where}", target, progress=lambda done, whole: seen.append((done, whole)))

    assert (size, target.read_bytes()) == (len(FILE), FILE)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.csv"]
    assert seen[-1] == (len(FILE), None if where == "unsaid" else len(FILE))


@pytest.mark.parametrize(
    ("where", "limits", "why"),
    [
        ("gone", {}, "status 404"),
        ("page", {}, "another kind of file"),
        ("cut", {}, "RemoteProtocolError"),
        ("whole", {"largest": 1000}, "more than 1000 bytes"),
        ("whole", {"whole_time": -1}, "takes longer"),
    ],
)
def test_a_file_that_does_not_come_leaves_the_old_one(
    server: str, tmp_path: Path, where: str, limits: dict[str, Any], why: str
) -> None:
    (tmp_path / "a.csv").write_text("old")

    with pytest.raises(DownloadFailed, match=why):
        fetch(f"{server}/{where}", tmp_path / "a.csv", **limits)

    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.csv", "old")]


def test_without_the_network_the_reason_is_said(tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match="ConnectError"):
        fetch("http://127.0.0.1:9/a.csv", tmp_path / "a.csv")
