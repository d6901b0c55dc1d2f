"""Signing in with a six-digit code, and one's own dates; no password, no account to make."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from commune_hub.accounts import actions, attempts
from commune_hub.accounts import queries as accounts
from commune_hub.accounts.inputs import CodeDraft, ContactDraft
from commune_hub.accounts.models import Person
from commune_hub.accounts.words import AccountRefusal, ContactKind, SessionKind
from commune_hub.base.errors import Refused
from commune_hub.base.words import LOCAL
from commune_hub.events import queries
from commune_hub.events.models import Signup
from commune_hub.events.words import MeetingState, SignupMode
from commune_hub.speech import telling
from commune_hub.speech.catalogues import N_
from commune_hub.speech.entries import entry_of
from commune_hub.volunteers.queries import volunteers_of
from commune_hub.volunteers.words import VolunteerState
from commune_hub.web import tries
from commune_hub.web.cards import PractisedLanguage
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages import pages, parts, words
from commune_hub.web.pages.card import after_sign_in
from commune_hub.web.request import Problems, ask_again, back_to, db, go, now, say, store
from commune_hub.web.security import drop_sign_in_cookie, guest, learner, set_sign_in_cookie


@pages.route("/sign-in", methods=["GET", "POST"])
@guest
def sign_in() -> ResponseReturnValue:
    """One field, a phone or a mail address. A known and an unknown one read the same."""
    if request.method == "GET":
        if current_user.is_authenticated and current_user.contact_hash:
            return go("pages.my_dates")
        return _ask_contact({})
    back_to("pages.sign_in")
    ask_again(_ask_contact)
    draft = ContactDraft.parse(request.form)
    if tries.remembered("ask for a code", draft.contact.value) is None:
        return _ask_contact({}, AccountRefusal.TOO_MANY_TRIES), 429
    actions.request_code(db(), reach=draft.contact, now=now())
    return _ask_code({}, by_phone=draft.contact.kind is ContactKind.PHONE)


@pages.route("/sign-in/code", methods=["GET", "POST"])
@guest
def enter_code() -> ResponseReturnValue:
    """The code. What was typed before travels in the form, never in an address."""
    if request.method == "GET":
        return go("pages.sign_in")
    ask_again(_ask_code)
    draft = CodeDraft.parse(request.form)
    attempt = tries.remembered("enter a code", draft.contact.value)
    if attempt is None:
        return _ask_code({}, AccountRefusal.TOO_MANY_TRIES), 429

    # A wrong code is counted, so its transaction is its own: this answer would roll it back.
    with store().writing() as session:
        token = actions.enter_code(
            session, reach=draft.contact, code=draft.code, shared_phone=draft.shared_phone, now=now()
        )
        if not isinstance(token, AccountRefusal):
            attempts.succeeded(session, attempt)
    if isinstance(token, AccountRefusal):
        return _ask_code({}, token), 422
    if current_user.is_authenticated:
        actions.sign_out(db(), token=current_user.token)
    answer = after_sign_in(accounts.contact_hash(db(), draft.contact))
    kind = SessionKind.SHARED_PHONE if draft.shared_phone else SessionKind.OWN_PHONE
    set_sign_in_cookie(answer, token, kind)
    return answer


def _ask_contact(problems: Problems, refusal: AccountRefusal | None = None) -> str:
    return render_template("public/sign_in.html", form=request.form, problems=_sentences(problems), wrong=_why(refusal))


def _ask_code(problems: Problems, refusal: AccountRefusal | None = None, *, by_phone: bool | None = None) -> str:
    if "contact" in problems:
        return _ask_contact(problems)
    contact = request.form.get("contact", "")
    by_phone = "@" not in contact if by_phone is None else by_phone
    return render_template(
        "public/code.html", contact=contact, by_phone=by_phone, problems=_sentences(problems), wrong=_why(refusal),
        shared="shared_phone" in request.form,
    )  # fmt: skip


def _why(refusal: AccountRefusal | None) -> str:
    return words.refusal(Refused(refusal)) if refusal else ""


def _sentences(problems: Problems) -> dict[str, list[str]]:
    return {field: [words.problem(code) for code in codes] for field, codes in problems.items()}


@pages.post("/sign-out")
@guest
def sign_out() -> ResponseReturnValue:
    """The session ends on the server, so that a copied cookie is worth nothing."""
    if current_user.is_authenticated:
        actions.sign_out(db(), token=current_user.token)
    say(N_("You are signed out."))
    answer = go("pages.home")
    drop_sign_in_cookie(answer)
    return answer


@dataclass(frozen=True, slots=True)
class _Mine:
    """One of my dates, ready to print."""

    link_key: str
    who: str
    leaf: tuple[str, str, str]
    title: str
    times: str
    place: str
    badges: tuple[PractisedLanguage, ...]
    state: str
    more: int
    whole_course: bool
    week: str


@pages.get("/my/dates")
@learner
def my_dates() -> ResponseReturnValue:
    """The dates of everybody who shares the contact that signed in, by week."""
    family = _people()
    who = next((person for person in family if person.public_id == request.args.get("who")), None)
    signups = _signups([who] if who else family)
    weeks: dict[str, list[_Mine]] = {}
    for one in map(_mine, signups):
        weeks.setdefault(one.week, []).append(one)
    names = [(person.public_id, person.name) for person in family] if len(family) > 1 else []
    helps = any(one.state != VolunteerState.LEFT for one in volunteers_of(db(), [person.id for person in family]))
    if helps and not weeks:
        # Who only helps has nothing to look for here.
        return go("pages.volunteer_today")
    return render_template(
        "public/my_dates.html", weeks=weeks, names=names, who=who.public_id if who else "", helps=helps
    )


@pages.get("/my/dates.ics")
@learner
def my_calendar() -> ResponseReturnValue:
    """All these dates for one's own calendar."""
    entries = [
        entry_of(meeting, speech(), url=parts.short_url("booking", link_key=signup.link_key))
        for signup in _signups(_people())
        for meeting in signup.pool.meetings
        if meeting.ends_at > now()
    ]
    return parts.calendar_file(entries, _("My dates"), "my-dates")


