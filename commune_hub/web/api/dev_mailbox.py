"""/dev/mailbox: all mail and text messages of the demo. The page is there only while a mailbox folder is set."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import abort, g, make_response, render_template
from flask.typing import ResponseReturnValue

from commune_hub.web.api import plain
from commune_hub.web.request import settings
from commune_hub.web.security import csp_nonce, guest

_NAME = re.compile(r"[0-9a-f]{32}")
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Item:
    """One message as the page shows it; `name` is that of its file, a text message has no subject and no HTML."""

    name: str
    at: datetime
    sender: str
    to: str
    subject: str
    text: str
    html: bool
    attachments: tuple[str, ...] = ()


@plain.get("/dev/mailbox")
@guest
def dev_mailbox() -> ResponseReturnValue:
    """The messages, newest first."""
    folder = _folder()
    paths = [path for path in folder.glob("*.*") if path.suffix in (".eml", ".sms")] if folder.is_dir() else []
    newest = sorted(paths, key=lambda path: path.stat().st_mtime_ns, reverse=True)[:SHOWN]
    return render_template("dev_mailbox.html", items=[_item(path) for path in newest])


@plain.get("/dev/mailbox/<name>")
@guest
def dev_mail(name: str) -> ResponseReturnValue:
    """The HTML of one mail, for the frame beside its text."""
    path = _folder() / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        abort(404)
    body = _mail(path).get_body(("html",))
    if body is None:
        abort(404)
    html = str(body.get_content())
    # Only our own mail is shown here; its one style sheet gets this answer's nonce, its links leave the frame.
    html = html.replace("<style>", f'<style nonce="{csp_nonce()}">', 1)
    html = html.replace("<head>", '<head><base target="_top">', 1)
    g.may_be_framed = True
    return make_response(html)


def _folder() -> Path:
    if not settings().mailbox:
        abort(404)
    return Path(settings().mailbox)


def _item(path: Path) -> Item:
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if path.suffix == ".sms":
        said = json.loads(path.read_text(encoding="utf-8"))
        return Item(path.stem, at, "", said["to"], "", said["text"], html=False)
    mail = _mail(path)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return Item(
        path.stem, at, str(mail["From"]), str(mail["To"]), str(mail["Subject"]),
        str(text.get_content()) if text else "", html is not None,
        tuple(part.get_filename() or part.get_content_type() for part in mail.iter_attachments()),
    )  # fmt: skip


def _mail(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)
