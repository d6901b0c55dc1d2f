"""The glossary of people and organisations: roles, kinds, reasons."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """What kind of body an organisation is."""

    COMMUNE = "commune"
    SYNDICATE = "syndicate"
    ASSOCIATION = "association"
    AUTHORITY = "authority"


class AfterNoShow(StrEnum):
    """What follows when somebody did not come and said nothing; never an exclusion."""

    NOTHING = "nothing"
    REMINDER = "reminder"
    ASK_AGAIN = "ask_again"


class Role(StrEnum):
    """What an account may be, most of them within one organisation."""

    OFFICER = "officer"
    COORDINATOR = "coordinator"
    ASTI = "asti"
    NATIONAL_OFFICER = "national_officer"
    DIRECTOR = "director"
    AUDITOR = "auditor"
    ADMIN = "admin"


STAFF = frozenset(Role)
OF_ONE_ORGANISATION = frozenset({Role.OFFICER, Role.COORDINATOR})


class ContactKind(StrEnum):
    """How a person can be reached."""

    MAIL = "mail"
    PHONE = "phone"


class SessionKind(StrEnum):
    """How long a sign-in lasts and what it opens."""

    OWN_PHONE = "own_phone"
    SHARED_PHONE = "shared_phone"
    STAFF = "staff"


class AccountRefusal(StrEnum):
    """Why a doing with accounts is refused."""

    WRONG_LOGIN = "wrong_login"
    WRONG_CODE = "wrong_code"
    WRONG_PASSWORD = "wrong_password"
    TOO_MANY_TRIES = "too_many_tries"
    CODE_EXPIRED = "code_expired"
    INVITATION_EXPIRED = "invitation_expired"
    ALREADY_HAS_ACCOUNT = "already_has_account"
    ALREADY_HAS_ROLE = "already_has_role"
    ACCOUNT_CLOSED = "account_closed"
    LAST_ADMIN = "last_admin"
    ORGANISATION_EXISTS = "organisation_exists"


class Permission(StrEnum):
    """What a route or an action asks for; the table that gives it to roles is accounts/permissions.py."""

    PUBLISH = "publish"
    SEE_SIGNUPS = "see_signups"
    SIGN_UP_OTHERS = "sign_up_others"
    TAKE_ATTENDANCE = "take_attendance"
    CORRECT_LATE = "correct_late"
    EDIT_VENUES = "edit_venues"
    EXPORT_ACTIVITIES = "export_activities"
    INVITE = "invite"
    SEE_OUTBOX = "see_outbox"
    SET_THEME = "set_theme"
    RELEASE_CERTIFICATES = "release_certificates"
    SEE_COURSES = "see_courses"
    CONFIRM_CONVENTIONS = "confirm_conventions"
    TAKE_VENUES = "take_venues"
    INVITE_SIGNATORIES = "invite_signatories"
    SEE_VOLUNTEERS = "see_volunteers"
    LOOK_AFTER_VOLUNTEERS = "look_after_volunteers"
    ASK_SUPPORT = "ask_support"
    ASK_FOR_COACH = "ask_for_coach"
    CARE_FOR_PAIRS = "care_for_pairs"
    ASK_RECORD = "ask_record"
    DECIDE_PAPERS = "decide_papers"
    ANSWER_FOR_RECORD = "answer_for_record"
    READ_TRACES = "read_traces"
    MAKE_PAIRS = "make_pairs"
    SEE_GAPS = "see_gaps"
    MERGE_PEOPLE = "merge_people"
    DECIDE_RETENTION = "decide_retention"


class TracedThing(StrEnum):
    """What was looked at or used; with it goes the composed motive, speech/sentences.py (TRACED, TRACED_WHY)."""

    DESK = "desk"
    MEETING = "meeting"
    ROLL = "roll"
    SHEET = "sheet"
    SIGNUP = "signup"
    MESSAGE = "message"
    LETTERS = "letters"
    PRACTICE_CARD = "practice_card"
    CERTIFICATE = "certificate"
    CERTIFICATE_CHECK = "certificate_check"
    COURSE = "course"
    STAFF = "staff"
    VOLUNTEERS = "volunteers"
    VOLUNTEER = "volunteer"
    COACHING_REQUESTS = "coaching_requests"
    COACHING_REQUEST = "coaching_request"
    PAIR = "pair"
    MATCHING = "matching"
    CONTRACT = "contract"
    ATTESTATIONS = "attestations"
    PERSON_FILE = "person_file"
    PERSON_SEARCH = "person_search"
    EXPORT = "export"
    RETENTION = "retention"
    TRACES = "traces"
    OTHER_PAGE = "other_page"


class TraceChannel(StrEnum):
    """On which way data left."""

    PAGE = "page"
    FILE = "file"
    API = "api"
    COMMAND = "command"


class TraceResult(StrEnum):
    """What became of it: the reason was given, the data were shown, or it was refused."""

    ANNOUNCED = "announced"
    SHOWN = "shown"
    REFUSED = "refused"
