"""Questions about activities, meetings, seats and sign-ups."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from commune_hub.accounts.models import Organisation, Person
from commune_hub.accounts.queries import ring_of
from commune_hub.base.errors import NotFound
from commune_hub.base.ids import is_public_id
from commune_hub.base.words import LOCAL
from commune_hub.events.models import Activity, CoOrganiser, Meeting, Priority, SeatPool, Signup, Venue
from commune_hub.events.rules import Seats
from commune_hub.events.words import HOLDS_A_SEAT, LIVE, ActivityState, MeetingState, SignupState

_WHOLE_ACTIVITY = (
    selectinload(Activity.languages),
    selectinload(Activity.texts),
    selectinload(Activity.slots),
    selectinload(Activity.dates),
    selectinload(Activity.co_organisers).joinedload(CoOrganiser.organisation),
    joinedload(Activity.organisation),
    joinedload(Activity.venue),
)


def activity_named(session: Session, public_id: str) -> Activity:
    """The activity with this public id, in any state, with all that a page shows. Raises NotFound."""
    question = select(Activity).where(Activity.public_id == public_id).options(*_WHOLE_ACTIVITY)
    found = session.scalar(question) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("activity")
    return found


def published_activity(session: Session, public_id: str) -> Activity:
    """The activity if the public may see it (published, or archived: then with its past). Raises NotFound."""
    activity = activity_named(session, public_id)
    if activity.state == ActivityState.DRAFT:
        raise NotFound("activity")
    return activity


def meeting_named(session: Session, public_id: str) -> Meeting:
    """The meeting with this public id, with activity, pool and venues. Raises NotFound."""
    question = select(Meeting).where(Meeting.public_id == public_id).options(*_whole_meeting())
    found = session.scalar(question) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("meeting")
    return found


def _whole_meeting() -> tuple:  # type: ignore[type-arg]
    activity = joinedload(Meeting.activity)
    return (
        activity.joinedload(Activity.organisation),
        activity.joinedload(Activity.venue),
        activity.selectinload(Activity.languages),
        activity.selectinload(Activity.texts),
        joinedload(Meeting.pool),
        joinedload(Meeting.own_venue),
    )


def upcoming_meetings(session: Session, activity_id: int, now: datetime, limit: int = 60) -> list[Meeting]:
    """The meetings of an activity that are not over, also cancelled ones, in order of time."""
    question = (
        select(Meeting)
        .where(Meeting.activity_id == activity_id, Meeting.ends_at > now)
        .options(joinedload(Meeting.pool), joinedload(Meeting.own_venue))
        .order_by(Meeting.starts_at)
        .limit(limit)
    )
    return list(session.scalars(question))


def meetings_of(session: Session, activity_id: int) -> list[Meeting]:
    """All meetings of an activity, in order of time."""
    question = select(Meeting).where(Meeting.activity_id == activity_id).options(joinedload(Meeting.pool))
    return list(session.scalars(question.order_by(Meeting.starts_at)))


def meetings_between(
    session: Session, start: datetime, end: datetime, organisation_ids: Iterable[int] | None
) -> list[Meeting]:
    """The meetings of published activities that begin in a period, of these organisations (None: of all)."""
    question = (
        select(Meeting)
        .join(Meeting.activity)
        .where(Meeting.starts_at >= start, Meeting.starts_at < end, Activity.state != ActivityState.DRAFT)
        .options(*_whole_meeting())
        .order_by(Meeting.starts_at, Meeting.id)
    )
    if organisation_ids is not None:
        question = question.where(Activity.organisation_id.in_(list(organisation_ids)))
    return list(session.scalars(question))


def activities_of(
    session: Session, organisation_ids: Iterable[int] | None, states: Sequence[ActivityState] = tuple(ActivityState)
) -> list[Activity]:
    """The activities of these organisations (None: of all), newest season first."""
    question = select(Activity).where(Activity.state.in_(states)).options(*_WHOLE_ACTIVITY)
    if organisation_ids is not None:
        question = question.where(Activity.organisation_id.in_(list(organisation_ids)))
    return list(session.scalars(question.order_by(Activity.last_on.desc(), Activity.id)))


def venue_named(session: Session, public_id: str) -> Venue:
    """The venue with this public id. Raises NotFound."""
    found = session.scalar(select(Venue).where(Venue.public_id == public_id)) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("venue")
    return found


def venues_of(session: Session, organisation_ids: Iterable[int] | None) -> list[Venue]:
    """The venues in use of these organisations (None: of all), by name."""
    question = select(Venue).where(Venue.archived_at.is_(None)).options(joinedload(Venue.organisation))
    if organisation_ids is not None:
        question = question.where(Venue.organisation_id.in_(list(organisation_ids)))
    return list(session.scalars(question.order_by(Venue.name, Venue.id)))


def pool_named(session: Session, public_id: str) -> SeatPool:
    """The pool with this public id. Raises NotFound."""
    found = session.scalar(select(SeatPool).where(SeatPool.public_id == public_id)) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("pool")
    return found


def live_signup(session: Session, pool_id: int, person_id: int) -> Signup | None:
    """The person's seat or place in this queue."""
    question = select(Signup).where(Signup.pool_id == pool_id, Signup.person_id == person_id, Signup.state.in_(LIVE))
    return session.scalar(question)


