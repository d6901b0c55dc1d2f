"""The director's and the auditor's pages: who may do what, who looked at what, the ten-year file, the figures."""

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import Text, cast, select

from commune_hub.base import passwords
from commune_hub.base.errors import Invalid, NotFound, Refused
from commune_hub.base.inputs import Draft, Line, Reason, Required
from commune_hub.base.words import LOCAL
from commune_hub.schemes.words import ContractState
from national_record import certification, evaluation, queries, retention, tracing
from national_record.access_models import Agent, Trace
from national_record.actions import access
from national_record.models import Contract
from national_record.web import speech
from national_record.web.calls import now
from national_record.web.screen import Page, acting, ask_again, db, for_duty, go, plain, screen, show, traced
from national_record.words import SERVICE_DUTIES, STAFF_DUTIES, AgentRole, Deed, Duty, Refusal, Result

TRACES_SHOWN = 200


class AgentDraft(Draft):
    """A new agent of the authority."""

    login: Required
    name: Required
    password: Required


class CertificationDraft(Draft):
    """Whose line of the ten-year file, and why."""

    matricule: Required
    motive: Reason


class TracesDraft(Draft):
    """Which traces: of an agent, about the person with a matricule or a contract number."""

    agent: Line = ""
    about: Line = ""
    motive: Reason


@screen.route("/agents", methods=["GET", "POST"])
@for_duty(director=True)
def agents() -> ResponseReturnValue:
    """Agents and what each is authorised for; POST adds one, who may do nothing yet."""

    def page() -> Page:
        return plain("agents.html", agents=queries.agents(db()), staff_duties=sorted(STAFF_DUTIES),
                     service_duties=sorted(SERVICE_DUTIES))  # fmt: skip

    if request.method == "GET":
        return page()
    ask_again(page)
    draft = AgentDraft.parse(request.form)
    if problem := passwords.problem_with(draft.password):
        raise Invalid({"password": [problem]})
    login = draft.login.casefold()
    if db().scalar(select(Agent.id).where(Agent.login == login, Agent.client_id.is_(None))) is not None:
        raise Refused(Refusal.LOGIN_TAKEN)
    access.add_agent(
        db(), login=login, name=draft.name, organisation=acting().organisation, role=AgentRole.AUDITOR,
        password=draft.password, now=now(),
    )  # fmt: skip
    traced(Deed.AUTHORISE, f"{speech.say('Nouvel agent')} {login}")
    return go("screen.agents", "L’agent est ajouté. Il ne peut encore rien faire.")


@screen.post("/agents/<agent>/duties")
@for_duty(director=True)
def authorise(agent: str) -> ResponseReturnValue:
    """Exactly the duties that are ticked (RGD art. 25(1))."""
    found = db().scalar(select(Agent).where(Agent.public_id == agent))
    if found is None:
        raise NotFound("agent")
    duties = [Duty(one) for one in request.form.getlist("duty") if one in set(Duty)]
    access.authorise(db(), agent=found, duties=duties, by=acting(), now=now())
    traced(Deed.AUTHORISE, f"{speech.say('Autorisations de')} {found.login}")
    return go("screen.agents", "Les autorisations sont enregistrées.")


@screen.route("/certification", methods=["GET", "POST"])
@for_duty(Duty.CERTIFICATION)
def certification_file() -> ResponseReturnValue:
    """Whether somebody accomplished a contract, for a request for long-term residence (RGD art. 26)."""
    if request.method == "GET":
        return plain("certification.html")
    ask_again(lambda: plain("certification.html"))
    draft = CertificationDraft.parse(request.form)
    found = certification.find(db(), draft.matricule)
    # Not by any id: a trace must not lead from the ten-year file to anybody's other rows.
    traced(Deed.CERTIFICATION_FIND, draft.motive, result=Result.DONE if found else Result.NOT_FOUND)
    return plain("certification.html", found=found, asked=True)


@screen.route("/traces", methods=["GET", "POST"])
@for_duty(Duty.TRACES)
def traces() -> ResponseReturnValue:
    """Who looked at whose data, when and why (RGD art. 28); looking here is traced, too."""
    if request.method == "GET":
        return plain("traces.html")
    ask_again(lambda: plain("traces.html"))
    draft = TracesDraft.parse(request.form)
    question = select(Trace).order_by(Trace.id.desc())
    if draft.agent:
        question = question.where(Trace.agent == draft.agent)
    person = None
    if draft.about:
        by_number = select(Contract).where(Contract.number_hash == queries.number_hash(db(), draft.about))
        contract = db().scalar(by_number)
        person = contract.person if contract else queries.person_with(db(), draft.about)
        known = person.public_id if person else "nobody"
        question = question.where(cast(Trace.people, Text).contains(known, autoescape=True))
    rows = list(db().scalars(question.limit(TRACES_SHOWN)))
    # The whole of it is checked by `audit verify`; here the months of the rows that are shown.
    faults = tracing.faults(db(), since=min((row.month for row in rows), default="9999"))
    traced(Deed.TRACES_READ, draft.motive, [person.public_id] if person else [])
    return plain("traces.html", rows=rows, asked=True, faults=faults)


@screen.get("/conflicts")
@for_duty(Duty.FILES)
def conflicts() -> ResponseReturnValue:
    """Contracts whose three years are over while one still runs: a human decides (K5)."""
    found = retention.conflicts(db(), now().astimezone(LOCAL).date())
    numbers = {one.id: queries.number_of(db(), one) for one in found}
    running = {one.id: [c for c in one.person.contracts if c.state == ContractState.IN_FORCE] for one in found}
    return show(
        "conflicts.html", deed=Deed.LIST_OPEN, motive=speech.say("Contrôle des délais de conservation"),
        people=[one.person.public_id for one in found], contracts=found, numbers=numbers, running=running,
    )  # fmt: skip


@screen.get("/figures")
@for_duty(Duty.EVALUATION)
def figures() -> ResponseReturnValue:
    """Counts for the external evaluation (RGD art. 29): how many, never who."""
    return plain("figures.html", counts=evaluation.counts(db()), least=evaluation.LEAST)


