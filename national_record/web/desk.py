"""The desk: today, information sessions with candidates, incoming attestations, providers, orientation days."""

from datetime import datetime, timedelta
from typing import Annotated

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from commune_hub.base.errors import NotFound
from commune_hub.base.inputs import Clock, Day, Draft, EmptyIsNone, Line, Reason, Required
from commune_hub.base.words import LOCAL
from commune_hub.schemes.loading import in_use
from commune_hub.schemes.words import ContractState, ObligationKind
from national_record import files, law, queries, retention
from national_record.actions import attestations, people, providers
from national_record.models import (
    Candidacy,
    Contract,
    InformationSession,
    Invitation,
    OrientationDay,
    Provider,
)
from national_record.web import speech
from national_record.web.calls import now
from national_record.web.screen import Page, acting, ask_again, db, for_duty, go, plain, screen, show, traced
from national_record.words import Deed, Duty


class SessionDraft(Draft):
    """A new information session."""

    scheme: Required
    day: Day
    at: Clock
    place: Required
    language: Required
    seats: int = 25


class CandidateDraft(Draft):
    """Somebody who registers for a session."""

    matricule: Required
    names: Required
    first_names: Required
    birth_date: Day
    mail: Line = ""
    phone: Line = ""
    commune: Line = ""


class RejectDraft(Draft):
    """Why an attestation is refused."""

    reason: Reason


class ProviderDraft(Draft):
    """A provider under convention."""

    code: Required
    name: Required
    convention_reference: Required
    valid_from: Day
    valid_until: Annotated[Day | None, EmptyIsNone] = None


class OrientationDraft(Draft):
    """A new orientation day."""

    on_day: Day
    place: Required


def today_there() -> datetime:
    """Midnight of today in Luxembourg."""
    return now().astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)


# --- today -----------------------------------------------------------------------------------------------------------


@screen.get("/")
@for_duty()
def today() -> ResponseReturnValue:
    """Numbers and dates, nobody's data."""
    start = today_there()
    may = acting().duties
    upcoming = select(OrientationDay).where(OrientationDay.on_day >= start.date()).order_by(OrientationDay.on_day)
    return plain(
        "today.html",
        sessions=queries.sessions_between(db(), start, start + timedelta(days=15)) if Duty.FILES in may else [],
        waiting=queries.waiting_count(db()) if Duty.ATTESTATIONS in may else 0,
        conflicts=len(retention.conflicts(db(), start.date())) if Duty.FILES in may else 0,
        days=list(db().scalars(upcoming)),
        schemes=in_use(),
    )


# --- information sessions --------------------------------------------------------------------------------------------


@screen.route("/sessions/new", methods=["GET", "POST"])
@for_duty(Duty.FILES)
def new_session() -> ResponseReturnValue:
    """Plan an information session."""

    def page() -> Page:
        return plain("new_session.html", schemes=in_use())

    if request.method == "GET":
        return page()
    ask_again(page)
    draft = SessionDraft.parse(request.form)
    made = people.plan_session(
        db(), scheme=draft.scheme, starts_at=datetime.combine(draft.day, draft.at, LOCAL), place=draft.place,
        language=draft.language, seats=draft.seats,
    )  # fmt: skip
    return go("screen.candidates", "La séance est créée.", session=made.public_id)


def _session(public_id: str) -> InformationSession:
    found = db().scalar(select(InformationSession).where(InformationSession.public_id == public_id))
    if found is None:
        raise NotFound("session")
    return found


@screen.route("/sessions/<session>", methods=["GET", "POST"])
@for_duty(Duty.FILES)
def candidates(session: str) -> ResponseReturnValue:
    """The candidates of one session; POST registers one."""
    meeting = _session(session)
    motive = f"{speech.say('Séance d’information du')} {meeting.starts_at.astimezone(LOCAL):%d.%m.%Y}"

    def page() -> Page:
        found = queries.candidates_of(db(), _session(session))
        names = queries.names_of(db(), [one.person for one in found])
        return show(
            "session.html", deed=Deed.LIST_OPEN, motive=motive, people=[one.person.public_id for one in found],
            meeting=_session(session), candidates=found, names=names,
        )  # fmt: skip

    if request.method == "GET":
        return page()
    ask_again(page)
    draft = CandidateDraft.parse(request.form)
    personal = files.Personal(**draft.model_dump(exclude={"matricule"}))
    person = queries.person_with(db(), draft.matricule) if draft.matricule else None
    if person is None or queries.personal_of(db(), person).birth_date != draft.birth_date:
        person = people.register(db(), matricule=draft.matricule, personal=personal, by=acting(), now=now())
    people.invite(db(), meeting=meeting, person=person)
    traced(Deed.FILE_RECORD, motive, [person.public_id])
    return go("screen.candidates", "La personne est inscrite.", session=session)


