"""The two ways in which a doing can fail: refused by a rule, or asked with bad input."""

from collections.abc import Mapping, Sequence
from enum import StrEnum


class Refused(Exception):
    """A rule says no. Carries a reason code; only a door turns it into a sentence.

    `ids` may name what the sentence needs (public ids and plain numbers only, never personal data).
    """

    def __init__(self, reason: StrEnum, **ids: str | int) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.ids = ids


class NotFound(Exception):
    """No such thing, or not one that this person may see: both answer alike."""


class InputCode(StrEnum):
    """What can be wrong with one field."""

    REQUIRED = "required"
    REASON_TOO_SHORT = "reason_too_short"
    TOO_LONG = "too_long"
    NOT_A_NUMBER = "not_a_number"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_DATE = "not_a_date"
    NOT_A_TIME = "not_a_time"
    NOT_A_MAIL = "not_a_mail"
    NOT_A_PHONE = "not_a_phone"
    NOT_A_CONTACT = "not_a_contact"
    NOT_A_LINK = "not_a_link"
    NOT_A_RULE = "not_a_rule"
    NOT_A_LANGUAGE = "not_a_language"
    END_BEFORE_START = "end_before_start"
    SEASON_TOO_LONG = "season_too_long"
    NO_DATES = "no_dates"
    TOO_MANY_DATES = "too_many_dates"
    OUTSIDE_SEASON = "outside_season"
    OUTSIDE_MEETING = "outside_meeting"
    SAME_TIME_TWICE = "same_time_twice"
    UNKNOWN_PLACE = "unknown_place"
    UNKNOWN_VENUE = "unknown_venue"
    CONTROL_CHARACTERS = "control_characters"
    PASSWORD_TOO_SHORT = "password_too_short"
    PASSWORD_TOO_LONG = "password_too_long"
    PASSWORD_TOO_COMMON = "password_too_common"
    NOT_THE_SAME = "not_the_same"
    CONTRAST_TOO_LOW = "contrast_too_low"
    NOT_A_COLOUR = "not_a_colour"
    NOT_A_MATRICULE = "not_a_matricule"
    NOT_THIS_BIRTHDAY = "not_this_birthday"
    CONSENT_NEEDED = "consent_needed"
    NO_FILE = "no_file"
    FILE_TOO_LARGE = "file_too_large"
    FILE_WRONG_KIND = "file_wrong_kind"
    FILE_BROKEN = "file_broken"


class Invalid(Exception):
    """Input that cannot be understood: for each field the codes of what is wrong."""

    def __init__(self, problems: Mapping[str, Sequence[InputCode]]) -> None:
        super().__init__(", ".join(f"{field}: {'/'.join(codes)}" for field, codes in problems.items()))
        self.problems = {field: tuple(codes) for field, codes in problems.items()}
