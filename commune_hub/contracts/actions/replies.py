"""What the record says by itself, in whichever form: decisions on attestations, changed contracts, what is missing."""

import json
from datetime import datetime

from sqlalchemy.orm import Session

from commune_hub.accounts.queries import ring_of
from commune_hub.base import outbox
from commune_hub.contracts import queries
from commune_hub.contracts.actions import linking
from commune_hub.contracts.models import ContractLink
from commune_hub.contracts.record import Change, Changes, Standing, attestation_state
from commune_hub.contracts.words import AttestationState
from commune_hub.schemes.words import ContractState

_DECIDED = frozenset({AttestationState.VALIDATED, AttestationState.REJECTED, AttestationState.WITHDRAWN})


def take_changes(session: Session, *, changes: Changes, now: datetime) -> None:
    """Carry over everything that changed, with the cursor in the same transaction: nothing is read past."""
    for change in changes.rows:
        if change.kind == "attestation":
            decide(session, change=change, now=now)
        elif change.kind == "contract":
            _contract(session, change, now)
    line = queries.line(session, lock=True)
    line.cursor, line.asked_at, line.down_since = changes.cursor, now, None
    session.add(line)
    session.flush()


def decide(session: Session, *, change: Change, now: datetime) -> None:
    """An attestation was validated, rejected or withdrawn there; one that we do not know is none of ours."""
    state = attestation_state(change.state)
    attestation = queries.attestation_at(session, change.remote)
    if attestation is None or state not in _DECIDED or attestation.state in (state, AttestationState.WITHDRAWN):
        return
    attestation.state, attestation.decided_at = state, now
    attestation.seen_at = attestation.seen_by_id = None
    owner, ring = attestation.person, ring_of(session)
    attestation.reason_sealed = None
    if change.reason and owner.erased_at is None:
        attestation.reason_sealed = ring.seal(owner.public_id, change.reason)
    session.flush()
    if attestation.link.ended_at is None:
        ask_standing(session, link=attestation.link, now=now)
    if state is not AttestationState.WITHDRAWN:
        outbox.enqueue(
            session, "attestation_decided_mail", due_at=now, now=now, attestation=attestation.public_id,
            key=f"attestation_decided_mail:{attestation.public_id}:{state}:{now.isoformat()}",
        )  # fmt: skip


def _contract(session: Session, change: Change, now: datetime) -> None:
    link = queries.link_to(session, linking.reference_hash(session, change.reference or change.remote))
    if link is None:
        return
    _set_state(session, link, change.state, now)
    ask_standing(session, link=link, now=now)


def take_standing(session: Session, *, link: ContractLink, standing: Standing, now: datetime) -> None:
    """What is met and missing as the record says, kept sealed until it says something else."""
    said = {
        "obligations": list(standing.obligations), "vouchers": list(standing.vouchers), "steps": list(standing.steps)
    }  # fmt: skip
    link.said_sealed = ring_of(session).seal(link.person.public_id, json.dumps(said))
    link.said_at = now
    for name in ("in_force_on", "ends_on"):
        if (day := getattr(standing, name)) is not None:
            setattr(link, name, day)
    _set_state(session, link, standing.state, now)


def _set_state(session: Session, link: ContractLink, state: str, now: datetime) -> None:
    if state in ContractState._value2member_map_:
        link.state = state
    session.flush()
    linking.write_priority(session, link=link, now=now)


def ask_standing(session: Session, *, link: ContractLink, now: datetime) -> None:
    """Have the record asked again what is met and missing; many reasons within a minute are one question."""
    outbox.enqueue(
        session, "contract_standing", due_at=now, now=now, link=link.public_id,
        key=f"contract_standing:{link.public_id}:{now:%Y%m%d%H%M}",
    )  # fmt: skip
