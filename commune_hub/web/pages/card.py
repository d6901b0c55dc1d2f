"""The practice card, checking in with the code at the place, and one's own hours of practice (S-06)."""

from datetime import date

from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from commune_hub.accounts import queries as accounts
from commune_hub.accounts.models import Person
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.ids import is_public_id, new_public_id
from commune_hub.contracts.queries import link_of
from commune_hub.events import queries, roll, taps
from commune_hub.events.actions import cards, door
from commune_hub.events.models import Meeting, Signup
from commune_hub.events.permissions import Noter
from commune_hub.events.roll import Hours
from commune_hub.events.words import AttendanceRefusal, AttendanceState, MeetingState
from commune_hub.speech import dates, telling
from commune_hub.volunteers import rota
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages import pages, parts, words
from commune_hub.web.pages.my_pairs import with_coaching
from commune_hub.web.pages.profile import own_people
from commune_hub.web.pages.volunteer import helping
from commune_hub.web.request import back_to, db, go, now, say
from commune_hub.web.security import guest, learner
from commune_hub.web.tracing import shows

MONTHS_SHOWN = 12


# -- somebody scans a card ---------------------------------------------------


@pages.get("/k/<code>")
@guest
@shows(TracedThing.PRACTICE_CARD)
def card(code: str) -> ResponseReturnValue:
    """For staff during a meeting: one tap that marks presence. For anybody else: what to do with a lost card."""
    who = _who_takes_attendance()
    meetings = roll.running_meetings(db(), who, now()) if who else []
    if not meetings:
        return render_template("public/card_found.html", staff=who is not None)
    found = roll.card_with(db(), code)
    if found is None:
        return render_template("public/card_found.html", staff=True, unknown=words.refusal(_UNKNOWN))
    accounts.ring_of(db()).load([found.person.public_id])
    rows = [
        (
            one.public_id,
            telling.title_of(one.activity, speech()),
            dates.meeting_when(one, speech()),
            _state(one, found.person),
        )
        for one in meetings
    ]
    return render_template(
        "public/card_scanned.html", name=found.person.name, code=code, meetings=rows, token=new_public_id()
    )


_UNKNOWN = Refused(AttendanceRefusal.UNKNOWN_CARD)


def _who_takes_attendance() -> Noter | None:
    """Staff with the permission, or a volunteer who looks after meetings."""
    if not current_user.is_authenticated:
        return None
    if current_user.is_staff:
        who: Actor | None = current_user.actor
        return who if who is not None and who.may_somewhere(Permission.TAKE_ATTENDANCE) else None
    volunteer = helping() if current_user.contact_hash else None
    return rota.as_host(db(), volunteer) if volunteer else None


def _state(meeting: Meeting, person: Person) -> str:
    """What the person who scans should know: has a seat, or comes without one."""
    return _("has a seat") if roll.is_on_list(db(), meeting, person.id) else _("has no seat: will be added")


@pages.post("/k/<code>")
@learner
@shows(TracedThing.PRACTICE_CARD)
def scan_card(code: str) -> ResponseReturnValue:
    """Present, by the card; for staff and for the host of the meeting."""
    back_to("pages.card", code=code)
    who = _who_takes_attendance()
    if who is None:
        raise NotFound("card")
    meeting = queries.meeting_named(db(), request.form.get("meeting", ""))
    noted = door.by_card(
        db(), meeting=meeting, code=code, actor=who, now=now(), tap=request.form.get("form_token", "")
    )
    say(N_("Noted: present."))
    page = "staff.attendance" if isinstance(who, Actor) else "pages.own_roll"
    return go(page, meeting_id=meeting.public_id, _anchor=f"p-{noted.person.public_id}")


# -- the code at the place -------------------------------------------------------


@pages.get("/here/<code>")
@guest
def check_in(code: str) -> ResponseReturnValue:
    """Whoever is signed in says who of the family is here; others are told the two ways to do it."""
    meeting = roll.meeting_to_check_in(db(), code)
    if meeting is None:
        raise NotFound("meeting")
    # The booking opened next on this phone may check in, and signing in leads back here.
    session["here"] = code
    return render_template(
        "public/check_in.html",
        code=code,
        title=telling.title_of(meeting.activity, speech()),
        when=dates.meeting_when(meeting, speech()),
        closed=_why_closed(meeting),
        people=[(person.public_id, person.name) for person in _may_check_in(meeting)],
        signed_in=bool(current_user.is_authenticated and current_user.contact_hash),
    )


def _why_closed(meeting: Meeting) -> str:
    if meeting.state == MeetingState.CANCELLED:
        return words.refusal(Refused(AttendanceRefusal.CALLED_OFF))
    if not taps.may_check_in(meeting.starts_at, meeting.ends_at, now()):
        return words.refusal(Refused(AttendanceRefusal.CHECK_IN_CLOSED))
    return ""


def _may_check_in(meeting: Meeting) -> list[Person]:
    """Who of one's own people has a seat; where everybody just comes, all of them. Never anybody else."""
    if not (current_user.is_authenticated and current_user.contact_hash):
        return []
    family = own_people()
    if meeting.pool.capacity is None:
        return family
    return [one for one in family if queries.live_signup(db(), meeting.pool_id, one.id)]


@pages.post("/here/<code>")
@guest
def say_here(code: str) -> ResponseReturnValue:
    """I am here: one of my own people, or the person of a booking whose link is on this phone."""
    back_to("pages.check_in", code=code)
    key = request.form.get("booking", "")
    person = _person_of_booking(code, key) if key else _own_person(request.form.get("person", ""))
    door.check_in(db(), code=code, person=person, now=now(), tap=request.form.get("form_token", ""))
    say(N_("You are noted as present. Welcome!"))
    return go("pages.booking", link_key=key) if key else go("pages.check_in", code=code)


