"""The attendance sheet as PDF: a box to sign in for each person, room for those who come without a seat, a code."""

import io
from collections.abc import Sequence
from datetime import datetime

import segno

from commune_hub.events.models import Meeting
from commune_hub.papers.typesetting import typeset
from commune_hub.speech import dates, telling
from commune_hub.speech.catalogues import N_, Speech

EMPTY_ROWS = 6


def sheet_pdf(
    meeting: Meeting, names: Sequence[tuple[str, str]], speech: Speech, *, url: str, shown_url: str, at: datetime
) -> bytes:
    """A4 landscape, tagged (PDF/UA-1). `names`: how each person is called on the list, and their language or nothing.

    `url` opens the roll of the meeting, so that the sheet can be ticked off on a phone.
    """
    activity = meeting.activity
    words = {
        "lang": speech.code,
        "heading": speech.say(N_("Attendance")),
        "title": telling.title_of(activity, speech),
        "languages": telling.language_names(activity.tags, speech),
        "when": dates.capital(dates.meeting_when(meeting, speech)),
        "place": telling.place_words(activity, meeting.venue, speech),
        "organiser": activity.organisation.name,
        "columns": [speech.say(N_("No.")), speech.say(N_("First name")), speech.say(N_("Signature"))],
        "names": [list(name) for name in names],
        "empty": EMPTY_ROWS,
        "hosts_label": speech.say(N_("Host")),
        "hosts": activity.hosts,
        "qr": _qr(url),
        "qr_alt": speech.say(N_("QR code that opens this list on a phone of the staff")),
        "qr_words": speech.say(N_("Staff: scan to enter this sheet.")),
        "shown_url": shown_url,
        "sign": speech.say(N_("Please sign beside your name. Is your name missing? Write it on an empty line.")),
        "page_of": speech.say(N_("Page %(page)s of %(pages)s"), page="{page}", pages="{pages}"),
    }
    return typeset("sheet.typ", words, at=at)


def _qr(url: str) -> str:
    picture = io.BytesIO()
    segno.make(url, error="m", micro=False).save(picture, kind="svg", border=0, xmldecl=False, dark="#10242a")
    return picture.getvalue().decode()
