"""Courses of modules for staff: decided or postponed, a module held again, contents, conventions, orientation days."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission
from commune_hub.base.words import LOCAL
from commune_hub.events import courses, permissions, queries
from commune_hub.events.actions import courses as actions
from commune_hub.events.actions import deciding, invitations, publishing
from commune_hub.events.course_inputs import CourseDraft, DecisionDraft, ModuleDraft, PostponeDraft
from commune_hub.events.models import Activity, Meeting, SeatPool
from commune_hub.events.records import Course
from commune_hub.events.words import (
    ActivityKind,
    ActivityState,
    AttendanceMode,
    CourseContent,
    CourseState,
    SignupMode,
)
from commune_hub.speech import dates, telling
from commune_hub.speech.sentences import COUNTS_FOR, COURSE_CONTENT, COURSE_STATE, COURSE_WARNING
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages.course_facts import course_facts, is_course
from commune_hub.web.pages.staff import lines
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, shows

STATE_TAG = {CourseState.OPEN: "", CourseState.CONFIRMED: "ok", CourseState.POSTPONED: "warn"}


@pages.get("/courses")
@staff(Permission.SEE_COURSES)
@shows(NOBODY)
def courses_list() -> ResponseReturnValue:
    """The courses of one's organisations, of all for the authority: state, who enrolled, what is to be done."""
    ours = actor().organisation_ids(Permission.SEE_COURSES)
    states = (ActivityState.DRAFT, ActivityState.PUBLISHED)
    found = [one for one in queries.activities_of(db(), ours, states) if is_course(one) and _may_see(one)]
    year = now().astimezone(LOCAL).year
    national = actor().may(Permission.INVITE_SIGNATORIES, None)
    days = [(one, invitations.days_of_year(db(), one)) for one in (year, year + 1)] if national else []
    return render_template(
        "staff/courses.html",
        rows=[_row(one) for one in found],
        years=[
            (
                str(one),
                speech().say_many(
                    "One orientation day is planned.", "%(num)s orientation days are planned.", len(those)
                ),
                courses.too_few_orientation_days(those, one),
            )
            for one, those in days
        ],
        may_take=actor().may_somewhere(Permission.TAKE_VENUES),
    )


def _may_see(activity: Activity) -> bool:
    return activity.state != ActivityState.DRAFT or permissions.can_edit(actor(), activity)


def _row(activity: Activity) -> tuple[str, str, str, str, str, int]:
    course = db().get(Course, activity.id)
    state = CourseState(course.state) if course else CourseState.OPEN
    words = _(COURSE_STATE[state]) if deciding.is_decided_here(activity) else ""
    first = next(iter(queries.upcoming_meetings(db(), activity.id, now(), limit=1)), None)
    when = lines.short_when(first.starts_at) if first else ""
    url = url_for("staff.course", activity_id=activity.public_id)
    return telling.title_of(activity, speech()), when, words, STATE_TAG[state], url, len(_warnings(activity, course))


def course_of_ours(activity_id: str) -> Activity:
    """The course, if this person may see it. Raises NotFound."""
    found = queries.activity_named(db(), activity_id)
    permissions.must_see_course(actor(), found)
    return found


@pages.route("/activities/<activity_id>/course", methods=["GET", "POST"])
@staff(Permission.SEE_COURSES)
@shows(NOBODY)
def course(activity_id: str) -> ResponseReturnValue:
    """One course: where it stands, what is to be done, what it is about."""
    found = course_of_ours(activity_id)
    if request.method == "GET":
        return _page(found, {})
    back_to("staff.course", activity_id=activity_id)
    ask_again(lambda problems: _page(course_of_ours(activity_id), problems))
    actions.describe(db(), activity=found, draft=CourseDraft.parse(request.form), actor=actor())
    say(N_("It is kept."))
    return go("staff.course", activity_id=activity_id)


