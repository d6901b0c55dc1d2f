"""Questions about activities, meetings, seats and sign-ups."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from commune_hub.accounts.models import OrganisationCommune, Person
from commune_hub.accounts.queries import ring_of
from commune_hub.base.errors import NotFound
from commune_hub.base.ids import is_public_id
from commune_hub.base.words import LOCAL
from commune_hub.events.models import Activity, CoOrganiser, Meeting, Priority, SeatPool, Signup, Venue
from commune_hub.events.records import Attendance, QueueDecision
from commune_hub.events.rules import RESERVATION_ENDS_BEFORE, Claim, Reliability, Seats, place_in_queue
from commune_hub.events.words import (
    HOLDS_A_SEAT,
    LIVE,
    ActivityState,
    AttendanceState,
    MeetingState,
    QueueStep,
    SignupState,
)

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


def meetings_by_ids(session: Session, public_ids: Iterable[str]) -> list[Meeting]:
    """The meetings with these public ids, in the order of the ids; what is not there is left out."""
    wanted = list(public_ids)
    question = select(Meeting).where(Meeting.public_id.in_(wanted)).options(*_whole_meeting())
    found = {meeting.public_id: meeting for meeting in session.scalars(question)}
    return [found[public_id] for public_id in wanted if public_id in found]


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


def taken_together(session: Session, signup: Signup) -> list[Signup]:
    """The other live sign-ups that were made in one go with this one (`seats.sign_up_for_many`)."""
    go, colon, _pool = (signup.form_token or "").partition(":")
    if not colon:
        return []
    question = (
        select(Signup)
        .where(
            Signup.form_token.startswith(f"{go}:", autoescape=True), Signup.id != signup.id,
            Signup.person_id == signup.person_id, Signup.state.in_(LIVE),
        )
        .options(joinedload(Signup.pool).selectinload(SeatPool.meetings))
    )  # fmt: skip
    return sorted(session.scalars(question), key=lambda one: one.pool.meetings[0].starts_at)


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
        activity.selectinload(Activity.co_organisers).joinedload(CoOrganiser.organisation),
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
    order = {
        signup_id: number for number, signup_id in enumerate(queue_ids(session, session.get_one(SeatPool, pool_id)))
    }
    return sorted(signups, key=lambda signup: order.get(signup.id, -1))


def first_start(session: Session, pool_id: int) -> datetime | None:
    """When the first meeting of a pool begins."""
    return session.scalar(select(func.min(Meeting.starts_at)).where(Meeting.pool_id == pool_id))


def is_signatory(session: Session, person_id: int, pool: SeatPool) -> bool:
    """Whether the person has priority on the day the first meeting of the pool begins."""
    day = _day(first_start(session, pool.id))
    question = select(Priority.id).where(Priority.person_id == person_id, Priority.since <= day, Priority.until >= day)
    return session.scalar(question.limit(1)) is not None


def _day(moment: datetime | None) -> date:
    return date.max if moment is None else moment.astimezone(LOCAL).date()


def resident_lau2s(session: Session, activity: Activity) -> frozenset[str]:
    """The communes whose residents come first, where the organisers agreed on first days or a quota; else none."""
    if not activity.resident_days and not activity.resident_seats:
        return frozenset()
    organisers = [activity.organisation_id, *(row.organisation_id for row in activity.co_organisers)]
    covered = select(OrganisationCommune.lau2).where(OrganisationCommune.organisation_id.in_(organisers))
    return frozenset(session.scalars(covered))


def claims_of(session: Session, pool: SeatPool) -> list[Claim]:
    """Everybody who waits, with what puts them first, in the order in which seats are given."""
    day = _day(first_start(session, pool.id))
    signatory = (
        exists()
        .where(Priority.person_id == Signup.person_id, Priority.since <= day, Priority.until >= day)
        .label("signatory")
    )
    question = select(Signup.id, Signup.asked_at, Signup.right_at, Signup.lives_in, signatory)
    lau2s = resident_lau2s(session, pool.activity)
    claims = [
        Claim(row.asked_at, row.id, row.right_at is not None, row.lives_in in lau2s, bool(row.signatory))
        for row in session.execute(question.where(Signup.pool_id == pool.id, Signup.state == SignupState.WAITING))
    ]
    return sorted(claims, key=lambda claim: place_in_queue(claim, bool(lau2s)))


def claim_of(session: Session, person_id: int, pool: SeatPool, lives_in: str, asked_at: datetime) -> Claim:
    """What puts somebody first who asks now."""
    resident = lives_in in resident_lau2s(session, pool.activity)
    return Claim(asked_at, 0, False, resident, is_signatory(session, person_id, pool))


def queue_ids(session: Session, pool: SeatPool) -> list[int]:
    """The sign-ups that wait, in the order in which seats are given."""
    return [claim.number for claim in claims_of(session, pool)]


def position_of(session: Session, signup: Signup) -> int | None:
    """The place in the queue, 1 is next; None when the sign-up does not wait."""
    if signup.state != SignupState.WAITING:
        return None
    return queue_ids(session, signup.pool).index(signup.id) + 1


def seats_of(session: Session, pool: SeatPool, now: datetime) -> Seats:
    """The facts about a pool, from which the rules decide."""
    activity = pool.activity
    published = activity.published_at or now
    start = first_start(session, pool.id)
    # A decision that is overdue is still to come: nobody sits down in a course that may be postponed.
    decides_at = pool.decides_at and max(pool.decides_at, now + timedelta(seconds=1))
    return Seats(
        capacity=pool.capacity,
        taken=pool.taken,
        closes_at=pool.closes_at,
        waiting=pool.waiting,
        # Until a course is decided everybody stands in the queue, also those who will have a seat.
        waiting_room=pool.waiting_room + (pool.capacity or 0 if decides_at else 0),
        decides_at=decides_at,
        signatories_until=pool.reserved_until,
        residents_until=published + timedelta(days=activity.resident_days) if activity.resident_days else None,
        kept_for_residents=activity.resident_seats,
        kept_until=start - RESERVATION_ENDS_BEFORE if activity.resident_seats and start else None,
        taken_by_others=_taken_by_others(session, pool) if activity.resident_seats else 0,
    )


def _taken_by_others(session: Session, pool: SeatPool) -> int:
    lau2s = resident_lau2s(session, pool.activity)
    elsewhere = select(func.count()).where(
        Signup.pool_id == pool.id, Signup.state.in_(HOLDS_A_SEAT), Signup.lives_in.not_in(lau2s)
    )
    return session.scalar(elsewhere) or 0


def decisions_of(session: Session, *, pool_id: int | None = None, signup_id: int | None = None) -> list[QueueDecision]:
    """What was decided about the seats of a pool, or about one sign-up, oldest first."""
    whole = joinedload(QueueDecision.signup).joinedload(Signup.person)
    question = select(QueueDecision).options(whole).order_by(QueueDecision.id)
    if pool_id is not None:
        question = question.where(QueueDecision.pool_id == pool_id)
    if signup_id is not None:
        question = question.where(QueueDecision.signup_id == signup_id)
    return list(session.scalars(question))


def reliability_of(session: Session, person_ids: Iterable[int], now: datetime) -> dict[int, Reliability]:
    """How often these people gave a seat back late or did not come, over the last year; who never did is left out."""
    wanted, since = list(person_ids), now - timedelta(days=365)
    late = (
        select(Signup.person_id, func.count())
        .join(QueueDecision, QueueDecision.signup_id == Signup.id)
        .where(Signup.person_id.in_(wanted), QueueDecision.step == QueueStep.CANCELLED_LATE, QueueDecision.at > since)
        .group_by(Signup.person_id)
    )
    had_a_seat = exists().where(
        Signup.pool_id == Meeting.pool_id, Signup.person_id == Attendance.person_id,
        Signup.state == SignupState.CONFIRMED,
    )  # fmt: skip
    missed = (
        select(Attendance.person_id, func.count())
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Attendance.person_id.in_(wanted), Attendance.state == AttendanceState.ABSENT, had_a_seat)
        .where(Meeting.starts_at > since)
        .group_by(Attendance.person_id)
    )
    lates, shows = dict(session.execute(late).all()), dict(session.execute(missed).all())
    return {one: Reliability(lates.get(one, 0), shows.get(one, 0)) for one in {*lates, *shows}}


def true_counts(session: Session, pool_id: int) -> tuple[int, int]:
    """Seats held and people waiting, counted from the sign-ups; tests compare the pool's own numbers with it."""
    held = func.count().filter(Signup.state.in_(HOLDS_A_SEAT))
    waits = func.count().filter(Signup.state == SignupState.WAITING)
    row = session.execute(select(held, waits).where(Signup.pool_id == pool_id)).one()
    return row[0], row[1]
