"""A booking behind its link: what was taken, giving it back, another date, the calendar. The link is the key."""

from dataclasses import dataclass
from datetime import datetime

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts.queries import ring_of
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.sealed import Erased
from commune_hub.base.words import LOCAL
from commune_hub.events import queries
from commune_hub.events.actions import courses, seats
from commune_hub.events.actions.reminders import say_comes, want_reminders
from commune_hub.events.models import Meeting, Signup
from commune_hub.events.words import LIVE, AttendanceMode, MeetingState, QueueStep, SeatRefusal, SignupMode, SignupState
from commune_hub.matching.equivalents import equivalents
from commune_hub.speech import telling
from commune_hub.speech.catalogues import N_
from commune_hub.speech.entries import entry_of
from commune_hub.speech.sentences import SIGNUP_STATE
from commune_hub.web.i18n import speech
from commune_hub.web.pages import decisions, pages, parts
from commune_hub.web.pages.card import code_seen_for
from commune_hub.web.request import back_to, db, go, now, say
from commune_hub.web.security import guest


@pages.get("/b/<link_key>")
@guest
def booking(link_key: str) -> ResponseReturnValue:
    """My booking. Mail scanners open every link, so nothing changes here; the buttons post."""
    signup = _signup(link_key)
    parts.wear_theme(signup.pool.activity.organisation)
    page = render_template("public/booking.html", **_told(signup), others=_other_dates(signup), near=_near(signup))
    return parts.private(make_response(page))


@pages.post("/b/<link_key>/cancel")
@guest
def cancel_booking(link_key: str) -> ResponseReturnValue:
    """Give the seat back; it goes to whoever waited longest."""
    back_to("pages.booking", link_key=link_key)
    signup = _signup(link_key)
    was = SignupState(signup.state)
    seats.cancel(db(), signup=signup, now=now())
    if was in LIVE:
        say(N_("Thank you for telling us. Your seat is free for somebody else."))
    if request.form.get("back") in _BACK:
        return go(_BACK[request.form["back"]])
    return go("pages.booking", link_key=link_key)


_BACK = {"my_dates": "pages.my_dates", "roadmap": "pages.roadmap"}


@pages.post("/b/<link_key>/come")
@guest
def come_to_booking(link_key: str) -> ResponseReturnValue:
    """I come: said before the date, so that the organiser counts on it."""
    back_to("pages.booking", link_key=link_key)
    say_comes(db(), signup=_signup(link_key), now=now())
    say(N_("Good that you are coming."))
    if request.form.get("back") in _BACK:
        return go(_BACK[request.form["back"]])
    return go("pages.booking", link_key=link_key)


@pages.post("/b/<link_key>/accept")
@guest
def accept_booking(link_key: str) -> ResponseReturnValue:
    """Say yes to a seat that is kept for a time."""
    back_to("pages.booking", link_key=link_key)
    seats.accept(db(), signup=_signup(link_key), now=now())
    say(N_("The seat is yours."))
    return go("pages.booking", link_key=link_key)


@pages.post("/b/<link_key>/move")
@guest
def move_booking(link_key: str) -> ResponseReturnValue:
    """Another date of the same activity: first the new seat, then the old one is given back, or neither."""
    back_to("pages.booking", link_key=link_key)
    signup = _signup(link_key)
    if signup.state not in LIVE:
        raise Refused(SeatRefusal.NOTHING_TO_CANCEL)
    new = seats.move_signup(db(), signup=signup, pool_id=request.form.get("pool", ""), now=now())
    say(N_("You have changed the date."))
    return go("pages.booking", link_key=new.link_key)


@pages.post("/b/<link_key>/too")
@guest
def also_take(link_key: str) -> ResponseReturnValue:
    """A seat at an equivalent meeting for the same person, who keeps the place in the queue of this one."""
    back_to("pages.booking", link_key=link_key)
    signup = _signup(link_key)
    if signup.state != SignupState.WAITING:
        raise Refused(SeatRefusal.NOTHING_TO_CANCEL)
    new = seats.sign_up(
        db(), pool_id=request.form.get("pool", ""), person=signup.person, now=now(), reminder=signup.reminder,
        says_has_contract=signup.says_has_contract, lives_in=signup.lives_in,
    )  # fmt: skip
    say(N_("This seat is yours. You keep your place on the waiting list."))
    return go("pages.booking", link_key=new.link_key)


@pages.post("/b/<link_key>/reminder")
@guest
def booking_reminder(link_key: str) -> ResponseReturnValue:
    """Be reminded the day before, or not."""
    back_to("pages.booking", link_key=link_key)
    wanted = request.form.get("wanted") == "yes"
    want_reminders(db(), signup=_signup(link_key), wanted=wanted, now=now())
    say(N_("We remind you the day before.") if wanted else N_("We do not remind you."))
    return go("pages.booking", link_key=link_key)


@pages.get("/b/<link_key>.ics")
@guest
def booking_calendar(link_key: str) -> ResponseReturnValue:
    """The dates of the booking for one's own calendar; those of a seat given back are cancelled there."""
    signup = _signup(link_key)
    url = parts.short_url("booking", link_key=link_key)
    gone = signup.state not in LIVE
    entries = [entry_of(meeting, speech(), url=url, given_back=gone) for meeting in signup.pool.meetings]
    return parts.private(parts.calendar_file(entries, telling.title_of(signup.pool.activity, speech()), "booking"))


