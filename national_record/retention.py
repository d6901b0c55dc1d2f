"""How long: one year and deleted, three years and made anonymous, ten years in the separate file (RGD art. 25-26).

Three operations on two stores. Each person is one transaction, so that a run that is interrupted or repeated does no
harm: the personal key is destroyed first, and without it what an interrupted run has left behind cannot be read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from commune_hub.base.db import Store
from commune_hub.base.ids import new_public_id
from commune_hub.base.words import LOCAL
from commune_hub.schemes.keeping import Due
from commune_hub.schemes.words import ContractState, ObligationKind, RetentionAction
from national_record import certification, law, tracing
from national_record.access_models import AccessToken, Attempt, Change, Disclosure, IdempotencyKey, SignIn
from national_record.models import (
    AnonymousContract,
    Attestation,
    Candidacy,
    CertificationEntry,
    Contract,
    Invitation,
    Obligation,
    Person,
    Presence,
    Voucher,
)
from national_record.tracing import Caller
from national_record.words import Channel, Deed

# Ours, not the law's: art. 28 says nothing of how long. As long as what they speak of.
TRACE_MONTHS = 36
CHANGES_KEPT = timedelta(days=400)
ANSWERS_KEPT = timedelta(days=30)
_CALLER = Caller(
    "national-record", "national-record", "Délai de conservation écoulé (RGD art. 25 et 26)", Channel.COMMAND
)

_PEOPLE = (
    select(Person)
    .options(selectinload(Person.contracts), selectinload(Person.candidacies).selectinload(Candidacy.session))
    .order_by(Person.id)
    .execution_options(yield_per=500)
)


@dataclass
class Tally:
    """What a run has done, or would do. `conflicts`: references of contracts about which a human has to decide."""

    deleted: int = 0
    anonymised: int = 0
    file_lines: int = 0
    trace_months: int = 0
    conflicts: list[str] = field(default_factory=list)


def run(store: Store, *, now: datetime, dry: bool = False) -> Tally:
    """Do what is due today; with `dry` only say it."""
    today, tally, due = now.astimezone(LOCAL).date(), Tally(), []
    with store.reading() as session:
        for person in session.scalars(_PEOPLE):
            said = _due_of(person, today)
            tally.conflicts += said.conflicts
            tally.deleted += said.candidate
            tally.anonymised += len(said.contracts)
            if said.candidate or said.contracts:
                due.append(person.id)
        tally.file_lines = len(certification.expired(session, today))
    if dry:
        return tally
    for person_id in due:
        with store.writing() as session:
            _keep(session, person_id, today, now)
    with store.writing() as session:
        for entry in certification.expired(session, today):
            _forget_line(session, entry)
        _sweep(session, now)
        month = f"{today.year - TRACE_MONTHS // 12}-{today.month:02d}"
        tally.trace_months = tracing.drop_before(session, month=month, today=today)
    return tally


def conflicts(session: Session, today: date) -> list[Contract]:
    """The contracts that would be due if nothing spoke against it: somebody has to decide (K5)."""
    running = _PEOPLE.where(Person.contracts.any(Contract.closed_on.is_(None)))
    return [
        contract for person in session.scalars(running) for contract, due in _dues(person) if _is_conflict(due, today)
    ]


@dataclass(frozen=True)
class _Said:
    """What is due for one person: the candidate as a whole, or some contracts with what is done to them."""

    candidate: bool
    contracts: list[tuple[Contract, RetentionAction]]
    conflicts: list[str]


def _due_of(person: Person, today: date) -> _Said:
    if not person.contracts:
        return _Said(_candidate_due(person).is_due(today), [], [])
    dues = list(_dues(person))
    return _Said(
        False,
        [(contract, due.action) for contract, due in dues if due.is_due(today)],
        [contract.public_id for contract, due in dues if _is_conflict(due, today)],
    )


def _keep(session: Session, person_id: int, today: date, now: datetime) -> None:
    """Look again under the lock, because an officer may have been faster, and do it."""
    person = session.scalar(select(Person).where(Person.id == person_id).with_for_update())
    if person is None:
        return
    said = _due_of(person, today)
    if not said.candidate and not said.contracts:
        return
    tracing.trace(session, _CALLER, deed=Deed.RETENTION, people=[person.public_id], now=now)
    for contract, action in said.contracts:
        if action is RetentionAction.ANONYMISE:
            session.add(_figures(contract))
        _drop(session, contract)
    session.flush()
    session.refresh(person)
    if not person.contracts:
        _erase(session, person)


def _dues(person: Person) -> Iterator[tuple[Contract, Due]]:
    running = any(one.is_open for one in person.contracts)
    for contract in person.contracts:
        yield contract, law.signatory_due(contract, running=running)


def _is_conflict(due: Due, today: date) -> bool:
    return due.conflict is not None and due.due_on is not None and today >= due.due_on


def _candidate_due(person: Person) -> Due:
    """A year after the last session to which they were registered, strictly read (K4)."""
    last = max((one.session for one in person.candidacies), key=lambda one: one.starts_at, default=None)
    if last is None:
        return law.candidate_due(law.FIRST_SCHEME, person.created_at.astimezone(LOCAL).date())
    return law.candidate_due(last.scheme, last.starts_at.astimezone(LOCAL).date())


def _figures(contract: Contract) -> AnonymousContract:
    """Years instead of days, and an id that tells no order: no way back to anybody."""
    met = {ObligationKind(one.kind) for one in contract.obligations if one.met_on is not None}
    return AnonymousContract(
        id=new_public_id(), scheme=contract.scheme, signed_year=contract.signed_on.year,
        accomplished=contract.state == ContractState.FULFILLED, second=contract.second,
        language_met=ObligationKind.LANGUAGE in met, civic_met=ObligationKind.CIVIC in met,
        orientation_day_met=ObligationKind.ORIENTATION_DAY in met, vouchers=len(contract.vouchers),
    )  # fmt: skip


def _drop(session: Session, contract: Contract) -> None:
    for table in (Change, Disclosure, Presence, Invitation, Voucher, Obligation, Attestation):
        session.execute(delete(table).where(table.contract_id == contract.id))
    session.execute(delete(Contract).where(Contract.id == contract.id))
    session.expunge(contract)


def _erase(session: Session, person: Person) -> None:
    session.info["keyring"].store.destroy(person.public_id)
    session.delete(person)
    session.flush()


def _forget_line(session: Session, entry: CertificationEntry) -> None:
    session.info["keyring"].store.destroy(entry.id)
    session.delete(entry)
    session.flush()


def _sweep(session: Session, now: datetime) -> None:
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.at < now - ANSWERS_KEPT))
    session.execute(delete(Change).where(Change.at < now - CHANGES_KEPT))
    session.execute(delete(AccessToken).where(AccessToken.expires_at < now))
    session.execute(delete(SignIn).where(SignIn.expires_at < now))
    session.execute(delete(Attempt).where(Attempt.at < now - timedelta(hours=1)))
