"""Seasons: what a rule makes, what is left out, what a change would do, in the wall time of Luxembourg."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from commune_hub.base.errors import InputCode
from commune_hub.events.holidays import Holidays
from commune_hub.events.recurrence import (
    MOST_DATES,
    Frequency,
    LeftOutReason,
    Occurrence,
    Rhythm,
    RhythmKind,
    Rule,
    RuleDay,
    RuleFault,
    Season,
    SeasonChange,
    Slot,
    Weekday,
    changes,
    dates_of,
    describe,
    left_out,
    monthly,
    parse_rule,
    problems_of,
    wall_clock,
    weekly,
)

NO_HOLIDAYS = Holidays()
EVENING = (Slot(time(18, 30), 90),)
MO, TU, WE, TH, FR, SA, SU = Weekday


def a_season(rrule="FREQ=WEEKLY;BYDAY=TU", first_on=date(2026, 9, 15), last_on=date(2026, 12, 31), **given):
    return Season(first_on, last_on, **{"slots": EVENING, "rrule": rrule, **given})


def days(season, holidays=NO_HOLIDAYS):
    return [occurrence.on for occurrence in dates_of(season, holidays)]


# -- rules


def test_the_second_wednesday_of_each_month():
    season = a_season(monthly(2, WE).text)

    assert days(season) == [date(2026, 10, 14), date(2026, 11, 11), date(2026, 12, 9)]


def test_the_last_wednesday_of_each_month():
    season = a_season("FREQ=MONTHLY;BYDAY=-1WE")

    assert days(season) == [date(2026, 9, 30), date(2026, 10, 28), date(2026, 11, 25), date(2026, 12, 30)]


def test_every_second_week_counts_from_the_week_of_the_first_day():
    season = a_season(weekly([WE], 2).text, first_on=date(2026, 11, 23), last_on=date(2026, 12, 21))

    assert days(season) == [date(2026, 11, 25), date(2026, 12, 9)]


def test_the_last_working_day_by_its_position():
    season = a_season("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", last_on=date(2026, 10, 31))

    assert days(season) == [date(2026, 9, 30), date(2026, 10, 30)]


def test_a_count_ends_the_rule_before_the_season_does():
    season = a_season("FREQ=MONTHLY;COUNT=3", first_on=date(2026, 9, 15), last_on=date(2027, 7, 15))

    assert days(season) == [date(2026, 9, 15), date(2026, 10, 15), date(2026, 11, 15)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("rrule:freq=weekly;wkst=mo;byday=fr,tu,tu", Rule(Frequency.WEEKLY, days=(RuleDay(TU), RuleDay(FR)))),
        (" FREQ=MONTHLY;BYDAY=+2WE; ", monthly(2, WE)),
        ("FREQ=DAILY;INTERVAL=3;COUNT=10", Rule(Frequency.DAILY, interval=3, count=10)),
        ("FREQ=DAILY;BYDAY=SA,MO;COUNT=10", Rule(Frequency.WEEKLY, days=(RuleDay(MO), RuleDay(SA)), count=10)),
    ],
)
def test_a_rule_is_read_from_what_calendars_write(text, rule):
    assert parse_rule(text) == rule


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", RuleFault.NOT_A_RULE),
        ("every Tuesday", RuleFault.NOT_A_RULE),
        ("FREQ=WEEKLY;FREQ=DAILY", RuleFault.NOT_A_RULE),
        ("FREQ=WEEKLY;BYDAY=", RuleFault.NOT_A_RULE),
        ("FREQ=WEEKLY;BYDAY=XX", RuleFault.NOT_A_RULE),
        ("FREQ=WEEKLY;INTERVAL=0", RuleFault.NOT_A_RULE),
        ("FREQ=WEEKLY;INTERVAL=1000000000", RuleFault.NOT_A_RULE),
        ("FREQ=WEEKLY;COUNT=١٢", RuleFault.NOT_A_RULE),
        ("FREQ=MONTHLY;BYDAY=6WE", RuleFault.NOT_A_RULE),
        ("FREQ=WEEKLY;X-EVIL=1", RuleFault.NOT_A_RULE),
        ("FREQ=WEEKLY" + ";" * 500, RuleFault.NOT_A_RULE),
        ("FREQ=FORTNIGHTLY", RuleFault.NOT_A_RULE),
        ("FREQ=SECONDLY", RuleFault.TOO_OFTEN),
        ("FREQ=MINUTELY;COUNT=2", RuleFault.TOO_OFTEN),
        ("FREQ=HOURLY", RuleFault.TOO_OFTEN),
        ("FREQ=WEEKLY;UNTIL=20991231T000000Z", RuleFault.ENDS_BY_ITSELF),
        ("FREQ=YEARLY", RuleFault.PART_NOT_SUPPORTED),
        ("FREQ=DAILY;BYSECOND=1,2,3", RuleFault.PART_NOT_SUPPORTED),
        ("FREQ=MONTHLY;BYMONTHDAY=31", RuleFault.PART_NOT_SUPPORTED),
        ("FREQ=WEEKLY;WKST=SU", RuleFault.PART_NOT_SUPPORTED),
        ("FREQ=WEEKLY;BYDAY=2WE", RuleFault.PART_NOT_SUPPORTED),
        ("FREQ=DAILY;BYDAY=MO;BYSETPOS=2", RuleFault.PART_NOT_SUPPORTED),
        ("FREQ=MONTHLY;BYSETPOS=1", RuleFault.PART_NOT_SUPPORTED),
        ("FREQ=MONTHLY;INTERVAL=24;BYDAY=5MO", RuleFault.PART_NOT_SUPPORTED),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9", RuleFault.NEVER_MATCHES),
    ],
)
def test_a_rule_outside_the_small_part_is_refused_with_its_reason(text, fault):
    assert parse_rule(text) == fault


RULES = st.one_of(
    st.builds(lambda interval: Rule(Frequency.DAILY, interval), st.integers(1, 99)),
    st.builds(weekly, st.sets(st.sampled_from(Weekday), min_size=1), st.integers(1, 52)),
    st.builds(monthly, st.sampled_from([1, 2, 3, 4, 5, -1, -2, -5]), st.sampled_from(Weekday), st.integers(1, 12)),
    st.builds(
        lambda weekdays, position: Rule(Frequency.MONTHLY, days=tuple(map(RuleDay, weekdays)), positions=(position,)),
        st.sampled_from([(MO,), (TU, TH), (MO, TU, WE, TH, FR)]),
        st.sampled_from([1, 2, 4, -1, -4]),
    ),
)


@settings(max_examples=200, deadline=None)
@given(rule=RULES, first_on=st.dates(date(2025, 1, 1), date(2030, 1, 1)), length=st.integers(0, 300))
def test_every_rule_reads_back_and_makes_the_dates_that_the_standard_says(rule, first_on, length):
    last_on = first_on + timedelta(days=length)
    season = a_season(rule.text, first_on, last_on)

    expected = rrulestr(f"{rule.text};UNTIL={last_on:%Y%m%d}T000000", dtstart=datetime.combine(first_on, time()))

    assert parse_rule(rule.text) == rule
    assert problems_of(season) in ({}, {"rrule": InputCode.NO_DATES})
    assert problems_of(season) or days(season) == [moment.date() for moment in expected]


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;INTERVAL=7;BYDAY=WE",
        "FREQ=MONTHLY;INTERVAL=12;BYDAY=5MO",
        "FREQ=DAILY;COUNT=999",
        "FREQ=DAILY",
    ],
)
def test_a_rule_that_never_or_always_comes_true_is_answered_at_once(text):
    season = a_season(text, date(2027, 2, 2), date(2029, 2, 1))

    problems = problems_of(season)

    assert problems["rrule"] in {InputCode.NO_DATES, InputCode.TOO_MANY_DATES}


# -- seasons


def test_a_season_needs_an_end_within_two_years():
    backwards = a_season(last_on=date(2026, 9, 14))
    endless = a_season(first_on=date.min, last_on=date.max)

    assert problems_of(backwards) == {"last_on": InputCode.END_BEFORE_START}
    assert problems_of(endless) == {"last_on": InputCode.SEASON_TOO_LONG}


def test_a_season_makes_at_most_400_days():
    allowed = a_season("FREQ=DAILY;COUNT=400", last_on=date(2028, 9, 1))
    loose = a_season("", extra_on=frozenset(date(2026, 9, 15) + timedelta(days=n) for n in range(MOST_DATES + 1)))

    assert len(days(allowed)) == MOST_DATES
    assert problems_of(loose) == {"extra_on": InputCode.TOO_MANY_DATES}


@pytest.mark.parametrize(
    ("slots", "code"),
    [
        ((), InputCode.REQUIRED),
        ((Slot(time(18), 0),), InputCode.END_BEFORE_START),
        ((Slot(time(18), 10_000),), InputCode.TOO_LARGE),
        ((Slot(time(18), 60), Slot(time(18), 90)), InputCode.SAME_TIME_TWICE),
        ((Slot(time(18, 0, 1), 60),), InputCode.NOT_A_TIME),
        (tuple(Slot(time(hour), 10) for hour in range(7)), InputCode.TOO_LARGE),
    ],
)
def test_slots_are_checked(slots, code):
    assert problems_of(a_season(slots=slots)) == {"slots": code}


def test_a_loose_date_outside_the_season_is_a_problem_and_a_season_with_problems_has_no_dates():
    season = a_season(extra_on=frozenset({date(2027, 1, 1)}))

    assert problems_of(season) == {"extra_on": InputCode.OUTSIDE_SEASON}
    with pytest.raises(ValueError, match="extra_on"):
        dates_of(season, NO_HOLIDAYS)


def test_a_season_of_loose_dates_only():
    loose = {date(2026, 10, 23), date(2026, 11, 28)}

    assert days(a_season("", extra_on=frozenset(loose))) == sorted(loose)
    assert problems_of(a_season("")) == {"rrule": InputCode.NO_DATES}


def test_two_slots_make_two_meetings_a_day_in_order_of_time():
    season = a_season("FREQ=WEEKLY;COUNT=1", slots=(Slot(time(19, 45), 45), Slot(time(19), 45)))
    at = partial(datetime, 2026, 9, 15, tzinfo=UTC)

    assert dates_of(season, NO_HOLIDAYS) == [
        Occurrence(date(2026, 9, 15), 1, at(17), at(17, 45)),
        Occurrence(date(2026, 9, 15), 0, at(17, 45), at(18, 30)),
    ]


def test_what_is_left_out_is_told_with_its_reason():
    season = a_season(
        last_on=date(2026, 11, 10),
        skip_school_holidays=True,
        skipped_on=frozenset({date(2026, 9, 22), date(2026, 10, 13)}),
        extra_on=frozenset({date(2026, 10, 10), date(2026, 10, 20)}),
    )
    holidays = Holidays(
        public=frozenset({date(2026, 10, 6), date(2026, 10, 13), date(2026, 10, 10)}),
        school=frozenset({date(2026, 11, 3), date(2026, 10, 20)}),
    )

    assert left_out(season, holidays) == [
        (date(2026, 9, 22), LeftOutReason.BY_HAND),
        (date(2026, 10, 6), LeftOutReason.PUBLIC_HOLIDAY),
        (date(2026, 10, 13), LeftOutReason.BY_HAND),
        (date(2026, 11, 3), LeftOutReason.SCHOOL_HOLIDAY),
    ]
    assert days(season, holidays) == [
        date(2026, 9, 15), date(2026, 9, 29), date(2026, 10, 10), date(2026, 10, 20), date(2026, 10, 27),
        date(2026, 11, 10),
    ]  # fmt: skip


def test_holidays_stay_in_when_nobody_asked_to_leave_them_out():
    season = a_season(last_on=date(2026, 9, 22), skip_public_holidays=False)
    holidays = Holidays(public=frozenset({date(2026, 9, 15)}), school=frozenset({date(2026, 9, 22)}))

    assert (days(season, holidays), left_out(season, holidays)) == (
        [date(2026, 9, 15), date(2026, 9, 22)],
        [],
    )


# -- the wall clock


def test_half_past_six_stays_half_past_six_across_both_clock_changes():
    autumn = a_season("FREQ=WEEKLY;BYDAY=SU", date(2026, 10, 18), date(2026, 11, 1), skip_public_holidays=False)
    spring = a_season("FREQ=WEEKLY;BYDAY=SU", date(2027, 3, 21), date(2027, 4, 4), skip_public_holidays=False)

    starts = [occurrence.starts_at for season in (autumn, spring) for occurrence in dates_of(season, NO_HOLIDAYS)]

    assert [f"{moment:%d.%m. %H:%M}" for moment in starts] == [
        "18.10. 16:30", "25.10. 17:30", "01.11. 17:30", "21.03. 17:30", "28.03. 16:30", "04.04. 16:30",
    ]  # fmt: skip


def test_the_hour_that_does_not_exist_moves_forward_and_the_double_hour_is_the_first_one():
    missing = wall_clock(date(2027, 3, 28), time(2, 30))
    double = wall_clock(date(2026, 10, 25), time(2, 30, fold=1))

    assert missing == wall_clock(date(2027, 3, 28), time(3, 30)) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert double == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_meeting_across_the_clock_change_lasts_its_minutes():
    season = a_season("", extra_on=frozenset({date(2026, 10, 25)}), slots=(Slot(time(1, 30), 120),))

    [night] = dates_of(season, NO_HOLIDAYS)

    assert night.ends_at - night.starts_at == timedelta(minutes=120)


IN_A_SUBPROCESS = """
from datetime import date, time
from commune_hub.events.holidays import holidays_between
from commune_hub.events.recurrence import Season, Slot, dates_of, left_out
season = Season(date(2026, 9, 15), date(2027, 7, 15), (Slot(time(2, 30), 60), Slot(time(18, 30), 90)),
                "FREQ=WEEKLY;BYDAY=SU,TU", skip_school_holidays=True)
