"""Delivery: at least once, later when the server is down, never again to an address that does not exist."""

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.base import outbox
from commune_hub.base.db import Store
from commune_hub.base.outbox import Job, JobState
from commune_hub.worker import loop
from commune_hub.worker.adapters.smtp import Smtp
from commune_hub.worker.loop import Tally
from commune_hub.worker.work import Work
from tests.factories import a_person, a_pool, a_signup
from tests.infrastructure.mail_server import MailServer, closed_port, mail_server
from tests.worker.conftest import RunWorker


def somebody_signs_up(session: Session) -> None:
    a_signup(session, a_pool(session), person=a_person(session, contact="amina@example.lu"))
    session.commit()


def the_mail_job(store: Store) -> tuple[str, int, str | None]:
    with store.reading() as session:
        job = session.scalars(select(Job).where(Job.kind == "signup_mail")).one()
        return job.state, job.attempts, job.last_error


def test_a_server_that_is_down_gets_the_mail_later_and_once(
    session: Session, store: Store, work: Work, now: datetime
) -> None:
    somebody_signs_up(session)
    with closed_port() as port:
        down = replace(work, smtp=Smtp(replace(work.settings, mail_port=str(port)), "hub.example.lu"))
        loop.run(down, clock=lambda: now, once=True)
        while_down = the_mail_job(store)
    with mail_server(port) as back:
        for minutes in (1, 2, 3):
            loop.run(down, clock=lambda minutes=minutes: now + timedelta(minutes=minutes), once=True)

    assert while_down == (JobState.WAITING, 1, "mail server: ConnectionRefusedError")
    assert the_mail_job(store) == (JobState.DONE, 2, None)
    assert len(back.mails) == 1


@pytest.mark.parametrize(
    ("answer", "job"),
    [
        ("550 5.1.1 <amina@example.lu> unknown", (JobState.DEAD, 1, "recipient refused: 550")),
        ("451 4.7.1 greylisted", (JobState.WAITING, 1, "recipient refused: 451")),
    ],
)
def test_a_refused_recipient_is_a_dead_letter_and_a_busy_one_is_tried_again(
    session: Session, store: Store, mail: MailServer, run_worker: RunWorker, now: datetime, answer: str,
    job: tuple[str, int, str],
) -> None:  # fmt: skip
    mail.answer_to_recipient = answer
    somebody_signs_up(session)

    run_worker(now)

    assert the_mail_job(store) == job


def test_a_server_that_refuses_the_mail_itself_is_asked_again(
    session: Session, store: Store, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    mail.answer_to_data = "554 your address is on a list"
    somebody_signs_up(session)

    run_worker(now)

    assert the_mail_job(store) == (JobState.WAITING, 1, "mail server: SMTPDataError 554")


def test_a_repeated_mail_has_the_same_message_id(
    session: Session, store: Store, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    somebody_signs_up(session)
    run_worker(now)
    with store.writing() as again:
        job = again.scalars(select(Job).where(Job.kind == "signup_mail")).one()
        job.state = JobState.WAITING

    run_worker(now + timedelta(minutes=5))

    first, second = mail.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@hub.example.lu>")


def test_mail_waits_while_no_server_is_set_and_the_rest_is_done(
    session: Session, store: Store, work: Work, now: datetime
) -> None:
    somebody_signs_up(session)
    without = replace(work, settings=replace(work.settings, mail_host=""))

    tally = loop.run(without, clock=lambda: now, once=True)

    assert tally == Tally(done=4)
    assert the_mail_job(store) == (JobState.WAITING, 0, None)


def test_the_worker_logs_in_where_a_user_is_set(session: Session, work: Work, now: datetime) -> None:
    somebody_signs_up(session)
    with mail_server() as strict:
        settings = replace(work.settings, mail_port=str(strict.port), mail_user="hub", mail_password="secret")

        loop.run(replace(work, smtp=Smtp(settings, "hub.example.lu")), clock=lambda: now, once=True)

    assert (len(strict.mails), strict.login) == (1, ("hub", "secret"))


def test_a_handler_that_breaks_stops_nobody_else(
    session: Session, store: Store, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    outbox.enqueue(session, "fill_seats", due_at=now - timedelta(hours=1), now=now, key="broken")
    somebody_signs_up(session)

    tally = run_worker(now)

    assert tally == Tally(done=5, failed=1)
    assert len(mail.mails) == 1
    assert session.scalar(select(Job.last_error).where(Job.key == "broken")) == "KeyError"


# On SQLite there is one worker.
@pytest.mark.parametrize("databases", ["postgres"], indirect=True)
def test_several_workers_deliver_each_mail_once(
    session: Session, work: Work, mail: MailServer, now: datetime
) -> None:
    pool = a_pool(session, capacity=20)
    for number in range(12):
        a_signup(session, pool, person=a_person(session, contact=f"person{number}@example.lu"))
    session.commit()

    workers = [Thread(target=loop.run, args=(work,), kwargs={"clock": lambda: now, "once": True}) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(mail.recipients) == sorted(f"person{number}@example.lu" for number in range(12))


def test_the_worker_stops_when_it_is_told_to(work: Work, now: datetime) -> None:
    stop = Event()
    worker = Thread(target=loop.run, args=(work,), kwargs={"clock": lambda: now, "stop": stop})
    worker.start()

    stop.set()
    worker.join(timeout=5)

    assert not worker.is_alive()
