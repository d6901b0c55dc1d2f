"""The glossary of volunteers as code."""

from enum import StrEnum


class VolunteerState(StrEnum):
    """Where somebody stands who wants to help, in the order in which it comes; who has paused may come back."""

    ANNOUNCED = "announced"
    INVITED = "invited"
    MET = "met"
    TRAINED = "trained"
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


# Whom one may ask to host or to coach: somebody has talked with them, and they have not stepped back.
HELPING = frozenset({VolunteerState.MET, VolunteerState.TRAINED, VolunteerState.ACTIVE})
# Who has not gone: their own pages are open to them.
PRESENT = frozenset(VolunteerState) - {VolunteerState.LEFT}


class StepBy(StrEnum):
    """Whose doing a step of the life cycle is."""

    OWN = "own"
    STAFF = "staff"
    RULE = "rule"


class LanguageUse(StrEnum):
    """What a volunteer does with a language."""

    OFFERS = "offers"
    UNDERSTANDS = "understands"


class Like(StrEnum):
    """What a volunteer likes to do."""

    COACH = "coach"
    TABLE = "table"
    CAFE = "cafe"
    COURSE = "course"
    ORIENTATION_DAY = "orientation_day"


class HostState(StrEnum):
    """Whether somebody looks after a meeting: does, cannot after all, or somebody else took over."""

    HOSTS = "hosts"
    CANNOT = "cannot"
    REPLACED = "replaced"


class QualifiedBy(StrEnum):
    """What a qualification comes from."""

    TRAINING = "training"
    EXCHANGE_DAY = "exchange_day"


class Unqualified(StrEnum):
    """What an organisation does when a volunteer without a valid qualification is to host or to coach."""

    ALLOW = "allow"
    WARN = "warn"
    REFUSE = "refuse"


class SupportStep(StrEnum):
    """How far a measure is that a commune asked ASTI to help with, from the first idea to the first meeting."""

    IDEA = "idea"
    TALK = "talk"
    PLAN = "plan"
    VOLUNTEERS = "volunteers"
    TRAINING = "training"
    PUBLISHED = "published"
    FIRST_MEETING = "first_meeting"
    DROPPED = "dropped"


class VolunteerRefusal(StrEnum):
    """Why a doing with a volunteer is refused."""

    STEP_NOT_ALLOWED = "step_not_allowed"
    NOT_HELPING = "volunteer_not_helping"
    NOT_QUALIFIED = "volunteer_not_qualified"
    BULLETIN_MISSING = "volunteer_bulletin_missing"
    MEETING_IS_OVER = "volunteer_meeting_is_over"
    SOMEBODY_ELSE_COMES = "volunteer_somebody_else_comes"
    NO_HOURS_YET = "volunteer_no_hours_yet"
    NOT_A_PDF = "material_not_a_pdf"
    FILE_TOO_BIG = "material_file_too_big"
    NOBODY_TO_WRITE_TO = "volunteer_nobody_to_write_to"