def signup_by_key(session: Session, link_key: str) -> Signup:
    """The sign-up behind the link in a mail. Raises NotFound."""
    question = select(Signup).where(Signup.link_key == link_key).options(*_whole_signup())
    found = session.scalar(question) if is_public_id(link_key) else None
    if found is None:
        raise NotFound("signup")
    return found


def signup_named(session: Session, public_id: str) -> Signup:
    """The sign-up with this public id. Raises NotFound."""
    question = select(Signup).where(Signup.public_id == public_id).options(*_whole_signup())
    found = session.scalar(question) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("signup")
    return found


def _whole_signup() -> tuple:  # type: ignore[type-arg]
    activity = joinedload(Signup.pool).joinedload(SeatPool.activity)
    return (
        activity.joinedload(Activity.organisation),
        activity.joinedload(Activity.venue),
        activity.selectinload(Activity.languages),
        activity.selectinload(Activity.texts),
        joinedload(Signup.pool).selectinload(SeatPool.meetings).joinedload(Meeting.own_venue),
        joinedload(Signup.person),
    )


def signups_of_people(session: Session, person_ids: Iterable[int], now: datetime) -> list[Signup]:
    """The live sign-ups of some people that have a meeting to come, next one first."""
    coming = exists().where(Meeting.pool_id == Signup.pool_id, Meeting.ends_at > now)
    question = (
        select(Signup)
        .where(Signup.person_id.in_(list(person_ids)), Signup.state.in_(LIVE), coming)
        .options(*_whole_signup())
    )
    signups = list(session.scalars(question))
    ring_of(session).load(signup.person.public_id for signup in signups)
    return sorted(signups, key=lambda signup: next_meeting(signup, now).starts_at)


def next_meeting(signup: Signup, now: datetime) -> Meeting:
    """The next meeting of a sign-up that takes place, else its last one."""
    meetings = signup.pool.meetings
    coming = (m for m in meetings if m.ends_at > now and m.state == MeetingState.PLANNED)
    return next(coming, meetings[-1])


def signups_of_pool(session: Session, pool_id: int) -> list[Signup]:
    """Who has a seat and who waits, in the order of the queue, with names readable."""
    question = (
        select(Signup)
        .where(Signup.pool_id == pool_id, Signup.state.in_(LIVE))
        .options(joinedload(Signup.person).selectinload(Person.contacts))
        .order_by(Signup.asked_at, Signup.id)
    )
    signups = list(session.scalars(question))
    ring_of(session).load(signup.person.public_id for signup in signups)
    order = {signup_id: number for number, signup_id in enumerate(queue_ids(session, pool_id))}
    return sorted(signups, key=lambda signup: order.get(signup.id, -1))