def _signup(link_key: str) -> Signup:
    return queries.signup_by_key(db(), link_key)


@dataclass(frozen=True, slots=True)
class _Line:
    """One date of the booking."""

    leaf: tuple[str, str, str]
    when: str
    times: str
    place: str
    cancelled: bool
    why: str


def _told(signup: Signup) -> dict[str, object]:
    activity = signup.pool.activity
    meetings = signup.pool.meetings
    next_one = queries.next_meeting(signup, now())
    is_over = all(meeting.ends_at <= now() for meeting in meetings)
    cancelled = all(meeting.state == MeetingState.CANCELLED for meeting in meetings if meeting.ends_at > now())
    return {
        "signup": signup,
        "link_key": signup.link_key,
        "here_code": code_seen_for(signup),
        "activity": activity,
        "first_name": _name(signup),
        "title": telling.title_of(activity, speech()),
        "badges": parts.badges((signup.for_language,) if signup.for_language else activity.tags),
        "state": "over" if is_over else "off" if cancelled and signup.state in LIVE else str(signup.state),
        "when": telling.meeting_when(next_one, speech()),
        "why": parts.cancel_reason(next_one, speech()),
        "was_moved": next_one.moved,
        "next": _line(next_one),
        "lines": [_line(meeting) for meeting in meetings] if len(meetings) > 1 else [],
        "position": queries.position_of(db(), signup),
        "offered_until": _moment(signup.offered_until),
        "together": _together(signup),
        "keeps": courses.keep_question(db(), signup),
        "decides": _day(signup.pool.decides_at) if signup.state == SignupState.WAITING else "",
        "taken_off": _reason(signup),
        "decided": decisions.for_the_person(db(), signup),
        "waiting": signup.pool.waiting,
        "online_url": activity.online_url if _may_see_link(signup) else "",
        "venue": next_one.venue,
        "address": telling.address_words(next_one.venue) if next_one.venue else "",
        "contact": parts.contact_for(activity.organisation, speech(), activity),
        "whole_course": activity.signup == SignupMode.WHOLE_COURSE,
    }


def _name(signup: Signup) -> str:
    ring_of(db()).load([signup.person.public_id])
    try:
        return signup.person.name
    except Erased:
        # Who was erased has no booking any more, also not for whoever kept the link.
        raise NotFound("signup") from None


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    day = speech().long_day(moment.astimezone(LOCAL).date())
    return speech().say(N_("%(days)s, %(times)s"), days=day, times=speech().clock(moment))


def _day(moment: datetime | None) -> str:
    return speech().long_day(moment.astimezone(LOCAL).date()) if moment is not None and moment > now() else ""


def _reason(signup: Signup) -> str:
    """Why the organiser took the person off the list, in the organiser's words."""
    if signup.state != SignupState.CANCELLED:
        return ""
    last = queries.decisions_of(db(), signup_id=signup.id)[-1:]
    if not last or last[0].step != QueueStep.TAKEN_OFF or last[0].reason_sealed is None:
        return ""
    return ring_of(db()).open(signup.person.public_id, last[0].reason_sealed)


def _together(signup: Signup) -> list[tuple[str, SignupState, str, str]]:
    """The other days that were taken in one go with this one: when, how it stands, in words, its key."""
    return [
        (
            telling.meeting_when(queries.next_meeting(one, now()), speech()),
            SignupState(one.state),
            speech().say(SIGNUP_STATE[SignupState(one.state)]),
            one.link_key,
        )
        for one in queries.taken_together(db(), signup)
    ]


def _may_see_link(signup: Signup) -> bool:
    online = signup.pool.activity.attendance_mode != AttendanceMode.ON_SITE
    return online and signup.state == SignupState.CONFIRMED


def _line(meeting: Meeting) -> _Line:
    return _Line(
        leaf=speech().leaf(telling.meeting_day(meeting)),
        when=telling.meeting_when(meeting, speech()),
        times=telling.meeting_times(meeting, speech()),
        place=telling.place_words(meeting.activity, meeting.venue, speech()),
        cancelled=meeting.state == MeetingState.CANCELLED,
        why=parts.cancel_reason(meeting, speech()),
    )


def _near(signup: Signup) -> list[parts.Near]:
    """Where somebody who waits would have a seat at once."""
    if signup.state != SignupState.WAITING or signup.pool.decides_at is not None:
        return []
    full = queries.next_meeting(signup, now())
    found = equivalents(db(), full, now=now(), language=signup.for_language, person_id=signup.person_id)
    return parts.near_words(found, speech())


def _other_dates(signup: Signup) -> list[parts.Option]:
    """Other dates of the same activity on which a seat is free."""
    if signup.state not in LIVE or signup.pool.activity.signup == SignupMode.WHOLE_COURSE:
        return []
    meetings = queries.upcoming_meetings(db(), signup.pool.activity_id, now())
    options = parts.dates_to_choose((m for m in meetings if m.pool_id != signup.pool_id), speech(), now())
    return [option for option in options if not option[5] and option[3] in ("ok", "info")]
