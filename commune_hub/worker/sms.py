"""Text messages: fitted to the cheap alphabet of phones, and handed to a gateway."""

import json
import unicodedata
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from commune_hub.base.log import log
from commune_hub.base.settings import Settings, SettingsError

# GSM 03.38: the basic alphabet (160 to a message) and the extension, whose letters count twice.
_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = set("^{}\\[~]|€\f")
_LIKE = str.maketrans(
    {
        "’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...",
        "·": "-", "\u00a0": " ", "\u202f": " ", "œ": "oe", "Œ": "OE",
    }
)  # fmt: skip


class Gateway(Protocol):
    """Anything that brings a text message to a phone."""

    def send(self, *, number: str, text: str, key: str) -> None:
        """Send it once: a repeat with the same key is the same message. Raises Failed or Hopeless."""
        ...


class LogGateway:
    """No gateway: only writes down that a message was due."""

    def send(self, *, number: str, text: str, key: str) -> None:
        """Neither the number nor the text reaches the log."""
        log.warning("sms_not_sent", reason="no gateway is set", key=key, segments=segments(text))


class MailboxGateway:
    """The phones of the demo: messages lie as files beside the mail, for the page /dev/mailbox."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, *, number: str, text: str, key: str) -> None:
        """The file's name follows from the key, so that a repeat is not a second message."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{sha256(key.encode()).hexdigest()[:32]}.sms"
        path.write_text(json.dumps({"to": number, "text": text}, ensure_ascii=False), encoding="utf-8")


def gateway_from(settings: Settings) -> Gateway:
    """The gateway that the settings name; the demo's while its mailbox is there."""
    if settings.mailbox:
        return MailboxGateway(Path(settings.mailbox))
    if settings.sms_gateway != "log":
        raise SettingsError("COMMUNE_HUB_SMS_GATEWAY must be log.")
    return LogGateway()


def fitted(text: str) -> str:
    """The text in the phones' own alphabet where that reads the same: one ê makes a message three times as dear.

    A text in another script stays as it is.
    """
    text = text.translate(_LIKE)
    plain = "".join(char if _is_cheap(char) else _without_marks(char) for char in text)
    return plain if all(map(_is_cheap, plain)) else text


def segments(text: str) -> int:
    """How many messages the phone company counts."""
    if all(map(_is_cheap, text)):
        size, one, part = sum(2 if char in _EXTENSION else 1 for char in text), 160, 153
    else:
        size, one, part = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if size <= one else -(-size // part)


def _is_cheap(char: str) -> bool:
    return char in _BASIC or char in _EXTENSION


def _without_marks(char: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", char) if not unicodedata.combining(part))
