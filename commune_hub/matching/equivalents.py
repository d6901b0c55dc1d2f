"""The nearest equivalent of a meeting that is full: same language, kind and level, near its venue, with free seats."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from commune_hub.events import queries as events
from commune_hub.events import rules
from commune_hub.events.models import Activity, Meeting
from commune_hub.events.words import ActivityKind, AttendanceMode, CefrLevel, RegistrationBy, SignupMode
from commune_hub.matching import queries
from commune_hub.matching.queries import Row
from commune_hub.matching.search import Search
from commune_hub.matching.words import Need, When
from commune_hub.places.geo import Point

WITHIN_KM = 15
SHOWN = 3
_HERE = frozenset({SignupMode.SIGN_UP, SignupMode.WHOLE_COURSE})


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A meeting with a seat free at once, and how far it is from the full one (None: online)."""

    meeting: Meeting
    km: float | None


def equivalents(
    session: Session, meeting: Meeting, *, now: datetime, language: str = "", person_id: int | None = None
) -> list[Equivalent]:
    """At most three, the nearest first, of the next 30 days; of each activity the next date with a seat, so that other
    dates of the same activity are among them. `language`: the one practised, where there are several. `person_id`:
    leaves out where this person has a seat or waits."""
    activity = meeting.activity
    found = queries.near(session, _alike(meeting, language or next(iter(activity.tags), "")), now)
    km = {row.meeting: row.km for row in found.rows if _has_a_seat(row)}
    able = []
    for other in events.meetings_by_ids(session, km):
        if other.pool_id != meeting.pool_id and _fits(activity, other.activity):
            taken = person_id is not None and events.live_signup(session, other.pool_id, person_id) is not None
            able += [] if taken else [Equivalent(other, km[other.public_id])]
    return able[:SHOWN]


def _alike(meeting: Meeting, language: str) -> Search:
    activity = meeting.activity
    online = activity.attendance_mode == AttendanceMode.ONLINE
    point = Point(meeting.venue.lat, meeting.venue.lon) if meeting.venue and not online else None
    needs = {Need.FREE_SEATS} | ({Need.ONLINE} if online else set())
    return Search(
        language=language, point=point, radius=WITHIN_KM, when=When.MONTH, kind=ActivityKind(activity.kind),
        needs=frozenset(needs),
    )  # fmt: skip


def _has_a_seat(row: Row) -> bool:
    """Whether somebody who asks now sits down at once: seats kept for others or for a queue do not count."""
    return bool(row.open) and row.free > row.waiting and not row.reserved


def _fits(full: Activity, other: Activity) -> bool:
    here = other.registration_by == RegistrationBy.HUB and other.signup in _HERE
    return here and bool(_levels(full) & _levels(other))


def _levels(activity: Activity) -> int:
    first, last = (None if level is None else CefrLevel(level) for level in (activity.level_from, activity.level_to))
    return rules.level_mask(first, last)
