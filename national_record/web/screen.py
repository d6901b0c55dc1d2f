"""The frame of the screen: who is signed in, which duty a page asks for, one transaction, the trace before the page."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from commune_hub.base.db import Store
from commune_hub.base.errors import Invalid, NotFound, Refused
from commune_hub.base.inputs import Draft, Required
from commune_hub.base.log import log
from national_record import tracing
from national_record.access_models import Agent, SignIn
from national_record.actions import access
from national_record.tracing import Caller
from national_record.web import speech
from national_record.web.calls import now, store
from national_record.words import Channel, Deed, Duty, Refusal, Result

# The HTML and the status.
Page = tuple[str, int]
View = TypeVar("View", bound=Callable[..., Any])

screen = Blueprint("screen", __name__)
COOKIE, LANGUAGE_COOKIE = "record-sign-in", "record-language"


def guest(view: View) -> View:
    """A page before the sign-in."""
    view.guard = "guest"  # type: ignore[attr-defined]
    return view


def for_duty(duty: Duty | None = None, *, director: bool = False) -> Callable[[View], View]:
    """For agents whom the director has authorised for this duty (RGD art. 25(1)), or for the director alone."""

    def mark(view: View) -> View:
        @wraps(view)
        def door(**path: str) -> ResponseReturnValue:
            if signed_in() is None:
                return redirect(url_for("screen.sign_in"), 303)
            agent = acting()
            if (duty is not None and duty not in agent.duties) or (director and not agent.is_director):
                return _refuse()
            answer: ResponseReturnValue = view(**path)
            return answer

        door.guard = duty or "agent"  # type: ignore[attr-defined]
        return door  # type: ignore[return-value]

    return mark


def _refuse() -> Page:
    """Not this agent: that is written down, too."""
    who = caller(speech.say("Page refusée faute d’autorisation"))
    # The write lock of this request is given back first; else the trace would wait for it in vain.
    db().rollback()
    tracing.trace_alone(store(), who, deed=Deed.REFUSED_PAGE, result=Result.REFUSED, now=now())
    return plain("error.html", 403, sentence=speech.say("Le directeur ne vous a pas autorisé à voir cette page."))


# --- this request ----------------------------------------------------------------------------------------------------


def db() -> Session:
    """The session of this request: a GET can only read."""
    if "session" not in g:
        found: Store = store()
        g.session = found.open(write=request.method not in ("GET", "HEAD"))
    session: Session = g.session
    return session


def signed_in() -> SignIn | None:
    """The session on the screen, or None."""
    if "sign_in" not in g:
        token = request.cookies.get(cookie(COOKIE), "")
        g.sign_in = access.signed_in(db(), token, now()) if token else None
    found: SignIn | None = g.sign_in
    return found


def acting() -> Agent:
    """The agent who acts; behind a guard only."""
    found = signed_in()
    assert found is not None, "only a page behind a guard asks who acts"
    return found.agent


def caller(motive: str) -> Caller:
    """What the trace says of who acts and why."""
    agent = acting()
    return Caller(agent.login, agent.organisation, motive, Channel.SCREEN)


def traced(deed: Deed, motive: str, people: Iterable[str] = (), result: Result = Result.DONE) -> None:
    """A trace in the transaction of this act."""
    tracing.trace(db(), caller(motive), deed=deed, people=people, result=result, now=now())


def show(template: str, *, deed: Deed, motive: str, people: Iterable[str], **context: Any) -> Page:
    """A page with people's data: written down before it leaves, or it does not leave."""
    page = _page(template, **context)
    if request.method in ("GET", "HEAD"):
        tracing.trace_alone(store(), caller(motive), deed=deed, people=people, now=now())
    else:
        # Shown again after a refused act: its work was rolled back, so only the trace is in this transaction.
        traced(deed, motive, people)
        db().commit()
    return page, 200


def plain(template: str, status: int = 200, **context: Any) -> Page:
    """A page without anybody's data."""
    return _page(template, **context), status


def go(endpoint: str, sentence: str = "", **values: Any) -> WerkzeugResponse:
    """To another page after an act, with a sentence."""
    if sentence:
        flash(speech.say(sentence), "ok")
    return redirect(url_for(endpoint, **values), 303)


def ask_again(page: Callable[[], Page]) -> None:
    """How to show the page again with what was typed, when the act is refused."""
    g.ask_again = page


def cookie(name: str) -> str:
    """The cookie's name, the guarded one wherever HTTPS allows it."""
    return f"__Host-{name}" if current_app.extensions["settings"].secure else name


def _page(template: str, **context: Any) -> str:
    agent = acting() if "session" in g and signed_in() else None
    return render_template(template, agent=agent, now=now(), **context)


