"""Questions about consents, links, questions to the record, attestations and their ledger."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from commune_hub.accounts.models import Person
from commune_hub.base.errors import NotFound
from commune_hub.base.ids import is_public_id
from commune_hub.contracts.models import (
    Attestation,
    Consent,
    ContractLink,
    Inquiry,
    OutsideCertificate,
    RecordLine,
    Transfer,
)
from commune_hub.contracts.words import AttestationState, ConsentPurpose, InquiryState, OutsideState, TransferState

Row = TypeVar("Row")


def link_of(session: Session, person_id: int, *, lock: bool = False) -> ContractLink | None:
    """The living link of a person."""
    question = select(ContractLink).where(ContractLink.person_id == person_id, ContractLink.ended_at.is_(None))
    return session.scalar(question.with_for_update().execution_options(populate_existing=True) if lock else question)


def earlier_link(session: Session, person_id: int, reference_hash: bytes) -> ContractLink | None:
    """A link of a person to this contract that was taken back."""
    question = select(ContractLink).where(
        ContractLink.person_id == person_id, ContractLink.reference_hash == reference_hash
    )
    return session.scalar(question.order_by(ContractLink.id.desc()).limit(1))


def link_to(session: Session, reference_hash: bytes) -> ContractLink | None:
    """The living link to a contract of the record, whoever's it is."""
    question = select(ContractLink).where(
        ContractLink.reference_hash == reference_hash, ContractLink.ended_at.is_(None)
    )
    return session.scalar(question.options(joinedload(ContractLink.person)))


def link_named(session: Session, public_id: str) -> ContractLink:
    """The living link that a job is about. Raises NotFound."""
    question = select(ContractLink).where(ContractLink.public_id == public_id, ContractLink.ended_at.is_(None))
    return _there(session.scalar(question.options(joinedload(ContractLink.person))), "link")


def consent_of(session: Session, person_id: int, purpose: ConsentPurpose) -> Consent | None:
    """What a person agrees to now."""
    return session.scalar(
        select(Consent).where(
            Consent.person_id == person_id, Consent.purpose == purpose, Consent.taken_back_at.is_(None)
        )
    )


def people_agreeing(session: Session, purpose: ConsentPurpose) -> list[Person]:
    """Everybody who agrees to something now, and is reached by messages."""
    question = (
        select(Person)
        .join(Consent, Consent.person_id == Person.id)
        .where(
            Consent.purpose == purpose, Consent.taken_back_at.is_(None), Person.erased_at.is_(None),
            Person.messages_paused_at.is_(None), Person.merged_into_id.is_(None),
        )
        .order_by(Person.id)
    )  # fmt: skip
    return list(session.scalars(question))


def inquiry_named(session: Session, public_id: str, *, lock: bool = False) -> Inquiry:
    """The question with this public id. Raises NotFound."""
    question = select(Inquiry).where(Inquiry.public_id == public_id)
    if lock:
        question = question.with_for_update().execution_options(populate_existing=True)
    return _there(session.scalar(question) if is_public_id(public_id) else None, "inquiry")


def inquiry_with(session: Session, public_id: str) -> Inquiry | None:
    """The question that an answer in a file is about, if there is one."""
    question = select(Inquiry).where(Inquiry.public_id == public_id)
    return session.scalar(question.with_for_update().execution_options(populate_existing=True))


def link_with(session: Session, public_id: str) -> ContractLink | None:
    """The living link that an answer in a file is about, if there is one."""
    question = select(ContractLink).where(ContractLink.public_id == public_id, ContractLink.ended_at.is_(None))
    return session.scalar(question.options(joinedload(ContractLink.person)))


def waiting_inquiry(session: Session, person_id: int) -> Inquiry | None:
    """The question of a person that has no answer yet."""
    return session.scalar(
        select(Inquiry).where(Inquiry.person_id == person_id, Inquiry.state == InquiryState.WAITING)
    )


def last_inquiry(session: Session, person_id: int) -> Inquiry | None:
    """The newest question of a person."""
    question = select(Inquiry).where(Inquiry.person_id == person_id).order_by(Inquiry.id.desc()).limit(1)
    return session.scalar(question)


def asked_at(session: Session, condition: Any, now: datetime) -> list[datetime]:
    """When such questions were asked in the last day."""
    question = select(Inquiry.asked_at).where(condition, Inquiry.asked_at > now - timedelta(days=1))
    return list(session.scalars(question))


