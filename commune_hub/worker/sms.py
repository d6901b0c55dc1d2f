"""Text messages: which gateway brings them to a phone."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from commune_hub.base.log import log
from commune_hub.base.settings import PREFIX, Settings, SettingsError
from commune_hub.speech.gsm import segments
from commune_hub.worker.adapters.sms import HttpGateway


class Gateway(Protocol):
    """Anything that brings a text message to a phone."""

    def send(self, *, number: str, text: str, key: str) -> None:
        """Send it once: a repeat with the same key is the same message. Raises Failed or Hopeless."""
        ...


class LogGateway:
    """No gateway: only writes down that a message was due."""

    def send(self, *, number: str, text: str, key: str) -> None:
        """Neither the number nor the text reaches the log."""
        log.warning("sms_not_sent", reason="no gateway is set", key=key, segments=segments(text).number)


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
    if settings.sms_gateway == "log":
        return LogGateway()
    if settings.sms_gateway != "http":
        raise SettingsError(f"{PREFIX}SMS_GATEWAY must be log or http.")
    if not settings.sms_url.startswith(("https://", "http://")):
        raise SettingsError(f"{PREFIX}SMS_URL must be the address of the gateway, with https://.")
    return HttpGateway(settings.sms_url, settings.sms_token)