# --- the life of a request -------------------------------------------------------------------------------------------


def finish(response: Response) -> Response:
    """Commit what went well, roll back anything else."""
    session: Session | None = g.get("session")
    if session is not None and request.method not in ("GET", "HEAD"):
        if response.status_code < 400 and not g.get("failed"):
            session.commit()
        else:
            session.rollback()
    return response


def close(_error: BaseException | None) -> None:
    """Give the session back."""
    session: Session | None = g.pop("session", None)
    if session is not None:
        session.close()


def _again(sentence: str) -> ResponseReturnValue:
    """Undo what was half done, say why, and show the page again with what was typed."""
    g.failed = True
    sign_in_token = request.cookies.get(cookie(COOKIE), "")
    db().rollback()
    g.sign_in = access.signed_in(db(), sign_in_token, now()) if sign_in_token else None
    g.wrong = sentence
    page: Callable[[], Page] | None = g.get("ask_again")
    if page is None:
        return plain("error.html", 409, sentence=sentence)
    return page()[0], 422


@screen.errorhandler(Refused)
def refused(refusal: Refused) -> ResponseReturnValue:
    """A rule says no."""
    return _again(speech.reason(refusal.reason))


@screen.errorhandler(Invalid)
def invalid(error: Invalid) -> ResponseReturnValue:
    """Something was typed that cannot be understood."""
    return _again(speech.problems(error.problems))


@screen.errorhandler(NotFound)
def not_found(_error: NotFound) -> ResponseReturnValue:
    """Not there."""
    g.failed = True
    return plain("error.html", 404, sentence=speech.say("Cette page n’existe pas ou plus."))


@screen.errorhandler(CSRFError)
def stale(_error: CSRFError) -> ResponseReturnValue:
    """The form was open for too long, or is not ours."""
    g.failed = True
    sentence = speech.say("Cette page est restée ouverte trop longtemps. Rechargez-la et recommencez.")
    return plain("error.html", 400, sentence=sentence)


@screen.errorhandler(HTTPException)
def http(error: HTTPException) -> ResponseReturnValue:
    """What the web itself refuses."""
    g.failed = True
    if (error.code or 500) < 400:
        return error.get_response()
    return plain("error.html", error.code or 500, sentence=speech.say("Cette page n’existe pas ou plus."))


@screen.errorhandler(DBAPIError)
def database(error: DBAPIError) -> ResponseReturnValue:
    """The database does not answer, or a trace cannot be kept: no page with data."""
    g.failed = True
    log.error("database", kind=type(error.orig).__name__)
    session: Session | None = g.pop("session", None)
    if session is not None:
        session.invalidate()
    sentence = speech.say("Le registre ne répond pas pour le moment. Rien n’a été changé.")
    return plain("error.html", 503, sentence=sentence)


# --- signing in ------------------------------------------------------------------------------------------------------


class SignInDraft(Draft):
    """Who wants to come in."""

    login: Required


@screen.route("/sign-in", methods=["GET", "POST"])
@guest
def sign_in() -> ResponseReturnValue:
    """Name and password; ten wrong tries in a quarter of an hour, then a pause."""
    if request.method == "GET":
        return plain("sign_in.html")
    ask_again(lambda: plain("sign_in.html"))
    # A password is taken as it was typed, spaces and all.
    login, password = SignInDraft.parse(request.form).login, request.form.get("password", "")
    # Written down before the password is looked at, so that many at once cannot slip past the limit.
    with store().writing() as session:
        attempt = access.remember_try(session, kind="agent", who=login, now=now())
    token = access.sign_in(db(), login=login, password=password, now=now())
    if token is None:
        raise Refused(Refusal.WRONG_PASSWORD)
    access.forget_try(db(), attempt)
    answer = go("screen.today")
    secure = bool(current_app.extensions["settings"].secure)
    answer.set_cookie(cookie(COOKIE), token, secure=secure, httponly=True, samesite="Lax", path="/")
    return answer


@screen.post("/sign-out")
@guest
def sign_out() -> ResponseReturnValue:
    """End the session, here and in the database."""
    access.sign_out(db(), request.cookies.get(cookie(COOKIE), ""))
    answer = go("screen.sign_in")
    answer.delete_cookie(cookie(COOKIE), path="/")
    return answer


@screen.get("/language/<code>")
@guest
def language(code: str) -> ResponseReturnValue:
    """The other language of the screen."""
    answer = redirect(url_for("screen.today"), 303)
    if code in speech.LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, code, max_age=31_536_000, httponly=True, samesite="Lax", path="/")
    return answer
