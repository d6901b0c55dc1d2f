"""The Luxembourg matricule: 13 digits, a birth date in which month and day may be 00, a Luhn and a Verhoeff digit."""

from datetime import date
from enum import StrEnum

from stdnum import luhn, verhoeff


class MatriculeFault(StrEnum):
    """What is wrong with a matricule as it was typed."""

    NOT_13_DIGITS = "not_13_digits"
    NO_SUCH_DAY = "no_such_day"
    CHECK_DIGITS = "check_digits"


def compact(typed: str) -> str:
    """The number without what people put between its groups: "1985 0630 990 74" is 1985063099074."""
    return "".join(character for character in typed if character not in " \t\u00a0\u202f.-/")


def fault_in(typed: str) -> MatriculeFault | None:
    """What is wrong with it, or None (règlement grand-ducal of 28 November 2013, art. 1).

    Both check digits are reckoned over the first eleven digits: the Verhoeff digit leaves the Luhn digit out. Who
    reckons it over twelve is right for one number in ten, so that a careless test does not notice. The modulus-11 digit
    of numbers from before July 2014 is not looked at: new numbers have none.
    """
    number = compact(typed)
    if len(number) != 13 or not (number.isascii() and number.isdigit()):
        return MatriculeFault.NOT_13_DIGITS
    if not _may_be_a_day(number[:8]):
        return MatriculeFault.NO_SUCH_DAY
    right = luhn.is_valid(number[:12]) and verhoeff.is_valid(number[:11] + number[12])
    return None if right else MatriculeFault.CHECK_DIGITS


def is_valid(typed: str) -> bool:
    """Whether it can be a matricule; whether somebody has it, only the register knows."""
    return fault_in(typed) is None


def agrees_with(typed: str, birth_date: date) -> bool:
    """Whether the birth date in the number is this one; an unknown month or day (00) agrees with every one."""
    number = compact(typed)
    year, month, day = number[:4], number[4:6], number[6:8]
    return (
        year == f"{birth_date.year:04}"
        and month in ("00", f"{birth_date.month:02}")
        and day in ("00", f"{birth_date.day:02}")
    )


def _may_be_a_day(digits: str) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    try:
        # What is unknown is 00; January has every day that a month can have.
        date(year, month or 1, day or 1)
    except ValueError:
        return False
    return True
