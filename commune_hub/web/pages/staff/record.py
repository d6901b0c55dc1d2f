"""The authority's page of the record: what was rejected, papers to decide, and where no wire is, answers to note."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.contracts import permissions, queries
from commune_hub.contracts.actions import attesting, manual, outside
from commune_hub.contracts.inputs import DecisionDraft, FoundDraft, ReceiptDraft, VerdictDraft
from commune_hub.contracts.models import Attestation, OutsideCertificate
from commune_hub.contracts.words import AttestationState, RecordForm
from commune_hub.schemes.loading import in_use
from commune_hub.schemes.words import ContractState
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages import words
from commune_hub.web.pages.attested import Entry, entry_of, moment_words, record_form
from commune_hub.web.pages.forms import Form, pairs
from commune_hub.web.pages.proofs import as_download, choices
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import shows, trace

may_answer = staff(Permission.ANSWER_FOR_RECORD)
may_decide = staff(Permission.DECIDE_PAPERS)


@dataclass(frozen=True, slots=True)
class _Line:
    """Something to do about somebody, ready to print."""

    id: str
    name: str
    words: str


@pages.get("/record")
@may_answer
@shows(TracedThing.ATTESTATIONS)
def record() -> ResponseReturnValue:
    """What waits for the authority."""
    permissions.must_answer_for_the_record(actor())
    form, line = record_form(), queries.line(db())
    by_hand = form is RecordForm.MANUAL
    counts = queries.standing_counts(db())
    return render_template(
        "staff/record.html",
        down=moment_words(line.down_since) if line.down_since else "",
        cells=[
            (_KIND.get(state, ""), speech().number(counts.get(state, 0)), _(words.ATTESTATION_STATE[state]))
            for state in AttestationState
        ],
        rejected=[_attested(one) for one in queries.rejected_unseen(db())],
        papers=[_paper(one) for one in queries.papers_waiting(db())],
        questions=manual.questions(db()) if by_hand else [],
        to_note=[_attested(one) for one in manual.to_note(db())] if by_hand else [],
        to_decide=[_attested(one) for one in manual.to_decide(db())] if by_hand else [],
        by_hand=by_hand,
    )


_KIND = {AttestationState.VALIDATED: "ok", AttestationState.REJECTED: "bad", AttestationState.ON_ITS_WAY: "warn"}


def _attested(one: Attestation) -> _Line:
    entry = entry_of(one, with_body=True)
    said = " · ".join(filter(None, (entry.title, entry.counts, entry.reason)))
    return _Line(one.public_id, one.person.name, said)


def _paper(one: OutsideCertificate) -> _Line:
    facts = outside.facts_of(db(), one)
    return _Line(one.public_id, one.person.name, f"{facts['title']} · {facts['issuer']}")


@pages.post("/record/attestations/<attestation_id>/seen")
@may_answer
@shows(TracedThing.ATTESTATIONS)
def rejection_seen(attestation_id: str) -> ResponseReturnValue:
    """A rejection is shown once."""
    back_to("staff.record")
    attestation = queries.attestation_named(db(), attestation_id)
    attesting.mark_seen(db(), attestation=attestation, actor=actor(), now=now())
    return go("staff.record")


# -- certificates from outside ---------------------------------------------------


@pages.get("/record/papers/<paper_id>")
@may_decide
@shows(TracedThing.CERTIFICATE)
def paper(paper_id: str) -> ResponseReturnValue:
    """One certificate from outside, to confirm or to refuse."""
    return _paper_page(paper_id)


@pages.get("/record/papers/<paper_id>/file")
@may_decide
@shows(TracedThing.CERTIFICATE)
def paper_download(paper_id: str) -> ResponseReturnValue:
    """Its file, to look at on one's own machine."""
    permissions.must_decide_papers(actor())
    return as_download(queries.paper_named(db(), paper_id))


@pages.post("/record/papers/<paper_id>")
@may_decide
@shows(TracedThing.CERTIFICATE)
def decide_paper(paper_id: str) -> ResponseReturnValue:
    """Confirm what it says, or refuse it with a reason."""
    back_to("staff.record")
    ask_again(lambda problems: _paper_page(paper_id, problems))
    found = queries.paper_named(db(), paper_id, lock=True)
    draft = DecisionDraft.parse(request.form)
    outside.decide(db(), paper=found, draft=draft, actor=actor(), now=now())
    say(N_("Noted. The file is deleted, the person is told."))
    return go("staff.record")


