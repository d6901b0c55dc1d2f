"""Months of traces whose time is over: their rows go, their signed heads stay, so that the chain can be followed."""

from datetime import datetime

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from commune_hub.accounts import traces
from commune_hub.accounts.queries import ring_of
from commune_hub.accounts.traces import AccessTrace, TracedPerson, TraceMonth
from commune_hub.base.words import LOCAL
from commune_hub.schemes.periods import after_months


def expired(session: Session, *, now: datetime, months: int) -> list[str]:
    """The months that ended at least so many months ago and still have their rows, the oldest first."""
    this_month = now.astimezone(LOCAL).date().replace(day=1)
    newest_to_go = after_months(this_month, -months - 1)
    question = select(TraceMonth.month).where(
        TraceMonth.month <= f"{newest_to_go:%Y-%m}", TraceMonth.dropped_at.is_(None)
    )
    return list(session.scalars(question.order_by(TraceMonth.month)))


def drop(session: Session, *, month: str, now: datetime) -> None:
    """Drop the rows of a month and sign its head anew as dropped. Refused by PostgreSQL unless done by the owner."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("select set_config('commune_hub.drop_month', :month, true)"), {"month": month})
    row = session.get_one(TraceMonth, month)
    if row.dropped_at is not None:
        return
    of_month = select(AccessTrace.id).where(AccessTrace.month == month)
    session.execute(delete(TracedPerson).where(TracedPerson.trace_id.in_(of_month)))
    session.execute(delete(AccessTrace).where(AccessTrace.month == month))
    row.dropped_at = now
    row.signature = traces.signer(session).sign(row.said)
    session.flush()
    ring_of(session).store.destroy(traces.key_of_month(month))
