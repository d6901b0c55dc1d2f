"""The glossary of this room: why two people cannot be merged, why something waits for a human, how it was decided."""

from enum import StrEnum


class MergeRefusal(StrEnum):
    """Why two people are not made one."""

    SAME_PERSON = "same_person"
    NOT_TWO_PEOPLE = "not_two_people"
    BOTH_HAVE_A_SEAT = "both_have_a_seat"
    HOLDS_MORE = "holds_more"
    TOO_LATE_TO_UNDO = "too_late_to_undo"


class RightsRefusal(StrEnum):
    """Why something that a person asks for is not done by the page."""

    WORKS_HERE = "works_here"
    CODE_NEEDED = "code_needed"


class CaseReason(StrEnum):
    """Why data whose time is over wait for a human."""

    CONTRACT_RUNNING = "contract_running"
    SEAT_AHEAD = "seat_ahead"
    STILL_HELPS = "still_helps"
    NO_ANCHOR = "no_anchor"


class CaseDecision(StrEnum):
    """What a human decided about them."""

    GO = "go"
    LATER = "later"
