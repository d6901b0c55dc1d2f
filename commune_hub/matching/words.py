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


class Part(StrEnum):
    """What makes one pair better than another; their weights are a setting."""

    NEAR = "near"
    TIMES = "times"
    LEVEL = "level"
    SHARED = "shared"
    WAITING = "waiting"


class Method(StrEnum):
    """Which pairs a run looked at: all possible ones, or the best few of each learner."""

    COMPLETE = "complete"
    BEST_FEW = "best_few"


class LineState(StrEnum):
    """What a plan says of a learner: a coach proposed by the rules, one fixed by ASTI, or nobody."""

    PLANNED = "planned"
    LOCKED = "locked"
    NOBODY = "nobody"


class Mark(StrEnum):
    """What ASTI says of a pair in a plan: it stays, or it is not to be."""

    LOCKED = "locked"
    TAKEN_OUT = "taken_out"


class Without(StrEnum):
    """Why a plan has nobody for a learner; what could be changed comes first."""

    OTHERS_FIRST = "others_first"
    TAKEN_OUT = "taken_out"
    TOO_FAR = "too_far"
    NO_COMMON_TIME = "no_common_time"
    NOT_FREE = "not_free"
    NO_SHARED_LANGUAGE = "no_shared_language"
    LEVEL = "level"
    MINOR = "minor"
    NOT_QUALIFIED = "not_qualified"
    NO_CHARTER = "no_charter"
    NOT_ACTIVE = "not_active"
    OTHER_LANGUAGE = "other_language"
    SEVERAL = "several"


class PairingRefusal(StrEnum):
    """Why a plan is not changed as somebody wished."""

    NOT_POSSIBLE = "pairing_not_possible"
