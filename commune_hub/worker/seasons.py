"""The message to somebody who signed up for several dates, or for a whole season, in one go."""

from dataclasses import replace

from sqlalchemy.orm import Session

from commune_hub.accounts.words import ContactKind
from commune_hub.base.errors import NotFound
from commune_hub.events import queries
from commune_hub.events.calendars import Method, calendar_of
from commune_hub.events.models import Signup
from commune_hub.events.words import LIVE, SignupState
from commune_hub.speech import dates
from commune_hub.speech.entries import entry_of
from commune_hub.speech.sentences import SIGNUP_STATE
from commune_hub.worker.mail.about_seasons import many_dates
from commune_hub.worker.mail.about_seats import Booking
from commune_hub.worker.messages import Message, contact_for
from commune_hub.worker.work import Task, Work, host_of


def many_dates_mail(session: Session, work: Work, task: Task) -> Message | None:
    """One mail for all; dates that were given back since are left out."""
    signups = [signup for name in task.ids["signups"].split(",") if (signup := _live(session, name)) is not None]
    if not signups:
        return None
    signups.sort(key=lambda signup: queries.next_meeting(signup, task.now).starts_at)
    person = signups[0].person
    contact = contact_for(person)
    if contact is None or person.messages_paused_at is not None:
        return None
    speech, base_url = work.speech_in(person.language), work.settings.base_url
    lines, entries = [], []
    for signup in signups:
        meeting = queries.next_meeting(signup, task.now)
        booking = Booking.of(signup, meeting, speech, base_url=base_url)
        state = speech.say(SIGNUP_STATE[SignupState(signup.state)])
        lines.append((dates.meeting_when(meeting, speech), state, booking.url))
        if signup.state == SignupState.CONFIRMED:
            entries.append(entry_of(meeting, speech, url=booking.url))
    first = Booking.of(signups[0], queries.next_meeting(signups[0], task.now), speech, base_url=base_url)
    if entries:
        calendar = calendar_of(entries, host=host_of(work.settings), now=task.now)
        first = replace(first, calendar=(Method.PUBLISH, calendar))
    letter = many_dates(first, tuple(lines), my_dates=f"{base_url}/{speech.code}/my/dates")
    return Message(letter, ContactKind(contact.kind), contact.value)


def _live(session: Session, public_id: str) -> Signup | None:
    try:
        signup = queries.signup_named(session, public_id)
    except NotFound:
        return None
    return signup if signup.state in LIVE else None
