"""Linking a contract: consent, the question to the record, its answer, and taking all of it back."""

import json
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.queries import ring_of
from commune_hub.base import outbox
from commune_hub.base.errors import Refused
from commune_hub.base.ids import new_public_id
from commune_hub.base.words import LOCAL
from commune_hub.contracts import measures, queries, rules
from commune_hub.contracts.actions import attesting
from commune_hub.contracts.inputs import ContractDraft
from commune_hub.contracts.models import Attestation, Consent, ContractLink, Inquiry, Transfer
from commune_hub.contracts.record import Answer, Found, Question
from commune_hub.contracts.words import (
    AskedBy,
    ConsentPurpose,
    ContractRefusal,
    InquiryState,
    RecordForm,
    TransferState,
)
from commune_hub.events.models import Priority
from commune_hub.events.words import PriorityReason

# Counts up when the words of a consent change: what somebody agreed to can be shown again.
WORDING = 1


def ask(
    session: Session, *, person: Person, draft: ContractDraft, form: RecordForm, language: str, now: datetime
) -> Inquiry:
    """ "I have a contract": the question is put to the record, with the consent to link what it answers."""
    if queries.link_of(session, person.id) is not None:
        raise Refused(ContractRefusal.ALREADY_LINKED)
    if queries.waiting_inquiry(session, person.id) is not None:
        raise Refused(ContractRefusal.ALREADY_ASKING)
    inquiry = _inquiry(session, draft, form, now, Inquiry.person_id == person.id)
    inquiry.person = person
    agree(session, person=person, purpose=ConsentPurpose.RECORD, language=language, now=now)
    _send_off(session, inquiry, draft, now)
    return inquiry


def ask_at_the_counter(
    session: Session, *, draft: ContractDraft, motive: str, form: RecordForm, actor: Actor, now: datetime
) -> Inquiry:
    """An officer asks for somebody who stands there: "valid" or "not found" comes back, and nothing else."""
    inquiry = _inquiry(session, draft, form, now, None)
    inquiry.asked_by_id = actor.account_id
    _send_off(session, inquiry, draft, now, motive)
    return inquiry


def _inquiry(session: Session, draft: ContractDraft, form: RecordForm, now: datetime, mine: object) -> Inquiry:
    if form is RecordForm.NONE:
        raise Refused(ContractRefusal.NO_RECORD)
    if draft.by is AskedBy.MATRICULE and form not in rules.TAKES_MATRICULE:
        raise Refused(ContractRefusal.NUMBER_ONLY)
    number_hash = ring_of(session).store.lookup_hash(f"contract by {draft.by}", draft.asked)
    for condition in (Inquiry.number_hash == number_hash, mine):
        if condition is not None and not rules.may_ask(queries.asked_at(session, condition, now), now):
            raise Refused(ContractRefusal.TOO_MANY_TRIES)
    return Inquiry(
        public_id=new_public_id(), by=draft.by, number_hash=number_hash, asked_at=now,
        expires_at=rules.waits_until(draft.by, now),
    )  # fmt: skip


def _send_off(session: Session, inquiry: Inquiry, draft: ContractDraft, now: datetime, motive: str = "") -> None:
    # A key of its own, that is destroyed with the answer: nothing that was typed outlives the question.
    ring = ring_of(session)
    ring.add_owner(inquiry.public_id)
    typed = json.dumps({"number": draft.asked, "born_on": draft.born_on.isoformat(), "motive": motive})
    inquiry.typed_sealed = ring.seal(inquiry.public_id, typed)
    session.add(inquiry)
    session.flush()
    outbox.enqueue(
        session, "contract_question", due_at=now, now=now, key=f"contract_question:{inquiry.public_id}",
        inquiry=inquiry.public_id,
    )  # fmt: skip
    outbox.enqueue(
        session, "contract_question_ends", due_at=inquiry.expires_at, now=now, inquiry=inquiry.public_id,
        key=f"contract_question_ends:{inquiry.public_id}",
    )  # fmt: skip


def question_of(session: Session, inquiry: Inquiry) -> Question:
    """The question as it is put to the record. Raises Erased when its key is gone."""
    assert inquiry.typed_sealed is not None, "only a question that waits is asked"
    typed = json.loads(ring_of(session).open(inquiry.public_id, inquiry.typed_sealed))
    born_on = date.fromisoformat(typed["born_on"])
    return Question(inquiry.public_id, AskedBy(inquiry.by), typed["number"], born_on, typed["motive"])


def answer(session: Session, *, inquiry: Inquiry, answer: Answer, now: datetime) -> ContractLink | None:
    """What the record says. Found: the link, with the priority that comes with it. Answering twice changes nothing."""
    if inquiry.state != InquiryState.WAITING:
        return None
    found, person = answer.contract, inquiry.person
    state = InquiryState.NOT_FOUND if found is None else InquiryState.FOUND
    linked = None
    if found is not None and person is not None:
        if queries.link_to(session, reference_hash(session, found.reference)) is not None:
            state = InquiryState.LINKED_ELSEWHERE
        else:
            linked = link(session, person=person, found=found, now=now)
    _close(session, inquiry, state, now)
    return linked


