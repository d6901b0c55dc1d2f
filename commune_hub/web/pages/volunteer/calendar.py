"""A volunteer's private calendar: the meetings that they look after, and what other rooms add (pairs)."""

from collections.abc import Callable
from datetime import timedelta

from flask import Response

from commune_hub.events.calendars import CalendarEntry
from commune_hub.speech.catalogues import Speech
from commune_hub.speech.entries import entry_of
from commune_hub.volunteers import rota
from commune_hub.volunteers.models import Volunteer
from commune_hub.volunteers.words import HostState
from commune_hub.web.i18n import N_, speech_in
from commune_hub.web.pages import parts
from commune_hub.web.request import db, now

KEPT = timedelta(days=60)


def hosted(volunteer: Volunteer, speech: Speech) -> list[CalendarEntry]:
    """The meetings that they look after; one that they cannot, or that is cancelled, stays in it as cancelled."""
    return [
        entry_of(
            host.meeting, speech, url=parts.short_url("volunteer_meeting", meeting_id=host.meeting.public_id),
            given_back=host.state == HostState.CANNOT,
        )
        for host in rota.hosted_by(db(), volunteer, now() - KEPT)
    ]  # fmt: skip


# Each adds its entries; whoever knows pairs puts theirs here.
SOURCES: list[Callable[[Volunteer, Speech], list[CalendarEntry]]] = [hosted]


def calendar_of(volunteer: Volunteer) -> Response:
    """All of it, in the volunteer's language."""
    speech = speech_in(volunteer.person.language)
    entries = [entry for source in SOURCES for entry in source(volunteer, speech)]
    return parts.calendar_file(entries, speech.say(N_("My meetings as a volunteer")), "volunteer")
