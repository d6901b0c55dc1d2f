"""The languages that the interface speaks and the time zone it lives in."""

from enum import StrEnum
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/Luxembourg")


class Language(StrEnum):
    """An interface language (BCP 47)."""

    LB = "lb"
    FR = "fr"
    DE = "de"
    EN = "en"
    PT = "pt"