def inquiries_waiting(session: Session) -> list[Inquiry]:
    """The questions that wait for an answer, the oldest first, with names readable."""
    question = select(Inquiry).where(Inquiry.state == InquiryState.WAITING).order_by(Inquiry.id)
    found = list(session.scalars(question.options(joinedload(Inquiry.person))))
    _load(session, (one.person.public_id for one in found if one.person))
    return found


def attestation_named(session: Session, public_id: str, *, lock: bool = False) -> Attestation:
    """The attestation with this public id. Raises NotFound."""
    question = select(Attestation).where(Attestation.public_id == public_id)
    if lock:
        question = question.with_for_update().execution_options(populate_existing=True)
    return _there(session.scalar(question) if is_public_id(public_id) else None, "attestation")


def attestation_at(session: Session, remote: str) -> Attestation | None:
    """The attestation that the record knows by its own id."""
    return session.scalar(select(Attestation).where(Attestation.remote == remote).with_for_update())


def next_transfer(session: Session, attestation_id: int) -> Transfer | None:
    """The first message of an attestation that the record does not have yet; later ones wait for it."""
    question = (
        select(Transfer)
        .where(
            Transfer.attestation_id == attestation_id,
            Transfer.state.in_([TransferState.WAITING, TransferState.HANDED_OVER]),
        )
        .order_by(Transfer.number)
        .limit(1)
        .options(joinedload(Transfer.attestation).joinedload(Attestation.person))
    )
    return session.scalar(question)


def transfer_with(session: Session, key: str) -> Transfer | None:
    """The message with this idempotency key."""
    return session.scalar(select(Transfer).where(Transfer.key == key).with_for_update())


def ledger_of(session: Session, person_id: int) -> list[Attestation]:
    """All attestations of a person with what left for each, the newest first."""
    question = select(Attestation).where(Attestation.person_id == person_id).order_by(Attestation.id.desc())
    whole = question.options(*_ledger())
    return list(session.scalars(whole))


def _ledger() -> tuple[Any, ...]:
    return (
        selectinload(Attestation.transfers),
        joinedload(Attestation.link),
        joinedload(Attestation.person),
        joinedload(Attestation.outside),
        joinedload(Attestation.activity),
    )


def attestations_where(session: Session, condition: ColumnElement[bool], limit: int = 200) -> list[Attestation]:
    """Attestations of many people, with names readable, the oldest first."""
    question = select(Attestation).where(condition).order_by(Attestation.id).limit(limit).options(*_ledger())
    found = list(session.scalars(question))
    _load(session, (one.person.public_id for one in found))
    return found


def rejected_unseen(session: Session) -> list[Attestation]:
    """What the record has rejected and no officer has seen yet."""
    return attestations_where(
        session, (Attestation.state == AttestationState.REJECTED) & Attestation.seen_at.is_(None)
    )


def standing_counts(session: Session) -> dict[str, int]:
    """How many attestations stand in each state."""
    rows = session.execute(select(Attestation.state, func.count()).group_by(Attestation.state))
    return {str(row[0]): row[1] for row in rows}


def papers_of(session: Session, person_id: int) -> list[OutsideCertificate]:
    """The certificates from outside that a person handed in, the newest first."""
    question = select(OutsideCertificate).where(OutsideCertificate.person_id == person_id)
    return list(session.scalars(question.order_by(OutsideCertificate.id.desc())))


def papers_waiting(session: Session) -> list[OutsideCertificate]:
    """The certificates from outside that wait for a decision, the oldest first, with names readable."""
    question = (
        select(OutsideCertificate)
        .where(OutsideCertificate.state == OutsideState.WAITING)
        .order_by(OutsideCertificate.id)
        .options(joinedload(OutsideCertificate.person))
    )
    found = list(session.scalars(question))
    _load(session, (one.person.public_id for one in found))
    return found


def paper_named(session: Session, public_id: str, *, lock: bool = False) -> OutsideCertificate:
    """The certificate from outside with this public id. Raises NotFound."""
    question = select(OutsideCertificate).where(OutsideCertificate.public_id == public_id)
    if lock:
        question = question.with_for_update().execution_options(populate_existing=True)
    return _there(session.scalar(question) if is_public_id(public_id) else None, "paper")


def line(session: Session, *, lock: bool = False) -> RecordLine:
    """The line to the record."""
    question = select(RecordLine).where(RecordLine.id == 1)
    found = session.scalar(
        question.with_for_update().execution_options(populate_existing=True) if lock else question
    )
    return found or RecordLine(id=1, cursor="", exports=0, imported=[])


def _load(session: Session, owners: Iterable[str]) -> None:
    session.info["keyring"].load(owners)


def _there(found: Row | None, what: str) -> Row:
    if found is None:
        raise NotFound(what)
    return found