def _paper_page(paper_id: str, problems: Problems | None = None) -> str:
    found = queries.paper_named(db(), paper_id)
    facts = outside.facts_of(db(), found)
    typed = request.form if problems else {**facts, "counts_for": found.counts_for}
    return render_template(
        "staff/paper.html",
        paper=found,
        name=found.person.name,
        handed_in=moment_words(found.handed_in_at),
        form=Form(typed, problems or {}),
        **choices(),
    )


# -- the record without a wire: an officer reads it and notes what it says --------


@pages.route("/record/questions/<inquiry_id>", methods=["GET", "POST"])
@may_answer
@shows(TracedThing.CONTRACT)
def answer_question(inquiry_id: str) -> ResponseReturnValue:
    """Is there this contract? By its number only."""
    if request.method == "GET":
        return _question_page(inquiry_id, {})
    back_to("staff.record")
    ask_again(lambda problems: _question_page(inquiry_id, problems))
    draft = FoundDraft.parse(request.form)
    inquiry = queries.inquiry_named(db(), inquiry_id, lock=True)
    manual.answer(db(), inquiry=inquiry, draft=draft, actor=actor(), now=now())
    say(N_("Noted. The person is told."))
    return go("staff.record")


def _question_page(inquiry_id: str, problems: Problems) -> str:
    inquiry = queries.inquiry_named(db(), inquiry_id)
    question = manual.question(db(), inquiry, actor())
    trace(TracedThing.CONTRACT, [inquiry.person] if inquiry.person else [])
    return render_template(
        "staff/record_question.html",
        id=inquiry_id,
        number=question.number,
        born_on=speech().day_and_year(question.born_on),
        form=Form(request.form, problems),
        schemes=pairs((one.id, one.short_name) for one in in_use()),
        states=pairs((state, _(_STATES[state])) for state in ContractState),
    )


_STATES = {
    ContractState.SIGNED: N_("Signed, nothing has begun"),
    ContractState.IN_FORCE: N_("In force"),
    ContractState.FULFILLED: N_("Fulfilled"),
    ContractState.ENDED: N_("Ended"),
}


@pages.route("/record/attestations/<attestation_id>", methods=["GET", "POST"])
@may_answer
@shows(TracedThing.ATTESTATIONS)
def note_attestation(attestation_id: str) -> ResponseReturnValue:
    """The message exactly as it is to be entered into the register, and the number under which it was."""
    if request.method == "GET":
        return _note_page(attestation_id, {})
    back_to("staff.record")
    ask_again(lambda problems: _note_page(attestation_id, problems))
    draft = ReceiptDraft.parse(request.form)
    attestation = queries.attestation_named(db(), attestation_id, lock=True)
    manual.note_receipt(db(), attestation=attestation, receipt=draft.receipt, actor=actor(), now=now())
    say(N_("Noted."))
    return go("staff.record")


@pages.post("/record/attestations/<attestation_id>/verdict")
@may_answer
@shows(TracedThing.ATTESTATIONS)
def note_verdict(attestation_id: str) -> ResponseReturnValue:
    """What the register decided."""
    back_to("staff.record")
    ask_again(lambda problems: _note_page(attestation_id, problems))
    draft = VerdictDraft.parse(request.form)
    attestation = queries.attestation_named(db(), attestation_id, lock=True)
    manual.note_verdict(db(), attestation=attestation, draft=draft, actor=actor(), now=now())
    say(N_("Noted. The person is told."))
    return go("staff.record")


def _note_page(attestation_id: str, problems: Problems) -> str:
    permissions.must_answer_for_the_record(actor())
    attestation = queries.attestation_named(db(), attestation_id)
    entry: Entry = entry_of(attestation, with_body=True)
    waiting = queries.next_transfer(db(), attestation.id)
    return render_template(
        "staff/record_attestation.html",
        id=attestation_id,
        name=attestation.person.name,
        entry=entry,
        line=entry.lines[waiting.number - 1] if waiting else entry.lines[-1],
        waits=waiting is not None,
        may_decide=waiting is None and attestation.state == AttestationState.RECEIVED,
        form=Form(request.form, problems),
    )
