"""/healthz: whether the hub can do its work, without a word about anybody."""

from typing import Any

from flask import current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from commune_hub.base import outbox
from commune_hub.privacy import retention
from commune_hub.web.api import plain
from commune_hub.web.request import now, settings, store
from commune_hub.web.security import guest


@plain.get("/healthz")
@guest
def health() -> ResponseReturnValue:
    """200 when the database can be written and the migrations are at their head, else 503.

    `outbox_late_seconds`: for how long the oldest job that is due has been waiting; a worker that runs keeps it low.
    """
    found: dict[str, Any] = {"database": False, "migrations": False, "outbox": {}, "outbox_late_seconds": 0}
    found["last_retention_run"] = None
    try:
        found["migrations"] = current_app.extensions["is_current"](store())
        with store().writing() as session:
            found["outbox"] = outbox.counts(session)
            since = outbox.waiting_since(session, now())
            found["outbox_late_seconds"] = int((now() - since).total_seconds()) if since else 0
            found["database"] = True
    except SQLAlchemyError as error:
        found["error"] = type(error).__name__
    if found["migrations"] and found["database"]:
        with store().reading() as session:
            run = retention.last_run(session)
            found["last_retention_run"] = run.finished_at.isoformat() if run and run.finished_at else None
    stamp = settings().backup_stamp
    found["last_backup"] = stamp.read_text().strip() if stamp.is_file() else None
    well = found["database"] and found["migrations"]
    return jsonify(found), 200 if well else 503
