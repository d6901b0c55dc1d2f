"""The jobs of the contract record: questions, attestations in their order, what is missing, what changed."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from commune_hub.base.db import Store
from commune_hub.base.sealed import Erased
from commune_hub.contracts import queries
from commune_hub.contracts.actions import attesting, line, linking, replies
from commune_hub.contracts.record import Message, Record, RecordDown, RecordRefuses
from commune_hub.contracts.words import InquiryState, TransferAct
from commune_hub.events import certificates
from commune_hub.events import queries as events
from commune_hub.speech.catalogues import N_
from commune_hub.worker.work import Failed, Hopeless, Task, Work

# The motive of each call, that the person can read at the record (RGD art. 28).
_LINK = N_("The person asked to link the own contract with the hub")
_AT_THE_COUNTER = N_("At the counter, with the person present: is the contract valid?")
_ATTEST = N_("What the person attended is told to the record, with consent")
_STANDING = N_("The person sees on the own page what is done and what is missing")
_CHANGES = N_("Decisions on attestations that this hub has sent")


def contract_question(work: Work, task: Task) -> None:
    """Ask the record for somebody's contract; what was typed is forgotten with the answer."""
    with work.store.reading() as session:
        inquiry = queries.inquiry_named(session, task.ids["inquiry"])
        if inquiry.state != InquiryState.WAITING:
            return
        over = inquiry.expires_at <= task.now
        try:
            asked = None if over else linking.question_of(session, inquiry)
        except Erased:
            asked = None
        motive = _LINK if inquiry.person_id is not None else _AT_THE_COUNTER
        said = _said(work, motive)
    if asked is None:
        _end_question(work, task)
        return
    with _asking(work, task) as record:
        answer = record.ask(replace(asked, motive=asked.motive or said))
    if answer is not None:
        with work.store.writing() as session:
            inquiry = queries.inquiry_named(session, task.ids["inquiry"], lock=True)
            linking.answer(session, inquiry=inquiry, answer=answer, now=task.now)
        work.store.keys.destroy(task.ids["inquiry"])


def contract_question_ends(work: Work, task: Task) -> None:
    """The time to wait for an answer is over."""
    _end_question(work, task)


def _end_question(work: Work, task: Task) -> None:
    with work.store.writing() as session:
        inquiry = queries.inquiry_named(session, task.ids["inquiry"], lock=True)
        linking.end_question(session, inquiry=inquiry, now=task.now)
    work.store.keys.destroy(task.ids["inquiry"])


def forget_question(work: Work, task: Task) -> None:
    """The key under which a number waited goes, also when whoever got the answer died before doing it."""
    work.store.keys.destroy(task.ids["inquiry"])


def attestation_send(work: Work, task: Task) -> None:
    """Send what the record does not have yet of one attestation, one message after the other."""
    while (message := _next_message(work, task)) is not None:
        with _asking(work, task) as record:
            receipt = record.send(message)
        if receipt is None:
            return
        with work.store.writing() as session:
            transfer = queries.transfer_with(session, message.key)
            if transfer is not None:
                attesting.delivered(
                    session, transfer=transfer, remote=receipt.remote, receipt=receipt.receipt,
                    at=receipt.received_at, now=task.now,
                )  # fmt: skip


def _next_message(work: Work, task: Task) -> Message | None:
    with work.store.reading() as session:
        attestation = queries.attestation_named(session, task.ids["attestation"])
        transfer = queries.next_transfer(session, attestation.id)
        if transfer is None:
            return None
        return Message(
            key=transfer.key, act=TransferAct(transfer.act), attestation=attestation.public_id,
            remote=attestation.remote or "", body=attesting.body_of(session, transfer), motive=_said(work, _ATTEST),
        )  # fmt: skip


def contract_standing(work: Work, task: Task) -> None:
    """Read what is met and missing of one contract."""
    with work.store.reading() as session:
        reference = queries.link_named(session, task.ids["link"]).reference
    with _asking(work, task) as record:
        standing = record.standing(reference, _said(work, _STANDING))
    if standing is not None:
        with work.store.writing() as session:
            link = queries.link_named(session, task.ids["link"])
            replies.take_standing(session, link=link, standing=standing, now=task.now)


def record_changes(work: Work, task: Task) -> None:
    """Every ten minutes: what changed at the record. While it is down, the next look is the next attempt."""
    if work.record is None:
        return
    more = True
    while more:
        with work.store.reading() as session:
            before = queries.line(session)
            cursor, was_down = before.cursor, before.down_since is not None
        try:
            changes = work.record.changes(cursor, _said(work, _CHANGES))
        except (RecordDown, RecordRefuses):
            with work.store.writing() as session:
                line.note_down(session, now=task.now)
            return
        if changes is None:
            return
        with work.store.writing() as session:
            replies.take_changes(session, changes=changes, now=task.now)
            if was_down:
                line.hurry(session, now=task.now)
        more = bool(changes.rows) and changes.cursor != cursor


def certificate_changed(work: Work, task: Task) -> None:
    """A certificate was issued or is void: what the record is told follows."""
    with work.store.writing() as session:
        found = certificates.certificate_by_id(session, task.ids["certificate"])
        attesting.follow(session, person=found.person, activity=found.activity, now=task.now)


def convention_confirmed(work: Work, task: Task) -> None:
    """The authority has confirmed the convention of a course."""
    with work.store.writing() as session:
        activity = events.activity_named(session, task.ids["activity"])
        attesting.convention_confirmed(session, activity=activity, now=task.now)


def attest_earlier(work: Work, task: Task) -> None:
    """A contract was linked: what was attended within it before is attested."""
    with work.store.writing() as session:
        attesting.attest_earlier(session, link=queries.link_named(session, task.ids["link"]), now=task.now)


@contextmanager
def _asking(work: Work, task: Task) -> Iterator[Record]:
    """The record, for one call; its troubles become those of the job."""
    if work.record is None:
        raise Hopeless("no record is set (COMMUNE_HUB_RECORD)")
    try:
        yield work.record
    except RecordDown as down:
        with work.store.writing() as session:
            line.note_down(session, now=task.now)
        raise Failed(f"the record does not answer: {down}") from None
    except RecordRefuses as refuses:
        raise Hopeless(f"the record refuses: {refuses}") from None


def turns_of(store: Store) -> Callable[[], None]:
    """Waits until the next call to the record may go: ten a second, of all workers together, by the system's clock."""

    def wait() -> None:
        now = datetime.now(UTC)
        with store.writing() as session:
            turn = line.next_turn(session, now=now)
        time.sleep(max(0.0, (turn - now).total_seconds()))

    return wait


def _said(work: Work, sentence: str) -> str:
    return work.speech_in(work.settings.default_language).say(sentence)

