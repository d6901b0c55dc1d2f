"""The jobs of certificates: attendance becomes a paper, a batch is issued, corrections are told."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.words import Role
from commune_hub.base import outbox
from commune_hub.base.outbox import Job
from commune_hub.events import certificates
from commune_hub.events.actions import certificates as actions
from commune_hub.events.models import Activity
from commune_hub.events.records import Attendance, Certificate
from commune_hub.events.words import AttendanceState, CertificateState
from commune_hub.worker import loop
from commune_hub.worker.work import Work
from tests.events.test_certificates import a_course, a_table, noted
from tests.factories import a_person, an_actor
from tests.infrastructure.mail_server import MailServer, parts_of
from tests.worker.conftest import RunWorker

LATER = datetime(2027, 1, 10, 10, tzinfo=UTC)
PRESENT, ABSENT = AttendanceState.PRESENT, AttendanceState.ABSENT


def attendance_changed(session: Session, activity: Activity, act: str) -> None:
    """What the end of a roll, or a correction, leaves in the outbox."""
    meeting = certificates.meetings_of(session, [activity.id])[activity.id][0]
    outbox.enqueue(
        session, "attendance_changed", due_at=LATER, now=LATER, meeting=meeting.public_id,
        key=f"attendance_changed:{meeting.public_id}:{act}",
    )  # fmt: skip
    session.commit()


def states(session: Session) -> list[str]:
    found = list(session.scalars(select(Certificate.state).order_by(Certificate.id)))
    # What is asked here would else hold SQLite's write lock.
    session.commit()
    return found


@pytest.fixture
def amina(session: Session) -> Person:
    """Somebody with a mail address."""
    return a_person(session, contact="amina@example.lu", language="en")


def test_the_end_of_the_last_roll_of_a_table_brings_a_certificate_and_a_mail(
    session: Session, amina: Person, mail: MailServer, run_worker: RunWorker
) -> None:
    activity = a_table(session)
    noted(session, activity, amina, [PRESENT, PRESENT, ABSENT])
    attendance_changed(session, activity, "finished")

    run_worker(LATER)

    [sent] = mail.mails
    text = parts_of(sent)["text/plain"]
    [code] = session.scalars(select(Certificate.code))
    assert states(session) == ["issued"]
    assert code not in str([(job.key, job.ids) for job in session.query(Job)])
    assert (sent["Subject"], sent["To"]) == ("Your certificate is ready", "amina@example.lu")
    assert "https://hub.example.lu/en/my/papers" in text
    assert "2 h of 4 h, at 2 meetings of 4" in text


def test_a_correction_is_told_once_however_often_the_job_runs(
    session: Session, amina: Person, mail: MailServer, run_worker: RunWorker
) -> None:
    activity = a_course(session)
    rows = noted(session, activity, amina, [PRESENT] * 7 + [ABSENT] * 3)
    attendance_changed(session, activity, "finished")
    run_worker(LATER)
    actor = an_actor(session, role=Role.OFFICER, organisation=activity.organisation)
    actions.release(session, activity=activity, actor=actor, now=LATER)
    session.commit()
    run_worker(LATER)

    session.get_one(Attendance, rows[0].id).state = ABSENT
    for act in ("first", "second"):
        attendance_changed(session, activity, act)
    run_worker(LATER)

    subjects = [sent["Subject"] for sent in mail.mails]
    assert states(session) == ["void"]
    assert subjects == ["Your certificate is ready", "A certificate is no longer valid"]
    assert "Reason: The attendance was corrected." in parts_of(mail.mails[1])["text/plain"]


def test_who_wants_no_messages_now_gets_none(
    session: Session, amina: Person, mail: MailServer, run_worker: RunWorker
) -> None:
    activity = a_table(session)
    noted(session, activity, amina, [PRESENT] * 4)
    amina.messages_paused_at = LATER
    attendance_changed(session, activity, "finished")

    run_worker(LATER)

    assert (states(session), mail.mails) == (["issued"], [])


def test_a_season_is_certified_when_it_is_over_also_if_nobody_notes_anything_any_more(
    session: Session, amina: Person, run_worker: RunWorker
) -> None:
    activity = a_table(session)
    noted(session, activity, amina, [PRESENT, PRESENT])
    actions.prepare(session, activity=activity, now=datetime(2026, 12, 3, 10, tzinfo=UTC))
    session.commit()
    before = states(session)

    run_worker(LATER)

    assert (before, states(session)) == ([], ["issued"])


def test_a_batch_that_was_interrupted_goes_on_and_doubles_nothing(
    session: Session, mail: MailServer, run_worker: RunWorker
) -> None:
    activity = a_table(session, 2)
    for number in range(30):
        noted(session, activity, a_person(session, name=f"P{number}", contact=f"p{number}@example.lu"), [PRESENT] * 2)
    actions.prepare(session, activity=activity, now=LATER)
    actions.issue(session, activity=activity, now=LATER, limit=7)
    session.commit()

    for _ in range(2):
        run_worker(LATER)

    assert states(session) == ["issued"] * 30
    assert len({sent["To"] for sent in mail.mails}) == len(mail.mails) == 30


def test_a_hundred_are_issued_in_one_job(session: Session, work: Work) -> None:
    activity = a_course(session, 2)
    for number in range(100):
        noted(session, activity, a_person(session, name=f"Person {number}"), [PRESENT] * 2)
    actions.prepare(session, activity=activity, now=LATER)
    actor = an_actor(session, role=Role.OFFICER, organisation=activity.organisation)
    actions.release(session, activity=activity, actor=actor, now=LATER)
    session.commit()

    loop.step(work, clock=lambda: LATER, tally=loop.Tally())

    issued = session.scalar(select(func.count()).where(Certificate.state == CertificateState.ISSUED))
    assert issued == 100
