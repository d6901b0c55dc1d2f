"""A form that is sent twice does its work once: it carries a secret, from which the id of what it makes is reckoned."""

import base64
import hashlib

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import MultiDict

from commune_hub.accounts import queries
from commune_hub.base.ids import new_public_id
from commune_hub.web.request import actor, db

FIELD = "form_id"
_NO_CONTENT = frozenset({FIELD, "csrf_token", "confirmed"})


def new_form_id() -> str:
    """The hidden field of a form that makes something."""
    return _signer().dumps([new_public_id(), actor().public_id])


def promised_id(form: MultiDict[str, str]) -> str:
    """The public id of what this form, filled in like this, makes: the same when it is sent again, another one when
    somebody goes back and types something else. Whoever sends no good secret makes a new thing each time."""
    # Two clicks at once wait for each other here, so that the second sees what the first has made.
    queries.account_of(db(), actor().account_id, lock=True)
    try:
        secret, owner = _signer().loads(form.get(FIELD, ""))
    except (BadSignature, ValueError, TypeError):
        return new_public_id()
    if owner != actor().public_id:
        return new_public_id()
    content = sorted((name, value) for name, value in form.items(multi=True) if name not in _NO_CONTENT)
    digest = hashlib.sha256(repr((secret, content)).encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def _signer() -> URLSafeSerializer:
    assert current_app.secret_key is not None
    return URLSafeSerializer(current_app.secret_key, salt="form sent once")
