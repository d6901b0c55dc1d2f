"""The traces of RGD art. 28: a row that is changed, swapped or removed is found."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from commune_hub.base.chain import START, link
from commune_hub.base.db import Store
from national_record import tracing
from national_record.access_models import Trace, TraceMonth
from national_record.tracing import Caller
from national_record.words import Channel, Deed

CALLER = Caller("auditor@record.example", "MFSVA", "Entretien du 22 novembre", Channel.SCREEN)


@pytest.fixture
def traced(session: Session, now: datetime) -> Iterator[Session]:
    """Four rows of two months."""
    for moment in (datetime(2026, 10, 31, 9, tzinfo=UTC), now, now, now):
        tracing.trace(session, CALLER, deed=Deed.FILE_OPEN, people=["a" * 22], now=moment)
    yield session


def test_DATA_9_a_row_says_who_when_why_and_about_whom(traced: Session, now: datetime) -> None:
    row = traced.scalars(select(Trace).order_by(Trace.id.desc())).first()

    assert row is not None
    assert (row.agent, row.at, row.motive, row.deed, row.people) == (
        "auditor@record.example", now, "Entretien du 22 novembre", "file_open", ["a" * 22],
    )  # fmt: skip
    assert tracing.faults(traced) == []


@pytest.mark.parametrize(
    "damage",
    [
        update(Trace).where(Trace.number == 2).values(motive="Autre chose"),
        update(Trace).where(Trace.number == 2).values(people=[]),
        update(Trace).where(Trace.number == 3).values(at=datetime(2026, 11, 22, 11, tzinfo=UTC)),
        delete(Trace).where(Trace.number == 2),
        delete(Trace).where(Trace.number == 3),
        delete(Trace).where(Trace.month == "2026-10"),
        update(TraceMonth).where(TraceMonth.month == "2026-11").values(count=2),
    ],
)
def test_whatever_is_changed_or_removed_is_found(traced: Session, damage: object) -> None:
    traced.execute(damage)  # type: ignore[call-overload]
    traced.expire_all()

    assert len(tracing.faults(traced)) == 1


def test_a_chain_that_was_made_anew_without_the_secret_is_found(traced: Session) -> None:
    """Whoever may write the database can reckon every link again, but cannot sign the head."""
    month = traced.get_one(TraceMonth, "2026-11")
    month.head = START
    for row in traced.scalars(select(Trace).where(Trace.month == "2026-11").order_by(Trace.number)):
        row.motive = "Autre chose encore"
        month.head = row.link = link(month.head, tracing._said(row))
    traced.flush()

    assert tracing.faults(traced) == ["2026-11: the head was not signed by this record"]


def test_two_rows_that_were_swapped_are_found(traced: Session) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        traced.execute(update(Trace).where(Trace.month == "2026-11", Trace.number == old).values(number=new))
    traced.expire_all()

    assert tracing.faults(traced) == ["2026-11: number 2 has been changed"]


def test_old_months_are_dropped_whole_and_the_rest_stays_whole(traced: Session) -> None:
    assert tracing.drop_before(traced, month="2026-11", today=date(2029, 11, 1)) == 1
    assert tracing.drop_before(traced, month="2026-11", today=date(2029, 11, 1)) == 0
    assert tracing.faults(traced) == []
    assert len(traced.scalars(select(Trace)).all()) == 3


def test_eight_at_once_make_one_chain(store: Store, now: datetime) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: tracing.trace_alone(store, CALLER, deed=Deed.VERIFY, now=now), range(16)))

    with store.reading() as session:
        assert tracing.faults(session) == []
        assert sorted(session.scalars(select(Trace.number))) == list(range(1, 17))
