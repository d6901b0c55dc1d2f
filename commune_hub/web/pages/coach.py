"""Asking for a coach in four short steps (V-09), and how the request stands, behind its link."""

from typing import Any

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts import actions as accounts
from commune_hub.base.errors import Invalid
from commune_hub.base.ids import new_public_id
from commune_hub.matching import queries as matching
from commune_hub.matching.search import Search
from commune_hub.matching.words import When
from commune_hub.speech.coaching_sentences import REQUEST_STATE
from commune_hub.volunteers.coaching import queries, rules
from commune_hub.volunteers.coaching.actions import requests
from commune_hub.volunteers.coaching.inputs import LanguageStep, LevelStep, RequestDraft, RequestWishes, TimesStep
from commune_hub.volunteers.coaching.models import CoachingRequest
from commune_hub.volunteers.coaching.words import OPEN, RequestChannel, RequestState, Side
from commune_hub.volunteers.rules import slots_in
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages import pages, parts
from commune_hub.web.pages.cards import cards_of
from commune_hub.web.pages.coach_words import (
    NEAR_KM,
    TABLES_SHOWN,
    asked_so_far,
    choices_of_wishes,
    facts_of,
    tables_near,
)
from commune_hub.web.pages.search import url_of
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Problems, ask_again, back_to, db, go, now, say
from commune_hub.web.security import guest

# The questions that an address may answer: nothing in them says who asks.
_STEPS: tuple[tuple[str, type[LanguageStep]], ...] = (
    ("language", LanguageStep), ("level", LevelStep), ("times", TimesStep),
)  # fmt: skip


@pages.get("/coach")
@guest
def ask_coach() -> ResponseReturnValue:
    """One question after the other. What is answered so far stands in the address, so that "back" goes back."""
    given = request.args
    for number, (step, draft) in enumerate(_STEPS, 1):
        try:
            answered = draft.parse(given)
        except Invalid as invalid:
            # The page of a question is asked for before it is answered: only a sent form has something wrong with it.
            problems = invalid.problems if given.get("step") == step else {}
            form = Form(given, problems)
            return render_template("public/coach_step.html", step=step, number=number, **asked_so_far(form))
        if isinstance(answered, LevelStep) and rules.level_refusal(answered.level) is not None:
            return _course_first(answered)
    return _about_you(Form(given))


@pages.post("/coach")
@guest
def send_coach_request() -> ResponseReturnValue:
    """The last step: where, who, how to reach them. Sent twice it is one request."""
    back_to("pages.ask_coach")
    ask_again(lambda problems: _about_you(Form(request.form, problems)))
    draft = RequestDraft.parse(request.form)
    person = accounts.person_for(db(), name=draft.name, language=speech().code, now=now(), reach=draft.contact)
    made = requests.ask(
        db(), person=person, draft=draft, channel=RequestChannel.WEB, now=now(), form_token=draft.form_token
    )
    return go("pages.coach_request", link_key=made.link_key)


def _about_you(form: Form) -> str:
    return render_template(
        "public/coach_about.html", **asked_so_far(form), form_token=form.value("form_token") or new_public_id(),
        places_problem=form.errors("place"), **choices_of_wishes(),
    )  # fmt: skip


def _course_first(answered: LevelStep) -> str:
    """Below A1 a course comes first: said kindly, with those that there are."""
    beginners = Search(language=answered.language, level="A1", when=When.MONTH)
    found = matching.near(db(), beginners, now())
    return render_template(
        "public/coach_course.html",
        language=speech().language_name(answered.language),
        cards=cards_of(found.rows[:TABLES_SHOWN], speech()),
        search_url=url_of(beginners),
        back=url_for("pages.ask_coach", language=answered.language),
    )


# -- behind the link -----------------------------------------------------------


@pages.get("/coach/r/<link_key>")
@guest
def coach_request(link_key: str) -> ResponseReturnValue:
    """How the request stands. Mail scanners open every link, so nothing changes here; the buttons post."""
    found = queries.request_by_key(db(), link_key)
    return parts.private(make_response(_status(found)))


@pages.route("/coach/r/<link_key>/change", methods=["GET", "POST"])
@guest
def change_coach_request(link_key: str) -> ResponseReturnValue:
    """Other times, another place, other wishes; the place in the order stays."""
    found = queries.request_by_key(db(), link_key)
    if request.method == "GET":
        return parts.private(make_response(_change(found, Form(typed_of(found)))))
    back_to("pages.coach_request", link_key=link_key)
    ask_again(lambda problems: _asked_again(link_key, problems))
    draft = RequestWishes.parse(merged(request.form, language=found.language))
    requests.change(db(), request=found, draft=draft)
    say(N_("Saved."))
    return go("pages.coach_request", link_key=link_key)


@pages.post("/coach/r/<link_key>/close")
@guest
def close_coach_request(link_key: str) -> ResponseReturnValue:
    """I look for no coach any more."""
    back_to("pages.coach_request", link_key=link_key)
    requests.close(db(), request=queries.request_by_key(db(), link_key), now=now())
    say(N_("We do not look any more. You can ask again at any time."))
    return go("pages.coach_request", link_key=link_key)


@pages.post("/coach/r/<link_key>/again")
@guest
def ask_coach_again(link_key: str) -> ResponseReturnValue:
    """Please look for a coach again."""
    back_to("pages.coach_request", link_key=link_key)
    requests.wait_again(db(), request=queries.request_by_key(db(), link_key), now=now())
    say(N_("We look for a coach for you."))
    return go("pages.coach_request", link_key=link_key)


def _asked_again(link_key: str, problems: Problems) -> str:
    return _change(queries.request_by_key(db(), link_key), Form(request.form, problems))


def _change(found: CoachingRequest, form: Form) -> str:
    return render_template(
        "public/coach_change.html", link_key=found.link_key, **asked_so_far(form), **choices_of_wishes(),
        language=speech().language_name(found.language),
    )  # fmt: skip


def typed_of(found: CoachingRequest) -> dict[str, Any]:
    """A request as its form has it."""
    return {
        "language": found.language, "level": str(found.level), "place": found.place, "reach_km": str(found.reach_km),
        "slots": [str(slot) for slot in slots_in(found.free_slots)], "online": found.online,
        "languages": found.languages, "must_share": found.must_share, "wishes": found.wishes, "minor": found.minor,
    }  # fmt: skip


def merged(form: Any, **fixed: str) -> Any:
    """A form with fields that the page does not ask for again."""
    copy = form.copy()
    for name, value in fixed.items():
        copy.setlist(name, [value])
    return copy


def _status(found: CoachingRequest) -> str:
    open_pair = next((pair for pair in found.pairs if pair.state in OPEN), None)
    waiting = found.state == RequestState.WAITING
    return render_template(
        "public/coach_request.html",
        request_=found,
        state=str(found.state),
        told=_(REQUEST_STATE[RequestState(found.state)]),
        name=found.person.name,
        facts=facts_of(found),
        pair_url=url_for("pages.pair", link_key=open_pair.side(Side.LEARNER).link_key) if open_pair else "",
        volunteers=queries.offering_near(db(), found, NEAR_KM) if waiting else None,
        usual=_usual_wait(found) if waiting else "",
        cards=tables_near(found.language, found.point) if found.state != RequestState.PAIRED else [],
    )


def _usual_wait(found: CoachingRequest) -> str:
    days = queries.usual_wait(db(), found.language, now())
    if days is None:
        return ""
    return speech().say_many(
        "Half of those who asked in the last year had a coach within one day.",
        "Half of those who asked in the last year had a coach within %(num)s days.", days,
    )  # fmt: skip
