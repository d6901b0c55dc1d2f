"""The demo accounts: who signs in where, with one password for all and a fixed secret for each second factor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from commune_hub.accounts import actions
from commune_hub.accounts.models import Account, Organisation, Person
from commune_hub.accounts.queries import ring_of
from commune_hub.accounts.rules import Reach
from commune_hub.accounts.words import ContactKind, Role
from commune_hub.base.words import Language

PASSWORD = "moien-commune-hub"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Somebody who works in the demo country. `organisation` is a slug; `secret` goes into an authenticator app."""

    title: str
    name: str
    mail: str
    role: Role
    organisation: str
    secret: str
    language: Language = Language.FR

    def code_now(self, now: datetime) -> str:
        """The six digits that the app shows now."""
        return pyotp.TOTP(self.secret).at(now)


ACCOUNTS = (
    DemoAccount(
        "Officer of Sanem", "Claire", "officer.sanem@example.org", Role.OFFICER, "sanem", "OFFICERSANEMDEMO" * 2
    ),
    DemoAccount(
        "Coordinator of Sanem", "Marc", "coordinator.sanem@example.org", Role.COORDINATOR, "sanem",
        "COORDINATORSANEM" * 2,
    ),
    DemoAccount(
        "Officer of Esch-sur-Alzette", "Sandra", "officer.esch@example.org", Role.OFFICER, "esch-sur-alzette",
        "OFFICERSESCHDEMO" * 2, Language.LB,
    ),
    DemoAccount("ASTI, whole country", "Laura", "asti@example.org", Role.ASTI, "", "ASTICOORDINATION" * 2),
    DemoAccount(
        "National officer", "Nathalie", "national@example.org", Role.NATIONAL_OFFICER, "",
        "NATIONALOFFICERS" * 2,
    ),
    DemoAccount(
        "Technical administrator", "Ben", "admin@example.org", Role.ADMIN, "", "ADMINISTRATORHUB" * 2, Language.EN
    ),
    DemoAccount("Auditor", "Nora", "auditor@example.org", Role.AUDITOR, "", "AUDITORWHOLOOKED" * 2),
)  # fmt: skip
LEARNER_NAME = "Amina"
LEARNER_MAIL = "learner@example.org"
VOLUNTEER_NAME = "Josée Wagener"
VOLUNTEER_MAIL = "volunteer@example.org"


def code_now(now: datetime) -> dict[str, str]:
    """The codes of all accounts at this moment, by mail address."""
    return {account.mail: account.code_now(now) for account in ACCOUNTS}


def table() -> list[tuple[str, str, str, str]]:
    """Who, mail address, password, secret of the second factor: what terminal and README print."""
    staff = [(account.title, account.mail, PASSWORD, account.secret) for account in ACCOUNTS]
    by_code = (("Learner", LEARNER_MAIL), ("Volunteer of Sanem", VOLUNTEER_MAIL))
    return [*staff, *((title, mail, "(a code by mail)", "") for title, mail in by_code)]


def open_accounts(session: Session, *, organisations: Mapping[str, Organisation], now: datetime) -> dict[str, Account]:
    """The accounts, ready to sign in, by mail address."""
    opened = {}
    for one in ACCOUNTS:
        person = _person(session, one.name, one.mail, one.language, now)
        account = actions.new_account(
            session, person=person, password=PASSWORD, role=one.role,
            organisation=organisations.get(one.organisation), now=now,
        )  # fmt: skip
        account.totp_sealed = ring_of(session).seal(person.public_id, one.secret)
        opened[one.mail] = account
    return opened


def learner(session: Session, *, now: datetime) -> Person:
    """The learner, who signs in with a code that comes by mail."""
    return _person(session, LEARNER_NAME, LEARNER_MAIL, Language.FR, now)


def volunteer(session: Session, *, now: datetime) -> Person:
    """The volunteer, who signs in the same way."""
    return _person(session, VOLUNTEER_NAME, VOLUNTEER_MAIL, Language.FR, now)


def _person(session: Session, name: str, mail: str, language: Language, now: datetime) -> Person:
    reach = Reach(ContactKind.MAIL, mail)
    person = actions.new_person(session, name=name, language=language, now=now, reach=reach)
    person.contacts[0].confirmed_at = now
    return person
