"""Inviting staff and ending roles."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Account, Grant, Invitation, Organisation
from commune_hub.accounts.words import Role
from commune_hub.base.outbox import Job
from tests import factories
from tests.web.staff.conftest import SignedIn

INVITED = {"name": "Anne", "mail": "Anne@Example.lu", "role": "officer", "language": "de"}


def test_a_coordinator_invites_an_officer_by_a_job_with_ids_only(
    signed_in: SignedIn, session: Session, organisation: Organisation
) -> None:
    answer = signed_in(Role.COORDINATOR, organisation).post("/en/staff/people", data=INVITED)

    invitation = session.scalars(select(Invitation)).one()
    job = session.scalars(select(Job)).one()
    assert answer.status_code == 303
    assert (invitation.role, invitation.organisation) == (Role.OFFICER, organisation)
    assert (job.kind, job.ids) == ("invitation_mail", {"invitation": invitation.public_id})
    assert invitation.person.contacts[0].value == "anne@example.lu"


def test_an_officer_invites_nobody(officer: FlaskClient) -> None:
    assert officer.get("/en/staff/people").status_code == 404
    assert officer.post("/en/staff/people", data=INVITED).status_code == 404


def test_a_coordinator_gives_no_role_elsewhere_and_no_higher_one(
    signed_in: SignedIn, session: Session, organisation: Organisation
) -> None:
    elsewhere = factories.an_organisation(session)
    coordinator = signed_in(Role.COORDINATOR, organisation)

    there = coordinator.post("/en/staff/people", data=INVITED | {"organisation": elsewhere.public_id})
    higher = coordinator.post("/en/staff/people", data=INVITED | {"role": "admin"})

    assert (there.status_code, higher.status_code) == (422, 404)
    assert session.scalar(select(Invitation.id)) is None


def test_asti_invites_the_officer_of_a_commune(
    signed_in: SignedIn, session: Session, organisation: Organisation
) -> None:
    asti = signed_in(Role.ASTI)

    asti.post("/en/staff/people", data=INVITED | {"organisation": organisation.public_id})

    assert session.scalars(select(Invitation)).one().organisation == organisation


def test_a_phone_number_is_no_address_for_an_invitation(signed_in: SignedIn, organisation: Organisation) -> None:
    answer = signed_in(Role.COORDINATOR, organisation).post("/en/staff/people", data=INVITED | {"mail": "621111222"})

    assert answer.status_code == 422
    assert "Please write a mail address" in answer.text
    assert 'value="Anne"' in answer.text


def test_a_role_that_ends_takes_effect_at_the_next_request(
    signed_in: SignedIn, session: Session, organisation: Organisation
) -> None:
    account = factories.an_account(session, organisation=organisation)
    officer = signed_in(account=account)
    ended = {"role": "officer", "organisation": organisation.public_id}

    answer = signed_in(Role.COORDINATOR, organisation).post(f"/en/staff/people/{account.public_id}/end", data=ended)

    assert answer.status_code == 303
    assert officer.get("/en/staff/activities").status_code == 404


def test_a_coordinator_ends_no_role_elsewhere(
    signed_in: SignedIn, session: Session, organisation: Organisation
) -> None:
    elsewhere = factories.an_organisation(session)
    account = factories.an_account(session, organisation=elsewhere)
    ended = {"role": "officer", "organisation": elsewhere.public_id}

    answer = signed_in(Role.COORDINATOR, organisation).post(f"/en/staff/people/{account.public_id}/end", data=ended)

    assert answer.status_code == 404
    assert session.scalar(select(Grant.ended_at).where(Grant.account_id == account.id)) is None


def test_the_last_administrator_stays(signed_in: SignedIn, session: Session) -> None:
    account = factories.an_account(session, role=Role.ADMIN)
    admin = signed_in(account=account)

    admin.post(f"/en/staff/people/{account.public_id}/end", data={"role": "admin"})

    assert "This is the last administrator." in admin.get("/en/staff/people").text
    assert session.scalar(select(Grant.ended_at)) is None


def test_nobody_sees_who_works_elsewhere(signed_in: SignedIn, session: Session, organisation: Organisation) -> None:
    factories.an_account(session, organisation=factories.an_organisation(session), name="Zoé")
    factories.an_account(session, organisation=organisation, name="Yves")

    page = signed_in(Role.COORDINATOR, organisation).get("/en/staff/people").text

    assert "Yves" in page and "Zoé" not in page


def test_an_administrator_who_runs_no_activities_arrives_at_a_menu(signed_in: SignedIn) -> None:
    page = signed_in(Role.ADMIN).get("/en/staff/").text

    assert "/en/staff/outbox" in page and "/en/staff/people" in page
    assert "/en/staff/activities" not in page


def test_somebody_with_an_account_is_not_invited_again(
    signed_in: SignedIn, session: Session, organisation: Organisation
) -> None:
    factories.an_account(session, organisation=organisation, mail="anne@example.lu")
    coordinator = signed_in(Role.COORDINATOR, organisation)

    coordinator.post("/en/staff/people", data=INVITED)

    assert "This person has an account already." in coordinator.get("/en/staff/people").text
    assert len(session.scalars(select(Account)).all()) == 2
