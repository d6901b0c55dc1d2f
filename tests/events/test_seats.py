"""Taking, giving back and passing on seats."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from commune_hub.accounts.queries import ring_of
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.outbox import Job, JobState
from commune_hub.base.words import LOCAL
from commune_hub.events import queries
from commune_hub.events.actions import courses, seats
from commune_hub.events.models import Listing, SeatPool, Signup
from commune_hub.events.words import ActivityKind, RegistrationBy, SeatRefusal, SignupState
from tests.factories import a_meeting, a_person, a_pool, a_priority, a_signup, an_activity, an_actor


def states(session: Session, pool: SeatPool) -> list[str]:
    return list(session.scalars(select(Signup.state).where(Signup.pool_id == pool.id).order_by(Signup.id)))


def jobs(session: Session, kind: str) -> list[Job]:
    return list(session.scalars(select(Job).where(Job.kind == kind).order_by(Job.id)))


def test_who_comes_first_has_a_seat_and_who_comes_late_waits(session: Session) -> None:
    pool = a_pool(session, capacity=2, waiting_room=1)

    signups = [a_signup(session, pool) for _ in range(3)]

    assert states(session, pool) == ["confirmed", "confirmed", "waiting"]
    assert queries.position_of(session, signups[2]) == 1
    assert (pool.taken, pool.waiting) == queries.true_counts(session, pool.id)


def test_a_full_waiting_list_refuses(session: Session) -> None:
    pool = a_pool(session, capacity=1, waiting_room=0)
    a_signup(session, pool)

    with pytest.raises(Refused) as refused:
        a_signup(session, pool)

    assert refused.value.reason == SeatRefusal.WAITING_LIST_FULL


def test_nobody_has_two_seats_at_one_table(session: Session) -> None:
    pool, amina = a_pool(session), a_person(session)
    a_signup(session, pool, person=amina)

    with pytest.raises(Refused) as refused:
        a_signup(session, pool, person=amina)

    assert refused.value.reason == SeatRefusal.ALREADY_SIGNED_UP


def test_the_same_form_sent_twice_is_one_sign_up(session: Session) -> None:
    pool, amina = a_pool(session), a_person(session)

    first = a_signup(session, pool, person=amina, form_token="t1")
    second = a_signup(session, pool, person=amina, form_token="t1")

    assert first is second
    assert pool.taken == 1


def test_a_freed_seat_goes_to_whoever_waited_longest(session: Session, now: datetime) -> None:
    pool = a_pool(session, capacity=1, waiting_room=3)
    holder, *waiting = [a_signup(session, pool, now=now + timedelta(minutes=n)) for n in range(4)]

    seats.cancel(session, signup=holder, now=now + timedelta(hours=1))

    assert states(session, pool) == ["cancelled", "confirmed", "waiting", "waiting"]
    assert [job.ids["signup"] for job in jobs(session, "seat_given_mail")] == [waiting[0].public_id]


def test_a_contract_comes_first_in_the_queue_but_throws_nobody_out(session: Session, now: datetime) -> None:
    pool = a_pool(session, capacity=1, waiting_room=3)
    holder = a_signup(session, pool, now=now)
    earlier = a_signup(session, pool, now=now + timedelta(minutes=1))
    amina = a_person(session)
    a_priority(session, amina)
    signatory = a_signup(session, pool, person=amina, now=now + timedelta(minutes=2))

    assert holder.state == SignupState.CONFIRMED
    assert queries.queue_ids(session, pool) == [signatory.id, earlier.id]


def test_a_seat_given_back_twice_is_given_back_once(session: Session, now: datetime) -> None:
    pool = a_pool(session, capacity=2)
    signup = a_signup(session, pool)

    seats.cancel(session, signup=signup, now=now)
    seats.cancel(session, signup=signup, now=now)

    assert (pool.taken, pool.waiting) == (0, 0)
    assert len(jobs(session, "signup_cancelled_mail")) == 1


def test_nobody_moves_up_after_the_cut_off(session: Session, now: datetime) -> None:
    pool = a_pool(session, capacity=1, waiting_room=1, closes_hours=24)
    holder, waiting = a_signup(session, pool), a_signup(session, pool)

    seats.cancel(session, signup=holder, now=pool.closes_at)

    assert waiting.state == SignupState.WAITING


def test_a_meeting_that_is_over_cannot_be_cancelled(session: Session) -> None:
    meeting = a_meeting(session)
    signup = a_signup(session, meeting.pool)

    with pytest.raises(Refused) as refused:
        seats.cancel(session, signup=signup, now=meeting.ends_at)

    assert refused.value.reason == SeatRefusal.MEETING_OVER


def test_fewer_seats_throw_nobody_out_and_more_seats_promote(session: Session, now: datetime) -> None:
    pool = a_pool(session, capacity=3, waiting_room=5)
    for _ in range(5):
        a_signup(session, pool)

    seats.set_capacity(session, pool=pool, capacity=2, waiting_room=5, now=now)
    assert (pool.taken, pool.over, states(session, pool).count("confirmed")) == (3, 1, 3)

    seats.set_capacity(session, pool=pool, capacity=4, waiting_room=5, now=now)
    assert (pool.taken, pool.over, states(session, pool).count("waiting")) == (4, 0, 1)


def test_the_database_itself_refuses_a_seat_too_many(session: Session) -> None:
    pool = a_pool(session, capacity=1)

    with pytest.raises(IntegrityError, match="never_over_capacity"):
        session.execute(text("update seat_pool set taken = 2 where id = :id"), {"id": pool.id})


def test_another_date_is_taken_before_the_old_one_is_given_back(session: Session, now: datetime) -> None:
    activity = an_activity(session, capacity=1, waiting_room=0)
    tuesday, next_tuesday = activity.meetings[-2].pool, activity.meetings[-1].pool
    signup = a_signup(session, tuesday)

    moved = seats.move_signup(session, signup=signup, pool_id=next_tuesday.public_id, now=now)

    assert (signup.state, moved.state) == (SignupState.CANCELLED, SignupState.CONFIRMED)
    assert (tuesday.taken, next_tuesday.taken) == (0, 1)


def test_the_link_of_the_first_mail_leads_to_the_date_that_was_taken_instead(session: Session, now: datetime) -> None:
    activity = an_activity(session)
    signup = a_signup(session, activity.meetings[-3].pool)
    key = signup.link_key

    for meeting in activity.meetings[-2:]:
        seats.move_signup(
            session, signup=queries.signup_by_key(session, key), pool_id=meeting.pool.public_id, now=now
        )  # fmt: skip

    found = queries.signup_by_key(session, key)
    assert (found.pool_id, found.state) == (activity.meetings[-1].pool_id, SignupState.CONFIRMED)


def test_a_full_other_date_leaves_the_old_seat_where_it_is(session: Session, now: datetime) -> None:
    activity = an_activity(session, capacity=1, waiting_room=0)
    tuesday, next_tuesday = activity.meetings[-2].pool, activity.meetings[-1].pool
    a_signup(session, next_tuesday)
    signup = a_signup(session, tuesday)

    with pytest.raises(Refused):
        seats.move_signup(session, signup=signup, pool_id=next_tuesday.public_id, now=now)

    assert signup.state == SignupState.CONFIRMED


def test_a_date_of_another_activity_is_not_there(session: Session, now: datetime) -> None:
    signup, foreign = a_signup(session, a_pool(session)), a_pool(session)

    with pytest.raises(NotFound):
        seats.move_signup(session, signup=signup, pool_id=foreign.public_id, now=now)


def test_one_sign_up_is_for_the_whole_course(session: Session) -> None:
    course = an_activity(
        session, kind=ActivityKind.VOLUNTEER_COURSE, first_on="2026-11-24", rrule="FREQ=WEEKLY;BYDAY=TU,TH"
    )

    pools = {meeting.pool_id for meeting in course.meetings}

    assert len(course.meetings) > 4
    assert len(pools) == 1
    assert course.meetings[0].pool.capacity == 12


def test_a_reserved_course_lets_others_wait_and_then_in(session: Session, now: datetime) -> None:
    course = an_activity(
        session, kind=ActivityKind.CONVENTIONED_COURSE, convention_reference="CV-1", rrule="", first_on="2026-12-12",
        last_on="2026-12-12",
    )  # fmt: skip
    pool = course.meetings[0].pool
    amina = a_person(session)
    a_priority(session, amina)

    other = a_signup(session, pool)
    signatory = a_signup(session, pool, person=amina)
    assert (other.state, signatory.state) == (SignupState.WAITING, SignupState.CONFIRMED)

    assert pool.reserved_until is not None
    [job] = jobs(session, "fill_seats")
    assert job.due_at == pool.reserved_until
    seats.fill_named(session, pool_id=pool.public_id, now=pool.reserved_until)
    assert other.state == SignupState.CONFIRMED


def test_less_than_two_days_before_a_freed_seat_is_offered_and_passed_on(session: Session, now: datetime) -> None:
    pool = a_pool(session, capacity=1, waiting_room=3)
    holder, first, second = (a_signup(session, pool) for _ in range(3))
    day_before = now + timedelta(days=1, hours=2)

    seats.cancel(session, signup=holder, now=day_before)
    assert (first.state, first.offered_until) == (SignupState.OFFERED, day_before + timedelta(hours=24))
    assert (pool.taken, pool.waiting) == (1, 1)

    assert first.offered_until is not None
    seats.end_offer(session, signup=first, now=first.offered_until)
    assert (first.state, second.state) == (SignupState.EXPIRED, SignupState.OFFERED)
    assert second.offered_until is not None

    seats.accept(session, signup=second, now=second.offered_until - timedelta(minutes=1))
    assert (second.state, pool.taken, pool.waiting) == (SignupState.CONFIRMED, 1, 0)


def test_an_offer_is_accepted_in_time_only(session: Session, now: datetime) -> None:
    pool = a_pool(session, capacity=1, waiting_room=3)
    holder, first = (a_signup(session, pool) for _ in range(2))
    seats.cancel(session, signup=holder, now=now + timedelta(days=1))
    assert first.offered_until is not None

    with pytest.raises(Refused) as refused:
        seats.accept(session, signup=first, now=first.offered_until)

    assert refused.value.reason == SeatRefusal.OFFER_RAN_OUT


def test_nobody_is_woken_the_seat_waits_for_the_morning(session: Session, now: datetime) -> None:
    pool = a_pool(session, capacity=1, waiting_room=3)
    holder, first = (a_signup(session, pool) for _ in range(2))
    night = datetime(2026, 11, 22, 22, tzinfo=LOCAL)
    morning = datetime(2026, 11, 23, 8, tzinfo=LOCAL)

    seats.cancel(session, signup=holder, now=night)
    late_comer = a_signup(session, pool, now=night)
    assert (first.state, late_comer.state, pool.taken) == (SignupState.WAITING, SignupState.WAITING, 0)
    [job] = jobs(session, "fill_seats")
    assert job.due_at == morning

    seats.fill_named(session, pool_id=pool.public_id, now=morning)
    assert first.state == SignupState.OFFERED


def test_every_decision_is_a_row_that_says_why(session: Session, now: datetime) -> None:
    pool = a_pool(session, capacity=1, waiting_room=3)
    holder, waiting = (a_signup(session, pool) for _ in range(2))
    seats.cancel(session, signup=holder, now=now)

    found = [(d.signup_id, d.step, d.rule) for d in queries.decisions_of(session, pool_id=pool.id)]

    assert found == [
        (holder.id, "seat_at_once", "seat_was_free"),
        (waiting.id, "to_the_queue", "table_was_full"),
        (holder.id, "cancelled", "own_choice"),
        (waiting.id, "seat_given", "longest_wait"),
    ]


def test_a_right_to_the_seat_has_a_reason_that_can_be_read(session: Session, now: datetime) -> None:
    pool = a_pool(session, capacity=1, waiting_room=3)
    officer = an_actor(session, organisation=pool.activity.organisation)
    _, earlier, later = (a_signup(session, pool) for _ in range(3))

    seats.give_right(session, signup=later, reason="Was cancelled last week by us", actor=officer, now=now)

    assert queries.queue_ids(session, pool) == [later.id, earlier.id]
    decision = queries.decisions_of(session, signup_id=later.id)[-1]
    assert decision.by_id == officer.account_id
    assert decision.reason_sealed is not None
    assert ring_of(session).open(later.person.public_id, decision.reason_sealed) == "Was cancelled last week by us"


def test_residents_come_first_where_two_communes_agreed_on_it(session: Session, now: datetime) -> None:
    pool = a_pool(session, capacity=1, waiting_room=3)
    pool.activity.resident_seats = 1
    neighbour = a_signup(session, pool, lives_in="0204")
    resident = a_signup(session, pool, lives_in="0213")

    # One seat, a day and a half before: no longer kept, but residents stand first in the queue.
    assert (neighbour.state, resident.state) == (SignupState.CONFIRMED, SignupState.WAITING)
    third = a_signup(session, pool, lives_in="0204", now=now - timedelta(minutes=5))
    assert queries.queue_ids(session, pool) == [resident.id, third.id]


def test_a_civic_course_enrols_everybody_and_seats_nobody_before_its_date(session: Session, now: datetime) -> None:
    course = an_activity(
        session, kind=ActivityKind.CIVIC_COURSE, rrule="", first_on="2026-12-12", last_on="2026-12-12", capacity=15
    )
    pool = course.meetings[0].pool

    signups = [a_signup(session, pool) for _ in range(17)]

    assert {signup.state for signup in signups} == {SignupState.WAITING}
    assert pool.decides_at is not None
    courses.decide_course(session, pool_id=pool.public_id, now=pool.decides_at)
    assert (pool.taken, pool.waiting) == (15, 2)


def test_an_orientation_day_is_for_signatories_and_by_invitation(session: Session) -> None:
    day = an_activity(session, kind=ActivityKind.ORIENTATION_DAY, rrule="", first_on="2026-12-12", last_on="2026-12-12")

    with pytest.raises(Refused) as refused:
        a_signup(session, day.meetings[0].pool)

    assert refused.value.reason == SeatRefusal.NO_SIGNUP_HERE


def test_where_the_provider_registers_the_hub_does_not(session: Session) -> None:
    pool = a_pool(session, registration_by=RegistrationBy.PROVIDER, registration_contact="https://example.lu")

    with pytest.raises(Refused) as refused:
        a_signup(session, pool)

    assert refused.value.reason == SeatRefusal.NO_SIGNUP_HERE


def test_a_draft_takes_no_sign_ups(session: Session) -> None:
    pool = a_pool(session, published=False)

    with pytest.raises(Refused) as refused:
        a_signup(session, pool)

    assert refused.value.reason == SeatRefusal.NOT_PUBLISHED


def test_the_reminder_comes_at_six_the_evening_before_and_not_after_a_no(session: Session, now: datetime) -> None:
    signup = a_signup(session, a_pool(session))
    [reminder] = jobs(session, "reminder")
    assert reminder.due_at.isoformat() == "2026-11-23T17:00:00+00:00"

    seats.cancel(session, signup=signup, now=now)

    assert reminder.state == JobState.DONE


def test_the_search_knows_at_once_how_many_seats_are_free(session: Session, now: datetime) -> None:
    pool = a_pool(session, capacity=2)

    def free() -> list[int]:
        return list(session.scalars(select(Listing.free)))

    before, signup = free(), a_signup(session, pool)
    during = free()
    seats.cancel(session, signup=signup, now=now)

    assert (before, during, free()) == ([2, 2], [1, 1], [2, 2])


def test_a_whole_season_in_one_go_is_told_once_and_a_full_date_stops_none(session: Session, now: datetime) -> None:
    activity = an_activity(session, capacity=1, waiting_room=0)
    coming = [meeting.pool for meeting in activity.meetings if meeting.starts_at > now]
    a_signup(session, coming[1])
    before = len(jobs(session, "signup_mail"))

    answers = seats.sign_up_for_many(
        session, pool_ids=[pool.public_id for pool in coming], person=a_person(session), now=now, form_token="t"
    )

    assert [answer if isinstance(answer, SeatRefusal) else answer.state for _, answer in answers] == [
        "confirmed", SeatRefusal.WAITING_LIST_FULL, "confirmed", "confirmed",
    ]  # fmt: skip
    assert (len(jobs(session, "season_mail")), len(jobs(session, "signup_mail"))) == (1, before)
