"""The record without a wire: an officer of the authority reads it on screen and notes what it says."""

from datetime import datetime

from sqlalchemy.orm import Session

from commune_hub.accounts.permissions import Actor
from commune_hub.base.errors import Refused
from commune_hub.contracts import permissions, queries
from commune_hub.contracts.actions import attesting, linking, replies
from commune_hub.contracts.inputs import FoundDraft, VerdictDraft
from commune_hub.contracts.models import Attestation, Inquiry, Transfer
from commune_hub.contracts.record import Answer, Change, Found, Question
from commune_hub.contracts.words import AskedBy, AttestationState, ContractRefusal, InquiryState, TransferState

_OPEN = (TransferState.WAITING, TransferState.HANDED_OVER)


def questions(session: Session) -> list[Inquiry]:
    """The questions by contract number that wait; a matricule is shown on no screen."""
    return [one for one in queries.inquiries_waiting(session) if one.by == AskedBy.CONTRACT_NUMBER]


def question(session: Session, inquiry: Inquiry, actor: Actor) -> Question:
    """What to look for. Raises Refused when it has its answer, Erased when nothing can be read any more."""
    permissions.must_answer_for_the_record(actor)
    if inquiry.state != InquiryState.WAITING or inquiry.by != AskedBy.CONTRACT_NUMBER:
        raise Refused(ContractRefusal.ANSWERED_ALREADY)
    return linking.question_of(session, inquiry)


def answer(session: Session, *, inquiry: Inquiry, draft: FoundDraft, actor: Actor, now: datetime) -> None:
    """What the officer found."""
    permissions.must_answer_for_the_record(actor)
    if inquiry.state != InquiryState.WAITING:
        raise Refused(ContractRefusal.ANSWERED_ALREADY)
    found = None
    if draft.found:
        found = Found(draft.reference, draft.scheme, draft.state, draft.signed_on, draft.in_force_on, draft.ends_on)
    linking.answer(session, inquiry=inquiry, answer=Answer(found), now=now)


def to_note(session: Session) -> list[Attestation]:
    """What waits to be entered into the register, the oldest first."""
    return queries.attestations_where(session, Attestation.transfers.any(Transfer.state.in_(_OPEN)))


def to_decide(session: Session) -> list[Attestation]:
    """What was entered and has no decision yet."""
    received = Attestation.state == AttestationState.RECEIVED
    return queries.attestations_where(session, received & ~Attestation.transfers.any(Transfer.state.in_(_OPEN)))


def note_receipt(
    session: Session, *, attestation: Attestation, receipt: str, actor: Actor, now: datetime
) -> None:
    """The next message of an attestation was entered, under this number; later ones come after it."""
    permissions.must_answer_for_the_record(actor)
    transfer = queries.next_transfer(session, attestation.id)
    if transfer is None:
        raise Refused(ContractRefusal.ANSWERED_ALREADY)
    remote = attestation.remote or f"by-hand:{attestation.public_id}"
    attesting.delivered(session, transfer=transfer, remote=remote, receipt=receipt, at=now, now=now)


def note_verdict(
    session: Session, *, attestation: Attestation, draft: VerdictDraft, actor: Actor, now: datetime
) -> None:
    """The register has recognised an attestation, or not and why."""
    permissions.must_answer_for_the_record(actor)
    if attestation.remote is None or queries.next_transfer(session, attestation.id) is not None:
        raise Refused(ContractRefusal.NOT_YET_SENT)
    if attestation.state != AttestationState.RECEIVED:
        raise Refused(ContractRefusal.ANSWERED_ALREADY)
    state = AttestationState.VALIDATED if draft.validated else AttestationState.REJECTED
    change = Change("attestation", attestation.remote, "", state, "" if draft.validated else draft.reason)
    replies.decide(session, change=change, now=now)
