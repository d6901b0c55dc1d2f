"""The outbox: once per act, at least once to the outside, back-off, a human sees what died."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.base import outbox
from commune_hub.base.outbox import MAX_ATTEMPTS, Job, JobState


def a_job(session: Session, now: datetime, key: str = "mail:1", **given: str) -> None:
    outbox.enqueue(session, "mail", due_at=now, now=now, key=key, **given)


def test_the_same_act_leaves_one_job(session: Session, now: datetime) -> None:
    a_job(session, now)

    a_job(session, now)

    assert outbox.counts(session) == {"waiting": 1}


def test_a_job_is_taken_when_it_is_due_and_not_before(session: Session, now: datetime) -> None:
    outbox.enqueue(session, "reminder", due_at=now + timedelta(hours=1), now=now, key="r")

    assert outbox.take(session, now=now) == []
    assert [job.key for job in outbox.take(session, now=now + timedelta(hours=1))] == ["r"]


def test_a_taken_job_is_not_taken_again(session: Session, now: datetime) -> None:
    a_job(session, now)

    outbox.take(session, now=now)

    assert outbox.take(session, now=now) == []


def test_a_failed_job_comes_back_later_and_later(session: Session, now: datetime) -> None:
    a_job(session, now)
    waits = []

    for _ in range(3):
        [job] = outbox.take(session, now=now + timedelta(days=1))
        outbox.fail(job, now=now, error="no answer")
        session.flush()
        waits.append(job.due_at - now)

    assert waits[0] < waits[1] < waits[2]
    assert waits[2] < timedelta(minutes=2)


def test_after_the_last_attempt_a_human_sees_it(session: Session, now: datetime) -> None:
    a_job(session, now)
    [job] = outbox.take(session, now=now)
    job.attempts = MAX_ATTEMPTS

    outbox.fail(job, now=now, error="no answer")

    assert (job.state, job.last_error) == (JobState.DEAD, "no answer")


def test_a_job_of_a_worker_that_died_is_given_back(session: Session, now: datetime) -> None:
    a_job(session, now)
    outbox.take(session, now=now)

    revived = outbox.revive(session, now=now + timedelta(minutes=11))

    assert revived == 1
    assert len(outbox.take(session, now=now + timedelta(minutes=11))) == 1


def test_a_withdrawn_job_never_leaves(session: Session, now: datetime) -> None:
    a_job(session, now)

    outbox.withdraw(session, "mail:1")

    assert outbox.take(session, now=now) == []
    assert session.scalars(select(Job.state)).all() == [JobState.DONE]


def test_a_job_that_kills_every_worker_is_given_up(session: Session, now: datetime) -> None:
    a_job(session, now)
    [job] = outbox.take(session, now=now)
    job.attempts = MAX_ATTEMPTS

    outbox.revive(session, now=now, older_than=timedelta(0))

    assert (job.state, job.last_error) == (JobState.DEAD, "the worker died with it")


def test_a_mail_server_that_is_away_over_a_weekend_loses_nothing(session: Session, now: datetime) -> None:
    a_job(session, now)
    moment = now

    while job := next(iter(outbox.take(session, now=moment)), None):
        outbox.fail(job, now=moment, error="no answer")
        session.flush()
        moment = job.due_at

    assert moment - now > timedelta(hours=45)


def test_the_age_of_the_outbox_is_that_of_the_oldest_late_job(session: Session, now: datetime) -> None:
    a_job(session, now)
    outbox.enqueue(session, "reminder", due_at=now + timedelta(hours=1), now=now, key="r")

    assert outbox.waiting_since(session, now - timedelta(seconds=1)) is None
    assert outbox.waiting_since(session, now + timedelta(hours=2)) == now


def test_what_was_done_long_ago_is_forgotten_and_what_died_stays(session: Session, now: datetime) -> None:
    for key in ("done", "dead", "waiting"):
        a_job(session, now, key)
    done, dead = outbox.take(session, now=now, limit=2)
    outbox.finish(done, now=now)
    outbox.give_up(dead, now=now, error="nobody there")
    session.flush()

    outbox.forget(session, before=now + timedelta(days=30))

    assert session.scalars(select(Job.key).order_by(Job.id)).all() == ["dead", "waiting"]
