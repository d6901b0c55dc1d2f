"""The rows of who looked at whose data: whatever is changed, removed or swapped is found."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from commune_hub.accounts import traces
from commune_hub.accounts.traces import AccessTrace, Found, Look, TraceFault, TraceMonth
from commune_hub.accounts.words import Role, TracedThing
from commune_hub.base.db import Store
from tests import factories

TAMPERED = {
    "update access_trace set at = '2026-11-01 00:00:00+00' where number = 2": TraceFault.CHANGED,
    "update access_trace set thing = 'export' where number = 2": TraceFault.CHANGED,
    "update access_trace set result = 'refused' where number = 2": TraceFault.CHANGED,
    "update access_trace set agent_id = null where number = 2": TraceFault.CHANGED,
    "update access_trace set motive_sealed = null where number = 2": TraceFault.CHANGED,
    "update access_trace set motive_owner = '' where number = 2": TraceFault.CHANGED,
    "update access_trace set about = 'x' where number = 2": TraceFault.CHANGED,
    "update access_trace set hash = x'00' where number = 2": TraceFault.CHANGED,
    "delete from access_trace_person where trace_id = 2": TraceFault.CHANGED,
    "update access_trace_person set person = 'somebody' where trace_id = 2": TraceFault.CHANGED,
    "insert into access_trace_person select id, 'somebody' from access_trace where number = 2": TraceFault.CHANGED,
    "delete from access_trace_person where trace_id = 2;"
    "delete from access_trace where number = 2": TraceFault.MISSING,
    "delete from access_trace_person where trace_id = 4;"
    "delete from access_trace where number = 4": TraceFault.MISSING,
    "update access_trace set number = 9 where number = 2; update access_trace set number = 2 where number = 3;"
    "update access_trace set number = 3 where number = 9": TraceFault.CHANGED,
    "update trace_month set rows = 3": TraceFault.HEAD,
    "update trace_month set dropped_at = '2026-11-01 00:00:00+00'": TraceFault.HEAD,
    "update trace_month set previous = head": TraceFault.MONTH,
}  # fmt: skip


def four_rows(session: Session, now: datetime) -> None:
    agent = factories.an_account(session, role=Role.ASTI)
    for number in range(4):
        person = factories.a_person(session)
        look = Look(
            TracedThing.PERSON_FILE, frozenset({person.public_id}), agent_id=agent.id, motive=f"asked on day {number}"
        )
        traces.write(session, look, now=now + timedelta(minutes=number))
    session.commit()


def without_guards(session: Session) -> None:
    """As whoever owns the database can do, so that the check is asked and not the lock."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("set local session_replication_role = replica"))


def test_what_was_written_is_in_order(session: Session, now: datetime) -> None:
    four_rows(session, now)

    rows = session.scalars(select(AccessTrace).order_by(AccessTrace.number)).all()

    assert list(traces.verify(session)) == []
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert traces.read_motive(session, rows[2]) == "asked on day 2"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("tampering", TAMPERED)
def test_a_changed_removed_or_swapped_row_is_found(session: Session, now: datetime, tampering: str) -> None:
    four_rows(session, now)

    for statement in tampering.split(";"):
        session.execute(text(statement))
    session.commit()
    session.expire_all()

    assert TAMPERED[tampering] in {found.fault for found in traces.verify(session)}


def test_a_row_that_was_made_again_with_all_that_follow_is_found_by_the_signature(
    session: Session, now: datetime
) -> None:
    from commune_hub.base import chain

    four_rows(session, now)
    without_guards(session)
    month = session.scalars(select(TraceMonth)).one()
    head = chain.link(month.previous, {"month": month.month})
    for row in session.scalars(select(AccessTrace).order_by(AccessTrace.number)):
        row.about = "nothing to see"
        head = row.hash = chain.link(head, row.said)
    month.head = head
    session.flush()

    assert list(traces.verify(session)) == [Found("2026-11", 0, TraceFault.HEAD)]


def test_a_month_that_is_over_never_changes_again_and_the_next_begins_where_it_ended(
    session: Session, now: datetime
) -> None:
    for moment in (now, now + timedelta(days=10), now + timedelta(days=5)):
        traces.write(session, Look(TracedThing.MEETING, frozenset({"x" * 22})), now=moment)

    months = session.scalars(select(TraceMonth).order_by(TraceMonth.month)).all()

    assert [(month.month, month.rows) for month in months] == [("2026-11", 1), ("2026-12", 2)]
    assert months[1].previous == months[0].head
    assert list(traces.verify(session)) == []


def test_a_month_that_went_as_a_whole_is_missed(session: Session, now: datetime) -> None:
    for days in (0, 31, 62):
        traces.write(session, Look(TracedThing.MEETING, frozenset()), now=now + timedelta(days=days))
    without_guards(session)

    session.execute(text("delete from access_trace where month = '2026-12'"))
    session.execute(text("delete from trace_month where month = '2026-12'"))
    session.expire_all()

    assert list(traces.verify(session)) == [Found("2027-01", 0, TraceFault.MONTH)]


@pytest.mark.parametrize("databases", ["postgres"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "update access_trace set about = 'x'", "delete from access_trace_person", "delete from access_trace",
        "truncate access_trace cascade", "update access_trace_person set person = 'x'", "delete from trace_month",
        "update trace_month set rows = rows - 1", "update trace_month set dropped_at = now()",
    ],
)  # fmt: skip
def test_on_postgresql_a_row_stays_as_it_was_written(store: Store, now: datetime, statement: str) -> None:
    with store.writing() as session:
        four_rows(session, now)

    with pytest.raises(DBAPIError) as refused, store.writing() as session:
        session.execute(text(statement))

    assert "not allowed" in str(refused.value.orig)


def test_nobody_who_was_erased_gets_a_key_again(session: Session, now: datetime) -> None:
    person = factories.a_person(session)
    session.info["keyring"].store.destroy(person.public_id)

    row = traces.write(
        session, Look(TracedThing.PERSON_FILE, frozenset({person.public_id}), motive="asked again today"), now=now
    )

    assert row.motive_owner == "traces-2026-11"
    assert session.info["keyring"].store.find([person.public_id]) == {}
