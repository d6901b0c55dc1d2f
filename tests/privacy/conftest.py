"""Somebody who has left something in as many tables as a short life here can."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import profile
from commune_hub.accounts.models import Person
from commune_hub.contracts.models import Consent, ContractLink
from commune_hub.contracts.words import ConsentPurpose
from commune_hub.events.actions import cards
from commune_hub.events.models import Signup
from commune_hub.events.records import Alert, Attendance
from commune_hub.events.words import AlertState, AttendanceChannel, AttendanceState
from commune_hub.places.geo import Point
from tests import factories

# Invented, all of them: the files of a PostgreSQL server also hold what other tests write at the same time.
SECRETS = ("Amandine-Zéphyrine", "amandine.zephyrine@example.lu", "Op der Zéckerbréck", "a secret search")


@dataclass(frozen=True)
class Known:
    """A person with all that, and somebody else beside them at the same tables."""

    person: Person
    other: Person


@pytest.fixture
def known(session: Session, now: datetime) -> Known:
    person = factories.a_person(session, name=SECRETS[0], contact=SECRETS[1])
    other = factories.a_person(session, name="Béatrice", contact="+352621000333")
    profile.keep_home(session, person=person, point=Point(49.61, 6.12), label=SECRETS[2])
    long_ago = now - timedelta(days=20)
    past = factories.a_meeting(session, on=(now - timedelta(days=10)).date(), now=long_ago)
    ahead = factories.a_meeting(session)
    for meeting in (past, ahead):
        for one in (person, other):
            factories.a_signup(session, meeting.pool, person=one, now=long_ago)
    for one in (person, other):
        session.add(
            Attendance(
                meeting=past, person=one, state=AttendanceState.PRESENT, channel=AttendanceChannel.STAFF,
                noted_at=past.ends_at,
            )
        )  # fmt: skip
    ring = session.info["keyring"]
    session.add(
        Alert(
            person=person, search_sealed=ring.seal(person.public_id, SECRETS[3]), state=AlertState.ACTIVE,
            made_at=long_ago,
        )
    )  # fmt: skip
    cards.make_card(session, person=person, now=now)
    session.flush()
    return Known(person, other)


def a_link(session: Session, person: Person, **given: object) -> ContractLink:
    """A link with a CAI contract that was signed on 15 September 2022."""
    ring = session.info["keyring"]
    consent = Consent(
        person_id=person.id, purpose=ConsentPurpose.RECORD, wording=1, language="fr", given_at=factories.NOW
    )
    session.add(consent)
    session.flush()
    values: dict[str, object] = {
        "person_id": person.id,
        "consent_id": consent.id,
        "reference_sealed": ring.seal(person.public_id, "reference"),
        "reference_hash": person.public_id.encode(),
        "scheme": "LU-CAI",
        "state": "fulfilled",
        "linked_at": factories.NOW,
    }
    link = ContractLink(**(values | given))
    session.add(link)
    session.flush()
    return link


def seats(session: Session) -> list[tuple[str, int]]:
    """How many sign-ups there are in each state."""
    found: dict[str, int] = {}
    for state in session.scalars(select(Signup.state)):
        found[state] = found.get(state, 0) + 1
    return sorted(found.items())
