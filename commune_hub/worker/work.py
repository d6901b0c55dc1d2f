"""What a handler has at hand, what it is given to do, and the ways in which it can fail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from commune_hub.contracts.record import Record
from commune_hub.places.geocoding import Geocoder
from commune_hub.speech.catalogues import Speech

if TYPE_CHECKING:
    from commune_hub.worker.adapters.smtp import Smtp
    from commune_hub.worker.sms import Gateway


class Failed(Exception):
    """It did not work this time; the text may be stored, so it holds no personal data."""


class Hopeless(Exception):
    """It will never work: a human has to look at it. The text holds no personal data."""


@dataclass(frozen=True, slots=True)
class Task:
    """One job that was taken. `asked_at`: when the act happened; `now`: the moment of this attempt."""

    kind: str
    key: str
    ids: Mapping[str, str]
    asked_at: datetime
    now: datetime


@dataclass(frozen=True)
class Work:
    """The databases, the languages and the ways to the outside."""

    store: Store
    settings: Settings
    speeches: Mapping[str, Speech]
    smtp: "Smtp"
    sms: "Gateway"
    geocoders: Sequence[Geocoder] = ()
    record: Record | None = None

    def speech_in(self, code: str) -> Speech:
        """What a person's language says; the default one for a language that we do not speak."""
        return self.speeches.get(code) or self.speeches[self.settings.default_language]

    def url(self, path: str) -> str:
        """The full address of a path of ours that begins with a slash."""
        return f"{self.settings.base_url}{path}"


def host_of(settings: Settings) -> str:
    """The name under which people reach the site; it stands in message ids and calendar entries."""
    return urlsplit(settings.base_url).hostname or "localhost"
