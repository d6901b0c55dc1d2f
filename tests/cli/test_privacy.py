"""commune-hub audit and commune-hub retention, as somebody types them."""

from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from commune_hub.accounts import traces
from commune_hub.accounts.traces import Look, TraceMonth
from commune_hub.accounts.words import TracedThing
from tests import factories
from tests.cli.conftest import Hub


def three_rows(session: Session, now: datetime) -> str:
    for minute in range(3):
        look = Look(TracedThing.MEETING, frozenset({"x" * 22}), about=f"meeting {minute}")
        traces.write(session, look, now=now + timedelta(minutes=minute))
    month = session.scalars(select(TraceMonth)).one()
    session.commit()
    return f"{month.month}:{month.rows}:{month.head.hex()}"


def test_what_was_changed_is_found(hub: Hub, session: Session, now: datetime) -> None:
    head = three_rows(session, now)

    well = hub("audit", "verify", "--head", head)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("set local session_replication_role = replica"))
    session.execute(text("update access_trace set about = 'another' where number = 2"))
    session.commit()
    damaged = hub("audit", "verify")

    assert (well.exit_code, well.output) == (0, f"{head}\nAll rows are as they were written.\n")
    assert (damaged.exit_code, damaged.output) == (1, f"2026-11, row 2: changed\n{head}\n")


def test_an_older_copy_put_back_is_found_by_a_head_that_was_noted(hub: Hub, session: Session, now: datetime) -> None:
    three_rows(session, now)

    answer = hub("audit", "verify", "--head", f"2026-11:9:{'00' * 32}")

    assert answer.exit_code == 1
    assert "is not what stands there now" in answer.output


def test_a_dry_run_says_how_many(hub: Hub, session: Session, now: datetime) -> None:
    factories.a_person(session, now=now - timedelta(days=800))
    session.commit()

    dry = hub("retention", "run", "--dry-run", "--now", "2026-11-22T03:30")
    real = hub("retention", "run", "--now", "2026-11-22T03:30")
    gone = hub("retention", "gone")

    assert dry.output.splitlines()[0] == "1 people would be deleted, 0 would be made anonymous."
    assert real.output.splitlines()[0] == "1 people are deleted, 0 are made anonymous."
    assert len(gone.output.split()) == 1
