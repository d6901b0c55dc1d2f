"""What the public and the staff read about a course: subjects, handbook, hours, what it may count for."""

from dataclasses import dataclass

from commune_hub.events import courses, rules
from commune_hub.events.actions import courses as actions
from commune_hub.events.actions import publishing
from commune_hub.events.models import Activity
from commune_hub.events.records import Course
from commune_hub.events.rules import KINDS
from commune_hub.events.words import ActivityKind, CourseContent, CourseState, SignupMode
from commune_hub.speech.sentences import COUNTS_FOR, COURSE_CONTENT, COURSE_STATE
from commune_hub.web.i18n import _, speech
from commune_hub.web.request import db

COURSES = frozenset({ActivityKind.CONVENTIONED_COURSE, ActivityKind.CIVIC_COURSE, ActivityKind.ORIENTATION_DAY})


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """Ready words; an empty one is not shown. `programme`: times and what, in order, stands last."""

    state: str
    hours: str
    contents: tuple[str, ...]
    handbook: str
    counts: str
    prices: str
    helpers: str
    programme: tuple[tuple[str, str], ...]


def is_course(activity: Activity) -> bool:
    """Whether the activity has a page as a course: the kinds that may count, and what is signed up for as a whole."""
    return activity.kind in COURSES or activity.signup == SignupMode.WHOLE_COURSE


def course_facts(activity: Activity) -> CourseFacts | None:
    """What is to be said of a course; None of anything else."""
    if not is_course(activity):
        return None
    course = db().get(Course, activity.id)
    civic = activity.kind == ActivityKind.CIVIC_COURSE
    return CourseFacts(
        state=_(COURSE_STATE[CourseState(course.state)]) if course and course.decided_at else "",
        hours=hours_words(activity),
        contents=tuple(_(COURSE_CONTENT[CourseContent(one)]) for one in course.contents) if course and civic else (),
        handbook=course.handbook if course else "",
        counts=counts_words(activity, course),
        prices=prices_words(activity),
        helpers=", ".join(speech().language_name(tag) for tag in course.helpers) if course else "",
        programme=programme_of(course),
    )


def hours_words(activity: Activity) -> str:
    """How long the course lasts in all."""
    minutes = courses.taught_minutes(publishing.modules_of(db(), activity))
    return speech().say_many("One hour in all", "%(num)s hours in all", minutes // 60) if minutes >= 60 else ""


def counts_words(activity: Activity, course: Course | None) -> str:
    """Which obligation attendance may count for: of a conventioned course once its convention is confirmed (K18)."""
    kind = ActivityKind(activity.kind)
    if not rules.may_count(kind, activity.convention_reference):
        return ""
    if kind is ActivityKind.CONVENTIONED_COURSE and not actions.is_confirmed(course, activity):
        return ""
    return _(COUNTS_FOR[KINDS[kind].counts_for])


def prices_words(activity: Activity) -> str:
    """With and without a voucher."""
    if activity.price_cents is None or activity.voucher_price_cents is None:
        return ""
    return _(
        "%(price)s, with a voucher %(voucher)s",
        price=speech().euros(activity.price_cents),
        voucher=speech().euros(activity.voucher_price_cents),
    )


def programme_of(course: Course | None) -> tuple[tuple[str, str], ...]:
    """Stands (without a time: all day) and workshops, by time."""
    points = sorted(course.programme if course else [], key=lambda point: (not point["starts"], point["starts"]))
    return tuple(
        (f"{point['starts']} – {point['ends']}" if point["ends"] else point["starts"] or _("All day"), point["what"])
        for point in points
    )
