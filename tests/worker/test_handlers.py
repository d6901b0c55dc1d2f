"""The other jobs: codes, invitations, seats at the end of a reservation, points of venues, housekeeping."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.models import SignIn, SignInCode
from commune_hub.accounts.rules import Reach
from commune_hub.accounts.words import ContactKind, Role
from commune_hub.base import outbox
from commune_hub.base.outbox import Job
from commune_hub.events.models import Listing
from commune_hub.events.words import SignupState
from commune_hub.places.geo import Point
from commune_hub.places.geocoding import AskedAddress, GeocoderDown
from commune_hub.places.words import PointSource
from commune_hub.worker import loop
from commune_hub.worker.work import Work
from tests.factories import (
    a_meeting,
    a_person,
    a_pool,
    a_priority,
    a_signup,
    a_venue,
    an_account,
    an_organisation,
)
from tests.infrastructure.mail_server import MailServer, parts_of
from tests.worker.conftest import RunWorker


def a_job(session: Session, kind: str, now: datetime, **ids: str) -> None:
    outbox.enqueue(session, kind, due_at=now, now=now, key=f"{kind}:test", **ids)
    session.commit()


def test_a_code_to_sign_in_stands_in_the_mail_and_not_in_its_subject(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    a_person(session, contact="amina@example.lu", language="en")
    reach = Reach(ContactKind.MAIL, "amina@example.lu")
    accounts.request_code(session, reach=reach, now=now)
    session.commit()

    run_worker(now)

    [sent] = mail.mails
    [code] = re.findall(r"^    (\d{6})$", parts_of(sent)["text/plain"], re.M)
    assert sent["Subject"] == "Your code to sign in"
    assert accounts.enter_code(session, reach=reach, code=code, shared_phone=False, now=now)


def test_a_code_that_has_run_out_is_not_sent(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    a_person(session, contact="amina@example.lu")
    accounts.request_code(session, reach=Reach(ContactKind.MAIL, "amina@example.lu"), now=now)
    session.commit()

    run_worker(now + timedelta(minutes=16))

    assert mail.mails == []


def test_an_invitation_carries_a_link_that_works_and_the_older_one_no_longer_does(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    office = an_organisation(session, name="Gemeng Suessem")
    invitation, shown = accounts.invite(
        session, actor=None, name="Marc", reach=Reach(ContactKind.MAIL, "marc@example.lu"), language="en",
        role=Role.OFFICER, organisation=office, now=now,
    )  # fmt: skip
    a_job(session, "invitation_mail", now, invitation=invitation.public_id)

    run_worker(now)

    [sent] = mail.mails
    text = parts_of(sent)["text/plain"]
    [token] = re.findall(r"^https://hub.example.lu/en/staff/invitation/(\S+)$", text, re.M)
    session.expire_all()
    assert "Gemeng Suessem gives you access to commune-hub." in text
    assert accounts.open_invitation(session, token=token, now=now).role == Role.OFFICER
    assert token != shown


def test_when_a_reservation_ends_the_free_seats_go_to_those_who_wait(
    session: Session, mail: MailServer, run_worker: RunWorker, now: datetime
) -> None:
    pool = a_pool(
        session, kind="conventioned_course", convention_reference="K-1", registration_by="hub", capacity=2,
        rrule="", first_on="2026-12-08", last_on="2026-12-08",
    )  # fmt: skip
    signed = a_person(session, contact="signed@example.lu", language="en")
    a_priority(session, signed)
    first = a_signup(session, pool, person=signed)
    waits = a_signup(session, pool, person=a_person(session, contact="waits@example.lu", language="en"))
    session.commit()
    before = (first.state, waits.state)

    run_worker(pool.reserved_until)

    session.refresh(waits)
    assert (before, waits.state) == ((SignupState.CONFIRMED, SignupState.WAITING), SignupState.CONFIRMED)


class AGeocoder:
    """Knows one address, or is down."""

    name = "test"
    countries = frozenset({"LU"})

    def __init__(self, down: bool = False) -> None:
        self.down = down
        self.asked: list[AskedAddress] = []

    def locate(self, address: AskedAddress) -> Point | None:
        if self.down:
            raise GeocoderDown("test")
        self.asked.append(address)
        return Point(49.5100, 5.9300)


def test_a_venue_gets_the_point_of_its_address_and_the_search_follows(
    session: Session, work: Work, now: datetime
) -> None:
    venue = a_venue(session, point_source=PointSource.APPROXIMATE)
    a_meeting(session, venue=venue)
    a_job(session, "locate_venue", now, venue=venue.public_id)
    geocoder = AGeocoder()

    loop.run(replace(work, geocoders=(geocoder,)), clock=lambda: now, once=True)

    session.refresh(venue)
    session.commit()
    assert geocoder.asked == [AskedAddress("rue de la Poste", "4", "4477", "Belvaux", lau2="0213")]
    assert (venue.lat, venue.lon, venue.point_source) == (49.5100, 5.9300, PointSource.GEOCODER)
    assert set(session.scalars(select(Listing.lat))) == {49.5100}


def test_a_venue_is_looked_up_again_while_the_geocoders_are_down(session: Session, work: Work, now: datetime) -> None:
    venue = a_venue(session, point_source=PointSource.APPROXIMATE)
    a_job(session, "locate_venue", now, venue=venue.public_id)

    loop.run(replace(work, geocoders=(AGeocoder(down=True),)), clock=lambda: now, once=True)

    job = session.scalars(select(Job).where(Job.kind == "locate_venue")).one()
    assert (job.state, job.last_error) == ("waiting", "no geocoder answers")


def test_a_venue_that_went_meanwhile_is_no_failure(session: Session, work: Work, now: datetime) -> None:
    a_job(session, "locate_venue", now, venue="AAAAAAAAAAAAAAAAAAAAAA")

    tally = loop.run(work, clock=lambda: now, once=True)

    assert (tally.failed, tally.given_up) == (0, 0)


def test_at_night_what_nobody_needs_any_more_goes(session: Session, run_worker: RunWorker, now: datetime) -> None:
    a_meeting(session)
    account = an_account(session, role=Role.ADMIN)
    accounts.sign_in_staff(session, account=account, now=now, second_factor=True)
    a_person(session, contact="amina@example.lu")
    accounts.request_code(session, reach=Reach(ContactKind.MAIL, "amina@example.lu"), now=now)
    session.commit()

    run_worker(now + timedelta(days=4))

    counts = [session.scalar(select(func.count()).select_from(table)) for table in (Listing, SignIn, SignInCode)]
    assert counts == [0, 0, 0]


def test_the_housekeeping_of_a_day_is_planned_once(session: Session, work: Work, now: datetime) -> None:
    for hours in (0, 5, 20):
        loop.plan_the_night(work, now + timedelta(hours=hours))

    keys = session.scalars(select(Job.key).order_by(Job.id)).all()
    assert keys == ["housekeeping:2026-11-22", "housekeeping:2026-11-23"]
