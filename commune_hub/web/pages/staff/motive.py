"""Why is this opened? Asked before a person's file, an export with names or a search over persons is shown."""

from typing import Any

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from commune_hub.accounts.words import TracedThing
from commune_hub.base.errors import NotFound
from commune_hub.base.inputs import Draft, Reason
from commune_hub.speech.tracing import TRACED
from commune_hub.web import tracing
from commune_hub.web.i18n import _
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Problems, actor, ask_again, go
from commune_hub.web.security import staff
from commune_hub.web.tracing import MotiveNeeded

_VALID_SECONDS = 8 * 3600


class MotiveDraft(Draft):
    """The reason: two words and ten letters at least; the person can read it."""

    why: Reason


@pages.app_errorhandler(MotiveNeeded)
def ask_why(needed: MotiveNeeded) -> ResponseReturnValue:
    """The page with the question, in place of what was asked for. Nothing was changed, so nothing is rolled back."""
    return _page(needed.thing, _ticket(needed), Form())


@pages.post("/why")
@staff()
@tracing.shows(tracing.NOBODY)
def say_why() -> ResponseReturnValue:
    """Keep the reason, and on to what was asked for."""
    asked = _asked(request.form.get("ticket", ""))
    thing, people = TracedThing(asked["thing"]), frozenset(asked["people"])

    def again(problems: Problems) -> str:
        return _page(thing, request.form["ticket"], Form(request.form, problems))

    ask_again(again)
    tracing.announce(thing, people, MotiveDraft.parse(request.form).why)
    return go(asked["endpoint"], **asked["values"])


def _page(thing: TracedThing, ticket: str, form: Form) -> str:
    return render_template("staff/motive.html", form=form, ticket=ticket, what=_(TRACED[thing]))


def _ticket(needed: MotiveNeeded) -> str:
    """Where to go afterwards, signed: an endpoint of ours with the ids that this person had in the address."""
    return _signer().dumps(
        {
            "thing": needed.thing,
            "people": sorted(needed.people),
            "endpoint": request.endpoint,
            "values": {**request.args.to_dict(), **(request.view_args or {})},
            "who": actor().public_id,
        }
    )


def _asked(ticket: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = _signer().loads(ticket, max_age=_VALID_SECONDS)
    except BadSignature:
        raise NotFound("page") from None
    if found["who"] != actor().public_id:
        raise NotFound("page")
    return found


def _signer() -> URLSafeTimedSerializer:
    assert current_app.secret_key is not None
    return URLSafeTimedSerializer(current_app.secret_key, salt="why it is opened")
