"""Letters as PDF for people with neither mail address nor phone: one sheet for each, in their own language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commune_hub.base.words import LOCAL
from commune_hub.events.models import Meeting
from commune_hub.events.words import AttendanceMode, CancelReason
from commune_hub.papers.typesetting import typeset
from commune_hub.speech import dates, telling
from commune_hub.speech.catalogues import N_, Speech
from commune_hub.speech.sentences import CANCEL_REASON


@dataclass(frozen=True, slots=True)
class Posted:
    """What the letters say: an officer's text in its language, or why the meeting is cancelled."""

    text: str = ""
    language: str = ""
    reason: CancelReason | None = None


def letter_of(meeting: Meeting, name: str, speech: Speech, posted: Posted, *, on: datetime) -> dict[str, Any]:
    """The words of one sheet."""
    activity, organisation = meeting.activity, meeting.activity.organisation
    phone, mail = activity.contact_phone or organisation.phone, activity.contact_mail or organisation.mail
    known = {"organiser": organisation.name, "phone": phone}
    cancelled = posted.reason is not None
    return {
        "lang": speech.code,
        "name": name,
        "sender": [part for part in (organisation.name, phone, mail) if part],
        "day": speech.day_and_year(on.astimezone(LOCAL).date()),
        "heading": speech.say(N_("This date is cancelled") if cancelled else N_("A message from your organiser")),
        "greeting": speech.say(N_("Hello %(name)s,"), name=name),
        "paragraphs": _cancellation(posted.reason, speech) if posted.reason else [],
        "quoted": [line.strip() for line in posted.text.split("\n") if line.strip()],
        "quoted_in": posted.language or speech.code,
        "facts": [list(fact) for fact in _facts(meeting, speech)],
        "closing": speech.say(
            N_("Questions? Call %(phone)s. %(organiser)s") if phone else N_("Your organiser: %(organiser)s"), **known
        ),
    }


def _cancellation(reason: CancelReason, speech: Speech) -> list[str]:
    why = speech.say(CANCEL_REASON[reason])
    return [speech.say(N_("Please do not come. We are sorry.")), speech.say(N_("Reason: %(why)s."), why=why)]


def _facts(meeting: Meeting, speech: Speech) -> list[tuple[str, str]]:
    activity, venue = meeting.activity, meeting.venue
    facts = [
        (speech.say(N_("What")), telling.title_of(activity, speech)),
        (speech.say(N_("When")), dates.meeting_when(meeting, speech)),
        (speech.say(N_("Where")), telling.place_words(activity, venue, speech)),
    ]
    if activity.attendance_mode != AttendanceMode.ONLINE and venue is not None and venue.address:
        facts.append((speech.say(N_("Address")), telling.address_words(venue)))
    return facts


def letters_pdf(meeting: Meeting, letters: Sequence[dict[str, Any]], speech: Speech, *, at: datetime) -> bytes:
    """A4, tagged (PDF/UA-1), each letter on a page of its own. `speech` is that of whoever prints them."""
    words = {
        "lang": speech.code,
        "title": speech.labelled(
            speech.say(N_("Letters")),
            f"{telling.title_of(meeting.activity, speech)}, {dates.meeting_when(meeting, speech)}",
        ),
        "organiser": meeting.activity.organisation.name,
        "letters": list(letters),
    }
    return typeset("letters.typ", words, at=at)
