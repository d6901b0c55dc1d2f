"""The databases that the other tests count on: real, migrated, empty and fast."""

import os
import signal
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.base import outbox
from commune_hub.base.db import Store
from tests.infrastructure import postgres


@pytest.mark.parametrize("_", [1, 2, 3])
def test_each_test_starts_empty_and_counts_from_one(store: Store, now: datetime, _: int) -> None:
    with store.writing() as session:
        outbox.enqueue(session, "anything", due_at=now, now=now, key="same-each-time")

    with store.reading() as session:
        assert session.scalars(select(outbox.Job.id)).all() == [1]


@pytest.mark.parametrize("_", [1, 2])
def test_what_was_rolled_back_leaves_no_trace_either(session: Session, now: datetime, _: int) -> None:
    outbox.enqueue(session, "anything", due_at=now, now=now, key="never-committed")

    assert session.scalars(select(outbox.Job.id)).all() == [1]


def test_a_server_that_was_killed_with_its_session_does_not_stand_in_the_way(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(postgres.ENV, raising=False)
    # Within the folder of this run, which the other user who runs PostgreSQL can reach.
    another = run / "another-run"
    another.mkdir(mode=0o711)
    postgres.server_url(another)
    os.kill(int((another / "postgres/data/postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    postgres.stop(another)

    assert (another / "postgres/data/postmaster.pid").exists()
