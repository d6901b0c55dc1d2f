"""What a commune is told of the room that it offered: taken, or not, and why."""

from sqlalchemy.orm import Session

from commune_hub.accounts.words import OrganisationKind, Role
from commune_hub.events.actions import venue_offers
from tests.events.test_courses_offers import offered, taking
from tests.factories import NOW, a_venue, an_actor, an_organisation
from tests.infrastructure.mail_server import MailServer, parts_of
from tests.worker.conftest import RunWorker


def test_the_commune_is_told_who_takes_its_room_and_why_another_time_is_not_needed(
    session: Session, mail: MailServer, run_worker: RunWorker
) -> None:
    commune = an_organisation(session, name="Gemeng Suessem", mail="office@suessem.example", spoken=["de", "fr"])
    venue = a_venue(session, organisation=commune)
    morning, afternoon, evening = offered(
        session, venue, ("2027-02-06", "09:00", "12:00"), ("2027-02-13", "09:00", "12:00"),
        ("2027-02-20", "18:00", "21:00"),
    )  # fmt: skip
    authority = an_organisation(session, kind=OrganisationKind.AUTHORITY, name="Service de la formation")
    national = an_actor(session, role=Role.NATIONAL_OFFICER)
    for _ in range(2):
        venue_offers.take(
            session, draft=taking(morning, afternoon), organisation_id=authority.public_id, actor=national, now=NOW
        )
    venue_offers.refuse(session, offer=evening, reason="Trop loin de la gare.", actor=national, now=NOW)
    session.commit()

    run_worker(NOW)

    taken, refused = sorted(mail.mails, key=lambda one: str(one["Subject"]))
    assert [(one["To"], one["Content-Language"]) for one in (taken, refused)] == [("office@suessem.example", "de")] * 2
    told = parts_of(taken)["text/plain"]
    assert "Service de la formation" in told
    assert [line[-13:] for line in told.splitlines() if line.startswith("Wann: ")] == ["09:00 – 12:00"] * 2
    assert f"/de/staff/places/{venue.public_id}/offers" in told
    assert "\nTrop loin de la gare.\n" in parts_of(refused)["text/plain"]


def test_a_commune_without_a_mail_address_is_told_nothing(
    session: Session, mail: MailServer, run_worker: RunWorker
) -> None:
    venue = a_venue(session, organisation=an_organisation(session, mail=""))
    [offer] = offered(session, venue, ("2027-02-06", "09:00", "12:00"))
    an_organisation(session, kind=OrganisationKind.AUTHORITY)
    national = an_actor(session, role=Role.NATIONAL_OFFICER)
    venue_offers.refuse(session, offer=offer, reason="Trop loin de la gare.", actor=national, now=NOW)
    session.commit()

    run_worker(NOW)

    assert mail.mails == []
