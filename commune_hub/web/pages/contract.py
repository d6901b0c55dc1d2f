"""My contract: linking it, what has left about me, taking it back; the weekly mail of offers near home."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts.models import Person
from commune_hub.accounts.profile import home_of
from commune_hub.base.errors import NotFound, Refused
from commune_hub.base.words import LOCAL
from commune_hub.contracts import queries, rules
from commune_hub.contracts.actions import linking, replies
from commune_hub.contracts.inputs import LinkDraft
from commune_hub.contracts.models import ContractLink
from commune_hub.contracts.words import (
    AskedBy,
    ConsentPurpose,
    ContractRefusal,
    InquiryState,
    RecordForm,
)
from commune_hub.web import tries
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages import pages, words
from commune_hub.web.pages.attested import entry_of, record_form, scheme_name
from commune_hub.web.pages.forms import Form
from commune_hub.web.pages.profile import own_people
from commune_hub.web.request import Problems, ask_again, back_to, db, go, now, say
from commune_hub.web.security import learner


def asked_for() -> Person:
    """The one of my own people whom the page is about. Raises NotFound."""
    wanted = request.values.get("person", "")
    person = next((one for one in own_people() if one.public_id == wanted or not wanted), None)
    if person is None:
        raise NotFound("person")
    return person


def tabs(endpoint: str, chosen: Person) -> list[tuple[str, str, bool]]:
    """The people of this contact, to choose from."""
    return [(one.name, url_for(endpoint, person=one.public_id), one is chosen) for one in own_people()]


@pages.get("/my/contract")
@learner
def contract() -> ResponseReturnValue:
    """Link a contract; or the link that there is, with what was agreed to."""
    return _page(asked_for())


@pages.post("/my/contract")
@learner
def link_contract() -> ResponseReturnValue:
    """ "I have a contract": asked in the background, so that a slow record keeps nobody waiting."""
    person = asked_for()
    back_to("pages.contract", person=person.public_id)
    ask_again(lambda problems: _page(asked_for(), problems))
    draft = LinkDraft.parse(request.form)
    # Counted whatever is answered, so that nobody tries numbers out.
    if tries.remembered("link a contract", draft.asked) is None:
        raise Refused(ContractRefusal.TOO_MANY_TRIES)
    person = asked_for()
    linking.ask(db(), person=person, draft=draft, form=record_form(), language=speech().code, now=now())
    say(N_("We ask the record. The answer comes here and by mail, mostly within a minute."))
    return go("pages.contract", person=person.public_id)


@pages.post("/my/contract/end")
@learner
def end_consent() -> ResponseReturnValue:
    """Take the consent back."""
    person = asked_for()
    linking.take_back(db(), person=person, purpose=ConsentPurpose.RECORD, now=now())
    say(N_("The link has ended. Nothing more is sent. What was sent stays readable here."))
    return go("pages.contract", person=person.public_id)


@pages.post("/my/contract/again")
@learner
def ask_again_now() -> ResponseReturnValue:
    """Have the record asked what is done and missing, once a minute at most."""
    person = asked_for()
    link = queries.link_of(db(), person.id)
    if link is None:
        raise NotFound("link")
    replies.ask_standing(db(), link=link, now=now())
    say(N_("We ask the record again. Please look in a minute."))
    return go("pages.roadmap", person=person.public_id)


@pages.post("/my/offers")
@learner
def weekly_offers() -> ResponseReturnValue:
    """The weekly mail of at most three new offers near home: yes or no."""
    person = asked_for()
    if request.form.get("wanted") == "yes":
        purpose, code = ConsentPurpose.WEEKLY_OFFERS, speech().code
        linking.agree(db(), person=person, purpose=purpose, language=code, now=now())
        say(N_("Once a week we write what is new near you: three offers at most."))
    else:
        linking.take_back(db(), person=person, purpose=ConsentPurpose.WEEKLY_OFFERS, now=now())
        say(N_("We write no more about new offers."))
    return go("pages.roadmap", person=person.public_id)


def _page(person: Person, problems: Problems | None = None) -> str:
    link = queries.link_of(db(), person.id)
    inquiry = queries.last_inquiry(db(), person.id)
    waits = inquiry is not None and inquiry.state == InquiryState.WAITING
    told = ""
    if inquiry is not None and inquiry.state not in (InquiryState.FOUND, InquiryState.TAKEN_BACK):
        told = _(words.INQUIRY_STATE[InquiryState(inquiry.state)])
    form = Form(request.form if problems else {"by": AskedBy.CONTRACT_NUMBER}, problems or {})
    return render_template(
        "public/contract.html",
        person=person,
        tabs=tabs("pages.contract", person),
        offered=record_form() is not RecordForm.NONE,
        takes_matricule=record_form() in rules.TAKES_MATRICULE,
        by=[
            (AskedBy.CONTRACT_NUMBER, _("The number of my contract"), _("It stands on the contract.")),
            (AskedBy.MATRICULE, _("My national number"), _("13 digits. We ask with it once and do not keep it.")),
        ],
        link=_link_words(link) if link else None,
        told=told,
        waits=waits,
        form=form,
        has_ledger=bool(queries.ledger_of(db(), person.id)) if link is None else True,
        home=home_of(db(), person),
    )


@dataclass(frozen=True, slots=True)
class _LinkWords:
    """The link, ready to print."""

    scheme: str
    since: str
    ends: str


def _link_words(link: ContractLink) -> _LinkWords:
    return _LinkWords(
        scheme=scheme_name(link),
        since=speech().day_and_year(link.linked_at.astimezone(LOCAL).date()),
        ends=speech().day_and_year(link.ends_on) if link.ends_on else "",
    )


# -- what has left ---------------------------------------------------------------


@pages.get("/my/contract/sent")
@learner
def ledger() -> ResponseReturnValue:
    """The ledger: every message about me, exactly as it left, why, and what became of it."""
    person = asked_for()
    return render_template(
        "public/ledger.html",
        person=person,
        tabs=tabs("pages.ledger", person),
        entries=[entry_of(one, with_body=True) for one in queries.ledger_of(db(), person.id)],
    )
