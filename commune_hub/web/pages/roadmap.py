"""My roadmap (S-02, S-03): the next date, what a contract asks for, practice, papers; without a contract the dates."""

from dataclasses import dataclass
from datetime import date

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts.models import Person
from commune_hub.base.errors import NotFound
from commune_hub.base.words import LOCAL
from commune_hub.contracts import queries, roadmap
from commune_hub.contracts.roadmap import Offer, Roadmap, Step, StepState
from commune_hub.contracts.words import AttestationState, ConsentPurpose, CountsAs, RecordForm
from commune_hub.events import certificates
from commune_hub.events import queries as events
from commune_hub.events.actions import seats
from commune_hub.events.models import Signup
from commune_hub.events.words import CertificateState, MeetingState, SignupMode
from commune_hub.schemes.words import ContractState, Nature, ObligationKind, VoucherState
from commune_hub.speech import telling
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.icons import icon
from commune_hub.web.pages import pages, parts, words
from commune_hub.web.pages.attested import record_form, scheme_name
from commune_hub.web.pages.card import duration
from commune_hub.web.pages.contract import asked_for, tabs
from commune_hub.web.request import back_to, db, go, now, say
from commune_hub.web.security import learner

_OFFERS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class NextDate:
    """My next date, ready to print; `asks` when a seat is kept and wants an answer."""

    link_key: str
    leaf: tuple[str, str, str]
    title: str
    words: str
    says_comes: bool
    waits: bool
    whole_course: bool


@dataclass(frozen=True, slots=True)
class OpenDate:
    """A course that would count, ready to print."""

    pool: str
    when: str
    words: str


@dataclass(frozen=True, slots=True)
class StepWords:
    """One step, ready to print: look, texts, tag, and what stands below."""

    kind: str
    look: str
    icon: str
    title: str
    what: str
    tag_kind: str
    tag: str
    note: str
    percent: int | None
    progress: str
    dates: tuple[OpenDate, ...]
    more: int
    booking: str
    invitation: str


@pages.get("/my/roadmap", endpoint="roadmap")
@learner
def roadmap_page() -> ResponseReturnValue:
    """Everything on one page, the next date first."""
    person = asked_for()
    found = roadmap.roadmap_of(db(), person, now())
    signups = events.signups_of_people(db(), [person.id], now())
    practice = roadmap.practice_of(db(), [person.id], now())
    held = [one for one in certificates.papers_of(db(), [person.id]) if one.state == CertificateState.ISSUED]
    return render_template(
        "public/roadmap.html",
        person=person,
        tabs=tabs("pages.roadmap", person),
        next=_next(next((one for one in signups if one.state != "waiting"), signups[0])) if signups else None,
        roadmap=found,
        scheme=scheme_name(found.link) if found else "",
        rules=f"#{found.profile.id.lower()}" if found and found.profile else "",
        deadline=_deadline(found) if found else "",
        steps=[_step(one, found) for one in found.steps] if found else [],
        done=_done(found) if found else "",
        vouchers=_vouchers(found) if found else [],
        voucher_price=_voucher_price(found),
        dates=[
            (_iso_day(one["on"]), one["title"] or _step_title(one["kind"]), one["place"])
            for one in (found.dates if found else ())
        ],
        said_at=_day(found) if found else "",
        may_link=record_form() is not RecordForm.NONE,
        practice=practice,
        practised=duration(practice.minutes),
        since=speech().day_and_year(practice.since) if practice.since else "",
        bars_words=_bars(practice.weeks),
        papers=len(held),
        wants_offers=queries.consent_of(db(), person.id, ConsentPurpose.WEEKLY_OFFERS) is not None,
        has_home=person.home_sealed is not None,
    )


@pages.get("/my/roadmap/<kind>")
@learner
def roadmap_step(kind: str) -> ResponseReturnValue:
    """One step: what it is, why, what proves it, and all dates to come (S-03)."""
    person = asked_for()
    found = roadmap.roadmap_of(db(), person, now())
    step = next((one for one in found.steps if one.kind == kind), None) if found else None
    if found is None or step is None:
        raise NotFound("step")
    return render_template(
        "public/roadmap_step.html",
        person=person,
        step=_step(step, found, shown=20),
        why=_why(step, found),
        proof=_proof(step),
    )


