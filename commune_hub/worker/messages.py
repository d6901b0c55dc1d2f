"""Who is told what, if it is still true: each handler reads, writes a letter, closes the database and then sends it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts import queries as queries_of_accounts
from commune_hub.accounts.models import Account, Contact, Invitation, Person, SignInCode
from commune_hub.accounts.queries import contact_of, ring_of
from commune_hub.accounts.words import AfterNoShow, ContactKind, Role
from commune_hub.events import queries
from commune_hub.events.actions import missed, seats
from commune_hub.events.calendars import Mailbox, Method, calendar_of, invitation_of
from commune_hub.events.models import Meeting, Signup
from commune_hub.events.words import LIVE, CancelReason, MeetingState, QueueStep, SignupState
from commune_hub.speech.catalogues import Speech
from commune_hub.speech.entries import entry_of
from commune_hub.speech.gsm import fitted
from commune_hub.worker.mail import about_accounts, about_seats
from commune_hub.worker.mail.about_seats import Booking, Calendar
from commune_hub.worker.mail.envelope import mail_of
from commune_hub.worker.mail.letter import Letter, Sender
from commune_hub.worker.work import Task, Work, host_of


@dataclass(frozen=True, slots=True)
class Message:
    """A letter and where it goes."""

    letter: Letter
    kind: ContactKind
    to: str


Compose = Callable[[Session, Work, Task], Message | None]


def told_by(compose: Compose) -> Callable[[Work, Task], None]:
    """A handler that reads only: what `compose` writes is sent after the database is closed; None is no longer true."""

    def handler(work: Work, task: Task) -> None:
        with work.store.reading() as session:
            message = compose(session, work, task)
        if message is not None:
            deliver(work, message, task)

    return handler


def deliver(work: Work, message: Message, task: Task) -> None:
    """Hand a message to the mail server or to the phone gateway."""
    if message.kind is ContactKind.PHONE:
        work.sms.send(number=message.to, text=fitted(message.letter.sms), key=task.key)
        return
    settings = work.settings
    mail = mail_of(
        message.letter, to=message.to, sender=settings.mail_from, host=host_of(settings), key=task.key, now=task.now
    )
    work.smtp.deliver(mail)


# -- seats ---------------------------------------------------------------


def signed_up(session: Session, work: Work, task: Task) -> Message | None:
    """How it stands with a sign-up; nothing when that has changed since, because the change has its own message."""
    signup = queries.signup_named(session, task.ids["signup"])
    if signup.decided_at > task.asked_at:
        return None
    position = queries.position_of(session, signup)
    decides = signup.pool.decides_at
    if position is not None and decides is not None and decides > task.now:
        return about_signup(signup, None, work, task, lambda booking: about_seats.enrolled(booking, decides))
    if position is not None:
        return about_signup(signup, None, work, task, lambda booking: about_seats.waiting(booking, position))
    if signup.state == SignupState.OFFERED:
        return seat_offered(session, work, task)
    if signup.state != SignupState.CONFIRMED:
        return None
    return about_signup(signup, None, work, task, about_seats.seat, invited=True)


def gave_back(session: Session, work: Work, task: Task) -> Message | None:
    """Somebody no longer comes, or was taken off the list."""
    signup = queries.signup_named(session, task.ids["signup"])
    if signup.state != SignupState.CANCELLED:
        return None
    steps = [decision.step for decision in queries.decisions_of(session, signup_id=signup.id)]
    write = about_seats.taken_off if QueueStep.TAKEN_OFF in steps else about_seats.given_back
    return about_signup(signup, None, work, task, write, invited=True, given_back=True)


def seat_given(session: Session, work: Work, task: Task) -> Message | None:
    """Somebody who waited has a seat now."""
    signup = queries.signup_named(session, task.ids["signup"])
    if signup.state != SignupState.CONFIRMED:
        return None
    return about_signup(signup, None, work, task, about_seats.seat_given, invited=True)


def seat_offered(session: Session, work: Work, task: Task) -> Message | None:
    """A seat is kept for somebody who waits, while there is time to answer."""
    signup = queries.signup_named(session, task.ids["signup"])
    until = signup.offered_until
    if signup.state != SignupState.OFFERED or until is None or until <= task.now:
        return None
    return about_signup(signup, None, work, task, lambda booking: about_seats.seat_offered(booking, until))


def offer_ran_out(session: Session, work: Work, task: Task) -> Message | None:
    """The seat went to the next."""
    signup = queries.signup_named(session, task.ids["signup"])
    if signup.state != SignupState.EXPIRED:
        return None
    return about_signup(signup, None, work, task, about_seats.offer_ran_out)


def meeting_cancelled(session: Session, work: Work, task: Task) -> Message | None:
    """A date does not take place. This is told to everybody, also to those who want no messages now."""
    signup, meeting = signup_and_meeting(session, task)
    if signup.state not in LIVE or meeting.state != MeetingState.CANCELLED:
        return None
    reason = CancelReason(meeting.cancel_reason) if meeting.cancel_reason else None
    return about_signup(
        signup, meeting, work, task, lambda booking: about_seats.meeting_cancelled(booking, reason),
        invited=signup.state == SignupState.CONFIRMED, also_when_paused=True,
    )  # fmt: skip


def meeting_moved(session: Session, work: Work, task: Task) -> Message | None:
    """A date has another time or place; when it was moved again since, the newer mail says it."""
    signup, meeting = signup_and_meeting(session, task)
    newer = str(meeting.sequence) != task.key.rsplit(":", 1)[-1]
    if signup.state not in LIVE or meeting.state != MeetingState.PLANNED or newer or meeting.ends_at <= task.now:
        return None
    holds = signup.state == SignupState.CONFIRMED
    return about_signup(
        signup, meeting, work, task, lambda booking: about_seats.meeting_moved(booking, holds_seat=holds), invited=holds
    )


def reminder(session: Session, work: Work, task: Task) -> Message | None:
    """The evening before; nothing for a date that was moved, cancelled, given back, or has begun."""
    signup, meeting = signup_and_meeting(session, task)
    wanted = signup.state == SignupState.CONFIRMED and signup.reminder and meeting.state == MeetingState.PLANNED
    if not wanted or meeting.starts_at <= task.now or task.key != seats.reminder_key(signup, meeting):
        return None
    asks = signup.pool.activity.organisation.after_no_show == AfterNoShow.ASK_AGAIN
    counted = queries.reliability_of(session, [signup.person_id], task.now) if asks else {}
    missed_one = any(one.no_shows for one in counted.values())
    write = about_seats.asking_reminder if missed_one else about_seats.reminder
    return about_signup(signup, meeting, work, task, write)


def no_show(session: Session, work: Work, task: Task) -> Message | None:
    """The morning after; nothing when the mark was corrected, or the organiser no longer wants it."""
    signup, meeting = signup_and_meeting(session, task)
    wanted = signup.pool.activity.organisation.after_no_show == AfterNoShow.REMINDER
    if not wanted or not missed.did_not_come(session, signup, meeting):
        return None
    return about_signup(signup, meeting, work, task, about_seats.no_show)


def signup_and_meeting(session: Session, task: Task) -> tuple[Signup, Meeting]:
    signup = queries.signup_named(session, task.ids["signup"])
    return signup, queries.meeting_named(session, task.ids["meeting"])


def about_signup(
    signup: Signup,
    meeting: Meeting | None,
    work: Work,
    task: Task,
    write: Callable[[Booking], Letter],
    *,
    invited: bool = False,
    given_back: bool = False,
    also_when_paused: bool = False,
) -> Message | None:
    """The letter about one date of a sign-up, without `meeting` about all of it. `invited`: with a calendar."""
    person = signup.person
    contact = contact_for(person)
    if contact is None or (person.messages_paused_at is not None and not also_when_paused):
        return None
    speech = work.speech_in(person.language)
    about = meeting or queries.next_meeting(signup, task.now)
    booking = Booking.of(signup, about, speech, base_url=work.settings.base_url)
    if invited and contact.kind == ContactKind.MAIL:
        meetings = [meeting] if meeting else signup.pool.meetings
        calendar = _calendar(work, booking, meetings, contact.value, task.now, given_back=given_back)
        booking = replace(booking, calendar=calendar)
    return Message(write(booking), ContactKind(contact.kind), contact.value)


def _calendar(
    work: Work, booking: Booking, meetings: list[Meeting], to: str, now: datetime, *, given_back: bool
) -> Calendar:
    """One date as a request (or its cancellation), several as a list: a request is about one event (RFC 5546)."""
    url = booking.activity_url if given_back else booking.url
    entries = [
        entry_of(meeting, booking.speech, url=url, given_back=given_back, may_enter=not given_back)
        for meeting in meetings
    ]
    host = host_of(work.settings)
    if len(entries) > 1:
        return Method.PUBLISH, calendar_of(entries, host=host, now=now)
    organiser = Mailbox(booking.sender.mail or work.settings.mail_from, booking.sender.name)
    return invitation_of(entries[0], host=host, now=now, organiser=organiser, attendee=Mailbox(to, booking.name))


def contact_for(person: Person) -> Contact | None:
    """Where a person is reached: by mail, else by phone; nobody who was erased is."""
    if person.erased_at is not None:
        return None
    return contact_of(person, ContactKind.MAIL) or contact_of(person, ContactKind.PHONE)


# -- signing in ----------------------------------------------------------


def sign_in_code(session: Session, work: Work, task: Task) -> Message | None:
    """Six digits to the contact that asked for them, while they are valid."""
    row = session.scalar(select(SignInCode).where(SignInCode.public_id == task.ids["code"]))
    contact = session.get(Contact, row.contact_id) if row is not None and row.contact_id else None
    if row is None or contact is None or row.code_sealed is None or row.expires_at <= task.now:
        return None
    code = ring_of(session).open(contact.person.public_id, row.code_sealed)
    speech = work.speech_in(contact.person.language)
    letter = about_accounts.sign_in_code(code, speech, base_url=work.settings.base_url)
    return Message(letter, ContactKind(contact.kind), contact.value)


def invitation_mail(work: Work, task: Task) -> None:
    """The link gets its token now, so that none lies in the outbox; a repeated mail carries a newer one."""
    with work.store.writing() as session:
        message = _invitation(session, work, task)
    if message is not None:
        deliver(work, message, task)


def _invitation(session: Session, work: Work, task: Task) -> Message | None:
    row = session.scalar(
        select(Invitation).where(Invitation.public_id == task.ids["invitation"]).with_for_update(of=Invitation)
    )
    contact = contact_for(row.person) if row is not None else None
    if row is None or contact is None or row.used_at is not None or row.expires_at <= task.now:
        return None
    token = accounts.renew_invitation(session, invitation=row, now=task.now)
    speech = work.speech_in(row.person.language)
    sender = Sender.of(row.organisation) if row.organisation else Sender()
    url = work.url(f"/{speech.code}/staff/invitation/{token}")
    letter = about_accounts.invitation(row.person.name, Role(row.role), sender, speech, url=url)
    return Message(letter, ContactKind(contact.kind), contact.value)


def role_given(session: Session, work: Work, task: Task) -> Message | None:
    """One more role, while it lasts."""
    grant = queries_of_accounts.grant_of(session, task.ids["account"], task.ids["role"], task.ids["organisation"])
    sender = Sender.of(grant.organisation) if grant.organisation else Sender()
    return _to_staff(
        grant.account, work, lambda name, speech, url: about_accounts.role_given(
            name, Role(grant.role), sender, speech, url=url
        )
    )  # fmt: skip


def second_factor(session: Session, work: Work, task: Task) -> Message | None:
    """The authenticator of an account was taken away."""
    account = session.scalar(select(Account).where(Account.public_id == task.ids["account"]))
    if account is None:
        return None
    return _to_staff(
        account, work, lambda name, speech, url: about_accounts.second_factor(name, speech, url=url)
    )  # fmt: skip


def _to_staff(account: Account, work: Work, write: Callable[[str, Speech, str], Letter]) -> Message | None:
    contact = contact_for(account.person)
    if contact is None:
        return None
    speech = work.speech_in(account.person.language)
    letter = write(account.person.name, speech, work.url(f"/{speech.code}/staff/sign-in"))
    return Message(letter, ContactKind(contact.kind), contact.value)
