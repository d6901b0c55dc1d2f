"""The protocol of the national contract record, and how its answers are read. Sockets are opened elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from commune_hub.contracts.words import AskedBy, AttestationState, RecordForm, TransferAct


class RecordDown(Exception):
    """No answer that can be believed: not there, slow, or something else than the record answers. Try again later."""


class RecordRefuses(Exception):
    """The record understood and says no; a human has to look. The text holds a code, no personal data."""


class Unreadable(Exception):
    """An answer that is not what was agreed; it counts as no answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """Is there a contract with this number (or matricule) of somebody born on this day?"""

    key: str
    by: AskedBy
    number: str = field(repr=False)
    born_on: date = field(repr=False)
    motive: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A contract of the record: an opaque reference, and what the hub keeps of it."""

    reference: str = field(repr=False)
    scheme: str
    state: str
    signed_on: date | None = None
    in_force_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the record says to a question; `contract` None: it knows no such contract."""

    contract: Found | None


@dataclass(frozen=True, slots=True)
class Message:
    """One message about an attestation. `remote` is the record's own id of it, empty for the first one."""

    key: str
    act: TransferAct
    attestation: str
    remote: str
    body: Mapping[str, Any] = field(repr=False)
    motive: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The record has it: its own id of the attestation, and the receipt."""

    remote: str
    receipt: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What the record says of a contract: its state, obligations met and missing, vouchers, dates of its roadmap."""

    state: str
    obligations: tuple[Mapping[str, Any], ...]
    vouchers: tuple[Mapping[str, Any], ...]
    steps: tuple[Mapping[str, Any], ...] = ()
    in_force_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changed at the record: an attestation (with the reason of a rejection) or a contract."""

    kind: str
    remote: str
    reference: str = field(repr=False)
    state: str
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a cursor, and the cursor to go on from."""

    rows: tuple[Change, ...]
    cursor: str


class Record(Protocol):
    """The record in one of its forms. A method that returns None has handed the matter on: the answer comes later,
    through the same actions (contracts/actions/replies.py). All raise RecordDown; RecordRefuses ends a matter."""

    form: RecordForm

    def ask(self, question: Question) -> Answer | None:
        """Ask whether there is a contract."""

    def send(self, message: Message) -> Receipt | None:
        """Submit, correct or withdraw an attestation; the same key twice is the same message."""

    def standing(self, reference: str, motive: str) -> Standing | None:
        """What is met and missing, which vouchers there are."""

    def changes(self, cursor: str, motive: str) -> Changes | None:
        """What changed since the cursor ('' from the beginning)."""

    def close(self) -> None:
        """Give the connections back."""


# -- reading what the record says ------------------------------------------------


def read_answer(said: object) -> Answer:
    """The answer to a question. Raises Unreadable."""
    body = _object(said)
    found = body.get("found")
    if found is False:
        return Answer(None)
    if found is not True:
        raise Unreadable("found")
    contract = _object(body.get("contract"))
    return Answer(
        Found(
            reference=_text(contract, "reference", 200),
            scheme=_text(contract, "scheme", 32),
            state=_text(contract, "state", 32),
            signed_on=_day(contract, "signed_on"),
            in_force_on=_day(contract, "in_force_on"),
            ends_on=_day(contract, "ends_on"),
        )
    )


def read_receipt(said: object) -> Receipt:
    """The receipt of an attestation. Raises Unreadable."""
    body = _object(said)
    return Receipt(_text(body, "attestation", 80), _text(body, "receipt", 120), _moment(body, "received_at"))


def read_standing(said: object) -> Standing:
    """What is met and missing. Raises Unreadable."""
    body = _object(said)
    obligations = tuple(
        {"kind": _text(one, "kind", 32), "state": _text(one, "state", 32), "on": _iso(one, "on")}
        for one in _objects(body.get("obligations"))
    )
    vouchers = tuple(
        {
            "number": str(one.get("number", ""))[:40],
            "language": str(one.get("language") or "")[:35],
            "issued_on": _iso(one, "issued_on"),
            "expires_on": _iso(one, "expires_on"),
            "state": _text(one, "state", 32),
        }
        for one in _objects(body.get("vouchers"))
    )
    state, in_force_on, ends_on = _text(body, "state", 32), _day(body, "in_force_on"), _day(body, "ends_on")
    steps = tuple(
        {
            "kind": _text(one, "kind", 32),
            "on": _iso(one, "on"),
            "title": str(one.get("title") or "")[:200],
            "place": str(one.get("place") or "")[:200],
        }
        for one in _objects(body.get("next_steps") or [])
    )
    return Standing(state, obligations, vouchers, steps, in_force_on, ends_on)


def read_changes(said: object) -> Changes:
    """What changed. Raises Unreadable."""
    body = _object(said)
    rows = tuple(
        Change(
            kind=_text(one, "kind", 32),
            remote=_text(one, "id", 80),
            reference=str(one.get("reference") or "")[:200],
            state=_text(one, "state", 32),
            reason=str(one.get("reason") or "")[:500],
        )
        for one in _objects(body.get("changes"))
    )
    return Changes(rows, _text(body, "cursor", 200))


def attestation_state(state: str) -> AttestationState | None:
    """The state that the record names; None for one that we do not know, which changes nothing."""
    try:
        return AttestationState(state)
    except ValueError:
        return None


def _object(said: object) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        raise Unreadable("no object")
    return said


def _objects(said: object) -> list[Mapping[str, Any]]:
    if not isinstance(said, list) or len(said) > 10_000:
        raise Unreadable("no list")
    return [_object(one) for one in said]


def _text(body: Mapping[str, Any], name: str, longest: int) -> str:
    value = body.get(name)
    if not isinstance(value, str | int) or isinstance(value, bool) or not 0 < len(str(value)) <= longest:
        raise Unreadable(name)
    return str(value)


def _iso(body: Mapping[str, Any], name: str) -> str | None:
    day = _day(body, name)
    return day.isoformat() if day else None


def _day(body: Mapping[str, Any], name: str) -> date | None:
    value = body.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise Unreadable(name) from None


def _moment(body: Mapping[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(body.get(name)))
    except ValueError:
        raise Unreadable(name) from None
    if moment.tzinfo is None:
        raise Unreadable(name)
    return moment
