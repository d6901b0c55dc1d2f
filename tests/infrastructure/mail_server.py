"""A real SMTP server on loopback, which keeps what it is given and refuses what it is told to refuse."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


@dataclass
class MailServer:
    """The port of the server, the mail it has taken, the answers it gives instead of 250, the seconds it takes."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answer_to_recipient: str = ""
    answer_to_data: str = ""
    login: tuple[str, str] = ("", "")
    takes: float = 0.0

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self.answer_to_recipient:
            return self.answer_to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:
        if self.answer_to_data:
            return self.answer_to_data
        await asyncio.sleep(self.takes)
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.recipients.extend(envelope.rcpt_tos)
        return "250 OK"

    def authenticate(self, _: SMTP, __: Session, ___: Envelope, ____: str, given: Any) -> AuthResult:
        self.login = (given.login.decode(), given.password.decode())
        return AuthResult(success=True)


class _OnAnyPort(Controller):
    """Port 0 means whichever is free; the greeting that waits for the server has to know it."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    """A server on a free port, or on this one."""
    kept = MailServer()
    controller = _OnAnyPort(
        kept, hostname="127.0.0.1", port=port, authenticator=kept.authenticate, auth_require_tls=False
    )
    controller.start()
    kept.port = controller.port
    try:
        yield kept
    finally:
        controller.stop()


@contextmanager
def closed_port() -> Iterator[int]:
    """A port on which nobody listens, and which nobody else is given meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def parts_of(mail: EmailMessage) -> dict[str, str]:
    """The content type and the text of each part."""
    return {part.get_content_type(): _text(part) for part in mail.walk() if not part.is_multipart()}


def _text(part: Any) -> str:
    content = part.get_content()
    return (content if isinstance(content, str) else content.decode()).replace("\r\n", "\n")