def _people() -> list[Person]:
    if current_user.contact_hash:
        return accounts.people_at(db(), current_user.contact_hash)
    person = db().get(Person, current_user.actor.person_id)
    return [person] if person else []


def _signups(people: list[Person]) -> list[Signup]:
    return queries.signups_of_people(db(), [person.id for person in people], now()) if people else []


def _mine(signup: Signup) -> _Mine:
    activity = signup.pool.activity
    meeting = queries.next_meeting(signup, now())
    coming = [m for m in signup.pool.meetings if m.starts_at > meeting.starts_at and m.state == MeetingState.PLANNED]
    day = telling.meeting_day(meeting)
    return _Mine(
        link_key=signup.link_key,
        who=signup.person.name,
        leaf=speech().leaf(day),
        title=telling.title_of(activity, speech()),
        times=telling.meeting_times(meeting, speech()),
        place=telling.place_words(activity, meeting.venue, speech()),
        badges=parts.badges((signup.for_language,) if signup.for_language else activity.tags),
        state="off" if meeting.state == MeetingState.CANCELLED else str(signup.state),
        more=len(coming),
        whole_course=activity.signup == SignupMode.WHOLE_COURSE,
        week=_week(day, now().astimezone(LOCAL).date()),
    )


def _week(day: date, today: date) -> str:
    monday = day - timedelta(days=day.weekday())
    weeks = (monday - (today - timedelta(days=today.weekday()))).days // 7
    if weeks <= 0:
        return _("This week")
    return _("Next week") if weeks == 1 else _("From %(day)s", day=speech().long_day(monday))
