"""The hours that somebody gave: meetings looked after, trainings and exchange days, coaching."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from commune_hub.base.words import LOCAL
from commune_hub.events.models import Activity, Meeting
from commune_hub.events.records import Attendance
from commune_hub.events.words import ActivityKind, AttendanceState, MeetingState
from commune_hub.volunteers.coaching.queries import confirmed_hours
from commune_hub.volunteers.coaching.words import Side
from commune_hub.volunteers.models import MeetingHost, Volunteer
from commune_hub.volunteers.words import HostState


@dataclass(frozen=True, slots=True)
class Given:
    """One time that somebody helped or learned to help: the day, how long, what (a kind), in which languages."""

    on: date
    minutes: int
    kind: ActivityKind
    languages: tuple[str, ...] = ()


# Each takes the session, the volunteer and now.
Source = Callable[[Session, Volunteer, datetime], list[Given]]


def hosted(session: Session, volunteer: Volunteer, now: datetime) -> list[Given]:
    """The meetings that they looked after and that took place."""
    question = (
        select(Meeting)
        .join(MeetingHost, MeetingHost.meeting_id == Meeting.id)
        .where(
            MeetingHost.volunteer_id == volunteer.id, MeetingHost.state == HostState.HOSTS,
            Meeting.state == MeetingState.PLANNED, Meeting.ends_at <= now,
        )
        .options(selectinload(Meeting.activity).selectinload(Activity.languages))
    )  # fmt: skip
    return [_given(meeting) for meeting in session.scalars(question)]


def trained(session: Session, volunteer: Volunteer, now: datetime) -> list[Given]:
    """The trainings and exchange days at which they were present."""
    question = (
        select(Meeting)
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .join(Meeting.activity)
        .where(
            Attendance.person_id == volunteer.person_id, Attendance.state == AttendanceState.PRESENT,
            Meeting.ends_at <= now,
            Activity.kind.in_([ActivityKind.VOLUNTEER_TRAINING, ActivityKind.EXCHANGE_DAY]),
        )
        .options(selectinload(Meeting.activity).selectinload(Activity.languages))
    )  # fmt: skip
    return [_given(meeting) for meeting in session.scalars(question)]


def coached(session: Session, volunteer: Volunteer, now: datetime) -> list[Given]:
    """The meetings of pairs that learner and coach have both confirmed."""
    return [
        Given(hour.day, hour.minutes, ActivityKind.COACHING, (hour.language,))
        for hour in confirmed_hours(session, [volunteer.person_id], Side.VOLUNTEER)
    ]


SOURCES: list[Source] = [hosted, trained, coached]


def given_by(session: Session, volunteer: Volunteer, now: datetime) -> list[Given]:
    """All of it, in order of time."""
    found = [given for source in SOURCES for given in source(session, volunteer, now)]
    return sorted(found, key=lambda given: (given.on, given.kind))


def _given(meeting: Meeting) -> Given:
    minutes = round((meeting.ends_at - meeting.starts_at).total_seconds() / 60)
    kind = ActivityKind(meeting.activity.kind)
    return Given(meeting.starts_at.astimezone(LOCAL).date(), minutes, kind, meeting.activity.tags)
