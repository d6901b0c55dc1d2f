"""A person's file and contracts: a typed motive first, then what the duty allows, every look and act traced."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated

from flask import request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError
from sqlalchemy import select

from commune_hub.base.errors import InputCode, Invalid, NotFound
from commune_hub.base.inputs import Day, Draft, EmptyIsNone, Line, Reason, Required, Ticked
from commune_hub.base.words import LOCAL
from commune_hub.schemes.loading import in_use
from commune_hub.schemes.words import ObligationKind
from national_record import files, law, queries
from national_record.access_models import OpenFile
from national_record.actions import attestations, contracts, people
from national_record.actions.attestations import Paper
from national_record.models import Contract, Person
from national_record.web.calls import now
from national_record.web.screen import Page, acting, ask_again, db, for_duty, go, plain, screen, show, signed_in, traced
from national_record.words import CountsFor, DataGroup, Deed, Duty, Result

# So long a motive counts; then it is asked for again.
OPEN_FOR = timedelta(minutes=30)
STEPS = 3


class FindDraft(Draft):
    """Whom to look for, and why."""

    number: Required
    motive: Reason


class MotiveDraft(Draft):
    """Why a file is opened."""

    motive: Reason


class InterviewDraft(Draft):
    """The interview."""

    held_on: Day
    social_worker: Ticked = False


class StepDraft(Draft):
    """One line of the roadmap."""

    kind: ObligationKind
    on_day: Day
    title: Required
    place: Required


class SignDraft(Draft):
    """A contract to sign."""

    scheme: Required
    signed_on: Day


class DayDraft(Draft):
    """A day."""

    day: Day


class VoucherDraft(Draft):
    """A voucher for a language."""

    language: Required


class SecondDraft(Draft):
    """A second contract and the reason that is recognised as legitimate."""

    reason: Reason
    signed_on: Day


class PaperDraft(Draft):
    """A certificate on paper."""

    counts_for: ObligationKind
    title: Required
    issuer: Required
    first_on: Day
    last_on: Day
    language: Annotated[Line | None, EmptyIsNone] = None
    level: Annotated[Line | None, EmptyIsNone] = None


# --- opening ---------------------------------------------------------------------------------------------------------


@screen.route("/find", methods=["GET", "POST"])
@for_duty(Duty.FILES)
def find() -> ResponseReturnValue:
    """By matricule or contract number; there is no list of all people and no search by name."""
    if request.method == "GET":
        return plain("find.html")
    ask_again(lambda: plain("find.html"))
    draft = FindDraft.parse(request.form)
    contract = db().scalar(select(Contract).where(Contract.number_hash == queries.number_hash(db(), draft.number)))
    person = contract.person if contract else queries.person_with(db(), draft.number)
    if person is None:
        traced(Deed.FILE_FIND, draft.motive, result=Result.NOT_FOUND)
        return go("screen.find", "Personne n’est connu sous ce numéro.")
    _remember(person, draft.motive)
    traced(Deed.FILE_FIND, draft.motive, [person.public_id])
    return go("screen.file", person=person.public_id)


@screen.post("/people/<person>/open")
@for_duty(Duty.FILES)
def open_file(person: str) -> ResponseReturnValue:
    """Say why; then the file opens."""
    found = queries.person_named(db(), person)
    ask_again(lambda: plain("motive.html", person=found))
    _remember(found, MotiveDraft.parse(request.form).motive)
    return go("screen.file", person=person)


def _remember(person: Person, motive: str) -> None:
    session = signed_in()
    assert session is not None
    question = select(OpenFile).where(OpenFile.sign_in_id == session.id, OpenFile.person_id == person.id)
    opened = db().scalar(question) or OpenFile(sign_in_id=session.id, person_id=person.id)
    opened.motive, opened.until = motive, now() + OPEN_FOR
    db().add(opened)
    db().flush()


def _motive_for(person: Person) -> str | None:
    session = signed_in()
    assert session is not None
    return db().scalar(
        select(OpenFile.motive).where(
            OpenFile.sign_in_id == session.id, OpenFile.person_id == person.id, OpenFile.until > now()
        )
    )


def _opened(person: str) -> tuple[Person, str]:
    """The person and the motive with which their file is open. Raises NotFound where it is not."""
    found = queries.person_named(db(), person, lock=True)
    motive = _motive_for(found)
    if motive is None:
        raise NotFound("person")
    ask_again(lambda: _file(queries.person_named(db(), person), motive))
    return found, motive


@screen.get("/people/<person>")
@for_duty(Duty.FILES)
def file(person: str) -> ResponseReturnValue:
    """The file, if the agent has said why; else the question."""
    found = queries.person_named(db(), person)
    motive = _motive_for(found)
    return plain("motive.html", person=found) if motive is None else _file(found, motive)


def _file(person: Person, motive: str) -> Page:
    ring, today = queries.ring_of(db()), now().astimezone(LOCAL).date()
    return show(
        "file.html", deed=Deed.FILE_OPEN, motive=motive, people=[person.public_id], person=person, motive_said=motive,
        matricule=ring.open(person.public_id, person.matricule_sealed), today=today,
        groups={group: queries.group_of(db(), person, group) for group in DataGroup},
        fields={group: kind.model_fields for group, kind in files.GROUPS.items()},
        numbers={one.id: queries.number_of(db(), one) for one in person.contracts},
        vouchers={v.id: law.voucher_state(one, v, today) for one in person.contracts for v in one.vouchers},
        schemes=in_use(), steps=range(STEPS), obligation_kinds=list(ObligationKind),
    )  # fmt: skip


# --- recording -------------------------------------------------------------------------------------------------------


@screen.post("/people/<person>/groups/<group>")
@for_duty(Duty.FILES)
def record_group(person: str, group: str) -> ResponseReturnValue:
    """Put one of the six groups in place of what stood there."""
    found, motive = _opened(person)
    if group not in set(DataGroup):
        raise NotFound("group")
    kind = files.GROUPS[DataGroup(group)]
    given = {
        name: (name in request.form if field.annotation is bool else request.form.get(name, "").strip())
        for name, field in kind.model_fields.items()
    }
    try:
        content = kind.model_validate({name: value for name, value in given.items() if value != ""})
    except ValidationError as error:
        wrong = {str(problem["loc"][0]): [InputCode.NOT_A_CHOICE] for problem in error.errors(include_input=False)}
        raise Invalid(wrong) from None
    people.record(db(), person=found, content=content, by=acting(), now=now())
    return _done(found, Deed.FILE_RECORD, motive, "Les données sont enregistrées.")


@screen.post("/people/<person>/interview")
@for_duty(Duty.FILES)
def hold_interview(person: str) -> ResponseReturnValue:
    """The interview with its roadmap: lines whose title is empty are left out."""
    found, motive = _opened(person)
    draft = InterviewDraft.parse(request.form)
    steps = []
    for number in range(STEPS):
        line = {name: request.form.get(f"{name}_{number}", "") for name in StepDraft.model_fields}
        if line["title"].strip():
            step = StepDraft.parse(line)
            steps.append((step.kind, step.on_day, step.title, step.place))
    people.interview(
        db(), person=found, held_on=draft.held_on, by=acting(), social_worker=draft.social_worker, steps=steps
    )
    return _done(found, Deed.FILE_RECORD, motive, "L’entretien et la feuille de route sont enregistrés.")


@screen.post("/people/<person>/contracts")
@for_duty(Duty.FILES)
def sign_contract(person: str) -> ResponseReturnValue:
    """Sign a contract or join the pact; the law says no where it must."""
    found, motive = _opened(person)
    draft = SignDraft.parse(request.form)
    if draft.scheme not in {one.scheme for one in in_use()}:
        raise Invalid({"scheme": [InputCode.NOT_A_CHOICE]})
    contracts.sign(db(), person=found, scheme=draft.scheme, signed_on=draft.signed_on, now=now())
    return _done(found, Deed.CONTRACT_CHANGE, motive, "Le contrat est signé.")


# --- a contract ------------------------------------------------------------------------------------------------------


def _act(person: str, contract: str, do: Callable[[Contract, date], object], sentence: str) -> ResponseReturnValue:
    found, motive = _opened(person)
    mine = queries.contract_for_update(db(), contract)
    if mine.person_id != found.id:
        raise NotFound("contract")
    do(mine, now().astimezone(LOCAL).date())
    return _done(found, Deed.CONTRACT_CHANGE, motive, sentence)


@screen.post("/people/<person>/contracts/<contract>/begin")
@for_duty(Duty.FILES)
def begin(person: str, contract: str) -> ResponseReturnValue:
    """The first measure has begun."""

    def do(mine: Contract, _today: date) -> None:
        contracts.begin(db(), contract=mine, first_day=DayDraft.parse(request.form).day, now=now())

    return _act(person, contract, do, "Le contrat est en vigueur.")


@screen.post("/people/<person>/contracts/<contract>/vouchers")
@for_duty(Duty.FILES)
def give_voucher(person: str, contract: str) -> ResponseReturnValue:
    """The next voucher."""

    def do(mine: Contract, today: date) -> None:
        language = VoucherDraft.parse(request.form).language
        contracts.give_voucher(db(), contract=mine, language=language, today=today, now=now())

    return _act(person, contract, do, "Le bon est émis.")


@screen.post("/people/<person>/contracts/<contract>/vouchers/<int:number>/use")
@for_duty(Duty.FILES)
def use_voucher(person: str, contract: str, number: int) -> ResponseReturnValue:
    """It was shown at a registration."""

    def do(mine: Contract, _today: date) -> None:
        contracts.use_voucher(db(), contract=mine, number=number, on=DayDraft.parse(request.form).day, now=now())

    return _act(person, contract, do, "Le bon est utilisé.")


@screen.post("/people/<person>/contracts/<contract>/second")
@for_duty(Duty.FILES)
def sign_second(person: str, contract: str) -> ResponseReturnValue:
    """A second contract for what is missing."""

    def do(mine: Contract, _today: date) -> None:
        draft = SecondDraft.parse(request.form)
        contracts.sign_second(db(), contract=mine, reason=draft.reason, signed_on=draft.signed_on, now=now())

    return _act(person, contract, do, "Le deuxième contrat est signé.")


@screen.post("/people/<person>/contracts/<contract>/papers")
@for_duty(Duty.FILES)
def hand_in(person: str, contract: str) -> ResponseReturnValue:
    """A certificate on paper was handed in."""

    def do(mine: Contract, _today: date) -> None:
        draft = PaperDraft.parse(request.form)
        if draft.last_on < draft.first_on:
            raise Invalid({"last_on": [InputCode.END_BEFORE_START]})
        given = draft.model_dump() | {"counts_for": CountsFor(draft.counts_for)}
        attestations.hand_in(db(), contract=mine, paper=Paper(**given), now=now())

    return _act(person, contract, do, "L’attestation attend une décision.")


def _done(person: Person, deed: Deed, motive: str, sentence: str) -> ResponseReturnValue:
    traced(deed, motive, [person.public_id])
    return go("screen.file", sentence, person=person.public_id)
