"""The record, put together: settings, databases, the interface and the screen."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from commune_hub.base.db import Store
from commune_hub.base.log import log
from national_record import upgrade
from national_record.settings import Settings, open_store
from national_record.web import api, desk, file, oauth, office, openapi, screen, speech
from national_record.web.calls import Fault, problem

# The widest body is a list of presence of 500 lines.
LARGEST = 64 * 1024


# Imported for the routes that they put into the blueprint of the screen.
PAGES = (desk, file, office)


def utc_now() -> datetime:
    """Now: the only clock of the record."""
    return datetime.now(UTC)


def create_app(
    settings: Settings | None = None, *, store: Store | None = None, clock: Callable[[], datetime] = utc_now
) -> Flask:
    """The record as a WSGI application."""
    settings = settings or Settings.from_env()
    app = Flask("national_record.web", static_folder="static", template_folder="templates")
    app.extensions.update(settings=settings, store=store or open_store(settings), clock=clock)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST, MAX_FORM_MEMORY_SIZE=LARGEST, MAX_FORM_PARTS=200)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # Names and titles as they are, in any script.
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.secret_key = app.extensions["store"].keys.derive("sign cookies")
    app.config.update(
        SESSION_COOKIE_NAME="__Host-record" if settings.secure else "record",
        SESSION_COOKIE_SECURE=bool(settings.secure), SESSION_COOKIE_SAMESITE="Lax", WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )  # fmt: skip
    csrf = CSRFProtect(app)
    for blueprint in (api.api, oauth.oauth, openapi.about):
        # Programs send a token and no cookie.
        csrf.exempt(blueprint)
        app.register_blueprint(blueprint)
    app.register_blueprint(screen.screen)
    speech.init_app(app)
    app.add_url_rule("/healthz", view_func=healthz)
    app.before_request(_guard)
    app.after_request(_headers)
    app.after_request(screen.finish)
    app.teardown_request(screen.close)
    app.register_error_handler(Fault, _fault)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _crash)
    return app


def healthz() -> tuple[dict[str, bool], int]:
    """Whether the database is there and up to date."""
    try:
        current = upgrade.is_current(current_app.extensions["store"])
    except DBAPIError:
        current = False
    return {"ok": current}, 200 if current else 503


healthz.guard = "guest"  # type: ignore[attr-defined]


def _guard() -> WerkzeugResponse | None:
    """Closed by default: a route without a guard lets nobody in."""
    # No id, code or name of ours has one, and PostgreSQL takes no zero byte.
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in request.path):
        abort(404)
    if request.endpoint is None or request.endpoint == "static":
        return None
    guard = getattr(current_app.view_functions[request.endpoint], "guard", None)
    if guard is None:
        abort(403)
    return None


def _headers(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=()"
    if current_app.extensions["settings"].secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    headers.setdefault("Cache-Control", "no-store")
    return response


def _fault(fault: Fault) -> Response:
    return problem(fault.status, fault.code, fault.detail, fault.errors)


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    if request.path.startswith(("/v1/", "/oauth/")):
        return problem(code, f"http_{code}")
    return screen.http(error)


def _database(error: DBAPIError) -> Response:
    """The disk is full, the database is away or locked: nothing is answered that was not traced."""
    log.error("database", kind=type(error.orig).__name__)
    return problem(503, "database")


def _crash(error: Exception) -> Response:
    # No text of the exception: it may hold what somebody sent.
    log.error("crash", kind=type(error).__name__, endpoint=request.endpoint)
    if current_app.testing:
        raise error
    return problem(500, "crash")
