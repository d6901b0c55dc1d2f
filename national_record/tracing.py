"""The traces of RGD art. 28: agent, date, hour and precise motive of every consultation and processing, chained."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from commune_hub.base.db import Store
from commune_hub.base.sealed import Keyring
from national_record.access_models import Trace, TraceMonth
from national_record.locking import locked
from national_record.words import Channel, Deed, Result

_START = b"\0" * 32


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
    month = locked(session, TraceMonth, f"{now:%Y-%m}", count=0, head=_START)
    row = Trace(
        month=month.month, number=month.count + 1, at=now.replace(microsecond=0), agent=caller.agent,
        organisation=caller.organisation, motive=caller.motive, channel=caller.channel, deed=deed, result=result,
        people=sorted(set(people)),
    )  # fmt: skip
    key = _key(session)
    row.seal = _seal(key, month.head if month.count else _START, row)
    session.add(row)
    month.count, month.head = row.number, row.seal
    session.flush()


def trace_alone(
    store: Store, caller: Caller, *, deed: Deed, now: datetime, people: Iterable[str] = (),
    result: Result = Result.DONE,
) -> None:  # fmt: skip
    """The same in a transaction of its own, for a consultation and for what was refused; raises when it cannot."""
    with store.writing() as session:
        trace(session, caller, deed=deed, people=people, result=result, now=now)


def faults(session: Session) -> list[str]:
    """What is wrong with the chains: a row changed, swapped or missing. Empty when all is well."""
    key = _key(session)
    found = []
    for month in session.scalars(select(TraceMonth).order_by(TraceMonth.month)):
        if month.dropped_on is not None:
            continue
        before, count = _START, 0
        rows = session.scalars(select(Trace).where(Trace.month == month.month).order_by(Trace.number))
        for count, row in enumerate(rows, 1):
            if row.number != count:
                found.append(f"{month.month}: number {count} is missing")
                break
            if not hmac.compare_digest(row.seal, _seal(key, before, row)):
                found.append(f"{month.month}: number {count} has been changed")
                break
            before = row.seal
        else:
            if (count, before) != (month.count, month.head if month.count else _START):
                found.append(f"{month.month}: the end is missing")
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


def _key(session: Session) -> bytes:
    # Whoever can change the rows but does not know the installation's secret cannot seal them again.
    ring: Keyring = session.info["keyring"]
    return ring.store.derive("seal traces")


def _seal(key: bytes, before: bytes, row: Trace) -> bytes:
    said = [
        row.month, row.number, row.at.isoformat(), row.agent, row.organisation, row.motive, str(row.channel),
        str(row.deed), str(row.result), row.people,
    ]  # fmt: skip
    return hmac.new(key, before + json.dumps(said, ensure_ascii=False).encode(), hashlib.sha256).digest()
