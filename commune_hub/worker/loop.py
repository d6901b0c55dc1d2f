"""The loop: takes what is due, carries it out, notes how it went; each step in a transaction of its own."""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Event, Thread

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from commune_hub.base import outbox
from commune_hub.base.db import IN_TROUBLE, Store
from commune_hub.base.errors import NotFound
from commune_hub.base.log import log
from commune_hub.base.outbox import Job, JobState
from commune_hub.base.sealed import Erased
from commune_hub.base.settings import Settings
from commune_hub.base.words import LOCAL
from commune_hub.contracts.words import RecordForm
from commune_hub.speech.catalogues import speeches_from, translations_folder
from commune_hub.worker.adapters.geocoders import geocoders_of
from commune_hub.worker.adapters.record import record_of
from commune_hub.worker.adapters.smtp import Smtp
from commune_hub.worker.contracts import turns_of
from commune_hub.worker.handlers import HANDLERS, MESSAGES, RECORD
from commune_hub.worker.sms import gateway_from
from commune_hub.worker.work import Failed, Hopeless, Task, Work, host_of

POLL_SECONDS = 1.0
NIGHT_HOUR = 3
# Longer than any handler may take: twice the time-out of a mail server, and some.
LOST_AFTER = timedelta(minutes=10)


def work_of(settings: Settings, store: Store) -> Work:
    """Everything that the handlers need, as the settings say. Raises SettingsError."""
    return Work(
        store=store,
        settings=settings,
        speeches=speeches_from(translations_folder()),
        smtp=Smtp(settings, host_of(settings)),
        sms=gateway_from(settings),
        geocoders=geocoders_of(settings),
        record=record_of(settings, turns_of(store)),
    )


class Result(StrEnum):
    """How an attempt ended."""

    DONE = "done"
    FAILED = "failed"
    GIVEN_UP = "given_up"


@dataclass
class Tally:
    """What one run of the worker did."""

    done: int = 0
    failed: int = 0
    given_up: int = 0

    def count(self, result: Result) -> None:
        """One more attempt."""
        self.done += result is Result.DONE
        self.failed += result is Result.FAILED
        self.given_up += result is Result.GIVEN_UP


@contextmanager
def own_lane(work: Work, *, clock: Callable[[], datetime], stop: Event) -> Iterator[Collection[str] | None]:
    """Beside the lane of everything else one for the record, whose slowness then keeps nothing else waiting. Gives the
    kinds that are left for the other lane; None (all of them) where no record answers over a wire."""
    if work.record is None or work.record.form is not RecordForm.HTTP:
        yield None
        return
    thread = Thread(target=_record_lane, args=(work, clock, stop), name="record")
    thread.start()
    try:
        yield [kind for kind in HANDLERS if kind not in RECORD]
    finally:
        stop.set()
        thread.join()
        work.record.close()


def _record_lane(work: Work, clock: Callable[[], datetime], stop: Event) -> None:
    tally = Tally()
    # It begins with a pause: the other lane first gives back what a worker that died has left behind.
    while not stop.wait(POLL_SECONDS):
        try:
            while not stop.is_set() and step(work, clock=clock, tally=tally, kinds=list(RECORD)):
                pass
        except IN_TROUBLE as error:
            log.error("worker", problem="database", kind=type(error.orig).__name__)


def run(
    work: Work,
    *,
    clock: Callable[[], datetime],
    stop: Event | None = None,
    once: bool = False,
    alone: bool = False,
    poll: float = POLL_SECONDS,
    kinds: Collection[str] | None = None,
) -> Tally:
    """Work until `stop` is set, or with `once` until nothing is due. `alone`: no other worker can be running, so
    what is marked as running was left behind by one that died. `kinds`: these jobs only."""
    stop = stop or Event()
    tally = Tally()
    nightly_for = revived_at = looked_at = None
    while not stop.is_set():
        try:
            now = clock()
            if revived_at is None or now - revived_at > timedelta(minutes=1):
                _revive(work, now, timedelta(0) if alone and revived_at is None else LOST_AFTER)
                revived_at = now
            if nightly_for != (today := now.astimezone(LOCAL).date()):
                plan_the_night(work, now)
                nightly_for = today
            if looked_at != (slot := now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0)):
                plan_a_look(work, slot)
                looked_at = slot
            while not stop.is_set() and step(work, clock=clock, tally=tally, kinds=kinds):
                pass
        except IN_TROUBLE as error:
            # The database is away, locked or full: what was not noted as done will be done again.
            log.error("worker", problem="database", kind=type(error.orig).__name__)
        if once:
            break
        stop.wait(poll)
    return tally


