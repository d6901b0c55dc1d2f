"""What a learner keeps here: language of the messages, about where home is, whether messages are paused (S-08)."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from commune_hub.accounts import profile as actions
from commune_hub.accounts import queries as accounts
from commune_hub.accounts.models import Person
from commune_hub.base.errors import InputCode, Invalid, NotFound
from commune_hub.base.inputs import Draft, Line, Ticked
from commune_hub.base.words import Language
from commune_hub.places import queries as places
from commune_hub.speech.catalogues import N_
from commune_hub.web.pages import pages, words
from commune_hub.web.request import Problems, ask_again, db, go, now, say
from commune_hub.web.security import learner


class ProfileDraft(Draft):
    """What may be kept; an empty home keeps none."""

    person: Line
    language: Language
    home: Line = ""
    paused: Ticked = False
    no_questions: Ticked = False


def own_people() -> list[Person]:
    """Everybody who shares the contact that this phone signed in with."""
    if current_user.contact_hash is None:
        # Staff sign in with an account and have no contact here.
        abort(404)
    return accounts.people_at(db(), current_user.contact_hash, confirmed_only=True)


@pages.get("/my/profile")
@learner
def profile() -> ResponseReturnValue:
    """Show the profile of the first person of this contact, or of the one asked for."""
    return _form(_person(request.args.get("person", "")))


@pages.post("/my/profile")
@learner
def save_profile() -> ResponseReturnValue:
    """Keep what was chosen."""
    ask_again(lambda problems: _form(_person(request.form.get("person", "")), problems))
    draft = ProfileDraft.parse(request.form)
    person = _person(draft.person)
    actions.set_language(db(), person=person, language=draft.language)
    actions.pause_messages(db(), person=person, paused=draft.paused, now=now())
    actions.ask_no_questions(db(), person=person, never=draft.no_questions, now=now())
    _keep_home(person, draft.home)
    say(N_("Saved."))
    return go("pages.profile", lang=draft.language, person=person.public_id)


def _keep_home(person: Person, typed: str) -> None:
    home = actions.home_of(db(), person)
    if not typed:
        actions.forget_home(db(), person=person)
    elif home is None or typed != home.label:
        found = places.find_places(db(), typed, limit=1)
        if not found:
            raise Invalid({"home": [InputCode.UNKNOWN_PLACE]})
        near = places.place_near(found[0].point)
        actions.keep_home(db(), person=person, point=found[0].point, label=near.name if near else found[0].name)


def _person(public_id: str) -> Person:
    people = own_people()
    chosen = next((person for person in people if person.public_id == public_id or not public_id), None)
    if chosen is None:
        raise NotFound("person")
    return chosen


def _form(person: Person, problems: Problems | None = None) -> str:
    home = actions.home_of(db(), person)
    wrong = {field: [words.problem(code) for code in codes] for field, codes in (problems or {}).items()}
    return render_template(
        "public/profile.html",
        person=person,
        tabs=[(one.name, url_for("pages.profile", person=one.public_id), one is person) for one in own_people()],
        home=request.form.get("home", home.label if home else ""),
        paused=bool(request.form.get("paused")) if request.form else person.messages_paused_at is not None,
        no_questions=bool(request.form.get("no_questions")) if request.form else person.no_questions_at is not None,
        wrong=wrong,
        errors=[(field, sentence) for field, sentences in wrong.items() for sentence in sentences],
    )
