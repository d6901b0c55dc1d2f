"""Guards of every route, headers of every answer, cookies and the limits of signing in."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response as WerkzeugResponse

from commune_hub.accounts import queries as accounts
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.words import Permission, SessionKind
from commune_hub.base.settings import Settings

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Guard:
    """Who may come in at a route."""

    who: str
    permission: Permission | None = None


GUEST = Guard("guest")
LEARNER = Guard("learner")
STAFF = Guard("staff")


def guest(view: View) -> View:
    """A page on the guest list: everybody may come in."""
    view.guard = GUEST  # type: ignore[attr-defined]
    return view


def learner(view: View) -> View:
    """For somebody who signed in with a code (or staff)."""
    view.guard = LEARNER  # type: ignore[attr-defined]
    return view


def staff(permission: Permission | None = None) -> Callable[[View], View]:
    """For staff with both factors, and with the permission in at least one organisation; the action asks which."""

    def mark(view: View) -> View:
        view.guard = Guard("staff", permission)  # type: ignore[attr-defined]
        return view

    return mark


class Visitor:
    """Whoever sends a request, as flask-login knows them."""

    is_active = True
    is_anonymous = False
    is_authenticated = True

    def __init__(self, *, actor: Actor | None, contact_hash: bytes | None, token: str, second_factor: bool) -> None:
        self.actor = actor
        self.contact_hash = contact_hash
        self.token = token
        self.second_factor = second_factor

    def get_id(self) -> str:
        """Never used: the session is a row found by its token."""
        return ""

    @property
    def is_staff(self) -> bool:
        """Whether both factors were given."""
        return self.actor is not None and self.second_factor


def sign_in_cookie(settings: Settings) -> str:
    """The cookie that names the session; with its guarded name wherever HTTPS allows it."""
    return "__Host-signin" if settings.secure else "signin"


def init_app(app: Flask, settings: Settings) -> None:
    """Put the guards, the headers and flask-login into the app."""
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)
    manager.request_loader(_load_visitor)
    app.before_request(_guard)
    app.after_request(_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.config.update(
        SESSION_COOKIE_NAME="__Host-hub" if settings.secure else "hub",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=None,
        # A booking's page sends no referrer, because its address is a key; the token in the form is what protects.
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=4 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
    )


def _load_visitor(_request: object) -> Visitor | None:
    from commune_hub.web.request import db, now

    token = request.cookies.get(sign_in_cookie(current_app.extensions["settings"]), "")
    if not token:
        return None
    sign_in = accounts.sign_in_of(db(), token, now())
    if sign_in is None:
        return None
    actor = accounts.actor_of(db(), sign_in.account_id, now()) if sign_in.account_id else None
    if sign_in.account_id and actor is None:
        return None
    return Visitor(
        actor=actor,
        contact_hash=sign_in.contact_hash,
        token=token,
        second_factor=sign_in.second_factor_at is not None,
    )


def _guard() -> WerkzeugResponse | None:
    """Closed by default: a route without a guard lets nobody in."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    guard: Guard | None = getattr(current_app.view_functions[request.endpoint], "guard", None)
    if guard is None:
        abort(403)
    if guard is GUEST:
        return None
    if guard is LEARNER:
        signed_in = current_user.is_authenticated and (current_user.contact_hash or current_user.is_staff)
        return None if signed_in else redirect(url_for("pages.sign_in"), 303)
    if not current_user.is_authenticated or current_user.actor is None:
        return redirect(url_for("staff.sign_in"), 303)
    if not current_user.second_factor:
        return redirect(url_for("staff.second_factor"), 303)
    if guard.permission is not None and not current_user.actor.may_somewhere(guard.permission):
        # Like something that is not there.
        abort(404)
    return None


def csp_nonce() -> str:
    """The one-time word that lets this answer's own inline parts run."""
    try:
        nonce: str = g.csp_nonce
    except AttributeError:
        nonce = g.csp_nonce = secrets.token_urlsafe(16)
    return nonce


def _headers(response: Response) -> Response:
    nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    framing = "'self'" if g.get("may_be_framed") else "'none'"
    headers = response.headers
    headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self'{nonce}; style-src 'self'{nonce}; img-src 'self' data:; "
        f"font-src 'self'; connect-src 'self'; worker-src 'self'; frame-src 'self'; manifest-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {framing}"
    )
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Referrer-Policy", "same-origin")
    headers["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if current_app.extensions["settings"].secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-cache" if g.get("public_page") else "no-store"
    return response


def set_sign_in_cookie(response: WerkzeugResponse, token: str, kind: SessionKind) -> None:
    """Give the browser the token; on one's own phone it stays, else it goes with the browser."""
    from commune_hub.accounts.rules import LIFETIME

    settings: Settings = current_app.extensions["settings"]
    age = int(LIFETIME[kind].total_seconds()) if kind is SessionKind.OWN_PHONE else None
    response.set_cookie(
        sign_in_cookie(settings), token, max_age=age, secure=settings.secure, httponly=True, samesite="Lax", path="/"
    )


def drop_sign_in_cookie(response: WerkzeugResponse) -> None:
    """Take the token away."""
    settings: Settings = current_app.extensions["settings"]
    response.delete_cookie(
        sign_in_cookie(settings), secure=settings.secure, httponly=True, samesite="Lax", path="/"
    )


def address_hash() -> bytes:
    """The sender's address as the limits remember it: a keyed hash."""
    from commune_hub.web.request import db

    return accounts.ring_of(db()).store.lookup_hash("address", request.remote_addr or "")
