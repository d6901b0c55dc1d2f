"""The traces of RGD art. 28: agent, date, hour and precise motive of every consultation and processing, chained."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from commune_hub.base.chain import PURPOSE, START, Signer, link
from commune_hub.base.db import Store
from commune_hub.base.sealed import Keyring
from national_record.access_models import Trace, TraceMonth
from national_record.locking import locked
from national_record.words import Channel, Deed, Result


@dataclass(frozen=True, slots=True)
class Caller:
    """Who acts, for whom, why and by which way: what every trace says first."""

    agent: str
    organisation: str
    motive: str
    channel: Channel


def is_precise(motive: str) -> bool:
    """Two words and ten letters at least: "xx" explains nothing to the person who reads it."""
    return len(motive.split()) >= 2 and sum(letter.isalpha() for letter in motive) >= 10


def trace(
    session: Session, caller: Caller, *, deed: Deed, now: datetime, people: Iterable[str] = (),
    result: Result = Result.DONE,
) -> None:  # fmt: skip
    """A row in this transaction; `people` are public ids. The month is locked, so that its chain has no fork."""
    month = locked(session, TraceMonth, f"{now:%Y-%m}", count=0, head=START, signature=b"")
    row = Trace(
        month=month.month, number=month.count + 1, at=now.replace(microsecond=0), agent=caller.agent,
        organisation=caller.organisation, motive=caller.motive, channel=caller.channel, deed=deed, result=result,
        people=sorted(set(people)),
    )  # fmt: skip
    row.link = link(month.head, _said(row))
    session.add(row)
    month.count, month.head = row.number, row.link
    month.signature = _signer(session).sign(_head(month))
    session.flush()


def trace_alone(
    store: Store, caller: Caller, *, deed: Deed, now: datetime, people: Iterable[str] = (),
    result: Result = Result.DONE,
) -> None:  # fmt: skip
    """The same in a transaction of its own, for a consultation and for what was refused; raises when it cannot."""
    with store.writing() as session:
        trace(session, caller, deed=deed, people=people, result=result, now=now)


def faults(session: Session, *, since: str = "") -> list[str]:
    """What is wrong with the chains, from a month on: a row changed, swapped or missing. Empty when all is well."""
    signer, found = _signer(session), []
    for month in session.scalars(select(TraceMonth).where(TraceMonth.month >= since).order_by(TraceMonth.month)):
        if month.dropped_on is not None:
            continue
        before, count = START, 0
        rows = session.scalars(select(Trace).where(Trace.month == month.month).order_by(Trace.number))
        for count, row in enumerate(rows, 1):
            if row.number != count:
                found.append(f"{month.month}: number {count} is missing")
                break
            if row.link != link(before, _said(row)):
                found.append(f"{month.month}: number {count} has been changed")
                break
            before = row.link
        else:
            if (count, before) != (month.count, month.head):
                found.append(f"{month.month}: the end is missing")
            elif not signer.holds(_head(month), month.signature):
                found.append(f"{month.month}: the head was not signed by this record")
    known = set(session.scalars(select(TraceMonth.month)))
    found += [f"{name}: the chain has no head" for name in set(session.scalars(select(Trace.month))) - known]
    return found


def drop_before(session: Session, *, month: str, today: date) -> int:
    """Drop the rows of whole months before this one; their heads stay. Returns how many months."""
    old = session.scalars(select(TraceMonth).where(TraceMonth.month < month, TraceMonth.dropped_on.is_(None))).all()
    for one in old:
        session.execute(delete(Trace).where(Trace.month == one.month))
        one.dropped_on = today
    return len(old)


def _signer(session: Session) -> Signer:
    ring: Keyring = session.info["keyring"]
    return Signer(ring.store.derive(PURPOSE))


def _head(month: TraceMonth) -> dict[str, object]:
    return {"month": month.month, "count": month.count, "head": month.head.hex()}


def _said(row: Trace) -> dict[str, object]:
    return {
        "month": row.month, "number": row.number, "at": row.at.isoformat(), "agent": row.agent,
        "organisation": row.organisation, "motive": row.motive, "channel": str(row.channel), "deed": str(row.deed),
        "result": str(row.result), "people": row.people,
    }  # fmt: skip
