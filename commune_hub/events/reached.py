"""Who of a meeting is reached how: by mail, by phone, or by neither, which takes a letter."""

from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.queries import contact_of
from commune_hub.accounts.words import ContactKind
from commune_hub.events import queries
from commune_hub.events.models import Meeting, Signup
from commune_hub.events.words import SignupState


class Way(StrEnum):
    """How a message reaches somebody. A paused person wants no messages, and gets none."""

    MAIL = "mail"
    PHONE = "phone"
    LETTER = "letter"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Audience:
    """The sign-ups that a message is for, by the way in which it reaches them."""

    by_way: dict[Way, list[Signup]] = field(default_factory=lambda: {way: [] for way in Way})

    def of(self, *ways: Way) -> list[Signup]:
        """The sign-ups reached in one of these ways."""
        return [signup for way in ways for signup in self.by_way[way]]


def contactless(person: Person) -> bool:
    """Whether somebody has neither mail address nor phone number."""
    return contact_of(person, ContactKind.MAIL) is None and contact_of(person, ContactKind.PHONE) is None


def way_to(person: Person) -> Way:
    """By mail where there is an address, else by phone; by letter to whoever has neither."""
    if person.messages_paused_at is not None:
        return Way.PAUSED
    if contactless(person):
        return Way.LETTER
    return Way.MAIL if contact_of(person, ContactKind.MAIL) is not None else Way.PHONE


def signups_of(session: Session, meeting: Meeting, *, waiting: bool) -> list[Signup]:
    """Who has a seat (or is offered one), and with `waiting` also who waits; nobody who was erased."""
    live = [one for one in queries.signups_of_pool(session, meeting.pool_id) if one.person.erased_at is None]
    return [one for one in live if waiting or one.state != SignupState.WAITING]


def audience_of(session: Session, meeting: Meeting, *, waiting: bool) -> Audience:
    """Who a message to a meeting is for."""
    audience = Audience()
    for signup in signups_of(session, meeting, waiting=waiting):
        audience.by_way[way_to(signup.person)].append(signup)
    return audience


def without_contact(session: Session, meeting: Meeting, *, waiting: bool, paused: bool) -> list[Signup]:
    """Who is told by letter; with `paused` also those who want no messages, because a cancellation concerns them."""
    signups = signups_of(session, meeting, waiting=waiting)
    return [s for s in signups if contactless(s.person) and (paused or s.person.messages_paused_at is None)]
