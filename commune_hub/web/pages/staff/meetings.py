"""One meeting: who comes, who waits, another size, cancel, move; and one person's sign-up (C-06)."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.errors import NotFound
from commune_hub.base.words import LOCAL
from commune_hub.events import desk, permissions, queries
from commune_hub.events.actions import meetings as meeting_actions
from commune_hub.events.actions import seats
from commune_hub.events.inputs import CancelDraft, MoveDraft, RightDraft, SizeDraft, TakeOffDraft
from commune_hub.events.models import Meeting, Signup
from commune_hub.events.recurrence import Occurrence
from commune_hub.events.rules import KINDS
from commune_hub.events.words import (
    ActivityKind,
    AttendanceMode,
    CancelReason,
    MeetingState,
    SignupMode,
    SignupState,
)
from commune_hub.speech import dates, telling
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages import decisions, words
from commune_hub.web.pages.staff import hosts, lines
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Category, Problems, actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, asked_for, shows


def meeting_of_ours(meeting_id: str) -> Meeting:
    """The meeting, if this person may see who comes. Raises NotFound."""
    found = queries.meeting_named(db(), meeting_id)
    asked_for(within=found.activity.organisation_id)
    permissions.must_see_signups(actor(), found.activity)
    return found


@pages.get("/meetings/<meeting_id>")
@staff(Permission.SEE_SIGNUPS)
@shows(TracedThing.MEETING)
def meeting(meeting_id: str) -> ResponseReturnValue:
    """Who has a seat, who waits in which order, and what can be done."""
    return _page(meeting_of_ours(meeting_id), {})


def _page(found: Meeting, problems: Problems) -> str:
    signups = queries.signups_of_pool(db(), found.pool_id)
    waits = [signup.person_id for signup in signups if signup.state == SignupState.WAITING]
    seated, waiting = lines.people_of(signups, queries.reliability_of(db(), waits, now()) if waits else {})
    pool, kind = found.pool, KINDS[ActivityKind(found.activity.kind)]
    typed = request.form if problems else {"capacity": pool.capacity, "waiting_room": pool.waiting_room}
    to_come = found.starts_at > now() and found.state == MeetingState.PLANNED
    second_table = pool.waiting > 0 and pool.capacity is not None and kind.capacity is not None
    return render_template(
        "staff/meeting.html",
        **lines.heading_of(found),
        seated=seated,
        waiting=waiting,
        decided=decisions.for_staff(db(), found.pool_id),
        may_give_right=to_come and bool(waiting),
        names_waiting=[(one.public_id, one.name) for one in waiting],
        form=Form(typed, problems),
        free=None if pool.capacity is None else max(0, pool.capacity - pool.taken),
        over_by=pool.over,
        to_come=to_come,
        may_publish=permissions.can_edit(actor(), found.activity),
        may_sign_up=to_come and seats.editable_by_public(found.activity),
        hosts=hosts.hosts_on(found),
        candidates=hosts.candidates_for(found) if permissions.can_edit(actor(), found.activity) else [],
        second_table=(pool.capacity or 0) + (kind.capacity or 0) if second_table and to_come else 0,
        whole_course=found.activity.signup == SignupMode.WHOLE_COURSE,
        reason=_(words.CANCEL_REASON[CancelReason(found.cancel_reason)]) if found.cancel_reason else "",
    )


@pages.post("/meetings/<meeting_id>/right")
@staff(Permission.SIGN_UP_OTHERS)
@shows(TracedThing.MEETING)
def give_right(meeting_id: str) -> ResponseReturnValue:
    """Move somebody to the head of the waiting list, with a reason that the person can read."""
    found = meeting_of_ours(meeting_id)
    permissions.must_sign_up_others(actor(), found.activity)
    back_to("staff.meeting", meeting_id=meeting_id)
    ask_again(lambda problems: _page(meeting_of_ours(meeting_id), problems))
    draft = RightDraft.parse(request.form)
    signup = queries.signup_named(db(), draft.signup)
    if signup.pool_id != found.pool_id:
        raise NotFound("signup")
    seats.give_right(db(), signup=signup, reason=draft.reason, actor=actor(), now=now())
    say(N_("The next free seat is theirs. They can read why."))
    return go("staff.meeting", meeting_id=meeting_id)


@pages.post("/meetings/<meeting_id>/size")
@staff(Permission.PUBLISH)
@shows(TracedThing.MEETING)
def change_size(meeting_id: str) -> ResponseReturnValue:
    """More or fewer seats; who waits moves up, nobody is thrown out."""
    found = meeting_of_ours(meeting_id)
    back_to("staff.meeting", meeting_id=meeting_id)
    ask_again(lambda problems: _page(meeting_of_ours(meeting_id), problems))
    draft = SizeDraft.parse(request.form)
    meeting_actions.set_size(
        db(), meeting=found, capacity=draft.capacity, waiting_room=draft.waiting_room, actor=actor(), now=now()
    )
    say(N_("The size is changed. Whoever moves up gets a message."))
    return go("staff.meeting", meeting_id=meeting_id)


@pages.route("/meetings/<meeting_id>/cancel", methods=["GET", "POST"])
@staff(Permission.PUBLISH)
@shows(NOBODY)
def cancel_meeting(meeting_id: str) -> ResponseReturnValue:
    """The meeting does not take place: a reason, then a message to everybody who signed up."""
    found = meeting_of_ours(meeting_id)
    permissions.must_edit(actor(), found.activity)

    def form(problems: Problems) -> str:
        again = meeting_of_ours(meeting_id)
        return render_template(
            "staff/cancel_meeting.html",
            **lines.heading_of(again),
            form=Form(request.form, problems),
            reasons=[(reason, _(sentence)) for reason, sentence in words.CANCEL_REASON.items()],
            told=again.pool.taken + again.pool.waiting,
            whole_course=again.activity.signup == SignupMode.WHOLE_COURSE,
        )

    if request.method == "GET":
        return form({})
    back_to("staff.meeting", meeting_id=meeting_id)
    ask_again(form)
    draft = CancelDraft.parse(request.form)
    told = meeting_actions.cancel_meeting(db(), meeting=found, reason=draft.reason, actor=actor(), now=now())
    say(N_("The meeting is cancelled."))
    _say_told(told)
    return go("staff.meeting", meeting_id=meeting_id)


def _say_told(told: int) -> None:
    if told:
        say(speech().say_many("One person gets a message.", "%(num)s people get a message.", told))


@pages.route("/meetings/<meeting_id>/move", methods=["GET", "POST"])
@staff(Permission.PUBLISH)
@shows(NOBODY)
def move_meeting(meeting_id: str) -> ResponseReturnValue:
    """Another day, time or place, for this meeting or for it and all that follow."""
    found = meeting_of_ours(meeting_id)
    permissions.must_edit(actor(), found.activity)
    if request.method == "GET":
        return _move_form(found, _as_it_stands(found), {})
    back_to("staff.meeting", meeting_id=meeting_id)
    ask_again(lambda problems: _move_form(meeting_of_ours(meeting_id), Form(request.form, problems), problems))
    draft = MoveDraft.parse(request.form)
    changed = meeting_actions.move(db(), meeting=found, draft=draft, actor=actor(), now=now())
    told = {signup.person_id for one in changed for signup in queries.signups_of_pool(db(), one.pool_id)}
    say(speech().say_many("The meeting is moved.", "%(num)s meetings are moved.", len(changed)))
    _say_told(len(told))
    warn_of_clashes(changed)
    return go("staff.meeting", meeting_id=meeting_id)


def _as_it_stands(found: Meeting) -> Form:
    starts, ends = found.starts_at.astimezone(LOCAL), found.ends_at.astimezone(LOCAL)
    return Form(
        {
            "on": starts.date(),
            "starts": f"{starts:%H:%M}",
            "ends": f"{ends:%H:%M}",
            "venue": found.venue.public_id if found.venue else "",
        }
    )


def _move_form(found: Meeting, form: Form, problems: Problems) -> str:
    venues = queries.venues_of(db(), [found.activity.organisation_id])
    return render_template(
        "staff/move_meeting.html",
        **lines.heading_of(found),
        form=form,
        venues=[(one.public_id, f"{one.name}, {one.locality}") for one in venues],
        on_site=found.activity.attendance_mode != AttendanceMode.ONLINE,
        told=found.pool.taken + found.pool.waiting,
    )


def warn_of_clashes(moved: list[Meeting]) -> None:
    """A word when a room is taken at the same time by something else."""
    for venue in {one.venue for one in moved if one.venue is not None}:
        there = [Occurrence(one.occurrence_on, one.slot, one.starts_at, one.ends_at) for one in moved]
        found = desk.clashes(db(), venue=venue, occurrences=there, but=moved[0].activity)
        if found:
            say(
                N_("Look: “%(title)s” is in the same room at the same time, for example on %(day)s."),
                Category.WARN,
                title=telling.title_of(found[0].activity, speech()),
                day=lines.short_when(found[0].starts_at),
            )


def signup_of_ours(signup_id: str) -> Signup:
    """The sign-up, if this person may give and take seats there. Raises NotFound."""
    found = queries.signup_named(db(), signup_id)
    asked_for(found.person, within=found.pool.activity.organisation_id)
    permissions.must_sign_up_others(actor(), found.pool.activity)
    return found


@pages.get("/sign-ups/<signup_id>")
@staff(Permission.SIGN_UP_OTHERS)
@shows(TracedThing.SIGNUP)
def signup(signup_id: str) -> ResponseReturnValue:
    """One person's seat or place in the queue: how to reach them, the slip, take them off the list."""
    return _signup_page(signup_of_ours(signup_id), Form())


