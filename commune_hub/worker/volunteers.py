"""The jobs of volunteers: what they and their organisers are told, what qualifies them."""

from collections.abc import Callable, Iterable
from datetime import date

from sqlalchemy.orm import Session

from commune_hub.accounts.rules import short_name
from commune_hub.accounts.words import ContactKind
from commune_hub.events import queries as events
from commune_hub.events.models import Meeting
from commune_hub.events.words import MeetingState
from commune_hub.speech import dates, telling
from commune_hub.speech.catalogues import N_, Speech
from commune_hub.volunteers import letters, queries, rota, trainings
from commune_hub.volunteers.actions import qualifying
from commune_hub.volunteers.models import MeetingHost, Volunteer
from commune_hub.volunteers.words import HostState, VolunteerState
from commune_hub.worker.mail import about_volunteers as about
from commune_hub.worker.mail.letter import Letter, Sender
from commune_hub.worker.messages import Message, contact_for
from commune_hub.worker.work import Task, Work

Write = Callable[[Sender, Speech, about.Facts, str], Letter]


def attendance_changed(work: Work, task: Task) -> None:
    """A training or an exchange day was attended, or not after all."""
    with work.store.writing() as session:
        meeting = events.meeting_named(session, task.ids["meeting"])
        months = int(work.settings.qualification_months)
        qualifying.after_attendance(session, activity=meeting.activity, months=months, now=task.now)


def announced(session: Session, work: Work, task: Task) -> Message | None:
    """Thank you, and what comes next."""
    volunteer = queries.volunteer_named(session, task.ids["volunteer"])
    speech = work.speech_in(volunteer.person.language)
    return _to(
        volunteer, about.announced(
            volunteer.person.name, speech, training=_next_training(session, task, speech),
            url=work.url(f"/{speech.code}/sign-in"),
        ),
    )  # fmt: skip


def assigned(session: Session, work: Work, task: Task) -> Message | None:
    """What somebody was asked to look after, as far as it still holds."""
    volunteer = queries.volunteer_named(session, task.ids["volunteer"])
    hosts = [rota.host_if_there(session, name) for name in task.ids["hosts"].split(",")]
    meetings = [one.meeting for one in hosts if one and one.state == HostState.HOSTS and _is_to_come(one.meeting, task)]
    if not meetings:
        return None
    speech = work.speech_in(volunteer.person.language)
    facts = tuple((speech.say(N_("When")), dates.meeting_when(meeting, speech)) for meeting in meetings)
    return _to(
        volunteer, about.assigned(
            volunteer.person.name, Sender.of(meetings[0].activity.organisation), speech,
            facts=(*_what(meetings[0], speech)[:1], *facts), url=work.url(f"/{speech.code}/volunteer"),
        ),
    )  # fmt: skip


def asked_to_stand_in(session: Session, work: Work, task: Task) -> Message | None:
    """Could you? Nothing once somebody said yes, or the host comes after all."""
    asked = rota.question_to(session, task.ids["host"], task.ids["volunteer"])
    if asked is None or asked.answered_at or asked.host.state != HostState.CANNOT:
        return None
    meeting, volunteer = asked.host.meeting, asked.volunteer
    if not _is_to_come(meeting, task):
        return None
    speech = work.speech_in(volunteer.person.language)
    return _to(
        volunteer, about.asked_to_stand_in(
            volunteer.person.name, Sender.of(meeting.activity.organisation), speech, facts=_what(meeting, speech),
            when=dates.meeting_when(meeting, speech), url=work.url(f"/{speech.code}/stand-in/{asked.link_key}"),
        ),
    )  # fmt: skip


def host_cannot(session: Session, work: Work, task: Task) -> Message | None:
    """To the organiser, while it is true."""
    host = rota.host_if_there(session, task.ids["host"])
    if host is None or host.state != HostState.CANNOT or not _is_to_come(host.meeting, task):
        return None
    return _to_organiser(
        host, work, lambda sender, speech, facts, url: about.host_cannot(
            sender, speech, who=_short(host), asked=int(task.ids["asked"]), facts=facts, url=url
        ),
    )  # fmt: skip


