"""The outbox: a consequence leaves as a row of the same transaction, and the worker takes it at least once."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, Index, String, Text, delete, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from commune_hub.base.db import Base, Code, Identity, Instant, PublicId, one_of
from commune_hub.base.errors import NotFound

# With the pauses of `_pause` about two and a half days: a mail server that is away over a weekend loses nothing.
MAX_ATTEMPTS = 20


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Job(Base):
    """One consequence to carry out. `ids` holds public ids and plain words only, never personal data."""

    __tablename__ = "job"
    __table_args__ = (
        one_of("state", JobState),
        Index(
            "ix_job_due", "due_at", sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")
        ),
    )

    id: Mapped[Identity]
    public_id: Mapped[PublicId]
    kind: Mapped[Code]
    ids: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    state: Mapped[Code] = mapped_column(default=JobState.WAITING)
    due_at: Mapped[Instant]
    created_at: Mapped[Instant]
    taken_at: Mapped[Instant | None]
    done_at: Mapped[Instant | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)


def enqueue(session: Session, kind: str, *, due_at: datetime, now: datetime, key: str, **ids: str) -> None:
    """Put a consequence into the outbox, once: `key` is derived from the act and never changes.

    A second enqueue with the same key is the same consequence and changes nothing.
    """
    if session.scalar(select(Job.id).where(Job.key == key)) is None:
        session.add(Job(kind=kind, key=key, ids=ids, due_at=due_at, created_at=now))
        session.flush()


def take(session: Session, *, now: datetime, limit: int = 1, kinds: list[str] | None = None) -> list[Job]:
    """The jobs that are due, marked as running; two workers never take the same one."""
    due = select(Job).where(Job.state == JobState.WAITING, Job.due_at <= now).order_by(Job.due_at, Job.id).limit(limit)
    if kinds is not None:
        due = due.where(Job.kind.in_(kinds))
    jobs = list(session.scalars(due.with_for_update(skip_locked=True)))
    for job in jobs:
        job.state = JobState.RUNNING
        job.taken_at = now
        job.attempts += 1
    return jobs


def is_due(session: Session, *, now: datetime, kinds: list[str] | None = None) -> bool:
    """Whether there is anything to take; asked first, so that a worker with nothing to do never locks the database."""
    due = select(Job.id).where(Job.state == JobState.WAITING, Job.due_at <= now).limit(1)
    if kinds is not None:
        due = due.where(Job.kind.in_(kinds))
    return session.scalar(due) is not None


def finish(job: Job, *, now: datetime) -> None:
    """The consequence has been carried out."""
    job.state = JobState.DONE
    job.done_at = now
    job.last_error = None


def fail(job: Job, *, now: datetime, error: str) -> None:
    """It failed: try again later, ever more slowly and not all at once; after the last attempt a human sees it."""
    if job.attempts >= MAX_ATTEMPTS:
        give_up(job, now=now, error=error)
        return
    job.last_error = error[:500]
    job.state = JobState.WAITING
    job.due_at = now + _pause(job.attempts)


def _pause(attempts: int) -> timedelta:
    return timedelta(seconds=min(6 * 3600, 10 * 2 ** (attempts - 1)) * random.uniform(0.8, 1.2))


def give_up(job: Job, *, now: datetime, error: str) -> None:
    """It can never succeed (nobody has this address), or was tried often enough: a human sees it."""
    job.last_error = error[:500]
    job.state = JobState.DEAD
    job.done_at = now


def revive(session: Session, *, now: datetime, older_than: timedelta = timedelta(minutes=10)) -> int:
    """Give back the jobs of a worker that died with them; returns how many. One that kills every worker is given up."""
    stale = (Job.state == JobState.RUNNING) & (Job.taken_at <= now - older_than)
    jobs = list(session.scalars(select(Job).where(stale).with_for_update(skip_locked=True)))
    for job in jobs:
        if job.attempts >= MAX_ATTEMPTS:
            give_up(job, now=now, error="the worker died with it")
        else:
            job.state, job.due_at = JobState.WAITING, now
    return len(jobs)


def counts(session: Session) -> dict[str, int]:
    """How many jobs stand in each state."""
    return {str(row[0]): row[1] for row in session.execute(select(Job.state, func.count()).group_by(Job.state))}


def hurry(session: Session, *, kinds: Sequence[str], now: datetime) -> None:
    """Let what waits after a failure go now: what it waited for is there again."""
    waits = (Job.state == JobState.WAITING) & Job.kind.in_(kinds) & (Job.due_at > now) & (Job.attempts > 0)
    session.execute(update(Job).where(waits).values(due_at=now))


def withdraw(session: Session, key: str) -> None:
    """Take back a consequence that has not left yet (a reminder for a cancelled seat)."""
    session.execute(update(Job).where(Job.key == key, Job.state == JobState.WAITING).values(state=JobState.DONE))


def waiting_since(session: Session, now: datetime) -> datetime | None:
    """Since when the oldest job that is due has been waiting; None when nothing is late."""
    left = (JobState.WAITING, JobState.RUNNING)
    return session.scalar(select(func.min(Job.due_at)).where(Job.state.in_(left), Job.due_at <= now))


def forget(session: Session, *, before: datetime) -> None:
    """Drop the jobs that were done before; what died stays until somebody has looked at it."""
    session.execute(delete(Job).where(Job.state == JobState.DONE, Job.due_at < before))


def troubled(session: Session, *, now: datetime, limit: int = 200) -> list[Job]:
    """The jobs that somebody should look at: given up, failed before, or due for long; the worst first."""
    late = (Job.state == JobState.WAITING) & ((Job.attempts > 0) | (Job.due_at < now - timedelta(minutes=15)))
    question = select(Job).where((Job.state == JobState.DEAD) | late)
    return list(session.scalars(question.order_by(Job.state, Job.due_at, Job.id).limit(limit)))


def send_again(session: Session, *, public_id: str, now: datetime) -> None:
    """Give a job that failed new attempts, from now on. One that is done or running stays as it is."""
    stuck = Job.state.in_([JobState.DEAD, JobState.WAITING])
    found = session.scalar(select(Job.id).where(Job.public_id == public_id))
    if found is None:
        raise NotFound("job")
    session.execute(update(Job).where(Job.id == found, stuck).values(state=JobState.WAITING, due_at=now, attempts=0))