def _signup_page(found: Signup, form: Form) -> str:
    first = queries.next_meeting(found, now())
    reach, reach_url = lines.reach_of(found.person)
    seated = found.state in (SignupState.CONFIRMED, SignupState.OFFERED)
    return render_template(
        "staff/signup.html",
        **lines.heading_of(first),
        signup=found,
        form=form,
        name=found.person.name,
        title=_("%(name)s has a seat", name=found.person.name)
        if seated
        else _("%(name)s waits", name=found.person.name)
        if found.state == SignupState.WAITING
        else _("%(name)s is no longer on the list", name=found.person.name),
        position=queries.position_of(db(), found),
        seated=seated,
        live=found.state in (SignupState.CONFIRMED, SignupState.OFFERED, SignupState.WAITING),
        reach=reach,
        reach_url=reach_url,
        asked=dates.capital(speech().long_day(found.asked_at.astimezone(LOCAL).date())),
    )


@pages.post("/sign-ups/<signup_id>/take-off")
@staff(Permission.SIGN_UP_OTHERS)
def take_off(signup_id: str) -> ResponseReturnValue:
    """Take somebody off the list, and why; they can read it, and the seat goes to whoever waited longest."""
    found = signup_of_ours(signup_id)
    meeting_id = queries.next_meeting(found, now()).public_id
    back_to("staff.meeting", meeting_id=meeting_id)
    ask_again(lambda problems: _signup_page(signup_of_ours(signup_id), Form(request.form, problems)))
    draft = TakeOffDraft.parse(request.form)
    seats.take_off(db(), signup=found, reason=draft.reason, actor=actor(), now=now())
    say(N_("Taken off the list. They get a message if we can reach them."))
    return go("staff.meeting", meeting_id=meeting_id)
