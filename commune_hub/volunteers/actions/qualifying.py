"""What qualifies a volunteer follows from attendance: trainings grant it, exchange days prolong it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from commune_hub.accounts.models import Person
from commune_hub.base import outbox
from commune_hub.base.words import LOCAL
from commune_hub.events import certificates
from commune_hub.events.models import Activity, Meeting
from commune_hub.events.records import Attendance
from commune_hub.events.words import ActivityKind, AttendanceState, SignupMode
from commune_hub.volunteers import rules
from commune_hub.volunteers.actions import life
from commune_hub.volunteers.models import Qualification, Volunteer
from commune_hub.volunteers.rules import Attended, Qualified
from commune_hub.volunteers.words import HELPING, StepBy, VolunteerState

# So long before it runs out the volunteer is reminded, once for each end.
REMINDED_BEFORE = timedelta(days=60)


def after_attendance(session: Session, *, activity: Activity, months: int, now: datetime) -> None:
    """A roll of a training or an exchange day is finished or was corrected: what it means for its people."""
    if ActivityKind(activity.kind) not in rules.QUALIFIES:
        return
    there = select(Attendance.person_id).join(Attendance.meeting).where(Meeting.activity_id == activity.id)
    question = select(Volunteer).where(Volunteer.person_id.in_(there)).order_by(Volunteer.id)
    reckon(session, volunteers=list(session.scalars(question)), months=months, now=now)


def reckon(session: Session, *, volunteers: Iterable[Volunteer], months: int, now: datetime) -> None:
    """Write anew what qualifies these volunteers, from all that they ever attended. Twice changes nothing."""
    for volunteer in volunteers:
        life.lock(session, volunteer)
        session.refresh(volunteer, ["qualifications"])
        granted = _by_activity(rules.qualifications(attended_by(session, volunteer, now), months))
        held = {row.activity_id: row for row in volunteer.qualifications}
        for activity_id in held.keys() - granted.keys():
            volunteer.qualifications.remove(held[activity_id])
        for activity_id, one in granted.items():
            row = held.get(activity_id)
            if row is None:
                row = Qualification(activity_id=activity_id)
                volunteer.qualifications.append(row)
            row.qualified_by, row.granted_on, row.valid_until = one.by, one.granted_on, one.valid_until
        session.flush()
        if granted and rules.may_step(VolunteerState(volunteer.state), VolunteerState.TRAINED, StepBy.RULE):
            life.step(session, volunteer=volunteer, becomes=VolunteerState.TRAINED, by=StepBy.RULE, now=now)


def _by_activity(found: Iterable[Qualified]) -> dict[int, Qualified]:
    """One row for each activity: several exchange days of one season reach from the first to the last end."""
    rows: dict[int, Qualified] = {}
    for one in found:
        first = rows.get(one.activity_id, one)
        rows[one.activity_id] = Qualified(one.by, one.activity_id, first.granted_on, one.valid_until)
    return rows


def attended_by(session: Session, volunteer: Volunteer, now: datetime) -> list[Attended]:
    """The trainings and exchange days that somebody attended: of a course all that its certificate asks for, else
    each date for itself."""
    mine = select(Meeting.activity_id).join(Attendance).where(Attendance.person_id == volunteer.person_id)
    question = (
        select(Activity)
        .where(Activity.id.in_(mine), Activity.kind.in_(list(rules.QUALIFIES)))
        .options(selectinload(Activity.texts), joinedload(Activity.venue))
    )
    activities = {activity.id: activity for activity in session.scalars(question)}
    meetings = certificates.meetings_of(session, activities)
    noted = certificates.attendance_of(session, activities, [volunteer.person_id])
    found: list[Attended] = []
    for number, activity in activities.items():
        marks, by = noted.get((number, volunteer.person_id), {}), rules.QUALIFIES[ActivityKind(activity.kind)]
        days = _days(activity, meetings.get(number, []), marks, now)
        found.extend(Attended(day, by, number) for day in days)
    return found


def _days(
    activity: Activity, meetings: list[Meeting], marks: dict[int, AttendanceState], now: datetime
) -> tuple[date, ...]:
    if activity.signup == SignupMode.WHOLE_COURSE:
        reckoning = certificates.reckoned(activity, meetings, marks, now)
        return reckoning.days[-1:] if reckoning.verdict.bar is None else ()
    present = [one for one in meetings if marks.get(one.id) is AttendanceState.PRESENT and one.ends_at <= now]
    return tuple(sorted({one.starts_at.astimezone(LOCAL).date() for one in present}))


def remind(session: Session, *, now: datetime) -> None:
    """Whose qualification runs out soon is told, once for each end; nobody who pauses or has left."""
    today = now.astimezone(LOCAL).date()
    question = (
        select(Volunteer)
        .join(Volunteer.person)
        .where(
            Volunteer.state.in_(HELPING), Person.erased_at.is_(None),
            Volunteer.qualifications.any(Qualification.valid_until.between(today, today + REMINDED_BEFORE)),
        )
        .options(selectinload(Volunteer.qualifications))
        .order_by(Volunteer.id)
    )  # fmt: skip
    for volunteer in session.scalars(question):
        until = volunteer.qualified_until
        if until is not None and until <= today + REMINDED_BEFORE:
            outbox.enqueue(
                session, "qualification_ends_mail", due_at=now, now=now, volunteer=volunteer.public_id,
                until=until.isoformat(), key=f"qualification_ends_mail:{volunteer.public_id}:{until}",
            )  # fmt: skip