@pages.get("/my/roadmap/book/<pool_id>")
@learner
def confirm_course(pool_id: str) -> ResponseReturnValue:
    """The course once more, with all its dates, before one signs up."""
    person, step, offer = _offer(pool_id)
    return render_template(
        "public/roadmap_book.html",
        person=person,
        pool=pool_id,
        title=telling.title_of(offer.activity, speech()),
        badges=parts.badges(offer.activity.tags),
        place=telling.place_words(offer.activity, offer.first.venue, speech()),
        url=url_for("pages.activity", activity_id=offer.activity.public_id),
        dates=[
            telling.meeting_when(one, speech()) for one in offer.pool.meetings if one.state == MeetingState.PLANNED
        ],
        counts=_(words.COUNTS_AS[CountsAs(step)]),
        seats=telling.seats_words(offer.pool, speech(), now()),
        price=telling.price_words(offer.activity, speech()),
    )


@pages.post("/my/roadmap/book/<pool_id>")
@learner
def book_course(pool_id: str) -> ResponseReturnValue:
    """A seat, or a place in the queue; pressed twice it is one."""
    back_to("pages.roadmap")
    person, _step, offer = _offer(pool_id)
    signup = roadmap.live_signup(db(), offer.pool, person) or seats.sign_up(
        db(), pool_id=pool_id, person=person, now=now(), says_has_contract=True
    )
    say(N_("You are signed up."))
    return go("pages.booking", link_key=signup.link_key)


def _offer(pool_id: str) -> tuple[Person, ObligationKind, Offer]:
    person = asked_for()
    found = roadmap.roadmap_of(db(), person, now())
    offer = roadmap.offer_named(db(), pool_id, found.profile, person, now()) if found else None
    if offer is None:
        raise NotFound("pool")
    return person, *offer


def _next(signup: Signup) -> NextDate:
    activity, meeting = signup.pool.activity, events.next_meeting(signup, now())
    times = telling.meeting_times(meeting, speech())
    place = telling.place_words(activity, meeting.venue, speech())
    return NextDate(
        link_key=signup.link_key,
        leaf=speech().leaf(telling.meeting_day(meeting)),
        title=telling.title_of(activity, speech()),
        words=" · ".join(filter(None, (times, place))),
        says_comes=signup.says_comes_at is not None,
        waits=signup.state == "waiting",
        whole_course=activity.signup == SignupMode.WHOLE_COURSE,
    )


_ICONS = {
    ObligationKind.LANGUAGE: "book-open",
    ObligationKind.CIVIC: "landmark",
    ObligationKind.ORIENTATION_DAY: "map-pin",
}
_LOOK = {
    StepState.DONE: "done",
    StepState.NOT_CONFIRMED: "done",
    StepState.RUNNING: "now",
    StepState.BOOKED: "now",
    StepState.WAITING: "now",
    StepState.MISSING: "open",
}


def _step(step: Step, found: Roadmap, shown: int = 1) -> StepWords:
    tag_kind, tag = _tag(step, found)
    percent = round(100 * step.minutes / step.of_minutes) if step.of_minutes else None
    title = telling.title_of(step.course, speech()) if step.course else ""
    progress = ""
    if percent is not None:
        done, whole = duration(step.minutes), duration(step.of_minutes)
        progress = _("%(done)s of %(all)s · %(course)s", done=done, all=whole, course=title)
    mark = "check" if _LOOK[step.state] == "done" else _ICONS[step.kind]
    return StepWords(
        kind=step.kind,
        look=_LOOK[step.state],
        icon=str(icon(mark)),
        title=_step_title(step.kind),
        what=_what(step),
        tag_kind=tag_kind,
        tag=tag,
        note=_note(step),
        percent=percent,
        progress=progress,
        dates=tuple(_open_date(one) for one in step.offers[:shown]),
        more=max(0, len(step.offers) - shown),
        booking=step.signup.link_key if step.signup else "",
        invitation=step.invitation,
    )


def _step_title(kind: str) -> str:
    return _(words.COUNTS_AS[CountsAs(kind)])


def _what(step: Step) -> str:
    rule = step.rule
    if step.kind is ObligationKind.LANGUAGE:
        level = rule.level.label if rule and rule.level else ""
        return _("A course up to the level %(level)s", level=level) if level else _("A language course")
    if step.kind is ObligationKind.CIVIC:
        hours = rule.least_minutes // 60 if rule and rule.least_minutes else 0
        about = _("the history, the laws, life here")
        return _("%(hours)s hours: %(about)s", hours=speech().number(hours), about=about) if hours else about
    return _("One day to know the country")