def stand_in_found(session: Session, work: Work, task: Task) -> Message | None:
    """To the host who cannot come: somebody else does."""
    host, by = (rota.host_if_there(session, task.ids[name]) for name in ("host", "by"))
    if host is None or by is None or host.state != HostState.REPLACED or by.state != HostState.HOSTS:
        return None
    speech = work.speech_in(host.volunteer.person.language)
    return _to(
        host.volunteer, about.stand_in_found(
            host.volunteer.person.name, Sender.of(host.meeting.activity.organisation), speech,
            facts=_what(host.meeting, speech), who=_short(by), url=work.url(f"/{speech.code}/volunteer"),
        ),
    )  # fmt: skip


def host_found(session: Session, work: Work, task: Task) -> Message | None:
    """To the organiser: who stands in."""
    by = rota.host_if_there(session, task.ids["by"])
    if by is None or by.state != HostState.HOSTS:
        return None
    return _to_organiser(
        by, work, lambda sender, speech, facts, url: about.host_found(
            sender, speech, who=_short(by), facts=facts, url=url
        ),
    )  # fmt: skip


def qualification_ends(session: Session, work: Work, task: Task) -> Message | None:
    """A reminder, unless an exchange day has prolonged it since."""
    volunteer = queries.volunteer_named(session, task.ids["volunteer"])
    until = date.fromisoformat(task.ids["until"])
    if volunteer.qualified_until != until or volunteer.state in (VolunteerState.PAUSED, VolunteerState.LEFT):
        return None
    speech = work.speech_in(volunteer.person.language)
    return _to(
        volunteer, about.qualification_ends(
            volunteer.person.name, speech, until=speech.day_and_year(until),
            training=_next_training(session, task, speech), url=work.url(f"/{speech.code}/volunteer/trainings"),
        ),
    )  # fmt: skip


def from_asti(session: Session, work: Work, task: Task) -> Message | None:
    """What ASTI wrote, to one of those to whom it was written."""
    volunteer = queries.volunteer_named(session, task.ids["volunteer"])
    letter = letters.letter_named(session, task.ids["letter"])
    speech = work.speech_in(volunteer.person.language)
    sender = Sender(name=work.settings.engagement_issuer)
    url = work.url(f"/{speech.code}/volunteer")
    return _to(volunteer, about.from_asti(volunteer.person.name, sender, speech, text=letter.text, url=url))


# -- what they share -----------------------------------------------------------


def _to(volunteer: Volunteer, letter: Letter) -> Message | None:
    contact = contact_for(volunteer.person)
    if contact is None or volunteer.person.messages_paused_at is not None:
        return None
    return Message(letter, ContactKind(contact.kind), contact.value)


def _to_organiser(host: MeetingHost, work: Work, write: Write) -> Message | None:
    activity = host.meeting.activity
    mail = activity.contact_mail or activity.organisation.mail
    if not mail:
        return None
    speech = work.speech_in(work.settings.default_language)
    url = work.url(f"/{speech.code}/staff/meetings/{host.meeting.public_id}")
    sender = Sender(name=activity.organisation.name)
    return Message(write(sender, speech, _what(host.meeting, speech), url), ContactKind.MAIL, mail)


def _what(meeting: Meeting, speech: Speech) -> about.Facts:
    place = telling.place_words(meeting.activity, meeting.venue, speech)
    rows: Iterable[tuple[str, str]] = (
        (speech.say(N_("What")), telling.title_of(meeting.activity, speech)),
        (speech.say(N_("When")), dates.meeting_when(meeting, speech)),
        (speech.say(N_("Where")), place),
    )
    return tuple((word, value) for word, value in rows if value)


def _is_to_come(meeting: Meeting, task: Task) -> bool:
    return meeting.starts_at > task.now and meeting.state == MeetingState.PLANNED


def _short(host: MeetingHost) -> str:
    return short_name(host.volunteer.person.name)


def _next_training(session: Session, task: Task, speech: Speech) -> str:
    found = trainings.coming(session, task.now, limit=1)
    return dates.meeting_when(found[0], speech) if found else ""
