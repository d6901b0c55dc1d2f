"""Attestations that a hub sends: received, corrected, withdrawn, and validated or rejected by an officer."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.base.errors import Refused
from commune_hub.base.ids import new_public_id
from commune_hub.schemes.words import ObligationKind
from national_record import law, queries
from national_record.access_models import Agent, Client
from national_record.actions import contracts
from national_record.changes import attestation_changed, contract_changed
from national_record.inputs import AttestationBody
from national_record.models import Attestation, Contract
from national_record.words import AttestationState, CountsFor, Refusal


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on a certificate on paper."""

    counts_for: CountsFor
    title: str
    issuer: str
    first_on: date
    last_on: date
    language: str | None = None
    level: str | None = None


_SAME = frozenset(AttestationBody.model_fields) - {"reference"}


def receive(session: Session, *, client: Client, body: AttestationBody, now: datetime) -> tuple[Attestation, bool]:
    """Take in an attestation; the second value says whether it is new. The same one again is the same one."""
    contract = _contract(session, client, body)
    known = session.scalar(
        select(Attestation).where(
            Attestation.client_id == client.id, Attestation.hub_attestation == body.hub_attestation
        )
    )
    if known is not None:
        if known.contract_id != contract.id or any(getattr(known, name) != getattr(body, name) for name in _SAME):
            raise Refused(Refusal.ALREADY_RECEIVED)
        return known, False

    attestation = Attestation(
        public_id=new_public_id(), client_id=client.id, contract=contract, state=AttestationState.RECEIVED,
        received_at=now, **{name: getattr(body, name) for name in _SAME},
    )  # fmt: skip
    attestation.receipt = _receipt(session, attestation, now)
    session.add(attestation)
    session.flush()
    attestation_changed(session, attestation, now=now)
    return attestation, True


def hand_in(session: Session, *, contract: Contract, paper: Paper, now: datetime) -> Attestation:
    """A certificate that the person has brought on paper; it is decided like all others."""
    if not contract.is_open:
        raise Refused(Refusal.CONTRACT_CLOSED)
    attestation = Attestation(
        public_id=new_public_id(), contract=contract, state=AttestationState.RECEIVED, received_at=now,
        activity_kind=law.OUTSIDE, counts_for=paper.counts_for, title=paper.title, issuer=paper.issuer,
        language=paper.language, level=paper.level, first_on=paper.first_on, last_on=paper.last_on,
    )  # fmt: skip
    attestation.receipt = _receipt(session, attestation, now)
    session.add(attestation)
    session.flush()
    return attestation


def correct(session: Session, *, client: Client, public_id: str, body: AttestationBody, now: datetime) -> Attestation:
    """Put another content in the place of what was sent; it has to be decided again."""
    attestation = _own(session, client, public_id)
    contract = _contract(session, client, body)
    if body.hub_attestation != attestation.hub_attestation or contract.id != attestation.contract_id:
        raise Refused(Refusal.UNKNOWN_ATTESTATION)
    _take_back_effect(session, attestation, now)
    for name in _SAME:
        setattr(attestation, name, getattr(body, name))
    attestation.state, attestation.reason, attestation.corrected_at = AttestationState.RECEIVED, None, now
    attestation.decided_at = attestation.decided_by_id = None
    attestation.receipt = _receipt(session, attestation, now)
    session.flush()
    attestation_changed(session, attestation, now=now)
    return attestation


def withdraw(session: Session, *, client: Client, public_id: str, reason: str, now: datetime) -> Attestation:
    """The sender takes it back; what it had met is open again."""
    attestation = _own(session, client, public_id)
    _take_back_effect(session, attestation, now)
    attestation.state, attestation.reason = AttestationState.WITHDRAWN, reason
    session.flush()
    attestation_changed(session, attestation, now=now)
    return attestation


def validate(session: Session, *, attestation: Attestation, by: Agent, now: datetime) -> None:
    """An officer accepts it. Practice is noted and meets nothing (K18); the rest meets its obligation."""
    _undecided(attestation)
    contract = queries.contract_for_update(session, attestation.contract.public_id)
    if attestation.counts_for != CountsFor.PRACTICE:
        kind = ObligationKind(attestation.counts_for)
        # Accomplished within the contract (RGD art. 22): no officer can make something else of it.
        if attestation.last_on < contract.signed_on or attestation.last_on > (contract.ends_on or date.max):
            raise Refused(Refusal.OUTSIDE_THE_CONTRACT)
        if law.is_first_measure(contract, kind):
            contracts.begin(session, contract=contract, first_day=attestation.first_on, now=now)
        contracts.meet(
            session, contract=contract, kind=kind, on=attestation.last_on, attestation_id=attestation.id, now=now
        )
    _decide(session, attestation, AttestationState.VALIDATED, None, by, now)


def reject(session: Session, *, attestation: Attestation, reason: str, by: Agent, now: datetime) -> None:
    """An officer refuses it and says why."""
    _undecided(attestation)
    _decide(session, attestation, AttestationState.REJECTED, reason, by, now)


def _own(session: Session, client: Client, public_id: str) -> Attestation:
    attestation = queries.attestation_sent(session, client=client, public_id=public_id, lock=True)
    if attestation is None:
        raise Refused(Refusal.UNKNOWN_ATTESTATION)
    if attestation.state == AttestationState.WITHDRAWN:
        raise Refused(Refusal.ATTESTATION_WITHDRAWN)
    return attestation


def _contract(session: Session, client: Client, body: AttestationBody) -> Contract:
    contract = queries.contract_told(session, client=client, reference=body.reference)
    if contract is None:
        raise Refused(Refusal.UNKNOWN_REFERENCE)
    return contract


def _undecided(attestation: Attestation) -> None:
    if attestation.state != AttestationState.RECEIVED:
        raise Refused(Refusal.ALREADY_DECIDED)


def _decide(
    session: Session, attestation: Attestation, state: AttestationState, reason: str | None, by: Agent, now: datetime
) -> None:
    attestation.state, attestation.reason = state, reason
    attestation.decided_at, attestation.decided_by_id = now, by.id
    session.flush()
    attestation_changed(session, attestation, now=now)


def _take_back_effect(session: Session, attestation: Attestation, now: datetime) -> None:
    """What it had met is open again. A contract that is over stays as it was verified: a human has to look at it."""
    contract = queries.contract_for_update(session, attestation.contract.public_id)
    if not contract.is_open:
        return
    for obligation in contract.obligations:
        if obligation.attestation_id == attestation.id:
            obligation.met_on = obligation.attestation_id = None
            contract_changed(session, contract, now=now)


def _receipt(session: Session, attestation: Attestation, now: datetime) -> str:
    """A seal over what was received and when: the sender can show it, and only the record can make it."""
    said = {name: str(getattr(attestation, name)) for name in sorted(_SAME)}
    text = json.dumps([attestation.public_id, now.isoformat(), said], ensure_ascii=False)
    key = queries.ring_of(session).store.derive("receipts")
    return hashlib.blake2b(text.encode(), key=key, digest_size=24).hexdigest()
