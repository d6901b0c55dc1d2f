"""The glossary of the law as code: schemes, obligations, states of a contract, and why a rule says no."""

from enum import IntEnum, StrEnum


class SchemeId(StrEnum):
    """The schemes that the code speaks of by name; others are a data file only, so a column keeps a plain string.

    The CAI can no longer be signed (law of 23 August 2023); its contracts and its record live on.
    """

    LU_CAI = "LU-CAI"
    LU_BIERGERPAKT = "LU-BIERGERPAKT"


class CefrLevel(IntEnum):
    """A level of the Common European Framework with its sub-levels, in order."""

    A1_1 = 1
    A1_2 = 2
    A1 = 3
    A2_1 = 4
    A2_2 = 5
    A2 = 6
    B1_1 = 7
    B1_2 = 8
    B1 = 9
    B2_1 = 10
    B2_2 = 11
    B2 = 12
    C1 = 13
    C2 = 14

    @property
    def label(self) -> str:
        """A1.1, A1, ..."""
        return self.name.replace("_", ".")

    @property
    def main(self) -> str:
        """The level without its sub-level: A1, A2, B1 ..."""
        return self.name[:2]

    @classmethod
    def from_label(cls, label: str) -> "CefrLevel":
        """The level named "A1.2" or "A1". Raises KeyError."""
        return cls[label.strip().upper().replace(".", "_")]


class ObligationKind(StrEnum):
    """What somebody takes on with a contract (RGD art. 3)."""

    LANGUAGE = "language"
    CIVIC = "civic"
    ORIENTATION_DAY = "orientation_day"


class Nature(StrEnum):
    """What is entered into."""

    CONTRACT = "contract"
    MEMBERSHIP = "membership"


class Connection(StrEnum):
    """What ties somebody to the country; one of those that a scheme names is enough."""

    RESIDENCE = "residence"
    WORK = "work"
    FIRST_ADMISSION = "first_admission"


class Status(StrEnum):
    """A situation that may keep somebody out."""

    TEMPORARY_PERMIT = "temporary_permit"
    ASYLUM_APPLICANT = "asylum_applicant"


class StartEvent(StrEnum):
    """What a contract enters into force with."""

    FIRST_MEASURE = "first_measure"
    SIGNATURE = "signature"


class CertifiedBy(StrEnum):
    """Who certifies that an obligation was met."""

    PROVIDER = "provider"
    ADULT_EDUCATION = "adult_education"
    AUTHORITY = "authority"


class Benefit(StrEnum):
    """What a kept contract may be taken into account for; never a promise (K15)."""

    LONG_TERM_RESIDENCE = "long_term_residence"
    NATIONALITY_BY_OPTION = "nationality_by_option"
    MULTI_YEAR_PERMIT = "multi_year_permit"


class Population(StrEnum):
    """Whose data a retention rule is about."""

    CANDIDATES = "candidates"
    SIGNATORIES = "signatories"
    CERTIFICATION_FILE = "certification_file"


class Anchor(StrEnum):
    """The event from which data are kept for so many months (K4, K5)."""

    INFORMATION_SESSION = "information_session"
    SIGNATURE = "signature"
    CONTRACT_END = "contract_end"
    LAST_ACTIVITY = "last_activity"


class RetentionAction(StrEnum):
    """What is done when the time is over: two different operations (K6)."""

    DELETE = "delete"
    ANONYMISE = "anonymise"


class Reliability(StrEnum):
    """How far a source can be trusted, the best first."""

    LAW = "law"
    OFFICIAL = "official"
    SECONDARY = "secondary"
    ASSUMPTION = "assumption"
    UNRELIABLE = "unreliable"


class ContractState(StrEnum):
    """Where a contract or a membership stands. `signed`: nothing has begun, so it has no end date yet (K2)."""

    SIGNED = "signed"
    IN_FORCE = "in_force"
    FULFILLED = "fulfilled"
    ENDED = "ended"


class ObligationState(StrEnum):
    """Whether an obligation is met."""

    MET = "met"
    MISSING = "missing"


class Lack(StrEnum):
    """What one piece of proof lacks, each a criterion with its own source (K7)."""

    WRONG_LANGUAGE = "wrong_language"
    LEVEL_NOT_SHOWN = "level_not_shown"
    LEVEL_TOO_LOW = "level_too_low"
    TOO_LITTLE_ATTENDED = "too_little_attended"
    MODULE_MISSED = "module_missed"
    TOO_SHORT = "too_short"
    EXAM_NOT_PASSED = "exam_not_passed"
    OUTSIDE_THE_CONTRACT = "outside_the_contract"
    TOO_FEW_COURSES = "too_few_courses"


class SigningBar(StrEnum):
    """Why somebody cannot sign or join."""

    NOT_OPEN_YET = "not_open_yet"
    NO_LONGER_OPEN = "no_longer_open"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    NATIONALITY = "nationality"
    NO_CONNECTION = "no_connection"
    NOT_DURABLE = "not_durable"
    EXCLUDED = "excluded"
    NO_SESSION = "no_session"
    SESSION_TOO_LONG_AGO = "session_too_long_ago"


class VoucherBar(StrEnum):
    """Why no voucher is given."""

    NO_VOUCHERS = "no_vouchers"
    ALL_GIVEN = "all_given"
    COURSE_NOT_FINISHED = "course_not_finished"
    TOO_LITTLE_ATTENDED = "voucher_too_little_attended"
    CONTRACT_OVER = "contract_over"


class VoucherState(StrEnum):
    """Where a voucher stands; it must be valid on the day of registration with the provider (K9)."""

    VALID = "valid"
    USED = "used"
    EXPIRED = "expired"


class SecondContractBar(StrEnum):
    """Why there is no second contract (RGD art. 23)."""

    NOT_IN_THIS_SCHEME = "not_in_this_scheme"
    STILL_RUNNING = "still_running"
    NOTHING_MISSING = "nothing_missing"
    NO_LEGITIMATE_REASON = "no_legitimate_reason"
    IS_THE_SECOND = "is_the_second"


class RetentionConflict(StrEnum):
    """Why a human decides instead of the machine."""

    CONTRACT_RUNNING = "contract_running"
    NO_ANCHOR = "no_anchor"
