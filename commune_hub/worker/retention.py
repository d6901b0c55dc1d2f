"""The run of the retention: every person in a transaction of their own, so that a broken run is simply run again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from commune_hub.accounts import traces
from commune_hub.accounts.models import Person
from commune_hub.base.db import Store
from commune_hub.base.log import log
from commune_hub.base.sealed import empty_journal
from commune_hub.privacy import erasing, retention, traces_over
from commune_hub.privacy.models import PersonMerge, RetentionRun
from commune_hub.schemes.words import RetentionAction
from commune_hub.worker.work import Task, Work

# Tables whose old versions of rows PostgreSQL would otherwise keep until it finds the time.
_SWEPT = ("person", "contact", "signup", "sign_in", "contract_link", "alert")


@dataclass(slots=True)
class Outcome:
    """What a run did, or with `dry` would do."""

    deleted: int = 0
    anonymised: int = 0
    waiting: int = 0
    merges: int = 0
    erased_again: int = 0
    months_dropped: int = 0

    def count(self, action: RetentionAction) -> None:
        """One more person."""
        self.deleted += action is RetentionAction.DELETE
        self.anonymised += action is RetentionAction.ANONYMISE


def run(store: Store, *, now: datetime, trace_months: int, dry: bool = False) -> Outcome:
    """Do what is due. Safe to repeat and to break off."""
    outcome = Outcome()
    with store.reading() as session:
        due = [one for ids in retention.batches(session, now) for one in retention.over(session, ids, now)]
        outcome.waiting = sum(one.waits for one in due)
        months = traces_over.expired(session, now=now, months=trace_months)
    if dry:
        for one in due:
            if not one.waits:
                outcome.count(one.verdict.action)
        outcome.months_dropped = len(months)
        return outcome
    with store.writing() as session:
        outcome.erased_again = erasing.finish_erasures(session, now=now)
        note = RetentionRun(started_at=now)
        session.add(note)
        session.flush()
        note_id = note.id
    for one in due:
        with store.writing() as session:
            if retention.carry_out(session, one, now):
                outcome.count(one.verdict.action)
    outcome.merges = _finish_merges(store, now)
    outcome.months_dropped = _drop_months(store, months, now)
    if _somebody_went(store):
        sweep(store)
    with store.writing() as session:
        ended = session.get_one(RetentionRun, note_id)
        ended.finished_at = now
        ended.deleted, ended.anonymised = outcome.deleted, outcome.anonymised
        ended.waiting, ended.months_dropped = outcome.waiting, outcome.months_dropped
    return outcome


def _somebody_went(store: Store) -> bool:
    """Whether anybody was erased since the run before, here or on a page."""
    with store.reading() as session:
        before = retention.last_run(session)
        question = select(Person.id).where(Person.erased_at.is_not(None)).limit(1)
        if before is not None:
            question = question.where(Person.erased_at >= before.started_at)
        return session.scalar(question) is not None


def _finish_merges(store: Store, now: datetime) -> int:
    with store.reading() as session:
        due = [merge.id for merge in retention.merges_to_finish(session, now)]
    for merge_id in due:
        with store.writing() as session:
            merge = session.get_one(PersonMerge, merge_id)
            merge.final_at = now
            person = session.get_one(Person, merge.merged_id)
            if person.erased_at is None:
                erasing.erase(session, person=person, action=RetentionAction.ANONYMISE, now=now)
    return len(due)


def _drop_months(store: Store, months: list[str], now: datetime) -> int:
    dropped = 0
    for month in months:
        try:
            with store.writing() as session:
                traces_over.drop(session, month=month, now=now)
            dropped += 1
        except DBAPIError:
            # The application's role may not, where the tables belong to somebody else: docs/decisions/0009.
            log.warning("retention", problem="traces are dropped by the owner of the tables", month=month)
            break
    return dropped


def sweep(store: Store) -> None:
    """What was overwritten goes from the files too: SQLite's journal, PostgreSQL's old versions of rows. There the
    tables are written anew, in the night and with a short wait for their locks; the write-ahead log ends by itself."""
    _sweep(store.engine, _SWEPT)
    _sweep(store.keys.engine, ("personal_key",))


def _sweep(engine: Engine, tables: tuple[str, ...]) -> None:
    if engine.dialect.name == "sqlite":
        empty_journal(engine)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("set lock_timeout = '10s'")
        for table in tables:
            try:
                connection.exec_driver_sql(f"vacuum full {table}")
            except DBAPIError:
                log.warning("retention", problem="old rows stay until the next run", table=table)
        connection.exec_driver_sql("reset lock_timeout")


def retention_daily(work: Work, task: Task) -> None:
    """The nightly run. The heads of the traces go into the log: who can write the database cannot change them there."""
    outcome = run(work.store, now=task.now, trace_months=int(work.settings.trace_months))
    log.info("retention", deleted=outcome.deleted, anonymised=outcome.anonymised, waiting=outcome.waiting)
    with work.store.reading() as session:
        for month in traces.newest_months(session, 2):
            log.info("traces", month=month.month, rows=month.rows, head=month.head.hex())
