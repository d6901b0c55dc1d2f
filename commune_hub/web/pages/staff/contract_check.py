"""At the counter: is this contract valid? One word comes back, "valid" or "not found", and nothing else is kept."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.errors import NotFound, Refused
from commune_hub.contracts import queries, rules
from commune_hub.contracts.actions import linking
from commune_hub.contracts.inputs import CounterQuestionDraft
from commune_hub.contracts.words import AskedBy, ContractRefusal, InquiryState, RecordForm
from commune_hub.web import tries
from commune_hub.web.i18n import N_, _
from commune_hub.web.pages.attested import record_form
from commune_hub.web.pages.forms import Form
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import announce, shows

# The same words for a wrong number, a wrong date of birth and a contract that has ended: no more is told.
_RESULT = {
    InquiryState.FOUND: ("ok", N_("Valid")),
    InquiryState.WAITING: ("warn", N_("Asked. Please look again in a moment.")),
}
_NOT_FOUND = ("", N_("Not found"))


@pages.route("/counter/contract", methods=["GET", "POST"])
@staff(Permission.ASK_RECORD)
@shows(TracedThing.CONTRACT)
def check_contract() -> ResponseReturnValue:
    """The question, with the person at the counter, and the motive that the person can read."""
    if request.method == "GET":
        return _form({})
    back_to("staff.check_contract")
    ask_again(_form)
    draft = CounterQuestionDraft.parse(request.form)
    if tries.remembered("check a contract", actor().public_id) is None:
        raise Refused(ContractRefusal.TOO_MANY_TRIES)
    inquiry = linking.ask_at_the_counter(
        db(), draft=draft, motive=draft.motive, form=record_form(), actor=actor(), now=now()
    )
    # Nobody's name is known here; the motive stands in the trace, and goes to the record with the question.
    announce(TracedThing.CONTRACT, frozenset(), draft.motive)
    say(N_("We ask the record."))
    return go("staff.checked_contract", inquiry_id=inquiry.public_id)


@pages.get("/counter/contract/<inquiry_id>")
@staff(Permission.ASK_RECORD)
@shows(TracedThing.CONTRACT)
def checked_contract(inquiry_id: str) -> ResponseReturnValue:
    """The answer: to whoever asked, for a day."""
    inquiry = queries.inquiry_named(db(), inquiry_id)
    if inquiry.asked_by_id != actor().account_id:
        raise NotFound("inquiry")
    kind, words = _RESULT.get(InquiryState(inquiry.state), _NOT_FOUND)
    return render_template(
        "staff/contract_checked.html",
        kind=kind,
        words=_(words),
        waits=inquiry.state == InquiryState.WAITING,
        again=url_for("staff.checked_contract", inquiry_id=inquiry_id),
    )


def _form(problems: Problems) -> str:
    form = record_form()
    return render_template(
        "staff/contract_check.html",
        form=Form(request.form or {"by": AskedBy.CONTRACT_NUMBER}, problems),
        offered=form is not RecordForm.NONE,
        by=[
            (AskedBy.CONTRACT_NUMBER, _("The number of the contract"), ""),
            (AskedBy.MATRICULE, _("The national number"), _("It is used once and not kept.")),
        ],
        takes_matricule=form in rules.TAKES_MATRICULE,
    )
