"""Attestations: what a signatory attended, told to the record once, corrected or withdrawn when it was not so."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Account, Person
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.queries import ring_of
from commune_hub.base import outbox
from commune_hub.base.errors import NotFound
from commune_hub.base.words import LOCAL
from commune_hub.contracts import measures, queries
from commune_hub.contracts.models import Attestation, ContractLink, OutsideCertificate, Transfer
from commune_hub.contracts.words import AttestationState, CountsAs, TransferAct, TransferState
from commune_hub.events.models import Activity
from commune_hub.events.records import Certificate, Course
from commune_hub.events.words import CertificateState


def follow(session: Session, *, person: Person, activity: Activity, now: datetime) -> None:
    """Make what the record is told what the certificates of a person say; doing it twice changes nothing.

    A certificate that holds is attested, another content is a correction, none any more a withdrawal. A void one whose
    successor is on its way waits for it: that becomes one correction instead of two messages.
    """
    link = queries.link_of(session, person.id, lock=True)
    if link is None or person.erased_at is not None:
        return
    living = _living(session, activity, person)
    known = _known(session, link, activity)
    if living is None:
        if known is not None and not _one_is_coming(session, activity, person):
            _tell(session, known, TransferAct.WITHDRAW, {"reason": "certificate_void"}, now)
        return
    counts = measures.counts_as(measures.profile_of(link), activity, session.get(Course, activity.id))
    if counts is None or not _within(link, living):
        return
    if known is None:
        known = Attestation(person=person, link=link, activity=activity, counts_for=counts, made_at=now)
        session.add(known)
        session.flush()
    body = _body(session, link, known, living, counts)
    if body == _told_last(session, known):
        return
    known.certificate, known.counts_for = living, counts
    _tell(session, known, TransferAct.CORRECT if _begun(session, known) else TransferAct.SUBMIT, body, now)


def attest_earlier(session: Session, *, link: ContractLink, now: datetime) -> None:
    """A link is new: what was attended before it, within the contract, is attested too."""
    mine = select(Certificate.activity_id).where(
        Certificate.person_id == link.person_id, Certificate.state == CertificateState.ISSUED
    )
    for activity in session.scalars(select(Activity).where(Activity.id.in_(mine)).order_by(Activity.id)):
        follow(session, person=link.person, activity=activity, now=now)


def convention_confirmed(session: Session, *, activity: Activity, now: datetime) -> None:
    """The authority has confirmed a convention: certificates that waited for it are attested."""
    owners = select(Certificate.person_id).where(Certificate.activity_id == activity.id)
    for person in session.scalars(select(Person).where(Person.id.in_(owners)).order_by(Person.id)):
        follow(session, person=person, activity=activity, now=now)


def attest_outside(session: Session, *, paper: OutsideCertificate, facts: Mapping[str, Any], now: datetime) -> None:
    """A certificate from outside was confirmed: it goes the same way as our own."""
    link = queries.link_of(session, paper.person_id, lock=True)
    if link is None:
        return
    attestation = Attestation(person=paper.person, link=link, outside=paper, counts_for=paper.counts_for, made_at=now)
    session.add(attestation)
    session.flush()
    body = {
        "reference": link.reference, "hub_attestation": attestation.public_id, "counts_for": paper.counts_for,
        "activity_kind": "outside", "title": facts["title"], "language": facts["language"] or None,
        "level": facts["level"] or None, "minutes": 0, "of_minutes": 0, "held": 0, "attended": 0,
        "first_on": facts["issued_on"], "last_on": facts["issued_on"], "issuer": facts["issuer"],
        "certificate_code": None, "convention_reference": None,
    }  # fmt: skip
    _tell(session, attestation, TransferAct.SUBMIT, body, now)


def mark_seen(session: Session, *, attestation: Attestation, actor: Actor, now: datetime) -> None:
    """An officer has seen a rejection: it is shown once."""
    if attestation.state != AttestationState.REJECTED:
        raise NotFound("attestation")
    if attestation.seen_at is None:
        attestation.seen_at = now
        attestation.seen_by_id = session.get_one(Account, actor.account_id).id


def _living(session: Session, activity: Activity, person: Person) -> Certificate | None:
    question = select(Certificate).where(
        Certificate.activity_id == activity.id, Certificate.person_id == person.id,
        Certificate.state == CertificateState.ISSUED,
    )  # fmt: skip
    return session.scalar(question)


def _one_is_coming(session: Session, activity: Activity, person: Person) -> bool:
    question = select(Certificate.id).where(
        Certificate.activity_id == activity.id, Certificate.person_id == person.id,
        Certificate.state == CertificateState.PREPARED, Certificate.released_at.is_not(None),
    )  # fmt: skip
    return session.scalar(question) is not None


def _known(session: Session, link: ContractLink, activity: Activity) -> Attestation | None:
    question = select(Attestation).where(
        Attestation.link_id == link.id, Attestation.activity_id == activity.id,
        Attestation.state != AttestationState.WITHDRAWN,
    )  # fmt: skip
    found = session.scalar(question.with_for_update())
    if found is not None and _told_last(session, found) is _WITHDRAWN:
        # The withdrawal is on its way: what is attested anew is a new attestation, after it.
        found.state = AttestationState.WITHDRAWN
        session.flush()
        return None
    return found


def _within(link: ContractLink, certificate: Certificate) -> bool:
    """Whether it was attended within the contract: nothing from before its signature counts for it."""
    last = certificate.until.astimezone(LOCAL).date()
    begins = link.signed_on or link.in_force_on
    return (begins is None or last >= begins) and (link.ends_on is None or _first_day(certificate) <= link.ends_on)


def _first_day(certificate: Certificate) -> Any:
    return datetime.fromisoformat(certificate.facts["days"][0]).date()


def _body(
    session: Session, link: ContractLink, attestation: Attestation, certificate: Certificate, counts: CountsAs
) -> dict[str, Any]:
    """What leaves, and nothing else: the fields agreed with the record (decision 8); no name, no contact."""
    facts = certificate.facts
    titles = facts.get("titles") or {}
    return {
        "reference": link.reference,
        "hub_attestation": attestation.public_id,
        "counts_for": counts.value,
        "activity_kind": facts["kind"],
        "title": titles.get("fr") or next(iter(titles.values()), facts["kind"]),
        "language": (facts.get("languages") or [None])[0],
        "level": (facts.get("levels") or [None])[-1],
        "minutes": certificate.minutes,
        "of_minutes": certificate.of_minutes,
        "held": certificate.held,
        "attended": certificate.attended,
        "first_on": facts["days"][0],
        "last_on": facts["days"][-1],
        "issuer": certificate.issuer.name,
        "certificate_code": certificate.code,
        "convention_reference": facts.get("reference") or None,
    }


_WITHDRAWN: dict[str, Any] = {"withdrawn": True}


def _told_last(session: Session, attestation: Attestation) -> dict[str, Any] | None:
    """The body of the last message, _WITHDRAWN after a withdrawal, None before the first."""
    question = select(Transfer).where(Transfer.attestation_id == attestation.id).order_by(Transfer.number.desc())
    last = session.scalar(question.limit(1))
    if last is None:
        return None
    return _WITHDRAWN if last.act == TransferAct.WITHDRAW else body_of(session, last)


def body_of(session: Session, transfer: Transfer) -> dict[str, Any]:
    """What a message says, exactly as it leaves. Raises Erased."""
    owner = transfer.attestation.person.public_id
    body: dict[str, Any] = json.loads(ring_of(session).open(owner, transfer.body_sealed))
    return body


def _begun(session: Session, attestation: Attestation) -> bool:
    return session.scalar(select(Transfer.id).where(Transfer.attestation_id == attestation.id).limit(1)) is not None


def _tell(
    session: Session, attestation: Attestation, act: TransferAct, body: Mapping[str, Any], now: datetime
) -> None:
    """Queue one message behind those that are there; its key follows from the act."""
    if act is TransferAct.WITHDRAW and _told_last(session, attestation) is _WITHDRAWN:
        return
    newest = select(func.coalesce(func.max(Transfer.number), 0)).where(Transfer.attestation_id == attestation.id)
    number = (session.scalar(newest) or 0) + 1
    sealed = ring_of(session).seal(attestation.person.public_id, json.dumps(dict(body), ensure_ascii=False))
    transfer = Transfer(
        key=f"{attestation.public_id}:{number}", attestation=attestation, number=number, act=act, body_sealed=sealed,
        made_at=now,
    )  # fmt: skip
    session.add(transfer)
    session.flush()
    _send_off(session, transfer, now)


def _send_off(session: Session, transfer: Transfer, now: datetime) -> None:
    key = f"attestation_send:{transfer.key}:{now:%Y%m%d%H%M%S}"
    outbox.enqueue(
        session, "attestation_send", due_at=now, now=now, key=key, attestation=transfer.attestation.public_id
    )


def send_held_back(session: Session, *, link: ContractLink, now: datetime) -> None:
    """What was held back when a consent was taken back goes on with the new one."""
    question = select(Transfer).join(Transfer.attestation).where(
        Attestation.link_id == link.id, Transfer.state == TransferState.HELD_BACK
    )  # fmt: skip
    for transfer in session.scalars(question.order_by(Transfer.id)):
        transfer.state = TransferState.WAITING
        _send_off(session, transfer, now)


def delivered(session: Session, *, transfer: Transfer, remote: str, receipt: str, at: datetime, now: datetime) -> None:
    """The record has a message; a receipt that comes twice changes nothing."""
    if transfer.state == TransferState.DELIVERED:
        return
    attestation = transfer.attestation
    transfer.state = TransferState.DELIVERED
    transfer.sent_at = transfer.sent_at or now
    transfer.receipt, transfer.received_at = receipt, at
    attestation.remote = attestation.remote or remote
    if transfer.act == TransferAct.WITHDRAW:
        attestation.state, attestation.decided_at = AttestationState.WITHDRAWN, now
    else:
        # A correction is looked at anew.
        attestation.state, attestation.decided_at = AttestationState.RECEIVED, None
        attestation.seen_at = attestation.seen_by_id = attestation.reason_sealed = None
    session.flush()
