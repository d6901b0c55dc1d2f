"""The run of the retention: what is due goes, once; what speaks against it waits for a human; figures stay."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.accounts import traces
from commune_hub.accounts.models import Person
from commune_hub.accounts.traces import AccessTrace, Look, TraceMonth
from commune_hub.accounts.words import TracedThing
from commune_hub.base.db import Store
from commune_hub.events.records import Attendance
from commune_hub.privacy import erasing, retention
from commune_hub.privacy.models import RetentionCase, RetentionRun
from commune_hub.privacy.words import CaseDecision, CaseReason
from commune_hub.worker.retention import Outcome, run
from tests import factories
from tests.infrastructure.counting import counted
from tests.privacy.conftest import a_link, known  # noqa: F401 - the fixture

LATER = timedelta(days=731)


@pytest.fixture
def three(session: Session, now: datetime) -> dict[str, Person]:
    """Somebody long gone, somebody who was here today, a signatory whose three years are over."""
    gone = factories.a_person(session, name="Gone", now=now - LATER)
    here = factories.a_person(session, name="Here", now=now - LATER, contact="here@example.lu")
    factories.a_signup(session, factories.a_pool(session), person=here)
    signed = factories.a_person(session, name="Signed", now=now)
    a_link(session, signed, signed_on=date(2022, 9, 15), ends_on=date(2024, 9, 30))
    session.commit()
    return {"gone": gone, "here": here, "signed": signed}


def names(session: Session) -> list[str]:
    session.commit()
    session.expire_all()
    found = [person.name for person in session.scalars(select(Person).order_by(Person.id)) if person.name]
    # The session of the test gives SQLite's only pen back.
    session.commit()
    return found


def test_a_dry_run_says_what_would_go_and_touches_nothing(
    store: Store, session: Session, three: dict[str, Person], now: datetime
) -> None:
    outcome = run(store, now=now, trace_months=36, dry=True)

    assert outcome == Outcome(deleted=1, anonymised=1)
    assert names(session) == ["Gone", "Here", "Signed"]
    assert session.scalar(select(func.count()).select_from(RetentionRun)) == 0


def test_what_is_due_goes_once(store: Store, session: Session, three: dict[str, Person], now: datetime) -> None:
    first, second = run(store, now=now, trace_months=36), run(store, now=now, trace_months=36)

    runs = session.scalars(select(RetentionRun).order_by(RetentionRun.id)).all()
    assert (first, second) == (Outcome(deleted=1, anonymised=1), Outcome())
    assert names(session) == ["Here"]
    assert [(one.deleted, one.anonymised, one.finished_at) for one in runs] == [(1, 1, now), (0, 0, now)]


def test_a_run_that_is_broken_off_is_simply_run_again(
    store: Store, session: Session, three: dict[str, Person], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, done = erasing.erase, []

    def dies_at_the_second(session: Session, **given: object) -> None:
        whole(session, **given)  # type: ignore[arg-type]
        done.append(given["person"])
        if len(done) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(erasing, "erase", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        run(store, now=now, trace_months=36)
    monkeypatch.undo()
    left = names(session)

    outcome = run(store, now=now, trace_months=36)

    assert (left, names(session)) == (["Here", "Signed"], ["Here"])
    assert outcome.erased_again + outcome.anonymised == 1


def test_figures_are_the_same_before_and_after(
    store: Store, session: Session, known: object, now: datetime  # noqa: F811
) -> None:
    def figures() -> list[tuple[int, str, int]]:
        session.expire_all()
        rows = session.execute(
            select(Attendance.meeting_id, Attendance.state, func.count()).group_by(
                Attendance.meeting_id, Attendance.state
            )
        )
        found = sorted((row[0], row[1], row[2]) for row in rows)
        session.commit()
        return found

    session.commit()
    before = figures()

    outcome = run(store, now=now + LATER, trace_months=36)

    assert outcome.deleted >= 2
    assert (figures(), names(session)) == (before, [])


def test_a_contract_that_runs_waits_for_a_human_and_the_decision_counts(
    store: Store, session: Session, now: datetime
) -> None:
    signed = factories.a_person(session, name="Signed", now=now)
    a_link(session, signed, signed_on=date(2022, 9, 15), state="in_force", ends_on=date(2028, 1, 1))
    session.commit()

    outcome = run(store, now=now, trace_months=36)
    session.expire_all()
    case = session.scalars(select(RetentionCase)).one()
    told = (outcome, case.reason, case.due_on, names(session))
    case.decision, case.until = CaseDecision.LATER, (now + timedelta(days=90)).date()
    session.commit()
    later = run(store, now=now + timedelta(days=89), trace_months=36)
    again = run(store, now=now + timedelta(days=91), trace_months=36)
    session.expire_all()
    asked_again = case.decision
    case.decision = CaseDecision.GO
    session.commit()
    gone = run(store, now=now + timedelta(days=92), trace_months=36)

    assert told == (Outcome(waiting=1), CaseReason.CONTRACT_RUNNING, date(2025, 9, 15), ["Signed"])
    assert (later.waiting, again.waiting, asked_again) == (1, 1, None)
    assert (gone.anonymised, names(session)) == (1, [])


def test_months_of_traces_go_and_their_heads_stay(store: Store, session: Session, now: datetime) -> None:
    for back in (4, 3, 2, 0):
        look = Look(TracedThing.MEETING, frozenset({"x" * 22}), motive="a reason of two")
        traces.write(session, look, now=now - timedelta(days=31 * back))
    session.commit()

    outcome = run(store, now=now, trace_months=2)
    session.expire_all()

    chains = session.scalars(select(TraceMonth).order_by(TraceMonth.month))
    months = [(month.month, month.dropped_at is not None) for month in chains]
    assert outcome.months_dropped == 2
    assert months == [("2026-07", True), ("2026-08", True), ("2026-09", False), ("2026-11", False)]
    assert {row.month for row in session.scalars(select(AccessTrace))} == {"2026-09", "2026-11"}
    assert list(traces.verify(session)) == []


def test_five_people_cost_no_more_questions_than_one(
    store: Store, session: Session, three: dict[str, Person], now: datetime
) -> None:
    def questions() -> int:
        with store.reading() as reading, counted(store) as asked:
            ids = next(retention.batches(reading, now))
            retention.over(reading, ids, now)
        return len(asked)

    few = questions()
    for _ in range(3):
        factories.a_person(session, now=now - LATER)
    session.commit()

    assert questions() == few
