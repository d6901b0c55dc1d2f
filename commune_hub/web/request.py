"""One request: one session, one now, one actor; commit on success, roll back first on anything else."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask import Flask, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask import session as flashes
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from commune_hub.accounts.permissions import Actor
from commune_hub.base.db import IN_TROUBLE, Store
from commune_hub.base.errors import InputCode, Invalid, NotFound, Refused
from commune_hub.base.log import log
from commune_hub.base.settings import Settings
from commune_hub.web.i18n import _, speech

Problems = Mapping[str, tuple[InputCode, ...]]
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def settings() -> Settings:
    """The settings of this installation."""
    found: Settings = current_app.extensions["settings"]
    return found


def store() -> Store:
    """The open databases."""
    found: Store = current_app.extensions["store"]
    return found


def db() -> Session:
    """The session of this request, opened when first asked for: a GET can only read."""
    try:
        session: Session = g.session
    except AttributeError:
        session = g.session = store().open(write=request.method not in READING)
    return session


def now() -> datetime:
    """The moment of this request, the same wherever it is asked for."""
    try:
        moment: datetime = g.now
    except AttributeError:
        clock: Callable[[], datetime] = current_app.extensions["clock"]
        moment = g.now = clock().astimezone(UTC)
    return moment


def actor() -> Actor:
    """The member of staff who acts; only behind a staff guard."""
    found = current_user.actor
    assert isinstance(found, Actor), "only a page behind the staff guard asks for the actor"
    return found


def back_to(endpoint: str, **values: Any) -> None:
    """Where to go when a rule refuses: an endpoint of ours, never an address that somebody sent."""
    g.back_to = url_for(endpoint, **values)


def ask_again(form: Callable[[Problems], str]) -> None:
    """How to show the form again when the input cannot be understood; what was typed is kept."""
    g.ask_again = form


def keep_form(form: Callable[[str], str]) -> None:
    """How to show a long form again when a rule refuses, with the sentence that says why; else one goes `back_to`."""
    g.keep_form = form


def init_app(app: Flask) -> None:
    """Put the life of a session and the error handlers into the app."""
    app.after_request(_finish)
    app.teardown_request(_close)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Invalid, _invalid)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    for trouble in IN_TROUBLE:
        app.register_error_handler(trouble, _database)
    app.register_error_handler(Exception, _crash)


def _finish(response: Response) -> Response:
    """Commit or roll back, and write who looked at whose data; when that fails, nothing is shown."""
    from commune_hub.web import tracing

    session: Session | None = g.get("session")
    acted = session is not None and request.method not in READING
    try:
        looks = tracing.looks_of(response.status_code, response.mimetype or "")
        if acted and session is not None and response.status_code < 400 and not g.get("failed"):
            tracing.write(session, looks)
            session.commit()
            return response
        if acted and session is not None:
            session.rollback()
        if looks:
            with store().writing() as own:
                tracing.write(own, looks)
    except SQLAlchemyError as error:
        _roll_back()
        log.error("database", kind=type(getattr(error, "orig", None) or error).__name__, endpoint=request.endpoint)
        return current_app.make_response((error_page(503), 503))
    return response


def _close(_error: BaseException | None) -> None:
    session: Session | None = g.pop("session", None)
    if session is not None:
        session.close()


def _roll_back() -> None:
    """Undo what was half done, and the sentence that told of it, before anything is answered: else it would remain."""
    g.failed = True
    flashes.pop("_flashes", None)
    session: Session | None = g.get("session")
    if session is not None:
        session.rollback()


def _refused(refusal: Refused) -> WerkzeugResponse | tuple[str, int]:
    _roll_back()
    from commune_hub.web.pages import words

    form: Callable[[str], str] | None = g.get("keep_form")
    if form is not None:
        return form(words.refusal(refusal)), 422
    flash(words.refusal(refusal), "warn")
    return redirect(g.get("back_to") or url_for("pages.home"), 303)


def _invalid(invalid: Invalid) -> WerkzeugResponse | tuple[str, int]:
    _roll_back()
    form: Callable[[Problems], str] | None = g.get("ask_again")
    if form is None:
        return error_page(422), 422
    try:
        return form(invalid.problems), 422
    except NotFound as gone:
        # The form needs what the sender may not see, or what has gone in the meantime.
        return _not_found(gone)
    except HTTPException as error:
        return _http(error)


def _not_found(_error: NotFound) -> tuple[str, int]:
    _roll_back()
    return error_page(404), 404


def _csrf(_error: CSRFError) -> tuple[str, int]:
    _roll_back()
    sentence = _("This page was open for too long. Please go back, load it again and send it once more.")
    return error_page(400, sentence), 400


def _http(error: HTTPException) -> WerkzeugResponse | tuple[str, int]:
    _roll_back()
    code = error.code or 500
    if code < 400:
        return error.get_response()
    return error_page(code), code


def _database(error: DBAPIError) -> tuple[str, int]:
    """The disk is full, the database is away or locked: say so plainly and recover by itself."""
    _roll_back()
    log.error("database", kind=type(error.orig).__name__)
    return error_page(503), 503


def _crash(error: Exception) -> tuple[str, int]:
    _roll_back()
    # No text of the exception: it may hold what people typed.
    log.error("crash", kind=type(error).__name__, endpoint=request.endpoint, exc_info=current_app.debug or None)
    if current_app.testing:
        raise error
    return error_page(500), 500


def error_page(code: int, sentence: str = "") -> str:
    """A plain page that says what happened and what to do."""
    if code >= 500:
        # The page must come also when the database is away: nobody is asked who is signed in.
        g.without_database = True
        session: Session | None = g.pop("session", None)
        if session is not None:
            session.invalidate()
    return render_template("error.html", code=code, sentence=sentence, speech=speech())


class Category(StrEnum):
    """How a message after an act looks."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


def say(sentence: str, category: Category = Category.OK, **values: object) -> None:
    """A sentence on the next page."""
    flash(_(sentence, **values), category)


def go(endpoint: str, **values: Any) -> WerkzeugResponse:
    """To another page of ours after an act."""
    return redirect(url_for(endpoint, **values), 303)
