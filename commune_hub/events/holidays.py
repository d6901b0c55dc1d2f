"""The days without meetings: Luxembourg's public holidays (reckoned) and school holidays (a hand-made table).

Public holidays come from the `holidays` library, Europe Day (9 May, since 2019) included.

The school holidays are HAND-MADE AND NOT VERIFIED. The school years 2025/26 and 2026/27 follow the calendar
of the education ministry as public lists repeat it; 2027/28 was not published when this was written and is
reckoned from the date of Easter in the manner of earlier years. Doors say so wherever the table is used
(SCHOOL_HOLIDAYS_VERIFIED).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

SCHOOL_HOLIDAYS_VERIFIED = False


class SchoolBreakName(StrEnum):
    """The six breaks of a school year."""

    ALL_SAINTS = "all_saints"
    CHRISTMAS = "christmas"
    CARNIVAL = "carnival"
    EASTER = "easter"
    PENTECOST = "pentecost"
    SUMMER = "summer"


@dataclass(frozen=True, slots=True)
class SchoolBreak:
    """One break, from its first free day to its last, weekends included."""

    name: SchoolBreakName
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Holidays:
    """The days that a season may leave out, each by its own choice."""

    public: frozenset[date] = frozenset()
    school: frozenset[date] = frozenset()


SCHOOL_BREAKS = (
    SchoolBreak(SchoolBreakName.ALL_SAINTS, date(2025, 11, 1), date(2025, 11, 9)),
    SchoolBreak(SchoolBreakName.CHRISTMAS, date(2025, 12, 20), date(2026, 1, 4)),
    SchoolBreak(SchoolBreakName.CARNIVAL, date(2026, 2, 14), date(2026, 2, 22)),
    SchoolBreak(SchoolBreakName.EASTER, date(2026, 3, 28), date(2026, 4, 12)),
    SchoolBreak(SchoolBreakName.PENTECOST, date(2026, 5, 23), date(2026, 5, 31)),
    SchoolBreak(SchoolBreakName.SUMMER, date(2026, 7, 16), date(2026, 9, 14)),
    SchoolBreak(SchoolBreakName.ALL_SAINTS, date(2026, 10, 31), date(2026, 11, 8)),
    SchoolBreak(SchoolBreakName.CHRISTMAS, date(2026, 12, 19), date(2027, 1, 3)),
    SchoolBreak(SchoolBreakName.CARNIVAL, date(2027, 2, 6), date(2027, 2, 14)),
    SchoolBreak(SchoolBreakName.EASTER, date(2027, 3, 27), date(2027, 4, 11)),
    SchoolBreak(SchoolBreakName.PENTECOST, date(2027, 5, 29), date(2027, 6, 6)),
    SchoolBreak(SchoolBreakName.SUMMER, date(2027, 7, 16), date(2027, 9, 14)),
    SchoolBreak(SchoolBreakName.ALL_SAINTS, date(2027, 10, 30), date(2027, 11, 7)),
    SchoolBreak(SchoolBreakName.CHRISTMAS, date(2027, 12, 18), date(2028, 1, 2)),
    SchoolBreak(SchoolBreakName.CARNIVAL, date(2028, 2, 26), date(2028, 3, 5)),
    SchoolBreak(SchoolBreakName.EASTER, date(2028, 4, 8), date(2028, 4, 23)),
    SchoolBreak(SchoolBreakName.PENTECOST, date(2028, 6, 3), date(2028, 6, 11)),
    SchoolBreak(SchoolBreakName.SUMMER, date(2028, 7, 15), date(2028, 9, 14)),
)
SCHOOL_TABLE_FIRST_ON = date(2025, 9, 15)
SCHOOL_TABLE_LAST_ON = date(2028, 9, 14)


def holidays_between(first_on: date, last_on: date) -> Holidays:
    """Every public and school holiday from `first_on` to `last_on`, both included."""
    public = {day for year in range(first_on.year, last_on.year + 1) for day in public_holidays(year)}
    school = {day for pause in SCHOOL_BREAKS for day in _days(pause.first_on, pause.last_on)}
    return Holidays(
        public=frozenset(day for day in public if first_on <= day <= last_on),
        school=frozenset(day for day in school if first_on <= day <= last_on),
    )


def school_breaks_between(first_on: date, last_on: date) -> list[SchoolBreak]:
    """The breaks that touch these days, in order."""
    return [pause for pause in SCHOOL_BREAKS if pause.first_on <= last_on and first_on <= pause.last_on]


def school_table_covers(first_on: date, last_on: date) -> bool:
    """Whether the table knows all of these days; where not, it leaves nothing out and doors must say so."""
    return first_on >= SCHOOL_TABLE_FIRST_ON and last_on <= SCHOOL_TABLE_LAST_ON


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The legal holidays of one year in Luxembourg."""
    # The library takes a third of a second to import, which pages that show no season need not pay.
    from holidays import country_holidays

    return frozenset(country_holidays("LU", years=[year]))


def _days(first_on: date, last_on: date) -> list[date]:
    return [first_on + timedelta(days=n) for n in range((last_on - first_on).days + 1)]
