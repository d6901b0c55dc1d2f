"""The glossary of activities, seats and sign-ups as code."""

from enum import StrEnum

# A word of the floor below, which the law speaks of too; activities name it with theirs.
from commune_hub.schemes.words import CefrLevel as CefrLevel


class ActivityKind(StrEnum):
    """What kind of activity it is; each kind has its own rules and defaults (events/rules.py)."""

    CONVERSATION_TABLE = "conversation_table"
    LANGUAGE_CAFE = "language_cafe"
    COACHING = "coaching"
    VOLUNTEER_COURSE = "volunteer_course"
    CONVENTIONED_COURSE = "conventioned_course"
    CIVIC_COURSE = "civic_course"
    ORIENTATION_DAY = "orientation_day"
    VOLUNTEER_TRAINING = "volunteer_training"
    EXCHANGE_DAY = "exchange_day"


# Kinds that a visitor searches for; the others reach their people by invitation or in the volunteers' pages.
SEARCHABLE = frozenset(
    {
        ActivityKind.CONVERSATION_TABLE,
        ActivityKind.LANGUAGE_CAFE,
        ActivityKind.VOLUNTEER_COURSE,
        ActivityKind.CONVENTIONED_COURSE,
        ActivityKind.CIVIC_COURSE,
    }
)


class ActivityState(StrEnum):
    """Where an activity stands: draft, published, archived."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class SignupMode(StrEnum):
    """How one takes part."""

    SIGN_UP = "sign_up"
    DROP_IN = "drop_in"
    WHOLE_COURSE = "whole_course"
    INVITATION = "invitation"
    ON_REQUEST = "on_request"


class RegistrationBy(StrEnum):
    """Who takes the registrations (DOMAIN.md K11)."""

    HUB = "hub"
    PROVIDER = "provider"
    AUTHORITY = "authority"
    COMMUNE = "commune"


class PriorityRule(StrEnum):
    """What a priority does for a kind of activity."""

    NONE = "none"
    QUEUE_ONLY = "queue_only"
    RESERVED = "reserved"
    SIGNATORIES_ONLY = "signatories_only"


class CountsFor(StrEnum):
    """Which obligation attendance may count for; practice never meets one (DOMAIN.md K18)."""

    NOTHING = "nothing"
    LANGUAGE_COURSE = "language_course"
    CIVIC_COURSE = "civic_course"
    ORIENTATION_DAY = "orientation_day"


class AttendanceMode(StrEnum):
    """Where the activity takes place."""

    ON_SITE = "on_site"
    ONLINE = "online"
    BOTH = "both"


class TextField(StrEnum):
    """A text that an organiser may write in any interface language."""

    TITLE = "title"
    DESCRIPTION = "description"
    AUDIENCE = "audience"
    PRICE = "price"


class MeetingState(StrEnum):
    """Whether a meeting takes place."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class CancelReason(StrEnum):
    """Why an organiser cancels a meeting."""

    HOST_ILL = "host_ill"
    VENUE_CLOSED = "venue_closed"
    TOO_FEW = "too_few"
    WEATHER = "weather"
    OTHER = "other"


