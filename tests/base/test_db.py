"""Reading and writing sessions, moments in time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, StatementError

from commune_hub.base.db import Store
from commune_hub.base.outbox import Job
from tests.factories import an_organisation


def test_a_reading_session_cannot_write(store: Store) -> None:
    with store.reading() as session, pytest.raises(DBAPIError):
        an_organisation(session)


def test_a_writing_session_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.writing() as session:
        an_organisation(session)
        _ = 1 / 0

    with store.reading() as session:
        from commune_hub.accounts.models import Organisation

        assert session.scalars(select(Organisation)).all() == []


def test_a_moment_comes_back_in_utc(store: Store) -> None:
    moment = datetime(2026, 7, 1, 18, 30, tzinfo=ZoneInfo("Europe/Luxembourg"))
    with store.writing() as session:
        session.add(Job(kind="any", ids={}, key="k", due_at=moment, created_at=moment))

    with store.reading() as session:
        due = session.scalars(select(Job.due_at)).one()

    assert (due, due.tzinfo) == (datetime(2026, 7, 1, 16, 30, tzinfo=UTC), UTC)


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 7, 1)

    with pytest.raises(StatementError, match="without a time zone"), store.writing() as session:
        session.add(Job(kind="any", ids={}, key="k", due_at=naive, created_at=naive))
