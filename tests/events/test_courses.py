"""Courses are decided or postponed, modules are held again, conventions confirmed."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.words import Role
from commune_hub.base.errors import Invalid, NotFound, Refused
from commune_hub.base.outbox import Job
from commune_hub.base.words import LOCAL
from commune_hub.events import queries, seasons
from commune_hub.events.actions import courses, meetings, publishing, seats
from commune_hub.events.course_inputs import CourseDraft, ModuleDraft
from commune_hub.events.models import Activity, Meeting, SeatPool, Signup
from commune_hub.events.records import Course
from commune_hub.events.words import (
    CancelReason,
    CourseRefusal,
    CourseState,
    MeetingState,
    SeatRefusal,
    SignupState,
)
from tests.factories import NOW, a_person, a_priority, a_signup, a_venue, an_activity, an_actor

CONFIRMED, WAITING = SignupState.CONFIRMED, SignupState.WAITING


def a_civic_course(session: Session, *, capacity: int = 20, **given: object) -> Activity:
    """Two Saturday mornings in January 2027, three hours each."""
    values: dict[str, object] = {
        "kind": "civic_course", "rrule": "FREQ=WEEKLY;BYDAY=SA", "starts": time(9), "ends": time(12),
        "first_on": date(2027, 1, 9), "last_on": date(2027, 1, 16), "capacity": capacity, "languages": ("fr",),
        "skip_school_holidays": "yes",
    }  # fmt: skip
    return an_activity(session, **(values | given))  # type: ignore[arg-type]


def pool_of(activity: Activity) -> SeatPool:
    return activity.meetings[0].pool


def deadline(pool: SeatPool) -> datetime:
    assert pool.decides_at is not None
    return pool.decides_at


def enrol(session: Session, pool: SeatPool, number: int) -> list[Signup]:
    return [a_signup(session, pool, now=NOW + timedelta(minutes=minute)) for minute in range(number)]


def jobs(session: Session, kind: str) -> list[Job]:
    return list(session.scalars(select(Job).where(Job.kind == kind, Job.state == "waiting").order_by(Job.id)))


def days_of(session: Session, activity: Activity) -> list[str]:
    return [f"{m.starts_at.astimezone(LOCAL):%m-%d %H:%M}" for m in queries.meetings_of(session, activity.id)]


def an_officer(session: Session, activity: Activity) -> Actor:
    return an_actor(session, organisation=activity.organisation)


def test_publishing_a_course_plans_its_decision(session: Session) -> None:
    activity = a_civic_course(session)

    [job] = jobs(session, "decide_course")
    assert (job.due_at, job.ids) == (datetime(2027, 1, 2, 8, tzinfo=UTC), {"pool": pool_of(activity).public_id})
    assert deadline(pool_of(activity)) == job.due_at


def test_a_course_enrolled_for_elsewhere_is_not_decided_here(session: Session) -> None:
    activity = a_civic_course(session, registration_by="provider", registration_contact="info@example.lu")

    assert jobs(session, "decide_course") == []
    with pytest.raises(Refused) as refused:
        courses.decide_now(session, activity=activity, actor=an_officer(session, activity), now=NOW)
    assert refused.value.reason == CourseRefusal.NOT_DECIDED_HERE


def test_a_course_published_late_still_leaves_time_to_enrol(session: Session) -> None:
    activity = a_civic_course(session, now=datetime(2027, 1, 5, 8, tzinfo=UTC))

    assert deadline(pool_of(activity)) == datetime(2027, 1, 7, 8, tzinfo=UTC)


def test_CIV_6_and_CIV_7_fifteen_enrolled_confirm_the_course_and_signatories_sit_first(session: Session) -> None:
    pool = pool_of(a_civic_course(session, capacity=14))
    others = enrol(session, pool, 14)
    signatory = a_person(session, name="Tesfay")
    a_priority(session, signatory)
    last = a_signup(session, pool, person=signatory, now=NOW + timedelta(hours=1))

    state = courses.decide_course(session, pool_id=pool.public_id, now=deadline(pool))

    assert state is CourseState.CONFIRMED
    assert (last.state, [one.state for one in others]) == (CONFIRMED, [CONFIRMED] * 13 + [WAITING])
    assert [job.ids["signup"] for job in jobs(session, "course_confirmed_mail")] == [
        one.public_id for one in [*others, last]
    ]
    assert jobs(session, "seat_given_mail") == []
    assert len(jobs(session, "reminder")) == 2 * 14


def test_fourteen_are_too_few_and_everybody_is_asked_again(session: Session) -> None:
    activity = a_civic_course(session)
    pool = pool_of(activity)
    signups = enrol(session, pool, 14)
    at = deadline(pool)

    state = courses.decide_course(session, pool_id=pool.public_id, now=at)

    course = session.get_one(Course, activity.id)
    assert (state, course.state, course.enrolled, course.decided_at) == (
        CourseState.POSTPONED, CourseState.POSTPONED, 14, at,
    )  # fmt: skip
    # Four weeks later would be carnival: one week more, until both days are ordinary ones.
    assert days_of(session, activity) == ["02-20 09:00", "02-27 09:00"]
    assert pool.decides_at == datetime(2027, 2, 13, 8, tzinfo=UTC)
    assert [job.ids["signup"] for job in jobs(session, "course_postponed_mail")] == [one.public_id for one in signups]
    assert (jobs(session, "meeting_moved_mail"), {one.state for one in signups}) == ([], {WAITING})


def test_nothing_is_decided_before_its_moment_and_nothing_twice(session: Session) -> None:
    pool = pool_of(a_civic_course(session))
    enrol(session, pool, 15)
    at = deadline(pool)

    before = courses.decide_course(session, pool_id=pool.public_id, now=at - timedelta(seconds=1))
    once = courses.decide_course(session, pool_id=pool.public_id, now=at)
    twice = courses.decide_course(session, pool_id=pool.public_id, now=at)

    assert (before, once, twice) == (CourseState.OPEN, CourseState.CONFIRMED, None)
    assert len(jobs(session, "course_confirmed_mail")) == 15


def test_the_job_of_a_postponed_date_no_longer_decides(session: Session) -> None:
    pool = pool_of(a_civic_course(session))
    at = deadline(pool)
    courses.decide_course(session, pool_id=pool.public_id, now=at)

    assert courses.decide_course(session, pool_id=pool.public_id, now=at) is CourseState.OPEN
    assert [job.due_at for job in jobs(session, "decide_course")] == [at, deadline(pool)]


def test_while_a_decision_is_overdue_nobody_sits_down(session: Session) -> None:
    pool = pool_of(a_civic_course(session))
    [first, *_] = enrol(session, pool, 3)
    late = deadline(pool) + timedelta(hours=3)

    seats.cancel(session, signup=first, now=late)
    newcomer = a_signup(session, pool, now=late)

    assert (newcomer.state, pool.taken, pool.waiting) == (WAITING, 0, 3)


def test_a_postponed_season_says_the_same_as_its_dates(session: Session) -> None:
    activity = a_civic_course(session)
    courses.decide_course(session, pool_id=pool_of(activity).public_id, now=deadline(pool_of(activity)))

    occurrences = [o.starts_at for o in seasons.occurrences_of(seasons.season_of(activity))]

    assert occurrences == [meeting.starts_at for meeting in queries.meetings_of(session, activity.id)]


def test_an_officer_postpones_to_a_day_and_people_keep_or_give_back(session: Session) -> None:
    activity = a_civic_course(session)
    pool = pool_of(activity)
    stays, leaves = enrol(session, pool, 2)
    officer = an_officer(session, activity)

    courses.postpone(session, activity=activity, first_on=date(2027, 1, 23), actor=officer, now=NOW)
    courses.keep(session, signup=stays, now=NOW)
    courses.keep(session, signup=stays, now=NOW)
    seats.cancel(session, signup=leaves, now=NOW)

    assert days_of(session, activity) == ["01-23 09:00", "01-30 09:00"]
    assert (courses.kept_in(session, pool), courses.enrolled_in(session, pool)) == (1, 1)
    courses.postpone(session, activity=activity, first_on=date(2027, 1, 16), actor=officer, now=NOW)
    assert (days_of(session, activity), courses.kept_in(session, pool)) == (["01-16 09:00", "01-23 09:00"], 0)


def test_a_confirmed_course_that_is_postponed_keeps_its_seats_and_is_decided_again(session: Session) -> None:
    activity = a_civic_course(session)
    pool = pool_of(activity)
    signups = enrol(session, pool, 15)
    officer = an_officer(session, activity)
    courses.decide_now(session, activity=activity, actor=officer, now=NOW)

    courses.postpone(session, activity=activity, first_on=None, actor=officer, now=NOW + timedelta(hours=1))

    assert ({one.state for one in signups}, pool.decides_at) == ({CONFIRMED}, datetime(2027, 2, 13, 8, tzinfo=UTC))


def test_deciding_at_once_needs_enough_people(session: Session) -> None:
    activity = a_civic_course(session)
    enrol(session, pool_of(activity), 14)

    with pytest.raises(Refused) as refused:
        courses.decide_now(session, activity=activity, actor=an_officer(session, activity), now=NOW)

    assert refused.value.reason == CourseRefusal.TOO_FEW


def test_a_course_that_has_begun_is_not_postponed(session: Session) -> None:
    activity = a_civic_course(session)
    begun = activity.meetings[0].starts_at

    with pytest.raises(Refused) as refused:
        courses.postpone(session, activity=activity, first_on=None, actor=an_officer(session, activity), now=begun)

    assert refused.value.reason == CourseRefusal.HAS_BEGUN
    assert courses.decide_course(session, pool_id=pool_of(activity).public_id, now=begun) is CourseState.POSTPONED
    assert days_of(session, activity) == ["01-09 09:00", "01-16 09:00"]


def test_the_decision_day_can_be_chosen_between_now_and_the_course(session: Session) -> None:
    activity = a_civic_course(session)
    officer, pool = an_officer(session, activity), pool_of(activity)

    courses.set_decision_day(session, activity=activity, on=date(2027, 1, 8), actor=officer, now=NOW)

    assert deadline(pool) == datetime(2027, 1, 8, 11, tzinfo=UTC)
    for day in (date(2026, 11, 21), date(2027, 1, 9)):
        with pytest.raises(Invalid):
            courses.set_decision_day(session, activity=activity, on=day, actor=officer, now=NOW)


def test_moving_the_second_module_leaves_the_decision_where_it_is(session: Session) -> None:
    activity = a_civic_course(session)
    pool = pool_of(activity)
    first, second = queries.meetings_of(session, activity.id)
    at, closes = deadline(pool), pool.closes_at

    for meeting, days in ((second, 7), (first, 1)):
        meetings.retime(
            session, meeting=meeting, starts_at=meeting.starts_at + timedelta(days=days),
            ends_at=meeting.ends_at + timedelta(days=days), now=NOW,
        )  # fmt: skip
        moved = (deadline(pool) - at, pool.closes_at - closes)
        assert moved == ((timedelta(0),) * 2 if meeting is second else (timedelta(days=1),) * 2)


def a_new_date(**given: object) -> ModuleDraft:
    return ModuleDraft.parse({"on": "2027-01-30", "starts": "09:00", "ends": "12:00"} | given)


def test_a_cancelled_module_is_held_again_for_the_same_people(session: Session) -> None:
    activity = a_civic_course(session)
    pool, officer = pool_of(activity), an_officer(session, activity)
    enrol(session, pool, 15)
    courses.decide_now(session, activity=activity, actor=officer, now=NOW)
    second = queries.meetings_of(session, activity.id)[1]
    meetings.cancel_meeting(session, meeting=second, reason=CancelReason.WEATHER, actor=officer, now=NOW)
    before = courses.to_replace(session, activity)

    made = courses.replace_module(session, meeting=second, draft=a_new_date(), actor=officer, now=NOW)

    assert (before, courses.to_replace(session, activity)) == ([second], [])
    assert (made.pool, made.replaces_id, made.state) == (pool, second.id, MeetingState.PLANNED)
    assert len(jobs(session, "module_replaced_mail")) == 15
    assert publishing.modules_of(session, activity)[1].replaced
    with pytest.raises(Refused) as refused:
        courses.replace_module(session, meeting=second, draft=a_new_date(), actor=officer, now=NOW)
    assert refused.value.reason == CourseRefusal.ALREADY_REPLACED


def test_only_a_cancelled_module_of_ones_own_is_replaced(session: Session) -> None:
    activity = a_civic_course(session)
    first: Meeting = activity.meetings[0]
    stranger = an_actor(session, organisation=a_venue(session).organisation)

    with pytest.raises(Refused) as refused:
        courses.replace_module(session, meeting=first, draft=a_new_date(), actor=an_officer(session, activity), now=NOW)
    assert refused.value.reason == CourseRefusal.NOT_CANCELLED
    with pytest.raises(NotFound):
        courses.replace_module(session, meeting=first, draft=a_new_date(), actor=stranger, now=NOW)


def test_a_course_under_six_hours_is_not_announced(session: Session) -> None:
    short = a_civic_course(session, published=False, ends=time(11, 59))

    with pytest.raises(Refused) as refused:
        publishing.publish(session, activity=short, actor=None, now=NOW)

    assert refused.value.reason == CourseRefusal.TOO_SHORT


def test_LANG_1_and_CIV_2_the_authority_confirms_a_convention_for_one_reference(session: Session) -> None:
    activity = an_activity(session, kind="conventioned_course", convention_reference="K-1")
    director = an_actor(session, role=Role.DIRECTOR)

    with pytest.raises(NotFound):
        courses.confirm_convention(session, activity=activity, actor=an_officer(session, activity), now=NOW)
    courses.confirm_convention(session, activity=activity, actor=director, now=NOW)

    course = session.get_one(Course, activity.id)
    assert courses.is_confirmed(course, activity)
    activity.convention_reference = "K-2"
    assert not courses.is_confirmed(course, activity)


def test_what_a_course_is_about_is_kept(session: Session) -> None:
    activity = a_civic_course(session)
    draft = CourseDraft.parse({"contents": ["history", "languages"], "handbook": "Vivre au Luxembourg"})

    courses.describe(session, activity=activity, draft=draft, actor=an_officer(session, activity))

    course = session.get_one(Course, activity.id)
    assert (course.contents, course.handbook) == (["history", "languages"], "Vivre au Luxembourg")


def test_whoever_gave_the_place_back_keeps_nothing(session: Session) -> None:
    [signup] = enrol(session, pool_of(a_civic_course(session)), 1)
    seats.cancel(session, signup=signup, now=NOW)

    with pytest.raises(Refused) as refused:
        courses.keep(session, signup=signup, now=NOW)

    assert refused.value.reason == SeatRefusal.NOTHING_TO_CANCEL