class SignupState(StrEnum):
    """Where a sign-up stands."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


HOLDS_A_SEAT = frozenset({SignupState.CONFIRMED, SignupState.OFFERED})
LIVE = frozenset({SignupState.CONFIRMED, SignupState.OFFERED, SignupState.WAITING})


class SignupChannel(StrEnum):
    """How a sign-up came in."""

    WEB = "web"
    COUNTER = "counter"
    IMPORT = "import"
    WALK_IN = "walk_in"


class PriorityReason(StrEnum):
    """Why somebody comes first in the queue (RGD art. 15(3); document 002 "en priorité")."""

    SIGNATORY = "signatory"


class DateKind(StrEnum):
    """A date set by hand: added to the rule or left out."""

    EXTRA = "extra"
    SKIPPED = "skipped"


class SeatRefusal(StrEnum):
    """Why there is no seat."""

    SIGNUP_CLOSED = "signup_closed"
    WAITING_LIST_FULL = "waiting_list_full"
    ALREADY_SIGNED_UP = "already_signed_up"
    CANCELLED_MEETING = "cancelled_meeting"
    NOT_PUBLISHED = "not_published"
    NO_SIGNUP_HERE = "no_signup_here"
    SIGNATORIES_ONLY = "signatories_only"
    NOTHING_TO_CANCEL = "nothing_to_cancel"
    MEETING_OVER = "meeting_over"
    OFFER_RAN_OUT = "offer_ran_out"
    NOT_WAITING = "not_waiting"


class ActivityRefusal(StrEnum):
    """Why a doing with an activity is refused."""

    NO_DATES_LEFT = "no_dates_left"
    NOTHING_TO_PUBLISH = "nothing_to_publish"
    SIGNUPS_WOULD_BE_LOST = "signups_would_be_lost"
    ALREADY_CANCELLED = "already_cancelled"
    MEETING_IN_THE_PAST = "meeting_in_the_past"
    COURSE_HAS_BEGUN = "course_has_begun"
    NO_CONVENTION_REFERENCE = "no_convention_reference"
    VENUE_IN_USE = "venue_in_use"


class AttendanceState(StrEnum):
    """Whether a person was at a meeting."""

    UNKNOWN = "unknown"
    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"
    CANCELLED_BY_ORGANISER = "cancelled_by_organiser"


class CertificateBasis(StrEnum):
    """What a certificate asks for."""

    SHARE = "share"
    ALL_MODULES = "all_modules"
    HOURS = "hours"
    MOST_MISSED = "most_missed"


class CertificateBar(StrEnum):
    """Why there is no certificate (yet)."""

    NOTHING_HELD = "nothing_held"
    UNKNOWN_ATTENDANCE = "unknown_attendance"
    MODULE_NOT_REPLACED = "module_not_replaced"
    NOT_OVER = "not_over"
    TOO_LITTLE = "too_little"


class AttendanceChannel(StrEnum):
    """How a presence was noted."""

    STAFF = "staff"
    NAME_TAP = "name_tap"
    CARD = "card"
    CHECK_IN = "check_in"
    PAPER = "paper"


# By these the person has signed for the meeting ("sign the attendance sheet at each session", CIV-10).
SIGNED_BY = frozenset(
    {AttendanceChannel.NAME_TAP, AttendanceChannel.CARD, AttendanceChannel.CHECK_IN, AttendanceChannel.PAPER}
)


class Touch(StrEnum):
    """What a button on the roll says."""

    PRESENT = "present"
    ABSENT = "absent"
    EXCUSED = "excused"
    UNKNOWN = "unknown"
    SIGNED = "signed"
    PAPER = "paper"
    WALK_IN = "walk_in"
    ALL = "all"
    FINISH = "finish"


class AttendanceRefusal(StrEnum):
    """Why an attendance is not noted."""

    NOT_BEGUN = "not_begun"
    LOCKED = "locked"
    REASON_NEEDED = "reason_needed"
    NOT_SIGNED_UP = "not_signed_up"
    CHECK_IN_CLOSED = "check_in_closed"
    UNKNOWN_CARD = "unknown_card"
    CALLED_OFF = "called_off"
    NO_NAME = "no_name"
    NO_CONTACT = "no_contact"


class QueueStep(StrEnum):
    """What was decided about a seat; each is a row that the officer and the person can read."""

    SEAT_AT_ONCE = "seat_at_once"
    TO_THE_QUEUE = "to_the_queue"
    SEAT_GIVEN = "seat_given"
    SEAT_OFFERED = "seat_offered"
    OFFER_ACCEPTED = "offer_accepted"
    OFFER_DECLINED = "offer_declined"
    OFFER_RAN_OUT = "offer_ran_out"
    CANCELLED = "cancelled"
    CANCELLED_LATE = "cancelled_late"
    RIGHT_GIVEN = "right_given"
    TAKEN_OFF = "taken_off"
    KEPT_FOR_MORNING = "kept_for_morning"


class QueueRule(StrEnum):
    """The rule by which it was decided."""

    SEAT_WAS_FREE = "seat_was_free"
    TABLE_WAS_FULL = "table_was_full"
    OTHERS_CAME_FIRST = "others_came_first"
    RESERVED_FOR_PRIORITY = "reserved_for_priority"
    RESERVED_FOR_RESIDENTS = "reserved_for_residents"
    RIGHT_TO_THE_SEAT = "right_to_the_seat"
    RESIDENT_FIRST = "resident_first"
    SIGNATORY_FIRST = "signatory_first"
    LONGEST_WAIT = "longest_wait"
    OWN_CHOICE = "own_choice"
    NO_ANSWER = "no_answer"
    QUIET_HOURS = "quiet_hours"
    BY_OFFICER = "by_officer"
    DECISION_DATE = "decision_date"


class CourseState(StrEnum):
    """Where a course with a minimum stands (RGD art. 15(2))."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    POSTPONED = "postponed"


