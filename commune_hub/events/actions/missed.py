"""What follows when somebody did not come and said nothing, as the organiser has set it; never an exclusion."""

from datetime import datetime, time, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from commune_hub.accounts.words import AfterNoShow
from commune_hub.base import outbox
from commune_hub.base.words import LOCAL
from commune_hub.events.models import Meeting, Signup
from commune_hub.events.records import Attendance
from commune_hub.events.words import AttendanceState, SignupState

_MORNING = time(10)


def plan_friendly_words(session: Session, *, meeting: Meeting, now: datetime) -> None:
    """The next morning, where the organiser wants it: a mark that was wrong can be corrected before that."""
    if meeting.activity.organisation.after_no_show != AfterNoShow.REMINDER:
        return
    day = now.astimezone(LOCAL).date() + timedelta(days=1)
    for signup in session.scalars(_who_missed(meeting)):
        outbox.enqueue(
            session, "no_show_mail", due_at=datetime.combine(day, _MORNING, LOCAL), now=now, signup=signup.public_id,
            meeting=meeting.public_id, key=f"no_show_mail:{signup.public_id}:{meeting.public_id}",
        )  # fmt: skip


def _who_missed(meeting: Meeting) -> "Select[Signup]":
    absent = select(Attendance.person_id).where(
        Attendance.meeting_id == meeting.id, Attendance.state == AttendanceState.ABSENT
    )
    return select(Signup).where(
        Signup.pool_id == meeting.pool_id, Signup.state == SignupState.CONFIRMED, Signup.person_id.in_(absent)
    )


def did_not_come(session: Session, signup: Signup, meeting: Meeting) -> bool:
    """Whether this still stands: it may have been corrected."""
    return session.scalar(_who_missed(meeting).where(Signup.id == signup.id).with_only_columns(Signup.id)) is not None
