"""Certificates from outside: handing in a photo or PDF, seeing what became of it, taking it back."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.base.errors import NotFound
from commune_hub.base.words import LOCAL
from commune_hub.contracts import queries
from commune_hub.contracts.actions import outside as actions
from commune_hub.contracts.inputs import ProofDraft
from commune_hub.contracts.models import OutsideCertificate
from commune_hub.contracts.words import OutsideState
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages import pages, words
from commune_hub.web.pages.contract import asked_for, tabs
from commune_hub.web.pages.forms import Form
from commune_hub.web.pages.profile import own_people
from commune_hub.web.pages.proofs import as_download, choices
from commune_hub.web.request import Problems, ask_again, back_to, db, go, now, say
from commune_hub.web.security import learner

_FILE = "file"


@pages.get("/my/outside")
@learner
def outside() -> ResponseReturnValue:
    """What was handed in, and the form for more."""
    return _page({})


@pages.post("/my/outside")
@learner
def hand_in() -> ResponseReturnValue:
    """Take a photo or PDF in. The file is read whole: it is four megabytes at most."""
    person = asked_for()
    back_to("pages.outside", person=person.public_id)
    ask_again(_page)
    draft = ProofDraft.parse(request.form)
    file = request.files.get(_FILE)
    actions.hand_in(db(), person=person, draft=draft, data=file.read() if file else b"", now=now())
    say(N_("Thank you. The national authority looks at it and answers here and by mail."))
    return go("pages.outside", person=person.public_id)


@pages.post("/my/outside/<paper_id>/take-back")
@learner
def take_paper_back(paper_id: str) -> ResponseReturnValue:
    """Take it back before anybody has decided; the file is deleted at once."""
    paper = _mine(paper_id)
    actions.take_back(db(), paper=paper, now=now())
    say(N_("Taken back. The file is deleted."))
    return go("pages.outside", person=paper.person.public_id)


@pages.get("/my/outside/<paper_id>/file")
@learner
def paper_file(paper_id: str) -> ResponseReturnValue:
    """The file that I handed in, while nobody has decided."""
    return as_download(_mine(paper_id))


def _mine(paper_id: str) -> OutsideCertificate:
    paper = queries.paper_named(db(), paper_id)
    if paper.person_id not in {person.id for person in own_people()}:
        raise NotFound("paper")
    return paper


_TAG = {
    OutsideState.WAITING: "warn",
    OutsideState.CONFIRMED: "ok",
    OutsideState.REFUSED: "bad",
    OutsideState.TAKEN_BACK: "",
}


def _page(problems: Problems) -> str:
    person = asked_for()
    rows = []
    for paper in queries.papers_of(db(), person.id):
        facts, state = actions.facts_of(db(), paper), OutsideState(paper.state)
        handed_in = speech().day_and_year(paper.handed_in_at.astimezone(LOCAL).date())
        reason = person.opened(paper.reason_sealed) if paper.reason_sealed else ""
        rows.append((paper.public_id, facts["title"], facts["issuer"], handed_in, _TAG[state],
                     _(words.OUTSIDE_STATE[state]), reason, state is OutsideState.WAITING))  # fmt: skip
    return render_template(
        "public/outside.html",
        person=person,
        tabs=tabs("pages.outside", person),
        linked=queries.link_of(db(), person.id) is not None,
        rows=rows,
        form=Form(request.form, problems),
        **choices(),
    )
