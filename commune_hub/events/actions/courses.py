"""Courses made of modules: decided or postponed, a cancelled module held again, contents, the convention confirmed."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from commune_hub.accounts.permissions import Actor
from commune_hub.base import outbox
from commune_hub.base.errors import InputCode, Invalid, Refused
from commune_hub.base.words import LOCAL
from commune_hub.events import courses, holidays, listings, permissions, queries, recurrence, rules
from commune_hub.events.actions import deciding, meetings, seats
from commune_hub.events.course_inputs import CourseDraft, ModuleDraft
from commune_hub.events.models import Activity, ActivityDate, Meeting, SeatPool, Signup
from commune_hub.events.records import Course, CourseAnswer
from commune_hub.events.words import (
    LIVE,
    ActivityKind,
    ActivityState,
    CourseRefusal,
    CourseState,
    DateKind,
    MeetingState,
    SeatRefusal,
    SignupState,
)


def course_of(session: Session, activity: Activity) -> Course:
    """The course's own row, made when it is first needed."""
    found = session.get(Course, activity.id)
    if found is None:
        found = Course(activity_id=activity.id, state=CourseState.OPEN, contents=[], programme=[], helpers=[])
        session.add(found)
        session.flush()
    return found


def enrolled_in(session: Session, pool: SeatPool) -> int:
    """How many have enrolled, with and without a seat."""
    question = select(func.count()).where(Signup.pool_id == pool.id, Signup.state.in_(LIVE))
    return session.scalar(question) or 0


def decide_course(session: Session, *, pool_id: str, now: datetime) -> CourseState | None:
    """The decision date has come (RGD art. 15(2)): the course takes place, or is postponed and everybody is told.

    Doing it twice changes nothing; None when there is nothing (any more) to decide.
    """
    pool = seats.lock_named(session, pool_id)
    first = deciding.first_planned(pool)
    if pool.decides_at is None or first is None or pool.activity.state != ActivityState.PUBLISHED:
        return None
    enrolled = enrolled_in(session, pool)
    state = courses.decision(enrolled, pool.activity.minimum, now, pool.decides_at)
    if state is CourseState.CONFIRMED:
        _confirm(session, pool, enrolled, now)
    elif state is CourseState.POSTPONED and first.starts_at > now:
        _postpone(session, pool, None, enrolled, now)
    return state


def decide_now(session: Session, *, activity: Activity, actor: Actor, now: datetime) -> None:
    """Do not wait for the decision date: enough people have enrolled. Raises Refused."""
    permissions.must_edit(actor, activity)
    pool = _pool_to_decide(session, activity)
    if pool.decides_at is None:
        raise Refused(CourseRefusal.ALREADY_CONFIRMED)
    enrolled = enrolled_in(session, pool)
    if courses.decision(enrolled, activity.minimum, now, now) is not CourseState.CONFIRMED:
        raise Refused(CourseRefusal.TOO_FEW)
    _confirm(session, pool, enrolled, now)


def postpone(session: Session, *, activity: Activity, first_on: date | None, actor: Actor, now: datetime) -> None:
    """Hold the course later, from this day on or four weeks later: everybody is told and asked to keep the place."""
    permissions.must_edit(actor, activity)
    pool = _pool_to_decide(session, activity)
    first = deciding.first_planned(pool)
    assert first is not None
    if any(meeting.starts_at <= now and meeting.state == MeetingState.PLANNED for meeting in pool.meetings):
        raise Refused(CourseRefusal.HAS_BEGUN)
    if first_on is not None and recurrence.wall_clock(first_on, first.starts_at.astimezone(LOCAL).time()) <= now:
        raise Invalid({"first_on": [InputCode.TOO_SMALL]})
    _postpone(session, pool, first_on, enrolled_in(session, pool), now)


def set_decision_day(session: Session, *, activity: Activity, on: date, actor: Actor, now: datetime) -> None:
    """Decide on another day, at noon: after now and before the course begins. Raises Invalid."""
    permissions.must_edit(actor, activity)
    pool = _pool_to_decide(session, activity)
    if pool.decides_at is None:
        raise Refused(CourseRefusal.ALREADY_CONFIRMED)
    first = deciding.first_planned(pool)
    moment = recurrence.wall_clock(on, datetime.min.replace(hour=12).time())
    if moment <= now:
        raise Invalid({"on": [InputCode.TOO_SMALL]})
    if first is not None and moment >= first.starts_at:
        raise Invalid({"on": [InputCode.TOO_LARGE]})
    pool.decides_at = moment
    deciding.plan(session, pool=pool, now=now)


def keep(session: Session, *, signup: Signup, now: datetime) -> None:
    """Somebody says that they keep the place in a postponed course. Doing it twice changes nothing."""
    seats.lock(session, [signup.pool_id])
    session.refresh(signup)
    if signup.state not in LIVE:
        raise Refused(SeatRefusal.NOTHING_TO_CANCEL)
    if session.get(CourseAnswer, signup.id) is None:
        session.add(CourseAnswer(signup_id=signup.id, kept_at=now))
        session.flush()


