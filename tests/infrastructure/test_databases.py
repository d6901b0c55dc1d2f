"""The databases that the other tests count on: real, migrated, empty and fast."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.base import outbox
from commune_hub.base.db import Store


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