def _warnings(activity: Activity, row: Course | None) -> list[str]:
    found = courses.warnings_of(
        publishing.modules_of(db(), activity),
        kind=ActivityKind(activity.kind),
        signup=SignupMode(activity.signup),
        languages=activity.tags,
        contents=row.contents if row else (),
        handbook=row.handbook if row else "",
    )
    return [_(COURSE_WARNING[one]) for one in found]


def _page(found: Activity, problems: Problems) -> str:
    row = db().get(Course, found.id)
    kind = ActivityKind(found.kind)
    facts = course_facts(found)
    typed: Any = request.form if problems else _as_it_stands(row)
    meetings = queries.meetings_of(db(), found.id)
    pool = meetings[0].pool if meetings else None
    decided_here = deciding.is_decided_here(found) and found.state == ActivityState.PUBLISHED and pool is not None
    return render_template(
        "staff/course.html",
        activity=found,
        title=telling.title_of(found, speech()),
        kind=telling.kind_words(found.kind, speech()),
        form=Form(typed, problems),
        facts=facts,
        counts=facts.counts if facts and facts.counts else _counts_for_nothing(found),
        warnings=_warnings(found, row),
        lost=[(one.public_id, dates.meeting_when(one, speech())) for one in actions.to_replace(db(), found)],
        decision=_decision(found, row, pool) if decided_here and pool else None,
        convention=_convention(found, row) if kind is ActivityKind.CONVENTIONED_COURSE else None,
        invited=invitations.counts(db(), found) if kind is ActivityKind.ORIENTATION_DAY else None,
        may_edit=permissions.can_edit(actor(), found),
        may_confirm=actor().may(Permission.CONFIRM_CONVENTIONS, None),
        may_invite=actor().may(Permission.INVITE_SIGNATORIES, None) and found.state == ActivityState.PUBLISHED,
        contents=[(str(one), _(sentence)) for one, sentence in COURSE_CONTENT.items()],
        is_civic=kind is ActivityKind.CIVIC_COURSE,
        is_day=kind is ActivityKind.ORIENTATION_DAY,
        all_contents=len(CourseContent),
    )


def _as_it_stands(row: Course | None) -> dict[str, Any]:
    if row is None:
        return {}
    programme = "\n".join(
        " ".join(filter(None, ("-".join(filter(None, (one["starts"], one["ends"]))), one["what"])))
        for one in row.programme
    )
    return {
        "contents": row.contents, "handbook": row.handbook, "helpers": " ".join(row.helpers), "programme": programme,
    }  # fmt: skip


def _counts_for_nothing(found: Activity) -> str:
    if found.kind == ActivityKind.CONVENTIONED_COURSE:
        return _("Nothing, until the authority has confirmed the convention.")
    return _(COUNTS_FOR[next(iter(COUNTS_FOR))])


def _decision(found: Activity, row: Course | None, pool: SeatPool) -> dict[str, Any]:
    state = CourseState(row.state) if row else CourseState.OPEN
    enrolled = actions.enrolled_in(db(), pool)
    first = deciding.first_planned(pool)
    return {
        "state": _(COURSE_STATE[state]),
        "kind": STATE_TAG[state],
        "enrolled": enrolled,
        "minimum": found.minimum or 0,
        "enough": enrolled >= (found.minimum or 0),
        "seats": pool.capacity,
        "on": speech().long_day(pool.decides_at.astimezone(LOCAL).date()) if pool.decides_at else "",
        "overdue": pool.decides_at is not None and pool.decides_at <= now(),
        "kept": actions.kept_in(db(), pool) if state is CourseState.POSTPONED else None,
        "may_change": first is not None and first.starts_at > now(),
    }


def _convention(found: Activity, row: Course | None) -> dict[str, Any]:
    confirmed = actions.is_confirmed(row, found)
    moment = row.convention_confirmed_at if row and confirmed else None
    return {
        "reference": found.convention_reference,
        "confirmed_on": speech().day_and_year(moment.astimezone(LOCAL).date()) if moment else "",
    }


