"""What the desk of an organisation asks: its meetings and activities, what waits to be done, which rooms are taken."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from commune_hub.base.words import LOCAL
from commune_hub.events.models import Activity, CoOrganiser, Meeting, SeatPool, Signup, Venue
from commune_hub.events.recurrence import Occurrence
from commune_hub.events.words import (
    LIVE,
    ActivityState,
    MeetingState,
    RegistrationBy,
    SignupMode,
)
from commune_hub.places.words import PointSource

PAGE = 40
ENDS_SOON = timedelta(days=28)
LOOKS_AHEAD = timedelta(days=21)
MOST_MEETINGS = 400
MOST_TO_DO = 5


class Shelf(StrEnum):
    """The three heaps in which an officer looks for an activity."""

    RUNNING = "running"
    DRAFTS = "drafts"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An activity in the list, with its next meeting and how many are to come."""

    activity: Activity
    next_meeting: Meeting | None
    to_come: int


@dataclass(frozen=True, slots=True)
class ToDo:
    """What waits to be done: courses whose decision is overdue, dates of courses that were lost, meetings with people
    waiting, seasons that end, drafts, venues without a good point."""

    undecided: tuple[Activity, ...]
    lost: tuple[Meeting, ...]
    waiting: tuple[Meeting, ...]
    ending: tuple[Activity, ...]
    drafts: int
    approximate: int


def meetings_between(
    session: Session, start: datetime, end: datetime, organisation_ids: Iterable[int] | None
) -> list[Meeting]:
    """The meetings (cancelled ones too) of published activities that these organisations (None: all) offer or share."""
    question = (
        _meetings(organisation_ids)
        .where(Meeting.starts_at >= start, Meeting.starts_at < end, Activity.state != ActivityState.DRAFT)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST_MEETINGS)
    )
    return list(session.scalars(question))


def next_meeting(session: Session, now: datetime, organisation_ids: Iterable[int] | None) -> Meeting | None:
    """The next meeting that takes place, or the one that is going on."""
    question = (
        _meetings(organisation_ids)
        .where(Meeting.ends_at > now, Meeting.state == MeetingState.PLANNED, Activity.state == ActivityState.PUBLISHED)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(1)
    )
    return session.scalars(question).first()


