"""The worker decides a course at its date, and everybody is told what follows."""

from datetime import date, time

from sqlalchemy.orm import Session

from commune_hub.accounts.words import Role
from commune_hub.events.actions import invitations
from commune_hub.events.models import Activity, SeatPool
from tests.factories import NOW, a_person, a_signup, an_activity, an_actor
from tests.factories import a_priority as a_priority_of
from tests.infrastructure.mail_server import MailServer, parts_of
from tests.worker.conftest import RunWorker


def a_civic_course(session: Session, people: int) -> SeatPool:
    """Fourteen seats in January; so many have enrolled, one of whom reads mail."""
    course: Activity = an_activity(
        session, kind="civic_course", rrule="FREQ=WEEKLY;BYDAY=SA", starts=time(9), ends=time(12),
        first_on=date(2027, 1, 9), last_on=date(2027, 1, 16), capacity=14,
    )  # fmt: skip
    pool = course.meetings[0].pool
    a_signup(session, pool, person=a_person(session, contact="amina@example.lu", language="en"))
    for _ in range(people - 2):
        a_signup(session, pool)
    a_signup(session, pool, person=a_person(session, contact="late@example.lu", language="en"))
    session.commit()
    return pool


def subjects(mail: MailServer) -> list[tuple[str, str]]:
    return sorted((str(sent["To"]), str(sent["Subject"])) for sent in mail.mails)


def test_CIV_9_whoever_has_a_seat_gets_the_confirmation_and_the_others_know_that_they_wait(
    session: Session, mail: MailServer, run_worker: RunWorker
) -> None:
    pool = a_civic_course(session, 15)
    decides_at = pool.decides_at
    session.commit()
    run_worker(NOW)
    mail.mails.clear()

    run_worker(decides_at)
    run_worker(decides_at)

    assert subjects(mail) == [
        ("amina@example.lu", "It takes place, you have a seat: Sat 9 Jan, 09:00"),
        ("late@example.lu", "You are on the waiting list: Sat 9 Jan, 09:00"),
    ]
    assert "text/calendar" in parts_of(next(m for m in mail.mails if m["To"] == "amina@example.lu"))


def test_PROV_4_and_CIV_6_a_postponed_course_asks_everybody_to_keep_or_give_back(
    session: Session, mail: MailServer, run_worker: RunWorker
) -> None:
    pool = a_civic_course(session, 14)
    decides_at = pool.decides_at
    session.commit()
    run_worker(NOW)
    mail.mails.clear()

    run_worker(decides_at)

    assert subjects(mail) == [
        ("amina@example.lu", "Postponed, new date: Sat 6 Feb, 09:00"),
        ("late@example.lu", "Postponed, new date: Sat 6 Feb, 09:00"),
    ]
    assert "whether you keep your place or give it back" in parts_of(mail.mails[0])["text/plain"].replace("\n", " ")


def test_an_invitation_is_mailed_with_a_link_for_one(session: Session, mail: MailServer, run_worker: RunWorker) -> None:
    day = an_activity(
        session, kind="orientation_day", rrule="", starts=time(13, 30), ends=time(18), first_on=date(2027, 1, 16),
        last_on=date(2027, 1, 16),
    )  # fmt: skip
    a_priority_of(session, a_person(session, contact="amina@example.lu", language="en"))
    director = an_actor(session, role=Role.DIRECTOR)
    invitations.invite_signatories(session, activity=day, actor=director, now=NOW)
    session.commit()

    run_worker(NOW)

    [sent] = mail.mails
    assert (sent["To"], sent["Subject"]) == ("amina@example.lu", "Your invitation: Sat 16 Jan, 13:30")
    assert "https://hub.example.lu/en/i/" in parts_of(sent)["text/plain"]
