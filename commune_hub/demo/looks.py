"""Who looked at the learner's data in the demo country, and somebody who is there twice: for the pages of privacy."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts import traces
from commune_hub.accounts.models import Account, Contact, Grant, Person
from commune_hub.accounts.queries import contact_hash
from commune_hub.accounts.rules import Reach, reach_from
from commune_hub.accounts.traces import Look
from commune_hub.accounts.words import ContactKind, TracedThing, TraceResult
from commune_hub.demo.accounts import LEARNER_MAIL, LEARNER_NAME
from commune_hub.events.models import Meeting, Signup
from commune_hub.privacy.models import RetentionRun

_SECOND_CONTACT = "+352 621 000 099"
_LOOKS = (
    (9, "officer.sanem@example.org", TracedThing.MEETING, ""),
    (8, "officer.sanem@example.org", TracedThing.ROLL, ""),
    (5, "coordinator.sanem@example.org", TracedThing.PERSON_FILE, "elle est au téléphone et demande ses heures"),
    (2, "asti@example.org", TracedThing.COACHING_REQUEST, "elle cherche un coach près de chez elle"),
    (1, "officer.sanem@example.org", TracedThing.MEETING, ""),
    (0.1, "officer.sanem@example.org", TracedThing.SIGNUP, ""),
)


def fill(session: Session, *, now: datetime) -> None:
    """The looks of the last days, oldest first; a second Amina with a phone number; last night's run."""
    learner = _at(session, Reach(ContactKind.MAIL, LEARNER_MAIL))
    signup = session.scalar(select(Signup).where(Signup.person_id == learner.id).order_by(Signup.id))
    meeting = session.scalars(select(Meeting).where(Meeting.pool_id == signup.pool_id)).first() if signup else None
    for days, mail, thing, motive in _LOOKS:
        account = session.scalars(
            select(Account).where(Account.person_id == _at(session, Reach(ContactKind.MAIL, mail)).id)
        ).one()
        grant: Grant = account.grants[0]
        look = Look(
            thing, frozenset({learner.public_id}), agent_id=account.id, organisation_id=grant.organisation_id,
            role=grant.role, about=meeting.public_id if meeting else "", motive=motive, result=TraceResult.SHOWN,
        )  # fmt: skip
        traces.write(session, look, now=now - timedelta(days=days, minutes=7 * days))
    long_ago = now - timedelta(days=40)
    accounts.new_person(session, name=LEARNER_NAME, language="fr", now=long_ago, reach=reach_from(_SECOND_CONTACT))
    night = now.replace(hour=2, minute=30, second=0, microsecond=0)
    session.add(RetentionRun(started_at=night, finished_at=night))
    session.flush()


def _at(session: Session, reach: Reach) -> Person:
    question = select(Person).join(Contact).where(Contact.value_hash == contact_hash(session, reach))
    return session.scalars(question).one()


