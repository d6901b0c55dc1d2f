"""Contracts with their whole life: signed, in force, fulfilled or ended, and a second one for what is missing."""

import secrets
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.base.errors import Refused
from commune_hub.base.ids import new_public_id
from commune_hub.base.words import LOCAL
from commune_hub.schemes.words import ContractState, ObligationKind, VoucherBar, VoucherState
from national_record import certification, law, queries
from national_record.changes import contract_changed
from national_record.files import Immigration
from national_record.models import Contract, Obligation, Person, Voucher
from national_record.words import DataGroup, Refusal


def sign(session: Session, *, person: Person, scheme: str, signed_on: date, now: datetime) -> Contract:
    """A first contract, or a membership. Refused with the law's own reason (RGD art. 2, law of 23 August 2023)."""
    session.refresh(person, with_for_update=True)
    if any(one.is_open and one.scheme == scheme for one in person.contracts):
        raise Refused(Refusal.CONTRACT_RUNNING)
    if law.asks_for_interview(scheme, signed_on) and not person.interviews:
        raise Refused(Refusal.NO_INTERVIEW)
    immigration = queries.group_of(session, person, DataGroup.IMMIGRATION)
    if not isinstance(immigration, Immigration):
        raise Refused(Refusal.NO_IMMIGRATION)
    bar = law.bar_to_signing(
        scheme, signed_on=signed_on, birth_date=queries.personal_of(session, person).birth_date,
        immigration=immigration,
        last_session=max(
            (c.session.starts_at.astimezone(LOCAL).date() for c in person.candidacies if c.came), default=None
        ),
    )  # fmt: skip
    if bar is not None:
        raise Refused(bar)

    contract = _new(session, person, scheme, signed_on, law.obligations(scheme, signed_on), now)
    if law.starts_at_signature(contract):
        begin(session, contract=contract, first_day=signed_on, now=now)
    return contract


def sign_second(session: Session, *, contract: Contract, reason: str, signed_on: date, now: datetime) -> Contract:
    """A second contract for a legitimate reason, with only what was missing (RGD art. 23)."""
    if session.scalar(select(Contract.id).where(Contract.second_of_id == contract.id)) is not None:
        raise Refused(Refusal.SECOND_TAKEN)
    bar = law.bar_to_second(contract, signed_on)
    if bar is not None:
        raise Refused(bar)

    sealed = queries.ring_of(session).seal(contract.person.public_id, reason)
    return _new(
        session, contract.person, contract.scheme, signed_on, tuple(contract.missing), now,
        second=True, second_of_id=contract.id, reason_sealed=sealed,
    )  # fmt: skip


def begin(session: Session, *, contract: Contract, first_day: date, now: datetime) -> None:
    """The first measure begins: the contract enters into force (RGD art. 4).

    A later first day changes nothing; an earlier one, of a course whose certificate came in later, moves the beginning.
    """
    first_day = max(first_day, contract.signed_on)
    if not contract.is_open or (contract.in_force_on is not None and contract.in_force_on <= first_day):
        return
    contract.in_force_on = first_day
    contract.ends_on = law.ends_on(contract, contract.in_force_on)
    contract.state = ContractState.IN_FORCE
    contract_changed(session, contract, now=now)


def meet(session: Session, *, contract: Contract, kind: ObligationKind, on: date, attestation_id: int | None,
         now: datetime) -> None:  # fmt: skip
    """An obligation is met; with the last one the contract is kept (RGD art. 22)."""
    obligation = next((one for one in contract.obligations if one.kind == kind), None)
    if obligation is None:
        raise Refused(Refusal.NO_SUCH_OBLIGATION)
    if not contract.is_open:
        raise Refused(Refusal.CONTRACT_CLOSED)
    if obligation.met_on is None:
        obligation.met_on, obligation.attestation_id = on, attestation_id
    contract.last_module_on = max(on, contract.last_module_on or on)
    if contract.missing:
        contract_changed(session, contract, now=now)
    else:
        close(session, contract=contract, on=now.astimezone(LOCAL).date(), now=now)


def close(session: Session, *, contract: Contract, on: date, now: datetime) -> None:
    """The authority has verified what was done: kept or not. The ten-year file gets its line (RGD art. 22, 26)."""
    if not contract.is_open:
        raise Refused(Refusal.CONTRACT_CLOSED)
    contract.state = ContractState.ENDED if contract.missing else ContractState.FULFILLED
    contract.closed_on = on
    certification.enter(session, contract=contract, now=now)
    contract_changed(session, contract, now=now)


def close_what_is_over(session: Session, *, today: date, now: datetime) -> int:
    """Close every contract whose term has passed and every membership that was idle too long; returns how many."""
    running = select(Contract).where(Contract.state == ContractState.IN_FORCE).order_by(Contract.id).with_for_update()
    over = [(one, law.over_since(one, today)) for one in session.scalars(running)]
    for contract, since in over:
        if since is not None:
            close(session, contract=contract, on=since, now=now)
    return sum(since is not None for _, since in over)


def give_voucher(session: Session, *, contract: Contract, language: str, today: date, now: datetime) -> Voucher:
    """The next voucher, if the fact sheet's conditions are met: three at most, 70 % of the course before."""
    if not contract.is_open:
        raise Refused(Refusal.CONTRACT_CLOSED)
    found = law.next_voucher(contract, today)
    if isinstance(found, VoucherBar):
        raise Refused(found)

    voucher = Voucher(
        contract=contract, number=found.number, language=language, issued_on=today, expires_on=found.expires_on
    )
    session.add(voucher)
    session.flush()
    contract_changed(session, contract, now=now)
    return voucher


def use_voucher(session: Session, *, contract: Contract, number: int, on: date, now: datetime) -> None:
    """It was shown at the registration for a course, in time (K9)."""
    voucher = next((one for one in contract.vouchers if one.number == number), None)
    if voucher is None or law.voucher_state(contract, voucher, on) is not VoucherState.VALID:
        raise Refused(Refusal.VOUCHER_NOT_VALID)
    voucher.used_on = on
    contract_changed(session, contract, now=now)


def new_number(scheme: str, year: int) -> str:
    """A contract number as it stands on paper: CAI-2023-48213077. Not in order, so that nobody guesses the next."""
    return f"{scheme.split('-', 1)[-1]}-{year}-{secrets.randbelow(10**8):08d}"


def give_number(session: Session, contract: Contract, number: str) -> None:
    """The number under which the contract is known from now on."""
    contract.number_sealed = queries.ring_of(session).seal(contract.person.public_id, number)
    contract.number_hash = queries.number_hash(session, number)


def _new(
    session: Session, person: Person, scheme: str, signed_on: date, kinds: tuple[ObligationKind, ...], now: datetime,
    **second: object,
) -> Contract:  # fmt: skip
    contract = Contract(
        public_id=new_public_id(), scheme=scheme, person=person, state=ContractState.SIGNED,
        signed_on=signed_on, obligations=[Obligation(kind=kind) for kind in kinds], **second,
    )  # fmt: skip
    give_number(session, contract, new_number(scheme, signed_on.year))
    session.add(contract)
    session.flush()
    contract_changed(session, contract, now=now)
    return contract