def has_kept(session: Session, signup: Signup) -> bool:
    """Whether somebody said so since the course was last postponed."""
    return session.get(CourseAnswer, signup.id) is not None


def kept_in(session: Session, pool: SeatPool) -> int:
    """How many of those who are enrolled said that they keep the place."""
    question = select(func.count()).select_from(CourseAnswer).join(Signup, Signup.id == CourseAnswer.signup_id)
    return session.scalar(question.where(Signup.pool_id == pool.id, Signup.state.in_(LIVE))) or 0


def replace_module(session: Session, *, meeting: Meeting, draft: ModuleDraft, actor: Actor, now: datetime) -> Meeting:
    """Another date for a cancelled one, with the same people; they are told. Raises Refused, Invalid."""
    permissions.must_edit(actor, meeting.activity)
    pool = seats.lock(session, [meeting.pool_id])[0]
    if meeting.state != MeetingState.CANCELLED:
        raise Refused(CourseRefusal.NOT_CANCELLED)
    if session.scalar(select(Meeting.id).where(Meeting.replaces_id == meeting.id).limit(1)) is not None:
        raise Refused(CourseRefusal.ALREADY_REPLACED)
    starts_at = recurrence.wall_clock(draft.on, draft.starts)
    ends_at = recurrence.wall_clock(draft.on, draft.ends)
    if starts_at <= now:
        raise Invalid({"on": [InputCode.TOO_SMALL]})
    venue = meetings.venue_of(session, meeting, draft.venue)
    first = deciding.first_planned(pool)
    made = Meeting(
        activity=meeting.activity, pool=pool, occurrence_on=draft.on, slot=_free_slot(session, meeting, draft.on),
        starts_at=starts_at, ends_at=ends_at, changed_at=now, moved=True, replaces_id=meeting.id,
        own_venue=meeting.own_venue if venue is None else None if venue is meeting.activity.venue else venue,
    )  # fmt: skip
    session.add(made)
    deciding.follow_first(session, pool=pool, before=first.starts_at if first else None, now=now)
    for signup in _live(session, pool):
        if signup.state == SignupState.CONFIRMED and signup.reminder:
            seats.plan_reminder(session, signup, made, now)
        outbox.enqueue(
            session, "module_replaced_mail", due_at=now, now=now, signup=signup.public_id, meeting=made.public_id,
            key=f"module_replaced_mail:{signup.public_id}:{made.public_id}",
        )  # fmt: skip
    listings.refresh(session, meeting.activity_id)
    return made


def to_replace(session: Session, activity: Activity) -> list[Meeting]:
    """The cancelled dates of a course that no other date replaces yet."""
    found = queries.meetings_of(session, activity.id)
    replaced = {meeting.replaces_id for meeting in found}
    return [one for one in found if one.state == MeetingState.CANCELLED and one.id not in replaced]


def describe(session: Session, *, activity: Activity, draft: CourseDraft, actor: Actor) -> None:
    """Write what the course is about, its handbook; of an orientation day the programme and the helpers' languages."""
    permissions.must_edit(actor, activity)
    course = course_of(session, activity)
    course.contents = [str(one) for one in draft.contents]
    course.handbook = draft.handbook
    course.helpers = list(draft.helpers)
    course.programme = draft.programme_points
    session.flush()


def confirm_convention(session: Session, *, activity: Activity, actor: Actor, now: datetime) -> None:
    """The authority says that the convention of a language course is good: only then may it count (K18)."""
    permissions.must_confirm_conventions(actor)
    if activity.kind != ActivityKind.CONVENTIONED_COURSE or not activity.convention_reference:
        raise Refused(CourseRefusal.NO_CONVENTION)
    course = course_of(session, activity)
    if not is_confirmed(course, activity):
        course.confirmed_reference = activity.convention_reference
        course.convention_confirmed_at = now
        course.convention_confirmed_by_id = actor.account_id
        session.flush()
        outbox.enqueue(
            session, "convention_confirmed", due_at=now, now=now, activity=activity.public_id,
            key=f"convention_confirmed:{activity.public_id}:{now.isoformat()}",
        )  # fmt: skip


def is_confirmed(course: Course | None, activity: Activity) -> bool:
    """Whether the authority has confirmed the convention that stands there now."""
    return course is not None and bool(course.confirmed_reference) and (
        course.confirmed_reference == activity.convention_reference
    )  # fmt: skip


def _pool_to_decide(session: Session, activity: Activity) -> SeatPool:
    if not deciding.is_decided_here(activity) or activity.state != ActivityState.PUBLISHED:
        raise Refused(CourseRefusal.NOT_DECIDED_HERE)
    pools = {meeting.pool_id for meeting in queries.meetings_of(session, activity.id)}
    pool = seats.lock(session, pools)[0]
    if deciding.first_planned(pool) is None:
        raise Refused(CourseRefusal.NOT_DECIDED_HERE)
    return pool


