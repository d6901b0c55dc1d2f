"""Inviting staff and ending roles."""

from datetime import datetime

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


def test_somebody_with_an_account_gets_one_more_role_and_is_told(
    signed_in: SignedIn, session: Session, organisation: Organisation
) -> None:
    elsewhere = factories.an_organisation(session)
    account = factories.an_account(session, organisation=elsewhere, mail="anne@example.lu")
    colleague = signed_in(account=account)
    coordinator = signed_in(Role.COORDINATOR, organisation)
    before = colleague.get(f"/en/staff/activities/new?organisation={organisation.public_id}")

    answers = [coordinator.post("/en/staff/people", data=INVITED, follow_redirects=True).text for _ in range(2)]

    assert before.status_code in (200, 303)
    assert "They have an account: it has this role now" in answers[0]
    assert "This person has this role already." in answers[1]
    grants = session.scalars(select(Grant).where(Grant.account_id == account.id).order_by(Grant.id)).all()
    assert [(one.role, one.organisation_id) for one in grants] == [
        (Role.OFFICER, elsewhere.id), (Role.OFFICER, organisation.id),
    ]  # fmt: skip
    assert session.scalars(select(Job.kind)).all() == ["role_given_mail"]
    assert (session.scalar(select(Invitation.id)), len(session.scalars(select(Account)).all())) == (None, 2)


def test_a_role_that_ended_is_given_again_and_a_closed_account_gets_none(
    signed_in: SignedIn, session: Session, organisation: Organisation, now: datetime
) -> None:
    account = factories.an_account(session, organisation=organisation, mail="anne@example.lu")
    account.grants[0].ended_at = now
    coordinator = signed_in(Role.COORDINATOR, organisation)
    coordinator.post("/en/staff/people", data=INVITED)
    session.refresh(account)
    again = [one.ended_at for one in account.grants]
    account.disabled_at = now
    session.commit()

    answer = coordinator.post("/en/staff/people", data=INVITED | {"role": "coordinator"}, follow_redirects=True)

    assert again == [None]
    assert "The account of this person is closed." in answer.text


def test_a_lost_authenticator_is_taken_away_with_all_sessions_and_its_owner_is_told(
    signed_in: SignedIn, session: Session, organisation: Organisation
) -> None:
    account = factories.an_account(session, organisation=organisation)
    account.totp_sealed, account.totp_last_step = b"sealed", 5
    officer = signed_in(account=account)
    coordinator = signed_in(Role.COORDINATOR, organisation)
    url = f"/en/staff/people/{account.public_id}/authenticator"

    offered = url in coordinator.get("/en/staff/people").text
    answer = coordinator.post(url, follow_redirects=True)

    session.refresh(account)
    assert (offered, account.totp_sealed, account.totp_last_step) == (True, None, 0)
    assert "The old authenticator no longer counts." in answer.text
    assert officer.get("/en/staff/activities").location.endswith("/en/staff/sign-in")
    assert session.scalars(select(Job.kind)).all() == ["second_factor_mail"]


def test_nobody_takes_away_an_authenticator_of_a_higher_role_of_another_commune_or_their_own(
    signed_in: SignedIn, session: Session, organisation: Organisation
) -> None:
    coordinator_account = factories.an_account(session, role=Role.COORDINATOR, organisation=organisation)
    coordinator = signed_in(account=coordinator_account)
    admin = factories.an_account(session, role=Role.ADMIN)
    both = factories.an_account(session, organisation=organisation)
    factories.a_role(session, both, Role.ADMIN, None)
    stranger = factories.an_account(session, organisation=factories.an_organisation(session))
    for account in (admin, both, stranger, coordinator_account):
        account.totp_sealed, account.totp_last_step = b"sealed", 5
    session.commit()

    answers = [
        coordinator.post(f"/en/staff/people/{account.public_id}/authenticator").status_code
        for account in (admin, both, stranger, coordinator_account)
    ]

    assert answers == [404] * 4
    assert session.scalars(select(Account.totp_last_step)).all() == [5, 5, 5, 5]
