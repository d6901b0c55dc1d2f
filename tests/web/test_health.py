"""/healthz: says whether the hub can work, and nothing about anybody."""

from datetime import datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from commune_hub.base import outbox
from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from commune_hub.privacy.models import RetentionRun
from commune_hub.upgrade import newest_revision


def test_a_hub_that_is_well_says_so(
    client: FlaskClient, session: Session, settings: Settings, now: datetime
) -> None:
    session.add(RetentionRun(started_at=now, finished_at=now))
    outbox.enqueue(session, "reminder", due_at=now - timedelta(minutes=2), now=now, key="r")
    session.commit()
    Path(settings.data_dir).mkdir(exist_ok=True)
    settings.backup_stamp.write_text("2026-11-22T03:00:00+00:00")

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json) == (
        200,
        {
            "database": True, "migrations": True, "outbox": {"waiting": 1}, "outbox_late_seconds": 120,
            "last_backup": "2026-11-22T03:00:00+00:00", "last_retention_run": now.isoformat(),
        },
    )  # fmt: skip


def test_a_hub_whose_migrations_are_missing_is_not_well(client: FlaskClient, store: Store) -> None:
    with store.writing() as session:
        session.execute(text("delete from alembic_version"))

    answer = client.get("/healthz")

    with store.writing() as session:
        session.execute(text("insert into alembic_version values (:head)"), {"head": newest_revision()})
    assert (answer.status_code, answer.json["migrations"]) == (503, False)
