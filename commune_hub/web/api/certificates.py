"""What stands on a certificate without a language: the address of its check, and the key that it is signed with."""

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from commune_hub.events.certificate_documents import PURPOSE, public_pem, signing_key
from commune_hub.web.api import plain
from commune_hub.web.i18n import wanted_language
from commune_hub.web.request import store
from commune_hub.web.security import guest


@plain.get("/verify")
@guest
def verify() -> ResponseReturnValue:
    """The form for a code."""
    return _in_own_language(url_for("pages.verify", lang=wanted_language()))


@plain.get("/verify/<code>")
@guest
def verified(code: str) -> ResponseReturnValue:
    """The check of one certificate."""
    return _in_own_language(url_for("pages.verified", lang=wanted_language(), code=code))


def _in_own_language(address: str) -> ResponseReturnValue:
    answer = redirect(address, 302)
    answer.headers["Vary"] = "Accept-Language, Cookie"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@plain.get("/.well-known/commune-hub-certificates.pem")
@guest
def certificates_key() -> ResponseReturnValue:
    """The public key, with which anybody checks a file without asking us (`commune-hub certificate verify`)."""
    pem = public_pem(signing_key(store().keys.derive(PURPOSE)))
    answer = Response(pem, content_type="application/x-pem-file")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer
