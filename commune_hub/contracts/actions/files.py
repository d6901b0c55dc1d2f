"""The record by signed files: what waits goes out, answers come in; complete or not at all, twice is once."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.contracts import queries, record
from commune_hub.contracts.actions import attesting, linking, replies
from commune_hub.contracts.models import Attestation, ContractLink, Transfer
from commune_hub.contracts.record import Unreadable
from commune_hub.contracts.words import AskedBy, InquiryState, TransferState

PURPOSE = "sign record files"
LARGEST = 20 * 1024 * 1024
_OPEN = (TransferState.WAITING, TransferState.HANDED_OVER)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an answer file brought: how many answers counted, and how many were about nothing that waits."""

    taken: int
    idle: int
    again: bool = False


def export(session: Session, *, key: Ed25519PrivateKey, now: datetime) -> bytes:
    """Everything that waits, as one signed file. What has no receipt yet goes out again with the next one: the same key
    is the same message. A matricule never goes into a file."""
    line = queries.line(session, lock=True)
    line.exports += 1
    session.add(line)
    messages = [*_questions(session), *_messages(session, now), *_standings(session)]
    session.flush()
    return signed({"v": 1, "number": line.exports, "made_at": now.isoformat(), "messages": messages}, key)


def _questions(session: Session) -> list[dict[str, Any]]:
    rows = []
    for inquiry in queries.inquiries_waiting(session):
        if inquiry.by == AskedBy.CONTRACT_NUMBER:
            asked = linking.question_of(session, inquiry)
            rows.append({"kind": "ask", "key": asked.key, "contract_number": asked.number,
                         "birth_date": asked.born_on.isoformat()})  # fmt: skip
    return rows


def _messages(session: Session, now: datetime) -> list[dict[str, Any]]:
    """The first message without a receipt of each attestation; later ones wait for it."""
    waits = Attestation.transfers.any(Transfer.state.in_(_OPEN))
    rows = []
    for one in queries.attestations_where(session, waits, limit=100_000):
        transfer = queries.next_transfer(session, one.id)
        assert transfer is not None, "an attestation that waits has a message"
        transfer.state, transfer.sent_at = TransferState.HANDED_OVER, transfer.sent_at or now
        rows.append({"kind": "send", "key": transfer.key, "act": transfer.act, "attestation": one.remote,
                     "body": attesting.body_of(session, transfer)})  # fmt: skip
    return rows


def _standings(session: Session) -> list[dict[str, Any]]:
    living = select(ContractLink).where(ContractLink.ended_at.is_(None)).order_by(ContractLink.id)
    return [{"kind": "standing", "key": one.public_id, "reference": one.reference} for one in session.scalars(living)]


def take_in(session: Session, *, data: bytes, peer: Ed25519PublicKey, now: datetime) -> Imported:
    """Read an answer file. Raises Unreadable for one that is not signed by the record or not as agreed; then nothing of
    it counts."""
    said = opened(data, peer)
    name, rows = said.get("file"), said.get("answers")
    if not isinstance(name, str) or not 0 < len(name) <= 80 or not isinstance(rows, list):
        raise Unreadable("file, answers")
    line = queries.line(session, lock=True)
    if name in line.imported:
        return Imported(0, 0, again=True)
    taken = sum(_take(session, row, now) for row in rows)
    line.imported = [*line.imported, name]
    session.add(line)
    session.flush()
    return Imported(taken, len(rows) - taken)


def _take(session: Session, row: object, now: datetime) -> bool:
    if not isinstance(row, dict) or not isinstance(row.get("key", ""), str):
        raise Unreadable("an answer")
    key = row.get("key", "")
    match row.get("kind"):
        case "answer":
            answer = record.read_answer(row)
            inquiry = queries.inquiry_with(session, key)
            if inquiry is None or inquiry.state != InquiryState.WAITING:
                return False
            linking.answer(session, inquiry=inquiry, answer=answer, now=now)
        case "receipt":
            receipt = record.read_receipt(row)
            transfer = queries.transfer_with(session, key)
            if transfer is None or transfer.state == TransferState.DELIVERED:
                return False
            attesting.delivered(session, transfer=transfer, remote=receipt.remote, receipt=receipt.receipt,
                                at=receipt.received_at, now=now)  # fmt: skip
        case "standing":
            standing = record.read_standing(row)
            link = queries.link_with(session, key)
            if link is None:
                return False
            replies.take_standing(session, link=link, standing=standing, now=now)
        case "change":
            for change in record.read_changes({"changes": [{**row, "kind": "attestation"}], "cursor": "-"}).rows:
                replies.decide(session, change=change, now=now)
        case other:
            raise Unreadable(f"kind {other!r}"[:60])
    return True


def signed(said: Mapping[str, Any], key: Ed25519PrivateKey) -> bytes:
    """A line of JSON, and a line with the signature of it (Ed25519, base64)."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return text + b"\n" + base64.b64encode(key.sign(text)) + b"\n"


def opened(data: bytes, key: Ed25519PublicKey) -> dict[str, Any]:
    """What a signed file says. Raises Unreadable."""
    text, _, signature = data.strip().partition(b"\n")
    if len(data) > LARGEST:
        raise Unreadable("too large")
    try:
        key.verify(base64.b64decode(signature, validate=True), text)
        said = json.loads(text)
    except (InvalidSignature, ValueError, RecursionError):
        raise Unreadable("not signed by the record, or changed since") from None
    if not isinstance(said, dict):
        raise Unreadable("no object")
    return said
