"""The changes that a client reads from its cursor on: none skipped, none of people it was not told about."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from national_record.access_models import Change, ChangeCounter, Disclosure
from national_record.locking import locked
from national_record.models import Attestation, Contract, Person
from national_record.words import ChangeKind

PAGE = 200


@dataclass(frozen=True, slots=True)
class Page:
    """Some changes, the cursor after the last, and whose they are."""

    changes: list[Change]
    cursor: int
    people: list[str]


def contract_changed(session: Session, contract: Contract, *, now: datetime, reason: str | None = None) -> None:
    """Tell whoever was told about this contract that it stands elsewhere now."""
    _note(
        session, kind=ChangeKind.CONTRACT, contract=contract, client_id=None, subject=contract.public_id,
        state=contract.state, reason=reason, at=now,
    )  # fmt: skip


def attestation_changed(session: Session, attestation: Attestation, *, now: datetime) -> None:
    """Tell its sender that an attestation stands elsewhere now; one on paper has none."""
    if attestation.client_id is None:
        return
    _note(
        session, kind=ChangeKind.ATTESTATION, contract=attestation.contract, client_id=attestation.client_id,
        subject=attestation.public_id, state=attestation.state, reason=attestation.reason, at=now,
    )  # fmt: skip


def changes_after(session: Session, *, client_id: int, cursor: int) -> Page:
    """At most PAGE changes after the cursor that this client may know about, oldest first."""
    found = session.scalars(
        select(Change)
        .join(Disclosure, (Disclosure.contract_id == Change.contract_id) & (Disclosure.client_id == client_id))
        .where(Change.number > cursor, Change.at >= Disclosure.first_at)
        .where(or_(Change.client_id.is_(None), Change.client_id == client_id))
        .order_by(Change.number)
        .limit(PAGE)
    ).all()
    people = session.scalars(
        select(Person.public_id).join(Contract).where(Contract.id.in_({one.contract_id for one in found}))
    ).all()
    return Page(list(found), found[-1].number if found else cursor, list(people))


def _note(session: Session, *, kind: ChangeKind, contract: Contract, at: datetime, **said: object) -> None:
    # Without the lock a change with a smaller number could be committed after a bigger one was read, and be skipped.
    counter = locked(session, ChangeCounter, 1, last=0)
    counter.last += 1
    number, reference = counter.last, contract.public_id
    session.add(Change(number=number, kind=kind, contract_id=contract.id, reference=reference, at=at, **said))
    session.flush()
