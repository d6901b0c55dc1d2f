"""Pages that explain: how it works, accessibility, privacy; and a form to report a problem."""

from typing import Annotated

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from pydantic import StringConstraints

from commune_hub.accounts import reports
from commune_hub.accounts.words import AccountRefusal
from commune_hub.base.errors import Refused
from commune_hub.base.inputs import Draft, Line, Lines
from commune_hub.speech.catalogues import N_
from commune_hub.web import tries
from commune_hub.web.i18n import speech
from commune_hub.web.pages import pages, words
from commune_hub.web.request import Problems, ask_again, db, go, now, say
from commune_hub.web.security import guest


@pages.get("/how-it-works")
@guest
def how() -> ResponseReturnValue:
    """In five steps, for somebody who has never seen the site."""
    g.public_page = True
    return render_template("public/how.html")


@pages.get("/accessibility")
@guest
def accessibility() -> ResponseReturnValue:
    """What was tested and what was not."""
    g.public_page = True
    return render_template("public/accessibility.html")


@pages.get("/privacy")
@guest
def privacy() -> ResponseReturnValue:
    """What is kept, for how long and who sees it: as it is today."""
    g.public_page = True
    return render_template("public/privacy.html")


class ReportDraft(Draft):
    """A problem in one's own words."""

    text: Annotated[Lines, StringConstraints(min_length=3, max_length=4000)]
    answer_to: Line = ""


@pages.route("/problem", methods=["GET", "POST"])
@guest
def report_problem() -> ResponseReturnValue:
    """Something is broken, hard to read, or wrong."""
    if request.method == "GET":
        return _form({})
    ask_again(_form)
    draft = ReportDraft.parse(request.form)
    if tries.remembered("report a problem", request.remote_addr or "") is None:
        return _form({}, words.refusal(Refused(AccountRefusal.TOO_MANY_TRIES))), 429
    reports.report(db(), text=draft.text, answer_to=draft.answer_to, language=speech().code, now=now())
    say(N_("Thank you. We have your report and look at it."))
    return go("pages.report_problem")


def _form(problems: Problems, wrong: str = "") -> str:
    told = {field: [words.problem(code) for code in codes] for field, codes in problems.items()}
    return render_template("public/problem.html", form=request.form, problems=told, wrong=wrong)