def meetings_to_sign_up_for(
    session: Session, now: datetime, organisation_ids: Iterable[int] | None, limit: int = 60
) -> list[Meeting]:
    """The meetings for which people can be signed up here; of a whole course the first one only."""
    earlier = aliased(Meeting)
    not_first = exists().where(
        earlier.pool_id == Meeting.pool_id, earlier.state == MeetingState.PLANNED, earlier.starts_at < Meeting.starts_at
    )
    question = (
        _meetings(organisation_ids)
        .join(Meeting.pool)
        .where(
            SeatPool.closes_at > now,
            Meeting.starts_at < now + timedelta(days=120),
            Meeting.state == MeetingState.PLANNED,
            Activity.state == ActivityState.PUBLISHED,
            Activity.registration_by == RegistrationBy.HUB,
            Activity.signup.in_([SignupMode.SIGN_UP, SignupMode.DROP_IN, SignupMode.WHOLE_COURSE]),
            or_(Activity.signup != SignupMode.WHOLE_COURSE, ~not_first),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    )
    return list(session.scalars(question))


def shelf_page(
    session: Session, *, organisation_ids: Iterable[int] | None, shelf: Shelf, now: datetime, page: int = 0
) -> list[ActivityLine]:
    """One page of a heap; running ones and drafts by their beginning, past ones with the latest first."""
    order = (Activity.last_on.desc(), Activity.id) if shelf is Shelf.PAST else (Activity.first_on, Activity.id)
    question = (
        select(Activity)
        .where(offered_by(organisation_ids), _on_shelf(shelf, now))
        .options(
            selectinload(Activity.languages),
            selectinload(Activity.texts),
            selectinload(Activity.slots),
            selectinload(Activity.dates),
            joinedload(Activity.organisation),
            joinedload(Activity.venue),
        )
        .order_by(*order)
        .offset(max(0, page) * PAGE)
        .limit(PAGE)
    )
    activities = list(session.scalars(question))
    coming = _coming_of(session, [activity.id for activity in activities], now)
    return [ActivityLine(activity, *coming.get(activity.id, (None, 0))) for activity in activities]


def shelf_counts(session: Session, organisation_ids: Iterable[int] | None, now: datetime) -> dict[Shelf, int]:
    """How many activities lie on each heap."""
    counts = [func.count().filter(_on_shelf(shelf, now)) for shelf in Shelf]
    row = session.execute(select(*counts).select_from(Activity).where(offered_by(organisation_ids))).one()
    return dict(zip(Shelf, row, strict=True))


def to_do(session: Session, organisation_ids: Iterable[int] | None, now: datetime) -> ToDo:
    """What waits to be done for these organisations (None: all)."""
    ours = None if organisation_ids is None else list(organisation_ids)
    today = _local_day(now)
    waiting = (
        _meetings(ours)
        .join(Meeting.pool)
        .where(
            SeatPool.waiting > 0,
            Meeting.starts_at > now,
            Meeting.starts_at < now + LOOKS_AHEAD,
            Meeting.state == MeetingState.PLANNED,
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST_TO_DO)
    )
    successor = aliased(Activity)
    ending = (
        select(Activity)
        .where(
            offered_by(ours),
            Activity.state == ActivityState.PUBLISHED,
            Activity.rrule != "",
            Activity.last_on.between(today, today + ENDS_SOON),
            ~exists().where(successor.previous_id == Activity.id),
        )
        .options(selectinload(Activity.languages), selectinload(Activity.texts))
        .order_by(Activity.last_on, Activity.id)
        .limit(MOST_TO_DO)
    )
    used = exists().where(Activity.venue_id == Venue.id, Activity.state != ActivityState.ARCHIVED)
    rough = select(func.count()).where(
        Venue.point_source == PointSource.APPROXIMATE, Venue.archived_at.is_(None), used,
        true() if ours is None else Venue.organisation_id.in_(ours),
    )  # fmt: skip
    drafts = select(func.count()).select_from(Activity).where(offered_by(ours), _on_shelf(Shelf.DRAFTS, now))
    return ToDo(
        undecided=tuple(session.scalars(_undecided(ours, now))),
        lost=tuple(session.scalars(_lost(ours, today))),
        waiting=tuple(session.scalars(waiting)),
        ending=tuple(session.scalars(ending)),
        drafts=session.scalar(drafts) or 0,
        approximate=session.scalar(rough) or 0,
    )


def _undecided(organisation_ids: Iterable[int] | None, now: datetime) -> Select[Activity]:
    """Courses that should have been decided by now: the worker does it, unless it was away or too few had enrolled."""
    to_come = exists().where(
        Meeting.pool_id == SeatPool.id, Meeting.starts_at > now, Meeting.state == MeetingState.PLANNED
    )
    return (
        select(Activity)
        .join(SeatPool, SeatPool.activity_id == Activity.id)
        .where(
            offered_by(organisation_ids), Activity.state == ActivityState.PUBLISHED, SeatPool.decides_at <= now, to_come
        )
        .options(selectinload(Activity.languages), selectinload(Activity.texts))
        .order_by(SeatPool.decides_at, Activity.id)
        .limit(MOST_TO_DO)
    )  # fmt: skip


def _lost(organisation_ids: Iterable[int] | None, today: date) -> Select[Meeting]:
    """Cancelled dates of courses that no other date replaces yet: before that nobody can get a certificate."""
    other = aliased(Meeting)
    return (
        _meetings(organisation_ids)
        .where(
            Activity.signup == SignupMode.WHOLE_COURSE,
            Activity.state == ActivityState.PUBLISHED,
            Activity.last_on >= today - ENDS_SOON,
            Meeting.state == MeetingState.CANCELLED,
            ~exists().where(other.replaces_id == Meeting.id),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST_TO_DO)
    )


def clashes(
    session: Session, *, venue: Venue, occurrences: Sequence[Occurrence], but: Activity | None = None
) -> list[Meeting]:
    """The meetings of other activities that take place in the same room while one of these would."""
    if not occurrences:
        return []
    question = (
        select(Meeting)
        .join(Meeting.activity)
        .where(
            func.coalesce(Meeting.venue_id, Activity.venue_id) == venue.id,
            Meeting.state == MeetingState.PLANNED,
            Activity.state != ActivityState.ARCHIVED,
            Meeting.starts_at < max(one.ends_at for one in occurrences),
            Meeting.ends_at > min(one.starts_at for one in occurrences),
        )
        .options(joinedload(Meeting.activity).selectinload(Activity.texts))
        .options(joinedload(Meeting.activity).selectinload(Activity.languages))
        .order_by(Meeting.starts_at)
    )
    if but is not None and but.id is not None:
        question = question.where(Meeting.activity_id != but.id)
    ours = sorted((one.starts_at, one.ends_at) for one in occurrences)
    starts = [start for start, _ in ours]

    def meets(meeting: Meeting) -> bool:
        before_its_end = ours[: bisect_left(starts, meeting.ends_at)]
        return any(end > meeting.starts_at for _, end in before_its_end)

    return [meeting for meeting in session.scalars(question) if meets(meeting)]


def people_by_date(session: Session, activity_id: int) -> dict[tuple[date, int], int]:
    """How many have a seat or wait, by the day and slot of the meeting; only where there is somebody."""
    question = (
        select(Meeting.occurrence_on, Meeting.slot, func.count())
        .join(Signup, Signup.pool_id == Meeting.pool_id)
        .where(Meeting.activity_id == activity_id, Signup.state.in_(LIVE))
        .group_by(Meeting.occurrence_on, Meeting.slot)
    )
    return {(day, slot): number for day, slot, number in session.execute(question)}


def activity_made(session: Session, public_id: str) -> Activity | None:
    """The activity that a form has made already, if it was sent before."""
    return session.scalar(select(Activity).where(Activity.public_id == public_id))


def venue_made(session: Session, public_id: str) -> Venue | None:
    """The venue that a form has made already, if it was sent before."""
    return session.scalar(select(Venue).where(Venue.public_id == public_id))


def signup_made(session: Session, form_token: str) -> Signup | None:
    """The sign-up that a form has made already, if it was sent before."""
    return session.scalar(select(Signup).where(Signup.form_token == form_token))


def _meetings(organisation_ids: Iterable[int] | None) -> Select[Meeting]:
    activity = joinedload(Meeting.activity)
    return (
        select(Meeting)
        .join(Meeting.activity)
        .where(offered_by(organisation_ids))
        .options(
            activity.joinedload(Activity.organisation),
            activity.joinedload(Activity.venue),
            activity.selectinload(Activity.languages),
            activity.selectinload(Activity.texts),
            joinedload(Meeting.pool),
            joinedload(Meeting.own_venue),
        )
    )


def offered_by(organisation_ids: Iterable[int] | None) -> ColumnElement[bool]:
    """Offered or shared by these organisations (None: by anybody)."""
    if organisation_ids is None:
        return true()
    ids = list(organisation_ids)
    shared = exists().where(CoOrganiser.activity_id == Activity.id, CoOrganiser.organisation_id.in_(ids))
    return or_(Activity.organisation_id.in_(ids), shared)


def _on_shelf(shelf: Shelf, now: datetime) -> ColumnElement[bool]:
    today = _local_day(now)
    match shelf:
        case Shelf.RUNNING:
            return and_(Activity.state == ActivityState.PUBLISHED, Activity.last_on >= today)
        case Shelf.DRAFTS:
            return Activity.state == ActivityState.DRAFT
        case Shelf.PAST:
            ended = and_(Activity.state == ActivityState.PUBLISHED, Activity.last_on < today)
            return or_(Activity.state == ActivityState.ARCHIVED, ended)


def _coming_of(session: Session, activity_ids: list[int], now: datetime) -> dict[int, tuple[Meeting, int]]:
    """For each activity its next meeting with the pool, and how many are to come."""
    if not activity_ids:
        return {}
    coming = (Meeting.activity_id.in_(activity_ids), Meeting.ends_at > now, Meeting.state == MeetingState.PLANNED)
    first = (
        select(Meeting.activity_id, func.min(Meeting.starts_at).label("starts_at"), func.count().label("number"))
        .where(*coming)
        .group_by(Meeting.activity_id)
        .subquery()
    )
    question = (
        select(Meeting, first.c.number)
        .join(first, and_(Meeting.activity_id == first.c.activity_id, Meeting.starts_at == first.c.starts_at))
        .where(Meeting.state == MeetingState.PLANNED)
        .options(joinedload(Meeting.pool), joinedload(Meeting.own_venue))
    )
    return {meeting.activity_id: (meeting, number) for meeting, number in session.execute(question)}


def _local_day(now: datetime) -> date:
    return now.astimezone(LOCAL).date()
