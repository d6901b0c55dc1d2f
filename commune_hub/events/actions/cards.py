"""Practice cards: one in use per person, replaced when it is lost. The code says nothing about anybody."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.events.records import PracticeCard


def make_card(session: Session, *, person: Person, now: datetime) -> PracticeCard:
    """The person's card: the one in use, else a new one. Whoever may make it was decided by who asks for it."""
    return _in_use(session, person) or _new(session, person, now)


def end_card(session: Session, *, person: Person, now: datetime) -> None:
    """The card is lost or not wanted: its code opens nothing any more."""
    card = _in_use(session, person)
    if card is not None:
        card.ended_at = now
        session.flush()


def replace_card(session: Session, *, person: Person, now: datetime, code: str) -> PracticeCard:
    """A new card in the place of the lost one with this code. Asking twice for the same lost card makes one."""
    card = _in_use(session, person)
    if card is not None and card.code != code:
        return card
    end_card(session, person=person, now=now)
    return _new(session, person, now)


def _in_use(session: Session, person: Person) -> PracticeCard | None:
    # The person's row is locked: two presses of the button would make two cards.
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    return session.scalar(
        select(PracticeCard).where(PracticeCard.person_id == person.id, PracticeCard.ended_at.is_(None))
    )


def _new(session: Session, person: Person, now: datetime) -> PracticeCard:
    card = PracticeCard(person_id=person.id, made_at=now)
    session.add(card)
    session.flush()
    return card
