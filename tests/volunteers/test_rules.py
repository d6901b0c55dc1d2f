"""The week in 18 slots, the steps of a volunteer, the qualification: rules alone."""

import itertools
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from commune_hub.base.words import LOCAL
from commune_hub.volunteers import rules
from commune_hub.volunteers.rules import Attended, Qualified
from commune_hub.volunteers.words import QualifiedBy, StepBy, VolunteerState

S = VolunteerState
TUESDAY = date(2026, 11, 24)


def local(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LOCAL).astimezone(UTC)


def test_a_slot_is_a_part_of_a_day_from_monday_to_saturday() -> None:
    found = [rules.slot_of(local(TUESDAY, hour)) for hour in (0, 8, 11, 12, 16, 17, 23)]

    assert found == [3, 3, 3, 4, 4, 5, 5]
    assert rules.slot_of(local(date(2026, 11, 23), 9)) == 0
    assert rules.slot_of(local(date(2026, 11, 28), 20)) == rules.SLOTS - 1
    assert rules.slot_of(local(date(2026, 11, 29), 10)) is None


def test_slots_are_of_the_local_day_also_in_summer_and_around_midnight() -> None:
    summer = datetime(2026, 7, 14, 15, tzinfo=UTC)
    night = datetime(2026, 7, 13, 22, 30, tzinfo=UTC)

    assert rules.slot_of(summer) == 5
    assert rules.slot_of(night) == 3


@given(st.sets(st.integers(0, rules.SLOTS - 1)))
def test_slots_and_their_number_say_the_same(slots: set[int]) -> None:
    number = rules.free_from(slots)

    assert 0 <= number <= rules.ALL_SLOTS
    assert set(rules.slots_in(number)) == slots


def test_what_is_no_slot_is_left_aside() -> None:
    assert rules.free_from([-1, 5, 5, 18, 99]) == 1 << 5


def test_somebody_is_free_in_the_slots_they_named() -> None:
    evenings = rules.free_from([5])

    assert rules.is_free(evenings, local(TUESDAY, 18, 30))
    assert not rules.is_free(evenings, local(TUESDAY, 16, 59))
    assert not rules.is_free(rules.ALL_SLOTS, local(date(2026, 11, 29), 18))


@given(st.lists(st.tuples(st.sampled_from(list(S)), st.sampled_from(list(StepBy))), max_size=40))
def test_whatever_is_tried_only_the_steps_of_the_table_are_taken(tries: list[tuple[S, StepBy]]) -> None:
    state, lived = S.ANNOUNCED, [S.ANNOUNCED]
    for becomes, by in tries:
        if rules.may_step(state, becomes, by):
            assert becomes is not state
            state = becomes
            lived.append(state)

    # Nobody helps whom nobody has met or trained since they announced themselves.
    for number, was in enumerate(lived):
        if was is S.ACTIVE:
            since = max(place for place, one in enumerate(lived[:number]) if one is S.ANNOUNCED)
            assert {S.MET, S.TRAINED} & set(lived[since:number])
    # Whoever leaves can only come back by announcing themselves.
    assert {after for was, after in itertools.pairwise(lived) if was is S.LEFT} <= {S.ANNOUNCED}


def test_everybody_can_leave_from_everywhere_and_only_volunteers_and_staff_decide_it() -> None:
    for state in set(S) - {S.LEFT}:
        assert rules.may_step(state, S.LEFT, StepBy.OWN)
        assert rules.may_step(state, S.LEFT, StepBy.STAFF)
        assert not rules.may_step(state, S.LEFT, StepBy.RULE)


def test_nobody_makes_themselves_met_trained_or_active_for_the_first_time() -> None:
    own = {step for step, who in rules.STEPS.items() if StepBy.OWN in who and step[0] is not S.PAUSED}

    assert {becomes for _, becomes in own} == {S.PAUSED, S.LEFT, S.ANNOUNCED}


def test_a_training_qualifies_for_some_months_and_an_exchange_day_prolongs_it() -> None:
    training = Attended(date(2025, 3, 8), QualifiedBy.TRAINING, 1)
    exchange = Attended(date(2026, 9, 12), QualifiedBy.EXCHANGE_DAY, 2)

    assert rules.qualifications([exchange, training], months=24) == (
        Qualified(QualifiedBy.TRAINING, 1, date(2025, 3, 8), date(2027, 3, 8)),
        Qualified(QualifiedBy.EXCHANGE_DAY, 2, date(2026, 9, 12), date(2028, 9, 12)),
    )


def test_an_exchange_day_alone_or_too_late_qualifies_nobody() -> None:
    training = Attended(date(2024, 1, 31), QualifiedBy.TRAINING, 1)
    on_the_last_day = Attended(date(2025, 1, 31), QualifiedBy.EXCHANGE_DAY, 2)
    too_late = Attended(date(2026, 2, 1), QualifiedBy.EXCHANGE_DAY, 3)

    assert rules.qualifications([on_the_last_day], months=12) == ()
    assert [one.activity_id for one in rules.qualifications([training, on_the_last_day, too_late], months=12)] == [1, 2]


@given(
    st.lists(
        st.builds(
            Attended, on=st.dates(date(2020, 1, 1), date(2030, 1, 1)), by=st.sampled_from(list(QualifiedBy)),
            activity_id=st.integers(1, 9),
        ),
        max_size=12,
    ),
    st.integers(1, 60),
)  # fmt: skip
def test_a_qualification_never_grows_shorter_and_never_has_a_gap_without_training(
    attended: list[Attended], months: int
) -> None:
    found = rules.qualifications(attended, months)

    ends = [one.valid_until for one in found]
    assert ends == sorted(ends)
    for before, after in itertools.pairwise(found):
        assert after.by is QualifiedBy.TRAINING or after.granted_on <= before.valid_until
    assert not found or found[0].by is QualifiedBy.TRAINING


def test_months_end_with_the_last_day_of_a_shorter_one() -> None:
    assert rules.months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert rules.months_later(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert rules.months_later(date(2026, 12, 5), 1) - timedelta(days=31) == date(2026, 12, 5)
