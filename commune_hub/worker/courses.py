"""Jobs of courses: the decision at its date, and who is told what follows; the map of where signatories live."""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.words import ContactKind
from commune_hub.events import queries
from commune_hub.events.actions import courses, invitations, venue_offers
from commune_hub.events.models import Activity
from commune_hub.events.records import VenueOffer
from commune_hub.events.words import LIVE, MeetingState, SignupState
from commune_hub.speech import dates, telling
from commune_hub.speech.catalogues import N_, Speech
from commune_hub.worker.mail import about_courses
from commune_hub.worker.mail.about_courses import RoomOffered
from commune_hub.worker.mail.letter import Letter, Sender
from commune_hub.worker.messages import Message, about_signup, contact_for, signup_and_meeting
from commune_hub.worker.work import Task, Work


def decide_course(work: Work, task: Task) -> None:
    """The decision date of a course has come."""
    with work.store.writing() as session:
        courses.decide_course(session, pool_id=task.ids["pool"], now=task.now)


def rewrite_areas(work: Work, task: Task) -> None:
    """Every night: how many people with priority live where."""
    with work.store.writing() as session:
        venue_offers.rewrite_areas(session, now=task.now)


def confirmed(session: Session, work: Work, task: Task) -> Message | None:
    """The course takes place; nothing for whoever's seat changed since, because that has its own message."""
    signup = queries.signup_named(session, task.ids["signup"])
    if signup.decided_at > task.asked_at:
        return None
    position = queries.position_of(session, signup)
    if position is not None:
        return about_signup(
            signup, None, work, task, lambda booking: about_courses.confirmed_without_you(booking, position)
        )
    if signup.state != SignupState.CONFIRMED:
        return None
    return about_signup(signup, None, work, task, about_courses.confirmed, invited=True)


def postponed(session: Session, work: Work, task: Task) -> Message | None:
    """The course is held later; when it was postponed again since, the newer mail says it. Also to who wants none."""
    signup = queries.signup_named(session, task.ids["signup"])
    decided_at = courses.decided_at(session, signup.pool.activity)
    if signup.state not in LIVE or decided_at is None or decided_at.isoformat() != task.ids["at"]:
        return None
    holds = signup.state == SignupState.CONFIRMED
    return about_signup(
        signup, None, work, task, about_courses.postponed, invited=holds, also_when_paused=True
    )  # fmt: skip


def module_replaced(session: Session, work: Work, task: Task) -> Message | None:
    """A cancelled date has another one."""
    signup, meeting = signup_and_meeting(session, task)
    if signup.state not in LIVE or meeting.state != MeetingState.PLANNED or meeting.ends_at <= task.now:
        return None
    holds = signup.state == SignupState.CONFIRMED
    return about_signup(
        signup, meeting, work, task, lambda booking: about_courses.module_replaced(booking, holds_seat=holds),
        invited=holds,
    )  # fmt: skip


def invitation(session: Session, work: Work, task: Task) -> Message | None:
    """A personal invitation, while there is something to answer."""
    row = invitations.invitation_by_key(session, task.ids["invitation"])
    meeting = invitations.meeting_of(row.activity)
    contact = contact_for(row.person)
    if contact is None or row.answered_at is not None or meeting is None or meeting.starts_at <= task.now:
        return None
    if row.person.messages_paused_at is not None:
        return None
    speech, activity = work.speech_in(row.person.language), row.activity
    sender = Sender.of(activity.organisation, mail=activity.contact_mail, phone=activity.contact_phone)
    facts = (
        (speech.say(N_("What")), telling.title_of(activity, speech)),
        (speech.say(N_("When")), dates.meeting_when(meeting, speech)),
        (speech.say(N_("Where")), telling.place_words(activity, meeting.venue, speech)),
    )
    url = work.url(f"/{speech.code}/i/{row.link_key}")
    when = speech.say(
        N_("%(days)s, %(times)s"), days=speech.day(dates.meeting_day(meeting)), times=speech.clock(meeting.starts_at)
    )
    letter = about_courses.invitation(row.person.name, facts, when, sender, speech, url=url)
    return Message(letter, ContactKind(contact.kind), contact.value)


def offer_taken(session: Session, work: Work, task: Task) -> Message | None:
    """The room that a commune offered is taken: it can announce the course too."""
    question = select(VenueOffer).join(VenueOffer.activity).where(Activity.public_id == task.ids["activity"])
    offers = session.scalars(question.order_by(VenueOffer.starts_at)).all()
    return _to_the_commune(offers, work, about_courses.offer_taken) if offers else None


def offer_refused(session: Session, work: Work, task: Task) -> Message | None:
    """The room is not wanted, and why."""
    return _to_the_commune([venue_offers.offer_named(session, task.ids["offer"])], work, about_courses.offer_refused)


def _to_the_commune(
    offers: Sequence[VenueOffer], work: Work, write: Callable[[RoomOffered, Speech], Letter]
) -> Message | None:
    """In the first language in which the commune answers people; nothing where it has no mail address."""
    venue = offers[0].venue
    commune = venue.organisation
    if not commune.mail:
        return None
    speech = work.speech_in(next(iter(commune.spoken), ""))
    taken_by = offers[0].taken_by
    told = RoomOffered(
        room=", ".join((venue.name, venue.locality)),
        times=tuple(dates.period_when(one.starts_at, one.ends_at, speech) for one in offers),
        taken_by=taken_by.name if taken_by else "",
        reason=offers[0].reason,
        url=work.url(f"/{speech.code}/staff/places/{venue.public_id}/offers"),
    )
    return Message(write(told, speech), ContactKind.MAIL, commune.mail)
