"""The days that a season may leave out."""

from datetime import date, timedelta
from itertools import pairwise

from commune_hub.events.holidays import (
    SCHOOL_BREAKS,
    SCHOOL_HOLIDAYS_VERIFIED,
    SCHOOL_TABLE_FIRST_ON,
    SCHOOL_TABLE_LAST_ON,
    Holidays,
    SchoolBreakName,
    holidays_between,
    public_holidays,
    school_breaks_between,
    school_table_covers,
)


def test_a_year_has_eleven_public_holidays_with_europe_day():
    assert public_holidays(2026) == {
        date(2026, 1, 1), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 9), date(2026, 5, 14),
        date(2026, 5, 25), date(2026, 6, 23), date(2026, 8, 15), date(2026, 11, 1),
        date(2026, 12, 25), date(2026, 12, 26),
    }  # fmt: skip


def test_europe_day_and_ascension_may_be_one_day():
    assert len(public_holidays(2024)) == 10


def test_only_the_days_asked_for_come_back():
    found = holidays_between(date(2026, 12, 24), date(2027, 1, 5))

    assert found == Holidays(
        public=frozenset({date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)}),
        school=frozenset(date(2026, 12, 24) + timedelta(days=n) for n in range(11)),
    )


def test_the_school_table_has_six_breaks_a_year_in_order_and_none_overlap():
    pairs = list(pairwise(SCHOOL_BREAKS))

    assert [pause.name for pause in SCHOOL_BREAKS] == list(SchoolBreakName) * 3
    assert all(pause.first_on < pause.last_on for pause in SCHOOL_BREAKS)
    assert all(earlier.last_on < later.first_on for earlier, later in pairs)


def test_a_break_other_than_summer_runs_from_saturday_to_sunday():
    short = [pause for pause in SCHOOL_BREAKS if pause.name is not SchoolBreakName.SUMMER]

    assert {(pause.first_on.weekday(), pause.last_on.weekday()) for pause in short} == {(5, 6)}


def test_a_break_is_found_by_any_of_its_days():
    assert school_breaks_between(date(2027, 1, 3), date(2027, 2, 6)) == [SCHOOL_BREAKS[7], SCHOOL_BREAKS[8]]


def test_the_table_says_how_far_it_goes_and_that_nobody_verified_it():
    assert SCHOOL_HOLIDAYS_VERIFIED is False
    assert school_table_covers(SCHOOL_TABLE_FIRST_ON, SCHOOL_TABLE_LAST_ON)
    assert not school_table_covers(date(2028, 7, 1), date(2028, 9, 15))
    assert not school_table_covers(date(2025, 9, 14), date(2025, 10, 1))
