"""OAuth 2 client credentials (RFC 6749 section 4.4): a secret in, a token of ten minutes out."""

import base64
import binascii
from urllib.parse import unquote_plus

from flask import Blueprint, Response, request

from commune_hub.base.errors import Refused
from national_record.actions import access
from national_record.inputs import TokenAnswer
from national_record.web.calls import answered, as_json, now, store

oauth = Blueprint("oauth", __name__)


@oauth.post("/oauth/token")
def token() -> Response:
    """The client's name and secret by HTTP Basic, or as client_id and client_secret in the form."""
    if request.form.get("grant_type") != "client_credentials":
        return _refused(400, "unsupported_grant_type" if "grant_type" in request.form else "invalid_request")
    name, secret = _credentials()
    if not name or not secret:
        return _refused(401, "invalid_client")
    moment = now()
    try:
        # Written down before the secret is looked at, so that many at once cannot slip past the limit.
        with store().writing() as session:
            # With the address, so that a stranger who knows the name cannot keep the real client out.
            who = f"{name} {request.remote_addr}"
            attempt = access.remember_try(session, kind="client", who=who, now=moment)
    except Refused:
        return _refused(429, "invalid_client")
    with store().writing() as session:
        given = access.give_token(session, name=name, secret=secret, now=moment)
        if given is not None:
            access.forget_try(session, attempt)
    if given is None:
        return _refused(401, "invalid_client")
    return answered(TokenAnswer(access_token=given, expires_in=int(access.TOKEN_LIFETIME.total_seconds())))


token.guard = "guest"  # type: ignore[attr-defined]


def _credentials() -> tuple[str, str]:
    kind, _, code = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(code, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return _plain(unquote_plus(name)), _plain(unquote_plus(secret))
    return _plain(request.form.get("client_id", "")), _plain(request.form.get("client_secret", ""))


def _plain(text: str) -> str:
    # What no name and no secret of ours can be must not reach the database: PostgreSQL takes no zero byte.
    return text if text.isprintable() and len(text) <= 200 else ""


def _refused(status: int, code: str) -> Response:
    response = as_json({"error": code}, status)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="national-record"'
    if status == 429:
        response.headers["Retry-After"] = str(int(access.TRY_WINDOW.total_seconds()))
    return response
