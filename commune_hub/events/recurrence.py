"""Seasons: rules of recurrence, the dates they make, what is left out and why, and what a change would do.

A rule is a small part of RFC 5545: DAILY, WEEKLY or MONTHLY with INTERVAL, BYDAY (also 2WE, -1WE), BYSETPOS
and COUNT. The end is always the season's last day, so UNTIL is refused. COUNT counts the dates of the rule
before holidays and hand-picked days are left out, as the standard has it.

Everything is reckoned in the wall time of Luxembourg, whatever the server's own zone is: 18:30 stays 18:30
across both clock changes. A time that does not exist (02:30 on the last Sunday of March) moves forward by the
hour that is missing, to 03:30; a time that exists twice (02:30 on the last Sunday of October) means the first
one. A meeting lasts its minutes by the stopwatch.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice

from dateutil import rrule

from commune_hub.base.errors import InputCode
from commune_hub.base.words import LOCAL
from commune_hub.events.holidays import Holidays

MOST_DATES = 400
MOST_SLOTS = 6
LONGEST_SEASON = timedelta(days=731)
LONGEST_MEETING = 12 * 60
_LONGEST_RULE_TEXT = 200


class Frequency(StrEnum):
    """How often a rule comes round."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


class Weekday(StrEnum):
    """A day of the week, by its two letters in RFC 5545."""

    MONDAY = "MO"
    TUESDAY = "TU"
    WEDNESDAY = "WE"
    THURSDAY = "TH"
    FRIDAY = "FR"
    SATURDAY = "SA"
    SUNDAY = "SU"

    @property
    def number(self) -> int:
        """As `date.weekday()` counts: Monday is 0."""
        return list(Weekday).index(self)

    @classmethod
    def of(cls, day: date) -> "Weekday":
        return list(cls)[day.weekday()]


class RuleFault(StrEnum):
    """Why a rule is not taken."""

    NOT_A_RULE = "not_a_rule"
    TOO_OFTEN = "rule_too_often"
    PART_NOT_SUPPORTED = "rule_part_not_supported"
    ENDS_BY_ITSELF = "rule_ends_by_itself"
    NEVER_MATCHES = "rule_never_matches"


