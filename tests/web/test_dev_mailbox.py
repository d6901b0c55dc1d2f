"""/dev/mailbox: the demo's mail and text messages, and no such page anywhere else."""

from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commune_hub.base.settings import Settings
from commune_hub.demo.post_office import post_office
from commune_hub.worker.adapters.smtp import Smtp
from commune_hub.worker.sms import MailboxGateway

NASTY = "<script>alert(1)</script>"


@pytest.fixture
def mailbox(app: Flask, settings: Settings, tmp_path: Path) -> Path:
    app.extensions["settings"] = replace(settings, mailbox=str(tmp_path))
    return tmp_path


def a_mail_arrives(folder: Path, settings: Settings, now: datetime) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "hub@hub.example.lu", "amina@example.lu", f"You have a seat {NASTY}"
    mail["Message-ID"] = "<1@hub.example.lu>"
    mail.set_content(f"Come!\nhttp://localhost:8000/fr/b/xyz {NASTY}")
    mail.add_alternative("<html><head><style>p{color:red}</style></head><body>Come!</body></html>", subtype="html")
    mail.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="calendar.ics")
    with post_office(folder) as port:
        Smtp(replace(settings, mail_host="127.0.0.1", mail_port=str(port)), "localhost").deliver(mail)


def test_a_mail_is_shown_with_its_links_and_nothing_in_it_runs(
    client: FlaskClient, mailbox: Path, settings: Settings, now: datetime
) -> None:
    a_mail_arrives(mailbox, settings, now)

    page = client.get("/dev/mailbox").text

    assert '<a href="http://localhost:8000/fr/b/xyz"' in page
    assert "calendar.ics" in page
    assert "<script>alert" not in page


def test_the_html_of_a_mail_is_shown_in_a_frame_with_its_style(
    client: FlaskClient, mailbox: Path, settings: Settings, now: datetime
) -> None:
    a_mail_arrives(mailbox, settings, now)
    [file] = mailbox.glob("*.eml")

    answer = client.get(f"/dev/mailbox/{file.stem}")

    assert '<base target="_top"><style nonce="' in answer.text
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]


def test_a_text_message_is_shown(client: FlaskClient, mailbox: Path) -> None:
    MailboxGateway(mailbox).send(number="+352621123456", text="Moien http://localhost:8000/fr/b/xyz", key="1")

    page = client.get("/dev/mailbox").text

    assert "+352621123456" in page
    assert '<a href="http://localhost:8000/fr/b/xyz"' in page


@pytest.mark.parametrize("path", ["/dev/mailbox", "/dev/mailbox/0123456789abcdef0123456789abcdef"])
def test_without_a_mailbox_there_is_no_such_page(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "secret", "0123456789abcdef0123456789abcdef"])
def test_only_mail_of_the_mailbox_is_shown(client: FlaskClient, mailbox: Path, name: str) -> None:
    assert client.get(f"/dev/mailbox/{name}").status_code == 404
