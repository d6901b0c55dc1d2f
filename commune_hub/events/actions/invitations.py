"""Personal invitations to an orientation day: one for each person with a running priority, answered by a link."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from commune_hub.accounts.models import Person
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.queries import ring_of
from commune_hub.base import outbox
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.ids import is_public_id
from commune_hub.base.words import LOCAL
from commune_hub.events import permissions, queries
from commune_hub.events.actions import seats
from commune_hub.events.models import Activity, Meeting, Priority, Signup
from commune_hub.events.records import EventInvitation
from commune_hub.events.words import ActivityKind, ActivityState, CourseRefusal, MeetingState


def meeting_of(activity: Activity) -> Meeting | None:
    """The day itself: the first date that is to take place."""
    planned = (meeting for meeting in activity.meetings if meeting.state == MeetingState.PLANNED)
    return min(planned, key=lambda meeting: meeting.starts_at, default=None)


def invite_signatories(session: Session, *, activity: Activity, actor: Actor, now: datetime) -> int:
    """Invite everybody with a contract that runs on that day and who was not invited yet; returns how many.

    Again a week later it invites only those who have signed since. Raises Refused.
    """
    permissions.must_invite_signatories(actor)
    meeting = meeting_of(activity)
    if activity.kind != ActivityKind.ORIENTATION_DAY or activity.state != ActivityState.PUBLISHED:
        raise Refused(CourseRefusal.NOT_AN_ORIENTATION_DAY)
    if meeting is None or meeting.starts_at <= now:
        raise Refused(CourseRefusal.INVITATION_CLOSED)
    # Two clicks at once wait for each other, so that nobody gets two invitations.
    seats.lock(session, [meeting.pool_id])
    people = _not_invited(session, activity, meeting.starts_at.astimezone(LOCAL).date())
    rows = [EventInvitation(activity=activity, person=person, invited_at=now) for person in people]
    session.add_all(rows)
    session.flush()
    for row in rows:
        outbox.enqueue(
            session, "orientation_invitation_mail", due_at=now, now=now, invitation=row.link_key,
            key=f"orientation_invitation_mail:{row.id}",
        )  # fmt: skip
    return len(rows)


def _not_invited(session: Session, activity: Activity, day: date) -> list[Person]:
    invited = select(EventInvitation.person_id).where(EventInvitation.activity_id == activity.id)
    running = select(Priority.person_id).where(Priority.since <= day, Priority.until >= day)
    question = select(Person).where(Person.id.in_(running), Person.id.not_in(invited), Person.erased_at.is_(None))
    return list(session.scalars(question.where(Person.merged_into_id.is_(None)).order_by(Person.id)))


def answer(session: Session, *, invitation: EventInvitation, comes: bool, now: datetime) -> Signup | None:
    """Yes gives a seat, no gives it back; one may think again until the day. Raises Refused."""
    meeting = meeting_of(invitation.activity)
    if meeting is None or meeting.starts_at <= now:
        raise Refused(CourseRefusal.INVITATION_CLOSED)
    pool = seats.lock(session, [meeting.pool_id])[0]
    signup = queries.live_signup(session, pool.id, invitation.person_id)
    if comes and signup is None:
        signup = seats.sign_up(session, pool_id=pool.public_id, person=invitation.person, now=now, invited=True)
    elif not comes and signup is not None:
        seats.cancel(session, signup=signup, now=now)
        signup = None
    if invitation.comes is not comes:
        invitation.comes, invitation.answered_at = comes, now
    session.flush()
    return signup


def signup_of(session: Session, invitation: EventInvitation) -> Signup | None:
    """The seat that the person has, if any."""
    meeting = meeting_of(invitation.activity)
    return queries.live_signup(session, meeting.pool_id, invitation.person_id) if meeting else None


def invitation_by_key(session: Session, link_key: str) -> EventInvitation:
    """The invitation behind a link, with the person's name readable. Raises NotFound."""
    question = (
        select(EventInvitation)
        .where(EventInvitation.link_key == link_key)
        .options(joinedload(EventInvitation.activity), joinedload(EventInvitation.person))
    )
    found = session.scalar(question) if is_public_id(link_key) else None
    if found is None or found.person.erased_at is not None:
        raise NotFound("invitation")
    ring_of(session).load([found.person.public_id])
    return found


def counts(session: Session, activity: Activity) -> tuple[int, int, int]:
    """How many were invited, how many come, how many do not."""
    question = select(
        func.count(),
        func.count().filter(EventInvitation.comes.is_(True)),
        func.count().filter(EventInvitation.comes.is_(False)),
    ).where(EventInvitation.activity_id == activity.id)
    row = session.execute(question).one()
    return row[0], row[1], row[2]


def days_of_year(session: Session, year: int) -> list[date]:
    """The orientation days of a year that are announced and not cancelled."""
    question = (
        select(Meeting.starts_at)
        .join(Meeting.activity)
        .where(
            Activity.kind == ActivityKind.ORIENTATION_DAY, Activity.state != ActivityState.DRAFT,
            Meeting.state == MeetingState.PLANNED,
        )
    )  # fmt: skip
    days = {moment.astimezone(LOCAL).date() for moment in session.scalars(question)}
    return sorted(day for day in days if day.year == year)