holidays = holidays_between(season.first_on, season.last_on)
print(dates_of(season, holidays), left_out(season, holidays))
"""


@pytest.mark.slow
def test_the_zone_of_the_server_changes_nothing():
    answers = {
        subprocess.run(
            [sys.executable, "-c", IN_A_SUBPROCESS],
            env=os.environ | {"TZ": zone},
            capture_output=True, text=True, check=True,
        ).stdout
        for zone in ("UTC", "Europe/Luxembourg", "America/New_York")
    }  # fmt: skip

    assert len(answers) == 1
    assert answers != {""}


# -- telling


@pytest.mark.parametrize(
    ("rrule", "rhythm"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", Rhythm(RhythmKind.EVERY_N_WEEKS, weekdays=(TU,))),
        ("FREQ=WEEKLY", Rhythm(RhythmKind.EVERY_N_WEEKS, weekdays=(TU,))),
        ("FREQ=WEEKLY;BYDAY=FR,TU,TH", Rhythm(RhythmKind.EVERY_N_WEEKS, weekdays=(TU, TH, FR))),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", Rhythm(RhythmKind.EVERY_N_WEEKS, 2, (WE,))),
        ("FREQ=DAILY;BYDAY=MO,TU", Rhythm(RhythmKind.EVERY_N_WEEKS, weekdays=(MO, TU))),
        ("FREQ=DAILY;INTERVAL=3;BYDAY=MO", Rhythm(RhythmKind.IRREGULAR)),
        ("FREQ=DAILY;INTERVAL=3", Rhythm(RhythmKind.EVERY_N_DAYS, 3)),
        ("FREQ=MONTHLY;BYDAY=2WE", Rhythm(RhythmKind.NTH_OF_MONTH, 1, (WE,), (2,))),
        ("FREQ=MONTHLY;BYDAY=WE;BYSETPOS=2", Rhythm(RhythmKind.NTH_OF_MONTH, 1, (WE,), (2,))),
        ("FREQ=MONTHLY;BYDAY=-1WE,1WE", Rhythm(RhythmKind.NTH_OF_MONTH, 1, (WE,), (1, -1))),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=1SA", Rhythm(RhythmKind.NTH_OF_MONTH, 3, (SA,), (1,))),
        ("FREQ=MONTHLY;BYDAY=WE", Rhythm(RhythmKind.EVERY_N_WEEKS, 1, (WE,))),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1", Rhythm(RhythmKind.IRREGULAR)),
        ("FREQ=MONTHLY;BYDAY=1MO,2TU", Rhythm(RhythmKind.IRREGULAR)),
        ("FREQ=MONTHLY;COUNT=8", Rhythm(RhythmKind.DAY_OF_MONTH, day_of_month=15)),
        ("nonsense", Rhythm(RhythmKind.IRREGULAR)),
        ("", Rhythm(RhythmKind.LOOSE_DATES)),
    ],
)
def test_a_season_is_told_by_its_shape(rrule, rhythm):
    assert describe(a_season(rrule)) == rhythm


def test_one_loose_date_is_once_and_loose_dates_beside_a_rule_are_counted():
    once = a_season("", extra_on=frozenset({date(2026, 11, 7)}))
    both = a_season(extra_on=frozenset({date(2026, 11, 7)}))

    assert describe(once) == Rhythm(RhythmKind.ONCE, loose=1)
    assert describe(both) == Rhythm(RhythmKind.EVERY_N_WEEKS, weekdays=(TU,), loose=1)


def test_a_change_says_what_it_does_before_it_does_it():
    old = dates_of(a_season("FREQ=WEEKLY;BYDAY=TU,TH", last_on=date(2026, 9, 24)), NO_HOLIDAYS)
    late = Slot(time(19), 90)
    new = dates_of(a_season("FREQ=WEEKLY;BYDAY=TU", last_on=date(2026, 9, 29)), NO_HOLIDAYS)
    new = [
        new[0],
        *dates_of(a_season(first_on=date(2026, 9, 22), last_on=date(2026, 9, 29), slots=(late,)), NO_HOLIDAYS),
    ]

    tuesday, thursday, next_tuesday, next_thursday = old
    change = changes(old, new, with_signups={tuesday.key, thursday.key})

    assert change == SeasonChange(
        kept=(tuesday,),
        retimed=((next_tuesday, new[1]),),
        added=(new[2],),
        dropped_free=(next_thursday,),
        dropped_with_signups=(thursday,),
    )
