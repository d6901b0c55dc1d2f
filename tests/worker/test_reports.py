"""A reported problem reaches every administrator once and is erased; without one a human sees the job."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import reports
from commune_hub.accounts.queries import ring_of
from commune_hub.accounts.reports import ProblemReport
from commune_hub.accounts.words import Role
from commune_hub.base.outbox import Job, JobState
from tests.factories import an_account
from tests.infrastructure.mail_server import MailServer, parts_of
from tests.worker.conftest import RunWorker


def a_report(session: Session, now: datetime) -> str:
    row = reports.report(session, text="The map is empty.", answer_to="621 123 456", language="fr", now=now)
    session.commit()
    return row.public_id


def test_every_administrator_gets_the_report_and_it_is_erased(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    for address in ("one@example.lu", "two@example.lu"):
        an_account(session, role=Role.ADMIN, mail=address)
    an_account(session, role=Role.ASTI, mail="asti@example.lu")
    report = a_report(session, now)

    run_worker(now)

    assert [sent["To"] for sent in mail.mails] == ["one@example.lu", "two@example.lu"]
    assert "The map is empty." in parts_of(mail.mails[0])["text/plain"]
    assert "621 123 456" not in mail.mails[0]["Subject"]
    assert session.scalars(select(ProblemReport)).all() == []
    assert ring_of(session).store.find([report]) == {}


def test_without_an_administrator_the_report_is_kept_and_a_human_sees_the_job(
    session: Session, run_worker: RunWorker, now: datetime
) -> None:
    report = a_report(session, now)

    run_worker(now)

    assert session.scalars(select(Job.state).where(Job.kind == "problem_report")).all() == [JobState.DEAD]
    assert reports.text_of(session, report) == "The map is empty.\n\n621 123 456"
