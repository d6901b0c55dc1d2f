"""Everything about one person as a PDF to read: by kind of data, each line with its day and what it is about."""

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Any

from commune_hub.base.words import LOCAL
from commune_hub.papers.typesetting import typeset
from commune_hub.privacy.export import Line
from commune_hub.speech import telling
from commune_hub.speech.catalogues import N_, Speech
from commune_hub.speech.privacy import KEPT, STATES


def my_data_pdf(lines: Iterable[Line], name: str, speech: Speech, *, at: datetime) -> bytes:
    """A4, tagged (PDF/UA-1)."""
    by_table: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        by_table.setdefault(line.table, []).append(_line(line, speech))
    words = {
        "lang": speech.code,
        "title": speech.say(N_("What we keep about %(name)s"), name=name),
        "made": speech.day_and_year(at.astimezone(LOCAL).date()),
        "boxes": speech.say(N_("Some letters cannot be printed here. The file for machines has all of them.")),
        "sections": [
            {"heading": speech.say(KEPT[table]), "lines": found} for table, found in by_table.items()
        ],
    }
    return typeset("my_data.typ", words, at=at)


def _line(line: Line, speech: Speech) -> dict[str, Any]:
    day = line.at.astimezone(LOCAL).date() if isinstance(line.at, datetime) else line.at
    return {
        "when": speech.day_and_year(day) if day else "",
        "what": telling.title_of(line.activity, speech) if line.activity else "",
        "details": [
            [name.replace("_", " "), value_words(line.table, name, value, speech)]
            for name, value in line.values.items()
        ],
    }


def value_words(table: str, name: str, value: Any, speech: Speech) -> str:
    """A value as somebody reads it."""
    said = STATES.get((table, name), {})
    code: Enum | None = next((one for one in said if one == value), None)
    if code is not None:
        return speech.say(said[code])
    if isinstance(value, datetime):
        return f"{speech.day_and_year(value.astimezone(LOCAL).date())} {speech.clock(value)}"
    if hasattr(value, "isoformat") and hasattr(value, "year"):
        return speech.day_and_year(value)
    if isinstance(value, bool):
        return speech.say(N_("Yes") if value else N_("No"))
    return str(value)