@pages.post("/activities/<activity_id>/course/decide")
@staff(Permission.PUBLISH)
def decide_course(activity_id: str) -> ResponseReturnValue:
    """Enough people: do not wait for the decision date."""
    back_to("staff.course", activity_id=activity_id)
    actions.decide_now(db(), activity=course_of_ours(activity_id), actor=actor(), now=now())
    say(N_("The course takes place. Everybody gets a message."))
    return go("staff.course", activity_id=activity_id)


@pages.post("/activities/<activity_id>/course/postpone")
@staff(Permission.PUBLISH)
def postpone_course(activity_id: str) -> ResponseReturnValue:
    """Hold it later; everybody is asked to keep or give back the place."""
    back_to("staff.course", activity_id=activity_id)
    ask_again(lambda problems: _page(course_of_ours(activity_id), problems))
    draft = PostponeDraft.parse(request.form)
    actions.postpone(db(), activity=course_of_ours(activity_id), first_on=draft.first_on, actor=actor(), now=now())
    say(N_("The course is postponed. Everybody gets a message and is asked to keep or give back the place."))
    return go("staff.course", activity_id=activity_id)


@pages.post("/activities/<activity_id>/course/decision-day")
@staff(Permission.PUBLISH)
def decision_day(activity_id: str) -> ResponseReturnValue:
    """Decide on another day."""
    back_to("staff.course", activity_id=activity_id)
    ask_again(lambda problems: _page(course_of_ours(activity_id), problems))
    draft = DecisionDraft.parse(request.form)
    actions.set_decision_day(db(), activity=course_of_ours(activity_id), on=draft.on, actor=actor(), now=now())
    say(N_("The decision day is changed."))
    return go("staff.course", activity_id=activity_id)


@pages.post("/activities/<activity_id>/course/confirm-convention")
@staff(Permission.CONFIRM_CONVENTIONS)
def confirm_convention(activity_id: str) -> ResponseReturnValue:
    """The authority confirms the convention."""
    back_to("staff.course", activity_id=activity_id)
    actions.confirm_convention(db(), activity=course_of_ours(activity_id), actor=actor(), now=now())
    say(N_("The convention is confirmed."))
    return go("staff.course", activity_id=activity_id)


@pages.post("/activities/<activity_id>/course/invite")
@staff(Permission.INVITE_SIGNATORIES)
def invite_signatories(activity_id: str) -> ResponseReturnValue:
    """Send the personal invitations; whoever has one gets no second."""
    back_to("staff.course", activity_id=activity_id)
    number = invitations.invite_signatories(db(), activity=course_of_ours(activity_id), actor=actor(), now=now())
    say(speech().say_many("One person is invited.", "%(num)s people are invited.", number))
    return go("staff.course", activity_id=activity_id)


@pages.route("/meetings/<meeting_id>/replace", methods=["GET", "POST"])
@staff(Permission.PUBLISH)
@shows(NOBODY)
def replace_module(meeting_id: str) -> ResponseReturnValue:
    """Another date for a cancelled one, with the same people."""
    found = _meeting(meeting_id)
    if request.method == "GET":
        starts, ends = found.starts_at.astimezone(LOCAL), found.ends_at.astimezone(LOCAL)
        return _replace_form(found, Form({"starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}))
    activity_id = found.activity.public_id
    back_to("staff.course", activity_id=activity_id)
    ask_again(lambda problems: _replace_form(_meeting(meeting_id), Form(request.form, problems)))
    draft = ModuleDraft.parse(request.form)
    actions.replace_module(db(), meeting=found, draft=draft, actor=actor(), now=now())
    say(N_("There is a new date. Everybody gets a message."))
    return go("staff.course", activity_id=activity_id)


def _meeting(meeting_id: str) -> Meeting:
    found = queries.meeting_named(db(), meeting_id)
    permissions.must_edit(actor(), found.activity)
    return found


def _replace_form(found: Meeting, form: Form) -> str:
    venues = queries.venues_of(db(), [found.activity.organisation_id])
    return render_template(
        "staff/replace_module.html",
        **lines.heading_of(found),
        form=form,
        venues=[(one.public_id, f"{one.name}, {one.locality}") for one in venues],
        on_site=found.activity.attendance_mode != AttendanceMode.ONLINE,
    )
