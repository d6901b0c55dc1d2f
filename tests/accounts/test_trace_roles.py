"""PostgreSQL with two roles: the hub adds traces and can do no more; the owner of the tables drops months."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from commune_hub.accounts import traces
from commune_hub.accounts.traces import Look
from commune_hub.accounts.words import TracedThing
from commune_hub.base.db import Store, make_engine
from commune_hub.privacy import traces_over
from commune_hub.upgrade import upgrade
from tests import factories

ROLE = "hub_application"
pytestmark = pytest.mark.parametrize("databases", ["postgres"], indirect=True)


@pytest.fixture
def application(store: Store) -> Iterator[Store]:
    """The same databases as the hub's own role, which owns nothing; granted by `db upgrade`."""
    with store.engine.begin() as connection:
        connection.execute(text(f"drop role if exists {ROLE}"))
        connection.execute(text(f"create role {ROLE} login"))
    url = make_url(str(store.engine.url)).set(username=ROLE)
    lesser = Store(make_engine(url.render_as_string(hide_password=False)), store.keys)
    upgrade(lesser, store.engine)
    yield lesser
    lesser.engine.dispose()
    with store.engine.begin() as connection:
        connection.execute(text(f"drop owned by {ROLE}"))
        connection.execute(text(f"drop role {ROLE}"))


def test_the_hub_works_and_adds_traces(application: Store, now: datetime) -> None:
    with application.writing() as session:
        person = factories.a_person(session)
        for minute in range(2):
            look = Look(TracedThing.MEETING, frozenset({person.public_id}))
            traces.write(session, look, now=now + timedelta(minutes=minute))

    with application.reading() as session:
        assert list(traces.verify(session)) == []


@pytest.mark.parametrize(
    "statement",
    [
        "update access_trace set about = 'x'", "delete from access_trace", "truncate access_trace cascade",
        "delete from access_trace_person", "delete from trace_month", "update trace_month set previous = head",
        "update trace_month set dropped_at = now()", "drop table access_trace_person",
        "alter table access_trace disable trigger all", "set session_replication_role = replica",
    ],
)  # fmt: skip
def test_and_can_change_remove_or_unlock_none(application: Store, now: datetime, statement: str) -> None:
    with application.writing() as session:
        traces.write(session, Look(TracedThing.MEETING, frozenset({"x" * 22})), now=now)

    with pytest.raises(ProgrammingError) as refused, application.writing() as session:
        session.execute(text(statement))

    assert any(word in str(refused.value.orig) for word in ("permission denied", "must be owner"))


def test_a_month_is_dropped_by_the_owner_only(store: Store, application: Store, now: datetime) -> None:
    with application.writing() as session:
        for days in (0, 100):
            traces.write(session, Look(TracedThing.MEETING, frozenset({"x" * 22})), now=now + timedelta(days=days))

    with pytest.raises(ProgrammingError), application.writing() as session:
        traces_over.drop(session, month="2026-11", now=now)
    with store.writing() as session:
        traces_over.drop(session, month="2026-11", now=now)

    with application.reading() as session:
        assert list(traces.verify(session)) == []
        assert [month.dropped_at for month in traces.newest_months(session, 2)] == [None, now]