@dataclass(frozen=True, slots=True)
class RuleDay:
    """A weekday in a rule: every one (nth 0), or the nth of the month, counted from its end when negative."""

    weekday: Weekday
    nth: int = 0

    @property
    def text(self) -> str:
        return f"{self.nth or ''}{self.weekday}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was checked; `text` is its one way to be written."""

    frequency: Frequency
    interval: int = 1
    days: tuple[RuleDay, ...] = ()
    positions: tuple[int, ...] = ()
    count: int | None = None

    @property
    def text(self) -> str:
        parts = [f"FREQ={self.frequency}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.days:
            parts.append("BYDAY=" + ",".join(day.text for day in self.days))
        if self.positions:
            parts.append("BYSETPOS=" + ",".join(str(position) for position in self.positions))
        if self.count:
            parts.append(f"COUNT={self.count}")
        return ";".join(parts)


@dataclass(frozen=True, slots=True)
class Slot:
    """One part of a meeting day: when it starts on the wall clock, and how many minutes it lasts."""

    starts: time
    minutes: int


@dataclass(frozen=True, slots=True)
class Season:
    """When an activity meets, from one day to another: a rule (text, or none), loose dates, exceptions."""

    first_on: date
    last_on: date
    slots: tuple[Slot, ...]
    rrule: str = ""
    extra_on: frozenset[date] = frozenset()
    skipped_on: frozenset[date] = frozenset()
    skip_public_holidays: bool = True
    skip_school_holidays: bool = False


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One meeting that a season makes: its local day, which slot (from 0), start and end in UTC."""

    on: date
    slot: int
    starts_at: datetime
    ends_at: datetime

    @property
    def key(self) -> tuple[date, int]:
        """What stays the same when only the hour changes."""
        return (self.on, self.slot)


class LeftOutReason(StrEnum):
    """Why a day of the rule has no meeting."""

    BY_HAND = "left_out_by_hand"
    PUBLIC_HOLIDAY = "left_out_public_holiday"
    SCHOOL_HOLIDAY = "left_out_school_holiday"


class RhythmKind(StrEnum):
    """The shapes of a season that a door has a sentence for; IRREGULAR is told by its dates."""

    ONCE = "once"
    LOOSE_DATES = "loose_dates"
    EVERY_N_DAYS = "every_n_days"
    EVERY_N_WEEKS = "every_n_weeks"
    NTH_OF_MONTH = "nth_of_month"
    DAY_OF_MONTH = "day_of_month"
    IRREGULAR = "irregular"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The facts of "every second Tuesday": its kind, every how many days, weeks or months, which days.

    `nths` holds 1..5 and, counted from the end, -1..-5; `day_of_month` only with DAY_OF_MONTH; `loose` is how
    many loose dates there are.
    """

    kind: RhythmKind
    every: int = 1
    weekdays: tuple[Weekday, ...] = ()
    nths: tuple[int, ...] = ()
    day_of_month: int | None = None
    loose: int = 0


@dataclass(frozen=True, slots=True)
class SeasonChange:
    """What a new season does to the meetings of an old one. Those with sign-ups are never dropped unsaid."""

    kept: tuple[Occurrence, ...] = ()
    retimed: tuple[tuple[Occurrence, Occurrence], ...] = ()
    added: tuple[Occurrence, ...] = ()
    dropped_free: tuple[Occurrence, ...] = ()
    dropped_with_signups: tuple[Occurrence, ...] = ()


# -- rules ------------------------------------------------------------


def weekly(weekdays: Collection[Weekday], interval: int = 1) -> Rule:
    """On these weekdays, every week or every `interval` weeks from the week of the season's first day on."""
    return Rule(Frequency.WEEKLY, interval=interval, days=_in_order(RuleDay(day) for day in weekdays))


def monthly(nth: int, weekday: Weekday, interval: int = 1) -> Rule:
    """The nth such weekday of every month (or every `interval` months); -1 is the last."""
    return Rule(Frequency.MONTHLY, interval=interval, days=(RuleDay(weekday, nth),))


def parse_rule(text: str) -> Rule | RuleFault:
    """A rule in the words of RFC 5545, in any case, with or without "RRULE:" before it."""
    text = text.strip().upper().removeprefix("RRULE:")
    if len(text) > _LONGEST_RULE_TEXT or not text.isascii():
        return RuleFault.NOT_A_RULE
    pairs = [part.partition("=")[::2] for part in text.rstrip(";").split(";")]
    parts = dict(pairs)
    if len(parts) != len(pairs) or not all(parts.values()):
        return RuleFault.NOT_A_RULE
    if fault := _unwanted_part(parts):
        return fault
    days = _days_from(parts.get("BYDAY"))
    positions = _numbers_from(parts.get("BYSETPOS"), r"[+-]?[1-9]\d?")
    count = _numbers_from(parts.get("COUNT"), r"[1-9]\d{0,2}")
    interval = _numbers_from(parts.get("INTERVAL"), r"[1-9]\d?")
    if days is None or positions is None or count is None or interval is None:
        return RuleFault.NOT_A_RULE
    if len(count) > 1 or len(interval) > 1:
        return RuleFault.NOT_A_RULE
    rule = Rule(
        frequency=Frequency(parts["FREQ"]),
        interval=interval[0] if interval else 1,
        days=days,
        positions=positions,
        count=count[0] if count else None,
    )
    # Every day, but only on Mondays: that is every Monday.
    if rule.frequency is Frequency.DAILY and rule.interval == 1 and rule.days:
        rule = replace(rule, frequency=Frequency.WEEKLY)
    return _fault_in(rule) or rule


_KNOWN_PARTS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYSETPOS", "COUNT", "WKST"})
_STANDARD_PARTS = _KNOWN_PARTS | {
    "UNTIL", "BYSECOND", "BYMINUTE", "BYHOUR", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH",
}  # fmt: skip
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})


def _unwanted_part(parts: dict[str, str]) -> RuleFault | None:
    if "FREQ" not in parts or not parts.keys() <= _STANDARD_PARTS:
        return RuleFault.NOT_A_RULE
    if parts["FREQ"] in _TOO_OFTEN:
        return RuleFault.TOO_OFTEN
    if "UNTIL" in parts:
        return RuleFault.ENDS_BY_ITSELF
    if parts["FREQ"] == "YEARLY" or not parts.keys() <= _KNOWN_PARTS or parts.get("WKST", "MO") != "MO":
        return RuleFault.PART_NOT_SUPPORTED
    return None if parts["FREQ"] in list(Frequency) else RuleFault.NOT_A_RULE


def _fault_in(rule: Rule) -> RuleFault | None:
    """What dateutil would answer with an error, or with a search to the year 9999 that finds nothing."""
    if rule.frequency is not Frequency.MONTHLY and (rule.positions or any(day.nth for day in rule.days)):
        return RuleFault.PART_NOT_SUPPORTED
    if rule.positions and (not rule.days or any(day.nth for day in rule.days)):
        return RuleFault.PART_NOT_SUPPORTED
    # Every second February has no fifth Monday in any odd year.
    if rule.frequency is Frequency.MONTHLY and rule.interval > 12:
        return RuleFault.PART_NOT_SUPPORTED
    # A month has each weekday at least four times, so that such a position always exists.
    if any(abs(position) > 4 * len(rule.days) for position in rule.positions):
        return RuleFault.NEVER_MATCHES
    return None


