"""What the participants answered at the end of a season: numbers from five on, no names."""

from flask import render_template
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission
from commune_hub.events import answers, permissions, queries
from commune_hub.speech import telling
from commune_hub.speech.questions import USEFUL
from commune_hub.web.i18n import _, speech
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.request import actor, db
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, shows


@pages.get("/activities/<activity_id>/answers")
@staff(Permission.SEE_SIGNUPS)
@shows(NOBODY)
def season_answers(activity_id: str) -> ResponseReturnValue:
    """How useful it was, and what would help."""
    activity = queries.activity_named(db(), activity_id)
    permissions.must_see_signups(actor(), activity)
    result = answers.result_of(db(), activity)
    number = speech().number
    rows = [
        (_(words), number(count) if count is not None else _("fewer than %(number)s", number=answers.FEWEST))
        for (_value, words), count in zip(USEFUL, result.useful, strict=True)
    ]
    return render_template(
        "staff/season_answers.html",
        activity=activity,
        title=telling.title_of(activity, speech()),
        result=result,
        rows=rows,
        fewest=answers.FEWEST,
    )
