"""Decisions about linking and attesting: facts in, answer out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from commune_hub.contracts.words import AskedBy, RecordForm

# A matricule is never kept longer, answered or not; a contract number may wait for an officer.
MATRICULE_WAITS = timedelta(hours=24)
NUMBER_WAITS = timedelta(days=14)
# Each try is a question to the national record about a named person.
INQUIRIES_A_DAY = 5
PAPERS_WAITING = 5
NO_END = date(9999, 12, 31)

# A matricule is only asked for where the answer comes at once: not on an officer's screen, not in a file.
TAKES_MATRICULE: frozenset[RecordForm] = frozenset({RecordForm.HTTP})


@dataclass(frozen=True, slots=True)
class Sent:
    """What the record was told last about an attestation: the body of it, or None after a withdrawal."""

    body: dict[str, object] | None


def waits_until(by: AskedBy, now: datetime) -> datetime:
    """Until when a question may wait for its answer; then what was typed is destroyed."""
    return now + (MATRICULE_WAITS if by is AskedBy.MATRICULE else NUMBER_WAITS)


def may_ask(asked_at: Sequence[datetime], now: datetime) -> bool:
    """Whether another question may be asked for this person, or about this number."""
    return sum(1 for moment in asked_at if moment > now - timedelta(days=1)) < INQUIRIES_A_DAY


def priority_until(ends_on: date | None) -> date:
    """Until when a contract gives priority; a membership without an end gives it until the record says otherwise."""
    return ends_on or NO_END
