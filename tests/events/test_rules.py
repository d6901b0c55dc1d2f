"""Rules of seats and kinds: facts in, answer out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from commune_hub.base.words import LOCAL
from commune_hub.events.rules import (
    KINDS,
    Answer,
    Claim,
    Seats,
    answer_by,
    decision_moment,
    is_for_beginners,
    level_mask,
    may_count,
    next_for,
    place_in_queue,
    quiet_until,
    reservation_end,
    seat_for,
    why_first,
)
from commune_hub.events.words import (
    ActivityKind,
    CefrLevel,
    CountsFor,
    PriorityRule,
    QueueRule,
    SeatRefusal,
    SignupState,
)

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
CLOSES = NOW + timedelta(days=2)


FIRST = Claim(NOW - timedelta(hours=2), number=1)
SECOND = Claim(NOW - timedelta(hours=1), number=2)
ME = Claim(NOW, number=3)


def seats(**given: Any) -> Seats:
    return Seats(**({"capacity": 6, "taken": 0, "waiting_room": 2, "closes_at": CLOSES} | given))


def asked(answer: Answer | SeatRefusal) -> tuple[SignupState, QueueRule]:
    assert isinstance(answer, Answer)
    return answer.state, answer.rule


def test_a_free_seat_is_given_at_once() -> None:
    answer = seat_for(seats(taken=5), ME, [], NOW)

    assert asked(answer) == (SignupState.CONFIRMED, QueueRule.SEAT_WAS_FREE)


def test_a_full_table_leads_to_the_queue_and_then_to_a_no() -> None:
    full, crowded = seats(taken=6, waiting=1), seats(taken=6, waiting=2)

    assert asked(seat_for(full, ME, [FIRST], NOW)) == (SignupState.WAITING, QueueRule.TABLE_WAS_FULL)
    assert seat_for(crowded, ME, [FIRST, SECOND], NOW) == SeatRefusal.WAITING_LIST_FULL


def test_nobody_takes_a_freed_seat_past_those_who_wait() -> None:
    answer = seat_for(seats(taken=5), ME, [FIRST], NOW)

    assert asked(answer) == (SignupState.WAITING, QueueRule.OTHERS_CAME_FIRST)


def test_sign_up_ends_at_the_very_moment_it_closes() -> None:
    assert seat_for(seats(), ME, [], CLOSES) == SeatRefusal.SIGNUP_CLOSED
    assert isinstance(seat_for(seats(), ME, [], CLOSES - timedelta(microseconds=1)), Answer)


def test_a_reservation_keeps_free_seats_for_signatories_until_its_end() -> None:
    reserved = seats(signatories_until=NOW + timedelta(hours=1))
    signatory = replace(ME, signatory=True)

    assert asked(seat_for(reserved, ME, [], NOW)) == (SignupState.WAITING, QueueRule.RESERVED_FOR_PRIORITY)
    assert asked(seat_for(reserved, signatory, [FIRST], NOW))[0] == SignupState.CONFIRMED
    assert asked(seat_for(reserved, ME, [], NOW + timedelta(hours=1)))[0] == SignupState.CONFIRMED


def test_the_first_days_are_for_residents_where_the_organisers_agreed() -> None:
    first_days = seats(residents_until=NOW + timedelta(days=1))
    resident = replace(ME, resident=True)

    assert asked(seat_for(first_days, ME, [], NOW))[1] == QueueRule.RESERVED_FOR_RESIDENTS
    assert asked(seat_for(first_days, resident, [], NOW))[0] == SignupState.CONFIRMED


def test_a_quota_of_seats_is_kept_for_residents_until_a_week_before() -> None:
    quota = seats(taken=4, taken_by_others=4, kept_for_residents=2, kept_until=NOW + timedelta(days=1))
    resident = replace(ME, resident=True)

    assert asked(seat_for(quota, ME, [], NOW))[1] == QueueRule.RESERVED_FOR_RESIDENTS
    assert asked(seat_for(quota, resident, [], NOW))[0] == SignupState.CONFIRMED
    assert asked(seat_for(quota, ME, [], NOW + timedelta(days=1)))[0] == SignupState.CONFIRMED


def test_a_civic_course_seats_nobody_before_its_decision() -> None:
    civic = seats(decides_at=NOW + timedelta(days=1))

    assert asked(seat_for(civic, replace(ME, signatory=True), [], NOW))[1] == QueueRule.DECISION_DATE
    assert next_for(civic, [FIRST], NOW) is None
    assert next_for(civic, [FIRST], NOW + timedelta(days=1)) == FIRST


def test_the_order_is_right_then_resident_then_signatory_then_asking() -> None:
    signatory, resident, right = (
        replace(SECOND, signatory=True),
        replace(SECOND, resident=True),
        replace(ME, right=True),
    )
    queue = [FIRST, signatory, resident, right]

    assert sorted(queue, key=lambda one: place_in_queue(one, residents_first=True)) == [
        right,
        resident,
        signatory,
        FIRST,
    ]
    assert next_for(seats(taken=5), queue, NOW, residents_first=True) == right
    assert why_first(right, True) == QueueRule.RIGHT_TO_THE_SEAT


def test_living_there_counts_only_where_it_was_agreed() -> None:
    queue = [replace(SECOND, resident=True), FIRST]

    assert next_for(seats(taken=5), queue, NOW, residents_first=False) == FIRST


def test_at_a_cafe_everybody_is_welcome() -> None:
    answer = seat_for(seats(capacity=None, taken=400, waiting_room=0), ME, [], NOW)

    assert asked(answer)[0] == SignupState.CONFIRMED


def test_a_lowered_capacity_leaves_no_negative_seats() -> None:
    assert seats(capacity=4, taken=6).free == 0


@pytest.mark.parametrize(
    ("local", "until"),
    [
        ("2026-11-22T20:59:59", None),
        ("2026-11-22T21:00:00", "2026-11-23T08:00:00"),
        ("2026-11-23T07:59:59", "2026-11-23T08:00:00"),
        ("2026-11-23T08:00:00", None),
        ("2026-10-24T23:00:00", "2026-10-25T08:00:00"),
    ],
)
def test_quiet_hours_are_local_and_end_at_eight(local: str, until: str | None) -> None:
    now = datetime.fromisoformat(local).replace(tzinfo=LOCAL)

    assert quiet_until(now) == (datetime.fromisoformat(until).replace(tzinfo=LOCAL) if until else None)


@pytest.mark.parametrize(
    ("before", "answer"),
    [
        (timedelta(hours=48), None),
        (timedelta(hours=47, minutes=59), timedelta(hours=24)),
        (timedelta(hours=5), timedelta(hours=3)),
        (timedelta(hours=2), timedelta(hours=2)),
    ],
)
def test_the_time_to_answer_shrinks_as_the_date_comes(before: timedelta, answer: timedelta | None) -> None:
    until = answer_by(NOW + before, NOW + before, NOW)

    assert until == (NOW + answer if answer else None)


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        (ActivityKind.CONVERSATION_TABLE, CountsFor.NOTHING),
        (ActivityKind.LANGUAGE_CAFE, CountsFor.NOTHING),
        (ActivityKind.COACHING, CountsFor.NOTHING),
        (ActivityKind.VOLUNTEER_COURSE, CountsFor.NOTHING),
        (ActivityKind.CONVENTIONED_COURSE, CountsFor.LANGUAGE_COURSE),
        (ActivityKind.CIVIC_COURSE, CountsFor.CIVIC_COURSE),
        (ActivityKind.ORIENTATION_DAY, CountsFor.ORIENTATION_DAY),
        (ActivityKind.VOLUNTEER_TRAINING, CountsFor.NOTHING),
        (ActivityKind.EXCHANGE_DAY, CountsFor.NOTHING),
    ],
)
def test_practice_never_counts_for_an_obligation(kind: ActivityKind, counts: CountsFor) -> None:
    assert KINDS[kind].counts_for == counts


def test_a_language_course_counts_with_its_convention_only() -> None:
    assert may_count(ActivityKind.CONVENTIONED_COURSE, "CV-2026-17")
    assert not may_count(ActivityKind.CONVENTIONED_COURSE, " ")
    assert may_count(ActivityKind.CIVIC_COURSE, "")
    assert not may_count(ActivityKind.CONVERSATION_TABLE, "CV-2026-17")


def test_a_civic_course_needs_fifteen_people_and_keeps_seats_for_contracts() -> None:
    civic = KINDS[ActivityKind.CIVIC_COURSE]

    assert (civic.minimum, civic.priority) == (15, PriorityRule.RESERVED)
    assert decision_moment(ActivityKind.CIVIC_COURSE, CLOSES) == CLOSES - timedelta(days=7)
    assert reservation_end(ActivityKind.CONVENTIONED_COURSE, CLOSES) == CLOSES - timedelta(days=7)
    assert reservation_end(ActivityKind.CONVERSATION_TABLE, CLOSES) is None


def test_levels_become_bits_of_the_main_levels() -> None:
    assert level_mask(CefrLevel.A1_2, CefrLevel.A2) == 0b000011
    assert level_mask(CefrLevel.B1, None) == 0b111100
    assert level_mask(None, None) == 0b111111


def test_beginners_may_come_up_to_a1() -> None:
    assert [is_for_beginners(level) for level in (None, CefrLevel.A1_1, CefrLevel.A1, CefrLevel.A2_1)] == [
        True, True, True, False,
    ]  # fmt: skip