def _days_from(text: str | None) -> tuple[RuleDay, ...] | None:
    if text is None:
        return ()
    found = [re.fullmatch(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", part) for part in text.split(",")]
    if not all(found):
        return None
    return _in_order(RuleDay(Weekday(match[2]), int(match[1] or 0)) for match in found if match)


def _numbers_from(text: str | None, shape: str) -> tuple[int, ...] | None:
    if text is None:
        return ()
    words = text.split(",")
    if not all(re.fullmatch(shape, word) for word in words):
        return None
    return tuple(sorted({int(word) for word in words}, key=lambda number: (number < 0, number)))


def _in_order(days: Iterable[RuleDay]) -> tuple[RuleDay, ...]:
    return tuple(sorted(set(days), key=lambda day: (day.nth < 0, day.nth, day.weekday.number)))


# -- seasons ------------------------------------------------------------


def problems_of(season: Season) -> dict[str, InputCode]:
    """What is wrong, by field of the season; empty when its dates can be made."""
    problems: dict[str, InputCode] = {}
    if season.last_on < season.first_on:
        problems["last_on"] = InputCode.END_BEFORE_START
    elif season.last_on - season.first_on > LONGEST_SEASON:
        problems["last_on"] = InputCode.SEASON_TOO_LONG
    if code := _problem_of_slots(season.slots):
        problems["slots"] = code
    if len(season.extra_on) > MOST_DATES:
        problems["extra_on"] = InputCode.TOO_MANY_DATES
    elif any(not season.first_on <= day <= season.last_on for day in season.extra_on):
        problems["extra_on"] = InputCode.OUTSIDE_SEASON
    if len(season.skipped_on) > MOST_DATES:
        problems["skipped_on"] = InputCode.TOO_MANY_DATES
    if season.rrule and isinstance(parse_rule(season.rrule), RuleFault):
        problems["rrule"] = InputCode.NOT_A_RULE
    if not problems:
        days = len(_days_of(season))
        if days == 0:
            problems["rrule"] = InputCode.NO_DATES
        elif days > MOST_DATES:
            problems["rrule"] = InputCode.TOO_MANY_DATES
    return problems


def dates_of(season: Season, holidays: Holidays) -> list[Occurrence]:
    """Every meeting of the season in order of time. Raises ValueError for a season with problems."""
    found = [
        Occurrence(day, number, starts_at, starts_at + timedelta(minutes=slot.minutes))
        for day in _checked_days_of(season)
        if _reason_without(day, season, holidays) is None
        for number, slot in enumerate(season.slots)
        for starts_at in [wall_clock(day, slot.starts)]
    ]
    return sorted(found, key=lambda occurrence: (occurrence.starts_at, occurrence.slot))


def left_out(season: Season, holidays: Holidays) -> list[tuple[date, LeftOutReason]]:
    """The days of the season without a meeting, each with the first reason that holds.

    A loose date was picked by hand, so that no holiday takes it out; only a hand does.
    """
    days = [(day, _reason_without(day, season, holidays)) for day in _checked_days_of(season)]
    return [(day, reason) for day, reason in days if reason is not None]


def wall_clock(day: date, clock: time) -> datetime:
    """The UTC instant at which the clocks of Luxembourg show this time (the module's first lines say how)."""
    # With fold 0, zoneinfo reckons a missing hour with the offset before the gap, which lands after it.
    return datetime.combine(day, clock.replace(fold=0), tzinfo=LOCAL).astimezone(UTC)


def _reason_without(day: date, season: Season, holidays: Holidays) -> LeftOutReason | None:
    if day in season.skipped_on:
        return LeftOutReason.BY_HAND
    if day in season.extra_on:
        return None
    if season.skip_public_holidays and day in holidays.public:
        return LeftOutReason.PUBLIC_HOLIDAY
    if season.skip_school_holidays and day in holidays.school:
        return LeftOutReason.SCHOOL_HOLIDAY
    return None


def _problem_of_slots(slots: tuple[Slot, ...]) -> InputCode | None:
    if not slots:
        return InputCode.REQUIRED
    if len(slots) > MOST_SLOTS:
        return InputCode.TOO_LARGE
    if any(slot.starts.tzinfo or slot.starts.second or slot.starts.microsecond for slot in slots):
        return InputCode.NOT_A_TIME
    if any(slot.minutes < 1 for slot in slots):
        return InputCode.END_BEFORE_START
    if any(slot.minutes > LONGEST_MEETING for slot in slots):
        return InputCode.TOO_LARGE
    if len({slot.starts for slot in slots}) < len(slots):
        return InputCode.SAME_TIME_TWICE
    return None


def _checked_days_of(season: Season) -> list[date]:
    if problems := problems_of(season):
        raise ValueError(f"a season with problems has no dates: {problems}")
    return _days_of(season)


def _days_of(season: Season) -> list[date]:
    """Days of the rule and loose days, nothing left out yet; one more than allowed at most."""
    rule = parse_rule(season.rrule) if season.rrule else None
    by_rule = _rule_days(rule, season.first_on, season.last_on) if isinstance(rule, Rule) else iter(())
    return sorted({*islice(by_rule, MOST_DATES + 1), *season.extra_on})


_DATEUTIL = {Frequency.DAILY: rrule.DAILY, Frequency.WEEKLY: rrule.WEEKLY, Frequency.MONTHLY: rrule.MONTHLY}


def _rule_days(rule: Rule, first_on: date, last_on: date) -> Iterator[date]:
    weekdays = [rrule.weekday(day.weekday.number, day.nth or None) for day in rule.days]
    daily = rule.frequency is Frequency.DAILY
    found = rrule.rrule(
        _DATEUTIL[rule.frequency],
        dtstart=datetime.combine(first_on, time()),
        until=datetime.combine(last_on, time()),
        interval=rule.interval,
        wkst=rrule.MO,
        # "Every 7 days, on Tuesdays" from a Monday never comes true; dateutil would look until the year 9999.
        byweekday=None if daily else weekdays or None,
        bysetpos=rule.positions or None,
    )
    wanted = {day.weekday.number for day in rule.days} if daily and rule.days else set(range(7))
    days = (moment.date() for moment in found if moment.weekday() in wanted)
    return islice(days, rule.count)


# -- telling ------------------------------------------------------------


def describe(season: Season) -> Rhythm:
    """The shape of a season, from which a door makes its sentence; an unreadable rule is IRREGULAR."""
    loose = len(season.extra_on)
    if not season.rrule:
        return Rhythm(RhythmKind.ONCE if loose == 1 else RhythmKind.LOOSE_DATES, loose=loose)
    rule = parse_rule(season.rrule)
    if isinstance(rule, RuleFault):
        return Rhythm(RhythmKind.IRREGULAR, loose=loose)
    if rule.frequency is Frequency.MONTHLY:
        return _rhythm_by_month(rule, season.first_on, loose)
    weekdays = tuple(day.weekday for day in rule.days)
    if rule.frequency is Frequency.WEEKLY:
        weekdays = weekdays or (Weekday.of(season.first_on),)
        return Rhythm(RhythmKind.EVERY_N_WEEKS, rule.interval, weekdays, loose=loose)
    if weekdays:
        return Rhythm(RhythmKind.IRREGULAR, loose=loose)
    return Rhythm(RhythmKind.EVERY_N_DAYS, rule.interval, loose=loose)


def _rhythm_by_month(rule: Rule, first_on: date, loose: int) -> Rhythm:
    weekdays = tuple(dict.fromkeys(day.weekday for day in rule.days))
    nths = rule.positions or tuple(day.nth for day in rule.days)
    if not rule.days:
        return Rhythm(RhythmKind.DAY_OF_MONTH, rule.interval, day_of_month=first_on.day, loose=loose)
    if len(weekdays) == 1 and all(nths):
        return Rhythm(RhythmKind.NTH_OF_MONTH, rule.interval, weekdays, nths, loose=loose)
    if rule.interval == 1 and not any(nths):
        return Rhythm(RhythmKind.EVERY_N_WEEKS, 1, weekdays, loose=loose)
    return Rhythm(RhythmKind.IRREGULAR, loose=loose)


def changes(
    old: Sequence[Occurrence], new: Sequence[Occurrence], with_signups: Collection[tuple[date, int]]
) -> SeasonChange:
    """What happens to the old meetings when new ones take their place; `with_signups` are keys (day, slot).

    The same day and slot at another hour is the same meeting, retimed: people keep their seats and are told.
    """
    before = {occurrence.key: occurrence for occurrence in old}
    after = {occurrence.key: occurrence for occurrence in new}
    dropped = [occurrence for occurrence in old if occurrence.key not in after]
    return SeasonChange(
        kept=tuple(occurrence for occurrence in old if after.get(occurrence.key) == occurrence),
        retimed=tuple(
            (occurrence, after[occurrence.key])
            for occurrence in old
            if occurrence.key in after and after[occurrence.key] != occurrence
        ),
        added=tuple(occurrence for occurrence in new if occurrence.key not in before),
        dropped_free=tuple(occurrence for occurrence in dropped if occurrence.key not in with_signups),
        dropped_with_signups=tuple(occurrence for occurrence in dropped if occurrence.key in with_signups),
    )