def _tag(step: Step, found: Roadmap) -> tuple[str, str]:
    on = speech().day_and_year(step.on) if step.on else ""
    match step.state:
        case StepState.DONE:
            return "ok", _("Done on %(day)s", day=on) if on else _("Done")
        case StepState.NOT_CONFIRMED:
            return "info", _("Attended until %(day)s, not yet confirmed", day=on)
        case StepState.RUNNING:
            return "info", _("Going on")
        case StepState.BOOKED:
            return "info", _("Booked")
        case StepState.WAITING:
            return "warn", _("On the waiting list")
    if found.link.state in (ContractState.FULFILLED, ContractState.ENDED):
        return "", _("Not done")
    if found.ends_on is not None:
        return "warn", _("To do by %(day)s", day=speech().day_and_year(found.ends_on))
    return "warn", _("To do")


def _note(step: Step) -> str:
    """What our attendance says is not what the record says, and the page tells which it is."""
    if step.attestation is not None and step.attestation.state == AttestationState.REJECTED:
        return _("The record has not recognised what you attended. Why, stands under “What was sent”.")
    if step.state is StepState.NOT_CONFIRMED:
        return _("From your attendance. The national authority has not confirmed it yet.")
    return ""


def _open_date(offer: Offer) -> OpenDate:
    km = _("%(km)s km", km=speech().number(round(offer.km, 1))) if offer.km is not None else ""
    names = telling.language_names(offer.activity.tags, speech())
    place = telling.place_words(offer.activity, offer.first.venue, speech())
    rest = len([one for one in offer.pool.meetings if one.state == MeetingState.PLANNED]) - 1
    more = speech().say_many("and one more date", "and %(num)s more dates", rest) if rest else ""
    return OpenDate(
        pool=offer.pool.public_id,
        when=telling.meeting_when(offer.first, speech()),
        words=" · ".join(filter(None, (place, km, names, more))),
    )


def _done(found: Roadmap) -> str:
    number, of = found.done, len(found.steps)
    return speech().say_many("One step of %(of)s done", "%(num)s steps of %(of)s done", number, of=speech().number(of))


def _deadline(found: Roadmap) -> str:
    link, say_day = found.link, speech().day_and_year
    member = found.profile is not None and found.profile.nature is Nature.MEMBERSHIP
    if link.state == ContractState.FULFILLED:
        return _("All is done. The national authority has confirmed it.")
    if link.state == ContractState.ENDED:
        return _("It has ended.")
    if found.ends_on is not None:
        return _("Your programme ends on %(day)s", day=say_day(found.ends_on))
    if member and found.idle_end is not None:
        return _("No deadline. You stay a member if you attend a module by %(day)s.", day=say_day(found.idle_end))
    if member:
        return _("No deadline: you go at your own pace.")
    return _("It begins with your first course. The time does not run yet.")


def _vouchers(found: Roadmap) -> list[tuple[str, str, str]]:
    rows = []
    for one in found.vouchers:
        language = speech().language_name(one["language"]) if one["language"] else ""
        if one["state"] == VoucherState.USED:
            rows.append(("", language, _("used")))
        elif one["state"] == VoucherState.EXPIRED:
            rows.append(("bad", language, _("expired")))
        else:
            until = one["expires_on"]
            day = speech().day_and_year(date.fromisoformat(until)) if until else ""
            rows.append(("ok", language, _("valid until %(day)s", day=day) if day else _("valid")))
    return rows


def _voucher_price(found: Roadmap | None) -> str:
    rule = found.voucher_rule if found else None
    return speech().euros(rule.euros * 100) if rule and rule.euros else ""


def _iso_day(day: str) -> str:
    return speech().day_and_year(date.fromisoformat(day))


def _day(found: Roadmap) -> str:
    at = found.link.said_at
    return speech().day_and_year(at.astimezone(LOCAL).date()) if at else ""


def _bars(weeks: tuple[int, ...]) -> str:
    hours = ", ".join(speech().number(round(minutes / 60, 1)) for minutes in weeks)
    return _("Hours of practice per week, the last eight weeks: %(hours)s", hours=hours)


def _why(step: Step, found: Roadmap) -> tuple[str, str]:
    """Why it is asked for, in the words of the scheme's own source."""
    name = scheme_name(found.link)
    ground = found.profile.grounds.get(f"{step.kind}.compulsory") if found.profile else None
    source = ", ".join(ground.sources) if ground else ""
    return _("It is part of: %(scheme)s", scheme=name), source


def _proof(step: Step) -> str:
    if step.kind is ObligationKind.LANGUAGE:
        return _("The school confirms that you were there often enough. A certificate of another school counts too.")
    if step.kind is ObligationKind.CIVIC:
        return _("You come to all dates of the same course and sign each time.")
    return _("You sign at the reception. The national authority confirms it.")
