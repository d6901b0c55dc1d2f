"""How the law's months are counted: one reading for terms, vouchers and retention (decision 6, K2)."""

from calendar import monthrange
from datetime import date, timedelta


def after_months(start: date, months: int) -> date:
    """The same day so many months later; where that month has no such day, the first of the next one.

    29 February 2020 and 24 months are 1 March 2022.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    month += 1
    if start.day > monthrange(year, month)[1]:
        return date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, start.day)


def last_day(start: date, months: int) -> date:
    """The last day of a period of so many months that begins on `start`, itself included.

    15 September 2022 and 24 months end on 14 September 2024; 29 February 2020 and 24 months on 28 February 2022.
    """
    return after_months(start, months) - timedelta(days=1)


def age_on(born_on: date, day: date) -> int:
    """How old somebody is, in full years; born on 29 February, one grows older on 1 March of a common year."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
