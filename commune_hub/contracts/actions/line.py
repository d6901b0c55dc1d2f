"""The one line to the record: who may call next, since when nobody answers, and what is done when it answers again."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from commune_hub.base import outbox
from commune_hub.contracts import queries

# At most ten calls a second, however many workers there are (PROMISES.md).
PACE = timedelta(milliseconds=100)
WAITING_KINDS = ("contract_question", "attestation_send", "contract_standing")


def next_turn(session: Session, *, now: datetime) -> datetime:
    """When the next call may go; the row is locked, so that two workers never get the same turn."""
    line = queries.line(session, lock=True)
    turn = max(now, line.next_call_at or now)
    # A turn far ahead was left by a clock that ran wrong.
    if turn > now + timedelta(minutes=1):
        turn = now
    line.next_call_at = turn + PACE
    session.add(line)
    session.flush()
    return turn


def note_down(session: Session, *, now: datetime) -> None:
    """The record does not answer."""
    line = queries.line(session, lock=True)
    line.down_since = line.down_since or now
    session.add(line)
    session.flush()


def hurry(session: Session, *, now: datetime) -> None:
    """The record answers again: what waits for it goes now, at the pace of the line, not after its long pauses."""
    outbox.hurry(session, kinds=WAITING_KINDS, now=now)
