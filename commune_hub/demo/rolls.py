"""The attendance of the demo country's past: most were there, some said that they could not, a few just stayed away."""

import random
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.base.ids import new_public_id
from commune_hub.events import taps
from commune_hub.events.models import Activity, Meeting, Signup
from commune_hub.events.records import Attendance, AttendanceChange, Roll
from commune_hub.events.words import AttendanceChannel, AttendanceState, MeetingState, SignupState

# The last meetings are left open, so that the desk has something to do.
_LEFT_OPEN = timedelta(days=2)
_STATES = (
    *[AttendanceState.PRESENT] * 8,
    AttendanceState.EXCUSED,
    AttendanceState.ABSENT,
)


def note_past(session: Session, *, now: datetime, chance: random.Random) -> int:
    """Finish the roll of every meeting that is over, but the newest; returns how many people are noted."""
    over = select(Meeting).where(Meeting.state == MeetingState.PLANNED, Meeting.ends_at < now - _LEFT_OPEN)
    meetings = {meeting.id: meeting for meeting in session.scalars(over.order_by(Meeting.id))}
    seated = (
        select(Meeting.id, Signup.person_id)
        .join(Signup, Signup.pool_id == Meeting.pool_id)
        .where(Meeting.id.in_(list(meetings)), Signup.state == SignupState.CONFIRMED)
        .order_by(Meeting.id, Signup.id)
    )
    rows, changes, rolls = [], [], {}
    for meeting_id, person_id in session.execute(seated):
        end = meetings[meeting_id].ends_at
        state = chance.choice(_STATES)
        common = {"meeting_id": meeting_id, "person_id": person_id, "channel": AttendanceChannel.STAFF}
        rows.append({**common, "public_id": new_public_id(), "state": state, "noted_at": end})
        changes.append({**common, "was": AttendanceState.UNKNOWN, "became": state, "at": end, "tapped_at": end})
        rolls[meeting_id] = {
            "meeting_id": meeting_id, "check_in": new_public_id(), "finished_at": end, "lock_on": taps.lock_day(end),
        }  # fmt: skip
    for table, found in ((Roll, list(rolls.values())), (Attendance, rows), (AttendanceChange, changes)):
        if found:
            session.execute(insert(table), found)
    return len(rows)


def practised(session: Session, *, person: Person, activity: Activity, now: datetime) -> None:
    """Somebody was at the last meetings of a table, but for one week."""
    past = select(Meeting).where(
        Meeting.activity_id == activity.id, Meeting.state == MeetingState.PLANNED, Meeting.ends_at < now - _LEFT_OPEN
    )
    for number, meeting in enumerate(session.scalars(past.order_by(Meeting.starts_at.desc()).limit(8))):
        if number != 2:
            session.add(Attendance(meeting=meeting, person=person, state=AttendanceState.PRESENT,
                                   channel=AttendanceChannel.STAFF, noted_at=meeting.ends_at))  # fmt: skip
    session.flush()
