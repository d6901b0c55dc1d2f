"""The envelope: a letter becomes an e-mail with text, HTML and calendar; nobody's text can become a header."""

import re
import unicodedata
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from commune_hub.worker.mail.letter import Letter
from commune_hub.worker.work import Hopeless

_POLICY = SMTP.clone(max_line_length=76)


def mail_of(letter: Letter, *, to: str, sender: str, host: str, key: str, now: datetime) -> EmailMessage:
    """The mail to one address. Its Message-ID follows from the job's key, so that a repeat can be recognised.

    `sender` is the address of the installation; the name shown is the letter's. Raises Hopeless for an address
    that no mail can be sent to.
    """
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _address(sender, letter.sender.name)
    mail["To"] = _address(to)
    if letter.sender.mail:
        mail["Reply-To"] = _address(letter.sender.mail, letter.sender.name)
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:40]}@{host}>"
    # Answering machines keep still (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        mail["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.as_text(), cte="quoted-printable")
    mail.add_alternative(letter.as_html(), subtype="html", cte="quoted-printable")
    if letter.calendar:
        method, calendar = letter.calendar
        mail.add_attachment(
            calendar, maintype="text", subtype="calendar", filename="calendar.ics",
            params={"charset": "utf-8", "method": str(method)},
        )  # fmt: skip
    # Last, because the parts take such headers of the whole with them.
    mail["Content-Language"] = letter.speech.code
    return mail


def one_line(text: str) -> str:
    """The text without line breaks and control characters, which could begin a header of their own."""
    breaks = re.sub(r"[\r\n\v\f\x85\u2028\u2029]+", " ", text)
    return "".join(char for char in breaks if unicodedata.category(char) not in ("Cc", "Cs")).strip()


def _address(mail: str, name: str = "") -> Address:
    user, _, domain = mail.rpartition("@")
    try:
        # Mail servers know foreign domains in their ASCII form only.
        return Address(one_line(name), user, domain.encode("idna").decode("ascii"))
    except (ValueError, UnicodeError):
        raise Hopeless("an address that no mail can be sent to") from None
