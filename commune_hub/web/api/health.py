"""/healthz: whether the hub can do its work, without a word about anybody."""

from typing import Any

from flask import current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from commune_hub.base import outbox
from commune_hub.web.api import plain
from commune_hub.web.request import store
from commune_hub.web.security import guest


@plain.get("/healthz")
@guest
def health() -> ResponseReturnValue:
    """200 when the database can be written and the migrations are at their head, else 503."""
    found: dict[str, Any] = {"database": False, "migrations": False, "outbox": {}}
    try:
        found["migrations"] = current_app.extensions["is_current"](store())
        with store().writing() as session:
            found["outbox"] = outbox.counts(session)
            found["database"] = True
    except SQLAlchemyError as error:
        found["error"] = type(error).__name__
    well = found["database"] and found["migrations"]
    return jsonify(found), 200 if well else 503