def first_day_of(session: Session, pool_id: int) -> date:
    """The local day on which the first meeting of a pool begins; on it a priority must hold."""
    first = session.scalar(select(func.min(Meeting.starts_at)).where(Meeting.pool_id == pool_id))
    return date.max if first is None else first.astimezone(LOCAL).date()


def has_priority(session: Session, person_id: int, pool: SeatPool) -> bool:
    """Whether the person comes first on the day the first meeting of the pool begins."""
    day = first_day_of(session, pool.id)
    question = select(Priority.id).where(Priority.person_id == person_id, Priority.since <= day, Priority.until >= day)
    return session.scalar(question.limit(1)) is not None


def queue_of(session: Session, pool_id: int) -> list[tuple[int, bool]]:
    """Who waits (sign-up, whether with priority), in the order in which seats are given.

    Priority first (RGD art. 15(3) for courses, "en priorité" in document 002 for the rest), then who asked first.
    """
    day = first_day_of(session, pool_id)
    first_in = (
        exists()
        .where(Priority.person_id == Signup.person_id, Priority.since <= day, Priority.until >= day)
        .label("first")
    )
    question = (
        select(Signup.id, first_in)
        .where(Signup.pool_id == pool_id, Signup.state == SignupState.WAITING)
        .order_by(first_in.desc(), Signup.asked_at, Signup.id)
    )
    return [(row.id, bool(row.first)) for row in session.execute(question)]


def queue_ids(session: Session, pool_id: int) -> list[int]:
    """The sign-ups that wait, in the order in which seats are given."""
    return [signup_id for signup_id, _ in queue_of(session, pool_id)]


def position_of(session: Session, signup: Signup) -> int | None:
    """The place in the queue, 1 is next; None when the sign-up does not wait."""
    if signup.state != SignupState.WAITING:
        return None
    return queue_ids(session, signup.pool_id).index(signup.id) + 1


def seats_of(session: Session, pool: SeatPool, *, first: bool, now: datetime) -> Seats:
    """The facts about a pool for somebody who asks; `first`: the person has priority."""
    queue = queue_of(session, pool.id)
    reserved = pool.reserved_until is not None and now < pool.reserved_until
    # In a reservation who waits without priority cannot take a seat, so nobody need wait behind them.
    ahead = sum(1 for _, is_first in queue if (is_first or not first) and (is_first or not reserved))
    return Seats(pool.capacity, pool.taken, pool.waiting, pool.waiting_room, pool.closes_at, pool.reserved_until, ahead)


def true_counts(session: Session, pool_id: int) -> tuple[int, int]:
    """Seats held and people waiting, counted from the sign-ups; tests compare the pool's own numbers with it."""
    held = func.count().filter(Signup.state.in_(HOLDS_A_SEAT))
    waits = func.count().filter(Signup.state == SignupState.WAITING)
    row = session.execute(select(held, waits).where(Signup.pool_id == pool_id)).one()
    return row[0], row[1]


def commune_meetings(session: Session, lau2: str, now: datetime, limit: int = 12) -> list[Meeting]:
    """The next meetings offered by the organisations that cover a commune."""
    covered = Organisation.communes.any(lau2=lau2)
    question = (
        select(Meeting)
        .join(Meeting.activity)
        .join(Activity.organisation)
        .where(
            covered, Activity.state == ActivityState.PUBLISHED, Meeting.state == MeetingState.PLANNED,
            Meeting.starts_at > now, Meeting.starts_at < now + timedelta(days=60),
        )
        .options(*_whole_meeting())
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    )  # fmt: skip
    return list(session.scalars(question))
