"""The mail server of the demo: takes every mail on a loopback port and lays it as a file into the mailbox folder."""

from asyncio.base_events import Server
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class _Box:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep the mail; one with the same Message-ID is the same mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        name = sha256(str(message_from_bytes(content)["Message-ID"]).encode()).hexdigest()[:32]
        part = self._folder / f".{name}.part"
        part.write_bytes(content)
        part.replace(self._folder / f"{name}.eml")
        return "250 OK"


class _OnAnyPort(Controller):
    """Port 0 means whichever is free; the greeting that waits for the server has to know which."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def post_office(folder: Path) -> Iterator[int]:
    """A running mail server; yields its port."""
    folder.mkdir(parents=True, exist_ok=True)
    controller = _OnAnyPort(_Box(folder), hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
