"""The outbox for the administrator."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.words import Role
from commune_hub.base import outbox
from commune_hub.base.outbox import Job, JobState
from tests.web.staff.conftest import SignedIn


@pytest.fixture
def dead_job(session: Session, now: datetime) -> Job:
    outbox.enqueue(session, "signup_mail", due_at=now, now=now, key="signup_mail:1", signup="x" * 22)
    job = session.scalars(select(Job)).one()
    job.state, job.attempts, job.last_error = JobState.DEAD, outbox.MAX_ATTEMPTS, "SMTPServerDisconnected"
    return job


def test_what_was_given_up_is_shown_and_sent_again(
    signed_in: SignedIn, session: Session, dead_job: Job, now: datetime
) -> None:
    admin = signed_in(Role.ADMIN)

    page = admin.get("/en/staff/outbox").text
    answer = admin.post(f"/en/staff/outbox/{dead_job.public_id}/again")

    assert "signup_mail" in page and "SMTPServerDisconnected" in page
    assert answer.status_code == 303
    assert (dead_job.state, dead_job.attempts, dead_job.due_at) == (JobState.WAITING, 0, now)


def test_a_job_that_is_done_is_never_sent_again(signed_in: SignedIn, session: Session, dead_job: Job) -> None:
    dead_job.state = JobState.DONE
    admin = signed_in(Role.ADMIN)

    admin.post(f"/en/staff/outbox/{dead_job.public_id}/again")

    assert dead_job.state == JobState.DONE


def test_an_officer_does_not_see_it(officer: FlaskClient) -> None:
    assert officer.get("/en/staff/outbox").status_code == 404


def test_a_job_that_there_is_not_is_not_found(signed_in: SignedIn) -> None:
    assert signed_in(Role.ADMIN).post(f"/en/staff/outbox/{'A' * 22}/again").status_code == 404
