"""Certificates from outside: handed in with their file, confirmed or refused with a reason; then the file goes."""

import base64
import json
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.queries import ring_of
from commune_hub.base import outbox
from commune_hub.base.errors import InputCode, Invalid, NotFound, Refused
from commune_hub.contracts import permissions, proofs, queries, rules
from commune_hub.contracts.actions import attesting
from commune_hub.contracts.inputs import DecisionDraft, ProofDraft
from commune_hub.contracts.models import OutsideCertificate
from commune_hub.contracts.words import ContractRefusal, CountsAs, OutsideState, ProofFault

_CODES = {
    ProofFault.EMPTY: InputCode.NO_FILE,
    ProofFault.TOO_LARGE: InputCode.FILE_TOO_LARGE,
    ProofFault.WRONG_KIND: InputCode.FILE_WRONG_KIND,
    ProofFault.BROKEN: InputCode.FILE_BROKEN,
}


def hand_in(
    session: Session, *, person: Person, draft: ProofDraft, data: bytes, now: datetime
) -> OutsideCertificate:
    """Take a photo or PDF in, sealed with the person's key. Raises Invalid for a file that cannot be proof."""
    if queries.link_of(session, person.id, lock=True) is None:
        raise Refused(ContractRefusal.NOT_LINKED)
    if draft.counts_for is CountsAs.PRACTICE:
        raise Invalid({"counts_for": [InputCode.NOT_A_CHOICE]})
    waiting = select(func.count()).where(
        OutsideCertificate.person_id == person.id, OutsideCertificate.state == OutsideState.WAITING
    )
    if (session.scalar(waiting) or 0) >= rules.PAPERS_WAITING:
        raise Refused(ContractRefusal.TOO_MANY_PAPERS)
    taken = proofs.taken_in(data)
    if isinstance(taken, ProofFault):
        raise Invalid({"file": [_CODES[taken]]})

    ring, owner = ring_of(session), person.public_id
    paper = OutsideCertificate(
        person=person, counts_for=draft.counts_for, file_kind=taken.kind, handed_in_at=now,
        file_sealed=ring.seal(owner, base64.b64encode(taken.data).decode()),
        facts_sealed=ring.seal(owner, json.dumps(_facts(draft))),
    )  # fmt: skip
    session.add(paper)
    session.flush()
    return paper


def _facts(draft: ProofDraft) -> dict[str, Any]:
    return {
        "title": draft.title, "issuer": draft.issuer, "issued_on": draft.issued_on.isoformat(),
        "language": draft.language, "level": draft.level,
    }  # fmt: skip


def facts_of(session: Session, paper: OutsideCertificate) -> dict[str, Any]:
    """What was said of it. Raises Erased."""
    facts: dict[str, Any] = json.loads(ring_of(session).open(paper.person.public_id, paper.facts_sealed))
    return facts


def file_of(session: Session, paper: OutsideCertificate) -> bytes:
    """The file, while nobody has decided. Raises NotFound."""
    if paper.file_sealed is None:
        raise NotFound("file")
    return base64.b64decode(ring_of(session).open(paper.person.public_id, paper.file_sealed))


def take_back(session: Session, *, paper: OutsideCertificate, now: datetime) -> None:
    """The person takes a paper back that nobody has decided about; the file goes at once."""
    if paper.state == OutsideState.WAITING:
        _close(session, paper, OutsideState.TAKEN_BACK, now)


def decide(
    session: Session, *, paper: OutsideCertificate, draft: DecisionDraft, actor: Actor, now: datetime
) -> None:
    """An officer of the authority confirms it with what the paper says, or refuses it with a reason."""
    permissions.must_decide_papers(actor)
    if paper.state != OutsideState.WAITING:
        raise Refused(ContractRefusal.DECIDED_ALREADY)
    paper.decided_by_id = actor.account_id
    owner, ring = paper.person.public_id, ring_of(session)
    if not draft.confirms:
        paper.reason_sealed = ring.seal(owner, draft.reason)
        _close(session, paper, OutsideState.REFUSED, now)
        return
    # What the officer read on the paper counts, not what was typed when it was handed in.
    paper.counts_for = draft.counts_for
    paper.facts_sealed = ring.seal(owner, json.dumps(_facts(draft)))
    _close(session, paper, OutsideState.CONFIRMED, now)
    attesting.attest_outside(session, paper=paper, facts=_facts(draft), now=now)


def _close(session: Session, paper: OutsideCertificate, state: OutsideState, now: datetime) -> None:
    paper.state, paper.decided_at, paper.file_sealed = state, now, None
    session.flush()
    if state is not OutsideState.TAKEN_BACK:
        outbox.enqueue(
            session, "outside_decided_mail", due_at=now, now=now, paper=paper.public_id,
            key=f"outside_decided_mail:{paper.public_id}",
        )  # fmt: skip
