"""The separate ten-year file (RGD art. 26): who took part, whether the contract was accomplished, nothing else."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.base.ids import new_public_id
from commune_hub.schemes import matricule as numbers
from commune_hub.schemes.words import ContractState
from national_record import law
from national_record.models import CertificationEntry, Contract
from national_record.queries import personal_of, ring_of


@dataclass(frozen=True, slots=True)
class Certified:
    """What the file answers."""

    names: str
    contact: str
    accomplished: bool


def enter(session: Session, *, contract: Contract, now: datetime) -> None:
    """The line of the person of a contract that is over; one that was accomplished stays accomplished."""
    until = law.certification_until(contract)
    if until is None:
        return
    ring, person = ring_of(session), contract.person
    matricule, said = ring.open(person.public_id, person.matricule_sealed), personal_of(session, person)
    entry = _found(session, matricule)
    if entry is None:
        entry = CertificationEntry(id=new_public_id(), matricule_hash=_hash(session, matricule), accomplished=False)
        ring.add_owner(entry.id)
    entry.names_sealed = ring.seal(entry.id, f"{said.first_names} {said.names}")
    entry.contact_sealed = ring.seal(entry.id, ", ".join(filter(None, (said.mail, said.phone, said.commune))))
    entry.matricule_sealed = ring.seal(entry.id, matricule)
    entry.accomplished = bool(entry.accomplished or contract.state == ContractState.FULFILLED)
    # To the month only: a day would lead back to the contract that ended on it.
    entry.expires_on = max(until, entry.expires_on or until)
    session.add(entry)
    session.flush()


def find(session: Session, matricule: str) -> Certified | None:
    """Whether this person took part, and accomplished the contract."""
    entry = _found(session, matricule)
    if entry is None:
        return None
    ring = ring_of(session)
    return Certified(
        names=ring.open(entry.id, entry.names_sealed),
        contact=ring.open(entry.id, entry.contact_sealed),
        accomplished=entry.accomplished,
    )


def expired(session: Session, today: date) -> list[CertificationEntry]:
    """The lines whose ten years are over."""
    return list(session.scalars(select(CertificationEntry).where(CertificationEntry.expires_on <= today)))


def _found(session: Session, matricule: str) -> CertificationEntry | None:
    return session.scalar(
        select(CertificationEntry).where(CertificationEntry.matricule_hash == _hash(session, matricule))
    )


def _hash(session: Session, matricule: str) -> bytes:
    # Another purpose than that of the register: equal numbers have unequal hashes.
    return ring_of(session).store.lookup_hash("ten-year file", numbers.compact(matricule))
