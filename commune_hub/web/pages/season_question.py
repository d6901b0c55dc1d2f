"""The two questions at the end of a season, behind a link that works once; nothing here says who answers."""

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts.models import Person
from commune_hub.accounts.profile import ask_no_questions
from commune_hub.events.actions import questions
from commune_hub.events.message_inputs import SeasonDraft
from commune_hub.events.models import Activity
from commune_hub.speech import telling
from commune_hub.speech.questions import USEFUL
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages import pages, parts
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Problems, ask_again, back_to, db, go, now, say
from commune_hub.web.security import guest


@pages.route("/q/<link_key>", methods=["GET", "POST"])
@guest
def season_question(link_key: str) -> ResponseReturnValue:
    """Mail scanners open every link, so that only the button answers."""
    if request.method == "GET":
        return parts.private(make_response(_page(link_key, {})))
    back_to("pages.season_question", link_key=link_key)
    ask_again(lambda problems: _page(link_key, problems))
    questions.question_by_key(db(), link_key)
    questions.answer(db(), link_key=link_key, draft=SeasonDraft.parse(request.form), now=now())
    say(N_("Thank you for your answer."))
    return go("pages.season_question", link_key=link_key)


@pages.post("/q/<link_key>/never")
@guest
def no_more_questions(link_key: str) -> ResponseReturnValue:
    """Whoever has the link wants no such questions any more; also after the answer, or when it is too late for one."""
    question = questions.question_by_key(db(), link_key)
    ask_no_questions(db(), person=db().get_one(Person, question.person_id), never=True, now=now())
    say(N_("We ask you no such questions any more."))
    return go("pages.season_question", link_key=link_key)


def _page(link_key: str, problems: Problems) -> str:
    question = questions.question_by_key(db(), link_key)
    activity = db().get_one(Activity, question.activity_id)
    parts.wear_theme(activity.organisation)
    return render_template(
        "public/season_question.html",
        title=telling.title_of(activity, speech()),
        organiser=activity.organisation.name,
        link_key=link_key,
        asks=db().get_one(Person, question.person_id).no_questions_at is None,
        answered=question.answered,
        is_open=questions.is_open(question, now()),
        useful=[(value, _(words)) for value, words in USEFUL],
        form=Form(request.form, problems),
    )