def _confirm(session: Session, pool: SeatPool, enrolled: int, now: datetime) -> None:
    _note(session, pool, CourseState.CONFIRMED, enrolled, now)
    pool.decides_at = None
    session.flush()
    seats.fill(session, pool=pool, now=now, decided=True)
    due = rules.quiet_until(now) or now
    for signup in _live(session, pool):
        outbox.enqueue(
            session, "course_confirmed_mail", due_at=due, now=now, signup=signup.public_id,
            key=f"course_confirmed_mail:{signup.public_id}:{now.isoformat()}",
        )  # fmt: skip


def _note(session: Session, pool: SeatPool, state: CourseState, enrolled: int, now: datetime) -> None:
    course = course_of(session, pool.activity)
    course.state, course.enrolled, course.decided_at = state, enrolled, now


def _postpone(session: Session, pool: SeatPool, first_on: date | None, enrolled: int, now: datetime) -> None:
    first = deciding.first_planned(pool)
    assert first is not None
    _note(session, pool, CourseState.POSTPONED, enrolled, now)
    pool.decides_at = rules.decision_moment(ActivityKind(pool.activity.kind), first.starts_at)
    _shift(session, pool, first_on, now)
    signups = _live(session, pool)
    session.execute(delete(CourseAnswer).where(CourseAnswer.signup_id.in_([one.id for one in signups])))
    for signup in signups:
        outbox.enqueue(
            session, "course_postponed_mail", due_at=now, now=now, signup=signup.public_id, at=now.isoformat(),
            key=f"course_postponed_mail:{signup.public_id}:{now.isoformat()}",
        )  # fmt: skip


def _shift(session: Session, pool: SeatPool, first_on: date | None, now: datetime) -> None:
    activity = pool.activity
    planned = sorted((m for m in pool.meetings if m.state == MeetingState.PLANNED), key=lambda m: m.starts_at)
    days = [meeting.starts_at.astimezone(LOCAL).date() for meeting in planned]
    others = {meeting.occurrence_on for meeting in pool.meetings if meeting not in planned}
    shift = courses.shift_of(days[0], first_on, others | _days_off(activity, days[0]), days)
    if others & {day + shift for day in days}:
        raise Invalid({"first_on": [InputCode.SAME_TIME_TWICE]})
    if not shift:
        raise Invalid({"first_on": [InputCode.NOT_A_DATE]})
    # From the far end, so that no date steps on another one (each day stands once).
    order = reversed(list(zip(planned, days, strict=True))) if shift > timedelta(0) else zip(planned, days, strict=True)
    for meeting, day in order:
        length = meeting.ends_at - meeting.starts_at
        starts_at = recurrence.wall_clock(day + shift, meeting.starts_at.astimezone(LOCAL).time())
        meeting.occurrence_on = day + shift
        meetings.retime(session, meeting=meeting, starts_at=starts_at, ends_at=starts_at + length, now=now, tell=False)
    _write_season(session, activity, [day + shift for day in days])
    listings.refresh(session, activity.id)


def _days_off(activity: Activity, first_on: date) -> set[date]:
    last_on = first_on + timedelta(weeks=26)
    off = holidays.holidays_between(first_on, last_on)
    found = set(off.public) if activity.skip_public_holidays else set()
    return found | (set(off.school) if activity.skip_school_holidays else set())


def _write_season(session: Session, activity: Activity, days: list[date]) -> None:
    """The rule made the old dates; the new ones stand by themselves, so that the season says the same as they."""
    activity.dates = []
    session.flush()
    activity.rrule = ""
    activity.first_on, activity.last_on = days[0], days[-1]
    activity.dates = [ActivityDate(on=day, kind=DateKind.EXTRA) for day in sorted(set(days))]
    session.flush()


def _free_slot(session: Session, meeting: Meeting, on: date) -> int:
    """Two dates on one day are told apart by their slot."""
    taken = select(Meeting.slot).where(Meeting.activity_id == meeting.activity_id, Meeting.occurrence_on == on)
    used = set(session.scalars(taken))
    return next(number for number in range(len(used) + 1) if number not in used)


def _live(session: Session, pool: SeatPool) -> list[Signup]:
    question = select(Signup).where(Signup.pool_id == pool.id, Signup.state.in_(LIVE)).order_by(Signup.id)
    return list(session.scalars(question))


def decided_at(session: Session, activity: Activity) -> datetime | None:
    """When the course was last confirmed or postponed."""
    found = session.get(Course, activity.id)
    return found.decided_at if found else None


def keep_question(session: Session, signup: Signup) -> bool | None:
    """In a postponed course whether the person keeps the place; None when there is nothing to ask."""
    course = session.get(Course, signup.pool.activity_id)
    if course is None or course.state != CourseState.POSTPONED:
        return None
    return has_kept(session, signup)
