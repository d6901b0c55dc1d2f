"""After signing in: a learner finds coach and requests (S-05), a volunteer the pairs to look after (B-04)."""

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from commune_hub.accounts import queries as accounts
from commune_hub.accounts.models import Person
from commune_hub.events.roll import Hours
from commune_hub.events.words import ActivityKind
from commune_hub.speech import attesting
from commune_hub.speech.coaching import partner_name
from commune_hub.speech.coaching_sentences import PAIR_STATE, QUIET, REQUEST_STATE
from commune_hub.speech.group import when_words
from commune_hub.volunteers.coaching import queries
from commune_hub.volunteers.coaching.models import CoachingRequest, PairSide
from commune_hub.volunteers.coaching.words import OPEN, PairMeetingState, PairState, RequestState, Side
from commune_hub.web.cards import PractisedLanguage
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages import pages, parts
from commune_hub.web.request import db, now
from commune_hub.web.security import learner


@dataclass(frozen=True, slots=True)
class PairCard:
    """A pair as a card of a list."""

    url: str
    partner: str
    mine: str
    langs: tuple[PractisedLanguage, ...]
    kind: str
    state: str
    next: str
    ended: bool


@pages.get("/my/coach")
@learner
def my_coach() -> ResponseReturnValue:
    """My coach, or how my request stands; of everybody who shares the contact that signed in."""
    family = _family()
    ids = [person.id for person in family]
    sides = queries.sides_of(db(), ids, Side.LEARNER)
    requests = [one for one in queries.requests_of(db(), ids) if one.state == RequestState.WAITING]
    return render_template(
        "public/my_coach.html",
        pairs=[card_of(side, several=len(family) > 1) for side in sides],
        requests=[_request(one) for one in requests],
    )


@pages.get("/volunteer/pairs")
@learner
def my_pairs() -> ResponseReturnValue:
    """The pairs that a volunteer looks after: those that need something first."""
    family = _family()
    sides = queries.sides_of(db(), [person.id for person in family], Side.VOLUNTEER)
    sides.sort(key=lambda side: _order(side))
    minutes = sum(hour.minutes for hour in queries.confirmed_hours(db(), [one.id for one in family], Side.VOLUNTEER))
    return render_template(
        "public/my_pairs.html",
        pairs=[card_of(side, several=len(family) > 1) for side in sides],
        hours=attesting.hours_words(minutes, speech()) if minutes else "",
    )


def _family() -> list[Person]:
    if current_user.contact_hash:
        return accounts.people_at(db(), current_user.contact_hash, confirmed_only=True)
    person = db().get(Person, current_user.actor.person_id)
    return [person] if person else []


def _order(side: PairSide) -> tuple[bool, bool, int]:
    """An open question first, then who has not met for long, what has ended last."""
    pair = side.pair
    asks = pair.state == PairState.PROPOSED and side.answer is None
    quiet = queries.quiet_since(pair, now()) is not None
    return pair.state == PairState.ENDED, not (asks or quiet), -pair.id


def card_of(side: PairSide, *, several: bool) -> PairCard:
    """A pair as this side sees it."""
    pair = side.pair
    quiet = queries.quiet_since(pair, now())
    coming = [one for one in pair.meetings if one.state == PairMeetingState.PLANNED and one.starts_at > now()]
    kind, state = "info", _(PAIR_STATE[PairState(pair.state)])
    if pair.state == PairState.PROPOSED and side.answer is None:
        kind, state = "warn", _("Your answer is missing")
    elif quiet is not None:
        kind, state = "warn", _(QUIET[quiet])
    elif pair.state == PairState.ACTIVE:
        kind = "ok"
    return PairCard(
        url=url_for("pages.pair", link_key=side.link_key),
        partner=partner_name(side),
        mine=side.person.name if several else "",
        langs=parts.badges((pair.request.language,)),
        kind=kind,
        state=state,
        next=when_words(coming[0].starts_at, speech()) if coming else "",
        ended=pair.state not in OPEN,
    )


def _request(one: CoachingRequest) -> tuple[str, tuple[PractisedLanguage, ...], str]:
    address = url_for("pages.coach_request", link_key=one.link_key)
    return address, parts.badges((one.language,)), _(REQUEST_STATE[RequestState(one.state)])


def with_coaching(hours: Hours, person: Person) -> Hours:
    """The hours of practice with those that learner and coach have both confirmed."""
    confirmed = queries.confirmed_hours(db(), [person.id], Side.LEARNER)
    by_month, by_kind = dict(hours.by_month), dict(hours.by_kind)
    for hour in confirmed:
        month = hour.day.replace(day=1)
        by_month[month] = by_month.get(month, 0) + hour.minutes
        by_kind[ActivityKind.COACHING] = by_kind.get(ActivityKind.COACHING, 0) + hour.minutes
    return Hours(by_month, by_kind, hours.meetings + len(confirmed))
