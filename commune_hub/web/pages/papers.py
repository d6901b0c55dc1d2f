"""My papers (S-07): certificates to save and print, those that are on their way, and what is missing for more."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from commune_hub.accounts import queries as accounts
from commune_hub.accounts.models import Person
from commune_hub.base.errors import NotFound
from commune_hub.base.words import LOCAL
from commune_hub.events import certificates, queries
from commune_hub.events.actions import certificates as actions
from commune_hub.events.certificates import Standing
from commune_hub.events.certification import ISSUED_BY
from commune_hub.events.records import Certificate
from commune_hub.events.words import ActivityKind, CertificateBar, CertificateState, IssuedBy
from commune_hub.papers.certificate import ABOUT_KB
from commune_hub.speech import attesting, telling
from commune_hub.speech.catalogues import N_
from commune_hub.web.certificate_files import certificate_file
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages import pages, words
from commune_hub.web.request import back_to, db, go, now, say
from commune_hub.web.security import learner


@dataclass(frozen=True, slots=True)
class _Paper:
    """One certificate, ready to print. `code` is empty while there is no file."""

    code: str
    who: str
    title: str
    hours: str
    state: str
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class _Coming:
    """An activity that has given no certificate yet, and why."""

    activity_id: str
    person_id: str
    who: str
    title: str
    hours: str
    why: str
    may_ask: bool


@pages.get("/my/papers")
@learner
def papers() -> ResponseReturnValue:
    """The certificates of everybody who shares the contact that signed in."""
    family = _family()
    several = len(family) > 1
    found = certificates.papers_of(db(), [person.id for person in family])
    standings = certificates.standings_of(db(), family, now())
    return render_template(
        "public/papers.html",
        papers=[_paper(one, several) for one in found],
        coming=[_coming(one, several) for one in standings],
        size=speech().number(ABOUT_KB),
    )


@pages.get("/my/papers/<code>.pdf")
@learner
def paper(code: str) -> ResponseReturnValue:
    """The file of one's own certificate; another's is not there."""
    back_to("pages.papers")
    found = certificates.certificate_named(db(), code)
    mine = {person.id for person in _family()}
    if not mine & {found.person_id, found.person.merged_into_id}:
        raise NotFound("certificate")
    return certificate_file(found)


@pages.post("/my/papers/<activity_id>")
@learner
def ask_for_paper(activity_id: str) -> ResponseReturnValue:
    """Hours of practice in writing, now."""
    back_to("pages.papers")
    wanted = request.form.get("person", "")
    person = next((one for one in _family() if one.public_id == wanted), None)
    if person is None:
        raise NotFound("person")
    actions.ask_for(db(), activity=queries.activity_named(db(), activity_id), person=person, now=now())
    say(N_("Your certificate is being made. Please look again in a minute."))
    return go("pages.papers")


def _family() -> list[Person]:
    if current_user.contact_hash:
        return accounts.people_at(db(), current_user.contact_hash, confirmed_only=True)
    person = db().get(Person, current_user.actor.person_id)
    return [person] if person else []


def _paper(one: Certificate, several: bool) -> _Paper:
    said, spoken = certificates.statement_of(db(), one), speech()
    prepared = one.state == CertificateState.PREPARED
    if prepared:
        told = _("It waits for %(who)s.", who=attesting.issued_by_words(said.issued_by, spoken))
        if one.released_at is not None:
            told = _("It is being made. Please look again in a minute.")
    else:
        told = _("Issued on %(day)s by %(issuer)s", day=spoken.day_and_year(said.issued_on), issuer=said.issuer)
    return _Paper(
        code="" if prepared else one.code,
        who=said.name if several else "",
        title=attesting.title_words(said, spoken),
        hours=attesting.attended_words(one.minutes, one.of_minutes, one.attended, one.held, spoken),
        state=one.state,
        words=told,
        why=_void(one),
    )


def _void(one: Certificate) -> str:
    if one.state != CertificateState.VOID or one.voided_at is None:
        return ""
    why = attesting.void_words(one.void_reason, speech())
    note = certificates.opened(db(), one, one.void_note_sealed)
    day = speech().day_and_year(one.voided_at.astimezone(LOCAL).date())
    said = _("Not valid since %(day)s. %(why)s", day=day, why=why)
    return f"{said} {note}".strip()


def _coming(one: Standing, several: bool) -> _Coming:
    verdict, spoken = one.reckoning.verdict, speech()
    return _Coming(
        activity_id=one.activity.public_id,
        person_id=one.person.public_id,
        who=one.person.name if several else "",
        title=telling.title_of(one.activity, spoken),
        hours=attesting.attended_words(verdict.minutes, verdict.of_minutes, verdict.attended, verdict.held, spoken),
        why=_why_not(one),
        may_ask=one.may_ask,
    )


def _why_not(one: Standing) -> str:
    by = ISSUED_BY[ActivityKind(one.activity.kind)]
    bar = one.reckoning.verdict.bar
    if not one.over and bar in (None, CertificateBar.NOT_OVER, CertificateBar.TOO_LITTLE):
        last = speech().day_and_year(one.ends_at.astimezone(LOCAL).date())
        if by is IssuedBy.ORGANISER:
            return _("You get a certificate after the last meeting on %(day)s.", day=last)
        who = attesting.issued_by_words(by, speech())
        return _("After the last meeting on %(day)s it is confirmed by %(who)s.", day=last, who=who)
    return _(words.CERTIFICATE_BAR[bar]) if bar else ""