def _person_of_booking(code: str, link_key: str) -> Person:
    """The link is the key to the booking, and the code to the place: this phone has seen both."""
    if session.get("here") != code:
        raise NotFound("meeting")
    return queries.signup_by_key(db(), link_key).person


def _own_person(public_id: str) -> Person:
    mine = own_people() if current_user.is_authenticated and current_user.contact_hash else []
    person = next((one for one in mine if one.public_id == public_id), None)
    if person is None:
        raise NotFound("person")
    return person


def code_seen_for(signup: Signup) -> str:
    """The code of the place that this phone has scanned, if it is that of a date of this booking and valid now."""
    code = session.get("here", "")
    meeting = roll.meeting_to_check_in(db(), code) if code else None
    if meeting is None or meeting.pool_id != signup.pool_id or _why_closed(meeting):
        return ""
    return str(code)


def after_sign_in(contact_hash: bytes) -> Response:
    """Whoever signed in to check in goes back to do it, who has a contract to the roadmap, others to their dates."""
    code = session.get("here", "")
    meeting = roll.meeting_to_check_in(db(), code) if code else None
    if meeting and not _why_closed(meeting):
        return go("pages.check_in", code=code)
    family = accounts.people_at(db(), contact_hash, confirmed_only=True)
    linked = any(link_of(db(), person.id) for person in family)
    return go("pages.roadmap") if linked else go("pages.my_dates")


# -- one's own card and hours ------------------------------------------------------


@pages.get("/my/card")
@learner
def my_card() -> ResponseReturnValue:
    """The code to show at the door, for one of one's own people."""
    person = _asked_for()
    found = roll.cards_of(db(), [person.id]).get(person.id)
    url = parts.short_url("card", code=found.code) if found else ""
    return render_template(
        "public/card.html",
        person=person.public_id,
        tabs=_tabs("pages.my_card", person),
        code=found.code if found else "",
        qr=parts.qr_svg(url) if found else "",
        url=parts.as_read(url),
    )


@pages.get("/my/card/print")
@learner
def print_my_card() -> ResponseReturnValue:
    """The card for the wallet."""
    person = _asked_for()
    found = roll.cards_of(db(), [person.id]).get(person.id)
    if found is None:
        raise NotFound("card")
    return printed(found.code, back=url_for("pages.my_card", person=person.public_id))


def printed(code: str, *, back: str) -> str:
    """A sheet with the card to cut out; staff print the same."""
    url = parts.short_url("card", code=code)
    return render_template("public/card_print.html", qr=parts.qr_svg(url), url=parts.as_read(url), back=back)


@pages.post("/my/card")
@learner
def change_my_card() -> ResponseReturnValue:
    """Make a card, replace the lost one, or give it up."""
    person = _asked_for()
    lost, act = request.form.get("code", ""), request.form.get("act", "")
    if act == "lost" and is_public_id(lost):
        cards.replace_card(db(), person=person, now=now(), code=lost)
        say(N_("The old card is no longer valid. This is the new one."))
    elif act == "end":
        cards.end_card(db(), person=person, now=now())
        say(N_("The card is no longer valid."))
    else:
        cards.make_card(db(), person=person, now=now())
    return go("pages.my_card", person=person.public_id)


@pages.get("/my/hours")
@learner
def my_hours() -> ResponseReturnValue:
    """How long one has practised: in all, by month, by kind."""
    person = _asked_for()
    hours = with_coaching(roll.hours_of(db(), [person.id], now()).get(person.id, Hours({}, {}, 0)), person)
    months = _last_months(now().date())
    return render_template(
        "public/hours.html",
        tabs=_tabs("pages.my_hours", person),
        total=duration(hours.minutes),
        meetings=hours.meetings,
        bars=[hours.by_month.get(month, 0) for month in months],
        months=[(_month(month), duration(hours.by_month.get(month, 0))) for month in reversed(months)],
        marks=[
            (
                dates.meeting_when(one.meeting, speech()),
                telling.title_of(one.meeting.activity, speech()),
                _MARK[one.state],
                _(words.ATTENDANCE_STATE[one.state]),
                one.reason,
            )
            for one in roll.marks_of(db(), person)
        ],
        kinds=[
            (telling.kind_words(kind, speech()), duration(minutes))
            for kind, minutes in sorted(hours.by_kind.items(), key=lambda item: -item[1])
        ],
    )


_MARK = {
    AttendanceState.PRESENT: "ok",
    AttendanceState.ABSENT: "bad",
    AttendanceState.EXCUSED: "warn",
    AttendanceState.CANCELLED_BY_ORGANISER: "",
    AttendanceState.UNKNOWN: "",
}


def _last_months(today: date) -> list[date]:
    last = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS_SHOWN + 1, last + 1)]


def _month(first: date) -> str:
    return dates.capital(_("%(month)s %(year)s", month=speech().month(first.month), year=first.year))


def duration(minutes: int) -> str:
    """1 h 30 min"""
    hours, rest = divmod(minutes, 60)
    if not rest:
        return _("%(hours)s h", hours=speech().number(hours))
    if not hours:
        return _("%(minutes)s min", minutes=rest)
    return _("%(hours)s h %(minutes)s min", hours=speech().number(hours), minutes=rest)


def _asked_for() -> Person:
    wanted = request.values.get("person", "")
    person = next((one for one in own_people() if one.public_id == wanted or not wanted), None)
    if person is None:
        raise NotFound("person")
    return person


def _tabs(endpoint: str, chosen: Person) -> list[tuple[str, str, bool]]:
    family = own_people()
    return [(one.name, url_for(endpoint, person=one.public_id), one is chosen) for one in family]