def step(
    work: Work, *, clock: Callable[[], datetime], tally: Tally, kinds: Collection[str] | None = None
) -> bool:
    """Take one job (of these kinds) and carry it out; False when nothing is due."""
    kinds = [kind for kind in kinds or HANDLERS if work.settings.mail_host or kind not in MESSAGES]
    now = clock()
    with work.store.reading() as session:
        if not outbox.is_due(session, now=now, kinds=kinds):
            return False
    with work.store.writing() as session:
        jobs = outbox.take(session, now=now, kinds=kinds)
        taken = [(job.id, job.attempts, _task(job, now)) for job in jobs]
    for job_id, attempt, task in taken:
        _carry_out(work, job_id, attempt, task, clock, tally)
    return bool(taken)


def _task(job: Job, now: datetime) -> Task:
    return Task(kind=job.kind, key=job.key, ids=dict(job.ids), asked_at=job.created_at, now=now)


def _carry_out(
    work: Work, job_id: int, attempt: int, task: Task, clock: Callable[[], datetime], tally: Tally
) -> None:
    began = time.monotonic()
    result, error = _attempt(work, task)
    _note(work, job_id, attempt, result, error, clock())
    tally.count(result)
    took = round((time.monotonic() - began) * 1000)
    log.info("job", kind=task.kind, key=task.key, result=result, error=error, attempt=attempt, ms=took)


def _attempt(work: Work, task: Task) -> tuple[Result, str]:
    try:
        HANDLERS[task.kind](work, task)
    except (NotFound, Erased):
        # What it was about is gone: nothing is to be told to anybody.
        return Result.DONE, ""
    except Hopeless as hopeless:
        return Result.GIVEN_UP, str(hopeless)
    except Failed as failed:
        return Result.FAILED, str(failed)
    except Exception as crash:
        # The text of an unknown exception may hold what people typed.
        return Result.FAILED, type(crash).__name__
    return Result.DONE, ""


def _note(work: Work, job_id: int, attempt: int, result: Result, error: str, now: datetime) -> None:
    with work.store.writing() as session:
        job = session.scalar(select(Job).where(Job.id == job_id).with_for_update())
        # Taken for dead and given to another worker in the meantime: it is no longer ours to judge.
        if job is None or job.state != JobState.RUNNING or job.attempts != attempt:
            return
        match result:
            case Result.DONE:
                outbox.finish(job, now=now)
            case Result.FAILED:
                outbox.fail(job, now=now, error=error)
            case Result.GIVEN_UP:
                outbox.give_up(job, now=now, error=error)


def _revive(work: Work, now: datetime, older_than: timedelta) -> None:
    with work.store.writing() as session:
        revived = outbox.revive(session, now=now, older_than=older_than)
    if revived:
        log.warning("worker", problem="jobs of a worker that died", revived=revived)


def plan_the_night(work: Work, now: datetime) -> None:
    """The housekeeping of this local day, once, whoever comes first; on a day that began without a worker at once."""
    night = now.astimezone(LOCAL).replace(hour=NIGHT_HOUR, minute=30, second=0, microsecond=0)
    try:
        with work.store.writing() as session:
            outbox.enqueue(session, "housekeeping", due_at=night, now=now, key=f"housekeeping:{night.date()}")
    except IntegrityError:
        # Another worker was quicker.
        pass


def plan_a_look(work: Work, slot: datetime) -> None:
    """Every ten minutes a look at what changed at the record, where it is reached over a wire."""
    if work.record is None or work.record.form is not RecordForm.HTTP:
        return
    try:
        with work.store.writing() as session:
            outbox.enqueue(session, "record_changes", due_at=slot, now=slot, key=f"record_changes:{slot.isoformat()}")
    except IntegrityError:
        pass
