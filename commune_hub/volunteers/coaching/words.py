"""The glossary of coaching as code: requests, pairs, meetings, and the reasons that people give."""

from enum import StrEnum


class RequestState(StrEnum):
    """Where a request for a coach stands."""

    WAITING = "waiting"
    PROPOSED = "proposed"
    PAIRED = "paired"
    CLOSED = "closed"


class RequestChannel(StrEnum):
    """Who wrote a request down."""

    WEB = "web"
    COUNTER = "counter"
    ASTI = "asti"
    IMPORT = "import"


class PairState(StrEnum):
    """The life of a pair, in the order in which it comes; which steps lead where is rules.STEPS."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    MET = "met"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


# Both have said yes: they know each other's contacts.
TOGETHER = frozenset({PairState.ACCEPTED, PairState.MET, PairState.ACTIVE, PairState.PAUSED})
# They take up a place with the volunteer.
OPEN = TOGETHER | {PairState.PROPOSED}


class PairStep(StrEnum):
    """What can happen to a pair."""

    SAY_YES = "say_yes"
    SAY_NO = "say_no"
    RUN_OUT = "run_out"
    TAKE_BACK = "take_back"
    MEET = "meet"
    PAUSE = "pause"
    GO_ON = "go_on"
    END = "end"


class Side(StrEnum):
    """The two people of a pair."""

    LEARNER = "learner"
    VOLUNTEER = "volunteer"

    @property
    def other(self) -> "Side":
        """The partner's side."""
        return Side.VOLUNTEER if self is Side.LEARNER else Side.LEARNER


class Answer(StrEnum):
    """What somebody says to a proposal."""

    YES = "yes"
    NO = "no"


class PairReason(StrEnum):
    """Why somebody says no, pauses or ends. Nobody is to blame, and the partner never reads it."""

    TIMES = "times"
    TOO_FAR = "too_far"
    NO_TIME = "no_time"
    HEALTH = "health"
    MOVED_AWAY = "moved_away"
    GOAL_REACHED = "goal_reached"
    FOUND_ANOTHER = "found_another"
    NO_CONTACT = "no_contact"
    NOT_A_FIT = "not_a_fit"
    OTHER = "other"
    NOT_SAID = "not_said"


FOR_NO = (
    PairReason.TIMES, PairReason.TOO_FAR, PairReason.NO_TIME, PairReason.FOUND_ANOTHER, PairReason.NOT_A_FIT,
    PairReason.OTHER,
)  # fmt: skip
FOR_PAUSE = (PairReason.NO_TIME, PairReason.HEALTH, PairReason.TIMES, PairReason.OTHER)
FOR_END = (
    PairReason.GOAL_REACHED, PairReason.NO_TIME, PairReason.TIMES, PairReason.MOVED_AWAY, PairReason.HEALTH,
    PairReason.FOUND_ANOTHER, PairReason.NO_CONTACT, PairReason.NOT_A_FIT, PairReason.OTHER,
)  # fmt: skip


class EndedBy(StrEnum):
    """Who brought about the end of a pair, or of a proposal."""

    LEARNER = "learner"
    VOLUNTEER = "volunteer"
    ASTI = "asti"
    NO_ANSWER = "no_answer"


class NextWish(StrEnum):
    """What somebody would like after a pair has ended."""

    NEW_PAIR = "new_pair"
    TABLE = "table"
    NOTHING = "nothing"


class PairMeetingState(StrEnum):
    """A meeting of a pair: a date first, then hours that the coach wrote down and the learner confirmed."""

    PLANNED = "planned"
    LOGGED = "logged"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    NOT_HELD = "not_held"


# It took place as far as anybody knows; a day has one of them at most.
HELD = frozenset({PairMeetingState.LOGGED, PairMeetingState.CONFIRMED, PairMeetingState.DISPUTED})


class MeetingWay(StrEnum):
    """Where a pair meets; a home only when both chose it."""

    PUBLIC = "public"
    ONLINE = "online"
    HOME = "home"


class Phrase(StrEnum):
    """Ready sentences, shown in the reader's language and in the one that the pair practises."""

    HELLO = "hello"
    SUITS_ME = "suits_me"
    ANOTHER_TIME = "another_time"
    LATE = "late"
    CANNOT_COME = "cannot_come"
    THANK_YOU = "thank_you"


class Quiet(StrEnum):
    """Why a pair is called inactive."""

    NO_FIRST_MEETING = "no_first_meeting"
    NO_MEETING = "no_meeting"


class CallReason(StrEnum):
    """Why ASTI should call, the most pressing first."""

    HELP_ASKED = "help_asked"
    DISPUTED = "disputed"
    NO_FIRST_MEETING = "no_first_meeting"
    NO_MEETING = "no_meeting"
    NO_ANSWER = "no_answer"
    LONG_PAUSE = "long_pause"


class Obstacle(StrEnum):
    """What stands between a learner and a volunteer. Those of rules.NEVER hold for everybody, also for ASTI."""

    SAME_PERSON = "same_person"
    NOT_FREE = "not_free"
    NOT_ACTIVE = "not_active"
    OTHER_LANGUAGE = "other_language"
    SAID_NO = "said_no"
    MINOR = "minor"
    NO_CHARTER = "no_charter"
    NOT_QUALIFIED = "not_qualified"
    LEVEL = "level"
    NO_COMMON_TIME = "no_common_time"
    TOO_FAR = "too_far"
    NO_SHARED_LANGUAGE = "no_shared_language"


class CoachingRefusal(StrEnum):
    """Why a doing with requests and pairs is refused."""

    LEVEL_TOO_LOW = "coaching_level_too_low"
    ALREADY_ASKED = "coaching_already_asked"
    NOT_WAITING = "coaching_not_waiting"
    NO_SUCH_STEP = "coaching_no_such_step"
    ALREADY_ANSWERED = "coaching_already_answered"
    CONTACT_IN_MESSAGE = "coaching_contact_in_message"
    TOO_MANY_MESSAGES = "coaching_too_many_messages"
    HOME_NOT_CHOSEN = "coaching_home_not_chosen"
    MET_THAT_DAY = "coaching_met_that_day"
    NOT_YET = "coaching_not_yet"
    TOO_LONG_AGO = "coaching_too_long_ago"
    NOT_TOGETHER = "coaching_not_together"