class CourseContent(StrEnum):
    """What a civic course is about: the five subjects of the fact sheet (RGD art. 13 for the aim)."""

    HISTORY = "history"
    RIGHTS_AND_DUTIES = "rights_and_duties"
    VALUES_AND_CUSTOMS = "values_and_customs"
    LANGUAGES = "languages"
    INTERCULTURAL_SOCIETY = "intercultural_society"


class CourseWarning(StrEnum):
    """What is not as a course usually is; only `too_short` and `not_one_course` keep it from being published."""

    TOO_SHORT = "too_short"
    NOT_ONE_COURSE = "not_one_course"
    UNUSUAL_NUMBER = "unusual_number"
    NO_LANGUAGE = "no_language"
    MODULE_MISSING = "module_missing"
    NO_HANDBOOK = "no_handbook"
    CONTENTS_MISSING = "contents_missing"


class CourseRefusal(StrEnum):
    """Why a doing with a course, a venue offer or an invitation is refused."""

    TOO_SHORT = "course_too_short"
    NOT_ONE_COURSE = "course_not_one"
    HAS_BEGUN = "course_begun"
    ALREADY_CONFIRMED = "course_already_confirmed"
    TOO_FEW = "course_too_few"
    NOT_DECIDED_HERE = "course_not_decided_here"
    ALREADY_REPLACED = "module_already_replaced"
    NOT_CANCELLED = "module_not_cancelled"
    NO_CONVENTION = "course_no_convention"
    OFFER_IS_GONE = "offer_is_gone"
    NO_ORGANISATION = "no_organisation_to_take_it"
    OFFER_IN_THE_PAST = "offer_in_the_past"
    NOT_AN_ORIENTATION_DAY = "not_an_orientation_day"
    INVITATION_CLOSED = "invitation_closed"


class MessageRefusal(StrEnum):
    """Why a message to the people of a meeting, or an answer of theirs, is refused."""

    TOO_LATE = "message_too_late"
    NOBODY_TO_TELL = "message_to_nobody"
    ANSWERED_ALREADY = "questions_answered"
    QUESTIONS_CLOSED = "questions_closed"


class CertificateState(StrEnum):
    """Where a certificate stands."""

    PREPARED = "prepared"
    ISSUED = "issued"
    VOID = "void"


class IssuedBy(StrEnum):
    """Who issues a certificate: by itself, or with one click on a prepared batch."""

    ORGANISER = "organiser"
    PROVIDER = "provider"
    ADULT_EDUCATION = "adult_education"
    AUTHORITY = "authority"


class VoidReason(StrEnum):
    """Why a certificate no longer holds."""

    CORRECTED = "corrected"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class CertificateRefusal(StrEnum):
    """Why a doing with a certificate is refused."""

    NOT_YET = "not_yet"
    ALREADY_RELEASED = "already_released"
    NOTHING_TO_RELEASE = "nothing_to_release"
    NOT_ISSUED = "not_issued"
    NO_ISSUER = "no_issuer"
    RECORD_CHANGED = "record_changed"


class AlertState(StrEnum):
    """Where a "tell me" stands."""

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class VenueOfferState(StrEnum):
    """Where the offer of a venue for a civic course stands."""

    OPEN = "open"
    TAKEN = "taken"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