@screen.post("/sessions/<session>/came/<person>")
@for_duty(Duty.FILES)
def came(session: str, person: str) -> ResponseReturnValue:
    """Who came, so that the year of the session counts for them."""
    meeting, found = _session(session), queries.person_named(db(), person)
    question = select(Candidacy).where(Candidacy.session_id == meeting.id, Candidacy.person_id == found.id)
    candidacy = db().scalar(question)
    if candidacy is None:
        raise NotFound("candidate")
    candidacy.came = request.form.get("came") == "yes"
    traced(Deed.FILE_RECORD, speech.say("Présence à la séance d’information"), [found.public_id])
    return go("screen.candidates", "C’est noté.", session=session)


# --- attestations ----------------------------------------------------------------------------------------------------


@screen.get("/attestations")
@for_duty(Duty.ATTESTATIONS)
def incoming() -> Page:
    """What has come in and waits for a decision, with what speaks against it."""
    found = queries.waiting_attestations(db())
    owners = [one.contract.person for one in found]
    doubts = {}
    for one in found:
        provider = queries.convention(db(), one.convention_reference)
        holds = provider is not None and provider.is_under_convention(one.first_on)
        doubts[one.id] = law.doubts(one, under_convention=holds)
    return show(
        "attestations.html", deed=Deed.LIST_OPEN, motive=speech.say("Décision sur les attestations reçues"),
        people=[one.public_id for one in owners], attestations=found, names=queries.names_of(db(), owners),
        doubts=doubts,
    )  # fmt: skip


@screen.post("/attestations/<attestation>/validate")
@for_duty(Duty.ATTESTATIONS)
def validate(attestation: str) -> ResponseReturnValue:
    """Accept it: it meets its obligation, or is noted as practice."""
    found = queries.attestation_named(db(), attestation)
    ask_again(incoming)
    attestations.validate(db(), attestation=found, by=acting(), now=now())
    traced(Deed.ATTESTATION_DECIDE, speech.say("Validation d’une attestation"), [found.contract.person.public_id])
    return go("screen.incoming", "L’attestation est validée.")


@screen.post("/attestations/<attestation>/reject")
@for_duty(Duty.ATTESTATIONS)
def reject(attestation: str) -> ResponseReturnValue:
    """Refuse it and say why; the person reads the reason."""
    found = queries.attestation_named(db(), attestation)
    ask_again(incoming)
    reason = RejectDraft.parse(request.form).reason
    attestations.reject(db(), attestation=found, reason=reason, by=acting(), now=now())
    traced(Deed.ATTESTATION_DECIDE, speech.say("Refus d’une attestation"), [found.contract.person.public_id])
    return go("screen.incoming", "L’attestation est refusée ; la raison part avec la réponse.")


# --- providers -------------------------------------------------------------------------------------------------------


@screen.route("/providers", methods=["GET", "POST"])
@for_duty(Duty.PROVIDERS)
def all_providers() -> ResponseReturnValue:
    """Providers under convention with their offers and free places; no names of participants."""

    def page() -> Page:
        question = select(Provider).options(selectinload(Provider.offers)).order_by(Provider.name)
        return plain("providers.html", providers=list(db().scalars(question)), today=today_there().date())

    if request.method == "GET":
        return page()
    ask_again(page)
    draft = ProviderDraft.parse(request.form)
    providers.add_provider(db(), **draft.model_dump())
    return go("screen.all_providers", "Le prestataire est ajouté.")


# --- orientation days ------------------------------------------------------------------------------------------------


@screen.route("/days", methods=["GET", "POST"])
@for_duty(Duty.FILES)
def days() -> ResponseReturnValue:
    """Orientation days and how many are invited."""

    def page() -> Page:
        found = list(db().scalars(select(OrientationDay).order_by(OrientationDay.on_day.desc()).limit(20)))
        invited = {
            day.id: len(list(db().scalars(select(Invitation.id).where(Invitation.day_id == day.id)))) for day in found
        }
        return plain("days.html", days=found, invited=invited, today=today_there().date())

    if request.method == "GET":
        return page()
    ask_again(page)
    draft = OrientationDraft.parse(request.form)
    people.plan_orientation_day(db(), on_day=draft.on_day, place=draft.place)
    return go("screen.days", "La journée est créée.")


@screen.post("/days/<day>/invite")
@for_duty(Duty.FILES)
def invite(day: str) -> ResponseReturnValue:
    """Invite by name everybody whose contract is open and who still misses the day (fact sheet)."""
    found = db().scalar(select(OrientationDay).where(OrientationDay.public_id == day))
    if found is None:
        raise NotFound("day")
    open_ones = select(Contract).where(Contract.state.in_([ContractState.SIGNED, ContractState.IN_FORCE]))
    invited = [one for one in db().scalars(open_ones) if ObligationKind.ORIENTATION_DAY in one.missing]
    for contract in invited:
        people.invite_to_day(db(), day=found, contract=contract, now=now())
    traced(
        Deed.INVITE, speech.say("Invitation à la journée d’orientation"), [one.person.public_id for one in invited]
    )
    return go("screen.days", "Les invitations sont notées.")
