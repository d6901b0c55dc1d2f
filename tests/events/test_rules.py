"""Rules of seats and kinds: facts in, answer out."""

from datetime import UTC, datetime, timedelta

import pytest

from commune_hub.events.rules import KINDS, Seats, is_for_beginners, level_mask, may_count, reservation_end, seat_for
from commune_hub.events.words import ActivityKind, CefrLevel, CountsFor, PriorityRule, SeatRefusal, SignupState

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
CLOSES = NOW + timedelta(days=2)


def seats(**given: object) -> Seats:
    values: dict[str, object] = {"capacity": 6, "taken": 0, "waiting": 0, "waiting_room": 2, "closes_at": CLOSES}
    return Seats(**(values | given))  # type: ignore[arg-type]


def test_a_free_seat_is_given_at_once() -> None:
    assert seat_for(seats(taken=5), has_priority=False, now=NOW) == SignupState.CONFIRMED


def test_a_full_table_leads_to_the_queue_and_then_to_a_no() -> None:
    assert seat_for(seats(taken=6, waiting=1, ahead=1), has_priority=False, now=NOW) == SignupState.WAITING
    assert seat_for(seats(taken=6, waiting=2, ahead=2), has_priority=False, now=NOW) == SeatRefusal.WAITING_LIST_FULL


def test_nobody_takes_a_freed_seat_past_those_who_wait() -> None:
    assert seat_for(seats(taken=5, waiting=1, ahead=1), has_priority=False, now=NOW) == SignupState.WAITING


def test_sign_up_ends_at_the_very_moment_it_closes() -> None:
    assert seat_for(seats(), has_priority=True, now=CLOSES) == SeatRefusal.SIGNUP_CLOSED
    assert seat_for(seats(), has_priority=True, now=CLOSES - timedelta(microseconds=1)) == SignupState.CONFIRMED


def test_a_reservation_keeps_free_seats_for_priority_until_its_end() -> None:
    reserved = seats(reserved_until=NOW + timedelta(hours=1))

    assert seat_for(reserved, has_priority=False, now=NOW) == SignupState.WAITING
    assert seat_for(reserved, has_priority=True, now=NOW) == SignupState.CONFIRMED
    assert seat_for(reserved, has_priority=False, now=NOW + timedelta(hours=1)) == SignupState.CONFIRMED


def test_at_a_cafe_everybody_is_welcome() -> None:
    assert seat_for(seats(capacity=None, taken=400, waiting_room=0), False, NOW) == SignupState.CONFIRMED


def test_a_lowered_capacity_leaves_no_negative_seats() -> None:
    assert seats(capacity=4, taken=6).free == 0


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
    assert reservation_end(ActivityKind.CIVIC_COURSE, CLOSES) == CLOSES - timedelta(days=7)
    assert reservation_end(ActivityKind.CONVERSATION_TABLE, CLOSES) is None


def test_levels_become_bits_of_the_main_levels() -> None:
    assert level_mask(CefrLevel.A1_2, CefrLevel.A2) == 0b000011
    assert level_mask(CefrLevel.B1, None) == 0b111100
    assert level_mask(None, None) == 0b111111


def test_beginners_may_come_up_to_a1() -> None:
    assert [is_for_beginners(level) for level in (None, CefrLevel.A1_1, CefrLevel.A1, CefrLevel.A2_1)] == [
        True, True, True, False,
    ]  # fmt: skip
