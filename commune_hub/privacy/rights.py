"""What stays after somebody asks to be deleted, by which rule and until when; and correcting a name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.queries import name_hash, ring_of
from commune_hub.base.words import LOCAL
from commune_hub.contracts.models import ContractLink
from commune_hub.privacy.retention import profile_for
from commune_hub.schemes.keeping import retention
from commune_hub.schemes.periods import after_months
from commune_hub.schemes.words import Anchor, Population


class Stays(StrEnum):
    """What is left after a deletion."""

    NUMBERS = "numbers"
    TRACES = "traces"
    CONTRACT_FILE = "contract_file"
    CERTIFICATION_FILE = "certification_file"
    BACKUPS = "backups"


@dataclass(frozen=True, slots=True)
class Remainder:
    """One thing that stays; `until` None: not known here, or without end because it says nothing about anybody."""

    what: Stays
    until: date | None = None
    scheme: str = ""


def remainders(session: Session, *, person: Person, now: datetime, trace_months: int) -> Iterator[Remainder]:
    """What stays by law or because it names nobody (RGD art. 25(3), 26, 28)."""
    today = now.astimezone(LOCAL).date()
    for link in session.scalars(select(ContractLink).where(ContractLink.person_id == person.id)):
        profile = profile_for(link.scheme, link.signed_on or link.linked_at.astimezone(LOCAL).date())
        if profile is None:
            continue
        days = {Anchor.SIGNATURE: link.signed_on, Anchor.CONTRACT_END: link.ends_on, Anchor.LAST_ACTIVITY: today}
        for what, population in (
            (Stays.CONTRACT_FILE, Population.SIGNATORIES),
            (Stays.CERTIFICATION_FILE, Population.CERTIFICATION_FILE),
        ):
            due = retention(profile, population, days)
            if not due.assumed:
                yield Remainder(what, due.due_on, link.scheme)
    yield Remainder(Stays.TRACES, after_months(today, trace_months + 1))
    yield Remainder(Stays.NUMBERS)
    yield Remainder(Stays.BACKUPS)


def rename(session: Session, *, person: Person, name: str) -> None:
    """Correct the name. Certificates that were issued keep the one that stands on them."""
    person.name_sealed = ring_of(session).seal(person.public_id, name)
    person.name_hash = name_hash(session, name)
    session.flush()
