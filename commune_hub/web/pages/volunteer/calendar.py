"""A volunteer's private calendar: the meetings that they look after, and those of their pairs."""

from datetime import timedelta

from flask import Response, url_for
from sqlalchemy import select

from commune_hub.events.calendars import CalendarEntry
from commune_hub.events.words import ActivityKind
from commune_hub.speech import telling
from commune_hub.speech.catalogues import Speech
from commune_hub.speech.entries import entry_of
from commune_hub.volunteers import rota
from commune_hub.volunteers.coaching.models import CoachingPair, PairMeeting
from commune_hub.volunteers.coaching.words import PairMeetingState
from commune_hub.volunteers.models import Volunteer
from commune_hub.volunteers.words import HostState
from commune_hub.web.i18n import N_, speech_in
from commune_hub.web.pages import parts
from commune_hub.web.request import db, now, settings

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


def coached(volunteer: Volunteer, speech: Speech) -> list[CalendarEntry]:
    """The dates on which both of a pair agreed; without a name, because calendars are read over shoulders."""
    question = (
        select(PairMeeting)
        .join(PairMeeting.pair)
        .where(
            CoachingPair.volunteer_id == volunteer.id, PairMeeting.agreed_at.is_not(None),
            PairMeeting.state == PairMeetingState.PLANNED, PairMeeting.starts_at > now() - KEPT,
        )
        .order_by(PairMeeting.starts_at)
    )  # fmt: skip
    return [
        CalendarEntry(
            public_id=one.public_id, starts_at=one.starts_at, ends_at=one.starts_at + timedelta(minutes=one.minutes),
            summary=telling.kind_words(ActivityKind.COACHING, speech), lang=speech.code,
            url=settings().base_url + url_for("pages.my_pairs"),
        )
        for one in db().scalars(question)
    ]  # fmt: skip


def calendar_of(volunteer: Volunteer) -> Response:
    """All of it, in the volunteer's language."""
    speech = speech_in(volunteer.person.language)
    entries = [entry for source in (hosted, coached) for entry in source(volunteer, speech)]
    return parts.calendar_file(entries, speech.say(N_("My meetings as a volunteer")), "volunteer")