def link(session: Session, *, person: Person, found: Found, now: datetime) -> ContractLink | None:
    """Keep what the record has found, with its priority and what follows; None without a consent."""
    consent = queries.consent_of(session, person.id, ConsentPurpose.RECORD)
    if consent is None or person.erased_at is not None:
        return None
    known = reference_hash(session, found.reference)
    made = queries.earlier_link(session, person.id, known)
    if made is None:
        sealed = ring_of(session).seal(person.public_id, found.reference)
        made = ContractLink(person=person, reference_sealed=sealed, reference_hash=known)
        session.add(made)
    else:
        # Linked again after it was taken back: what was held back goes on, nothing is told twice.
        made.ended_at = None
        attesting.send_held_back(session, link=made, now=now)
    made.consent, made.linked_at, made.scheme, made.state = consent, now, found.scheme, found.state
    made.signed_on, made.in_force_on, made.ends_on = found.signed_on, found.in_force_on, found.ends_on
    session.flush()
    write_priority(session, link=made, now=now)
    key = f"{made.public_id}:{now:%Y%m%d%H%M}"
    outbox.enqueue(
        session, "contract_standing", due_at=now, now=now, key=f"contract_standing:{key}", link=made.public_id
    )
    outbox.enqueue(session, "attest_earlier", due_at=now, now=now, key=f"attest_earlier:{key}", link=made.public_id)
    return made


def end_question(session: Session, *, inquiry: Inquiry, now: datetime) -> None:
    """No answer came in time, or what was typed can no longer be read: nothing of it is kept."""
    if inquiry.state == InquiryState.WAITING:
        _close(session, inquiry, InquiryState.NO_ANSWER, now)


def _close(session: Session, inquiry: Inquiry, state: InquiryState, now: datetime) -> None:
    inquiry.state = state
    inquiry.typed_sealed = None
    inquiry.answered_at = now
    session.flush()
    outbox.enqueue(
        session, "forget_question", due_at=now, now=now, key=f"forget_question:{inquiry.public_id}",
        inquiry=inquiry.public_id,
    )  # fmt: skip
    if inquiry.person is not None and state is not InquiryState.TAKEN_BACK:
        outbox.enqueue(
            session, "contract_answer_mail", due_at=now, now=now, inquiry=inquiry.public_id,
            key=f"contract_answer_mail:{inquiry.public_id}",
        )  # fmt: skip


def agree(session: Session, *, person: Person, purpose: ConsentPurpose, language: str, now: datetime) -> Consent:
    """Write down what somebody agrees to; agreeing twice is agreeing once."""
    consent = queries.consent_of(session, person.id, purpose)
    if consent is None:
        consent = Consent(
            person_id=person.id, purpose=purpose, wording=WORDING, language=language, given_at=now
        )
        session.add(consent)
        session.flush()
    return consent


def take_back(session: Session, *, person: Person, purpose: ConsentPurpose, now: datetime) -> None:
    """Agree no longer. Without the link the priority ends and nothing more is sent; what was sent stays readable."""
    consent = queries.consent_of(session, person.id, purpose)
    if consent is None:
        return
    consent.taken_back_at = now
    session.flush()
    if purpose is not ConsentPurpose.RECORD:
        return
    inquiry = queries.waiting_inquiry(session, person.id)
    if inquiry is not None:
        _close(session, inquiry, InquiryState.TAKEN_BACK, now)
    link = queries.link_of(session, person.id, lock=True)
    if link is not None:
        link.ended_at = now
        _end_priority(session, person.id, now.astimezone(LOCAL).date())
        waiting = select(Attestation.id).where(Attestation.link_id == link.id)
        session.execute(
            update(Transfer)
            .where(Transfer.attestation_id.in_(waiting), Transfer.state == TransferState.WAITING)
            .values(state=TransferState.HELD_BACK)
        )


def write_priority(session: Session, *, link: ContractLink, now: datetime) -> None:
    """The priority that follows from a link as it stands: from its signature to its end, or none; one row of it."""
    today = now.astimezone(LOCAL).date()
    since = link.signed_on or link.in_force_on or today
    until = rules.priority_until(link.ends_on)
    if not measures.comes_first(link) or until < max(today, since):
        _end_priority(session, link.person_id, today)
        return
    row = session.scalar(select(Priority).where(_own(link.person_id), Priority.until >= today).with_for_update())
    if row is None:
        row = Priority(person_id=link.person_id, reason=PriorityReason.SIGNATORY)
        session.add(row)
    row.since, row.until = since, until
    session.flush()


def _own(person_id: int) -> ColumnElement[bool]:
    return (Priority.person_id == person_id) & (Priority.reason == PriorityReason.SIGNATORY)


def _end_priority(session: Session, person_id: int, today: date) -> None:
    """Priority ends yesterday; a row that would have lasted no day goes."""
    lasts = _own(person_id) & (Priority.until >= today)
    session.execute(delete(Priority).where(lasts, Priority.since >= today))
    session.execute(update(Priority).where(lasts).values(until=today - timedelta(days=1)))


def reference_hash(session: Session, reference: str) -> bytes:
    """The keyed hash by which a contract's link is found again."""
    return ring_of(session).store.lookup_hash("contract reference", reference)
