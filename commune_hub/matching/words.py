"""The words of the search: when, in which order, at what time of day, and the steps out of an empty answer."""

from enum import StrEnum


class When(StrEnum):
    """The days that a search looks at, today first."""

    TODAY = "today"
    WEEK = "week"
    NEXT = "next"
    MONTH = "month"


class DayTime(StrEnum):
    """The time of day, in the words of events/rules.py."""

    DAY = "day"
    EVENING = "evening"


class Order(StrEnum):
    """What comes first."""

    DISTANCE = "distance"
    TIME = "time"


class Need(StrEnum):
    """A yes-or-no filter."""

    BEGINNER = "beginner"
    CHILD_CARE = "kids"
    STEP_FREE = "stepfree"
    FREE_SEATS = "free"
    ONLINE = "online"


class Step(StrEnum):
    """What changes when an empty search is asked again, nearest to the wish first."""

    FARTHER = "farther"
    LATER = "later"
    ANY_DAY = "any_day"
    FULL_TOO = "full_too"
    ANY_LEVEL = "any_level"
    ANY_KIND = "any_kind"
    ANY_NEED = "any_need"
    ONLINE = "online"
    ANY_LANGUAGE = "any_language"
    ANYWHERE = "anywhere"
    EVERYTHING = "everything"


class AlertRefusal(StrEnum):
    """Why a search is not repeated for somebody."""

    TOO_MANY = "too_many"


LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
