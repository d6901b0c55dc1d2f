"""Becoming known, being invited, signing in and out."""

from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import actions, queries, rules
from commune_hub.accounts.models import Account, Contact, Organisation, SignIn, SignInCode
from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.rules import Reach, reach_from
from commune_hub.accounts.words import AccountRefusal, ContactKind, Permission, Role, SessionKind
from commune_hub.base.errors import Invalid, NotFound, Refused
from commune_hub.base.outbox import Job
from tests.factories import PASSWORD, a_person, a_role, an_account, an_actor, an_organisation

MAIL = Reach(ContactKind.MAIL, "new@example.lu")


def test_the_same_name_at_the_same_contact_is_the_same_person(session: Session, now: datetime) -> None:
    reach = reach_from("621 123 456")

    def person(name: str) -> int:
        return actions.person_for(session, name=name, language="pt", now=now, reach=reach).id

    assert person("Amina") == person(" amina ")
    assert person("Amina") != person("Bogdan")


def test_without_contact_everybody_is_somebody_else(session: Session, now: datetime) -> None:
    first, second = (actions.person_for(session, name="Amina", language="fr", now=now, reach=None) for _ in range(2))

    assert first.id != second.id


def invited(session: Session, now: datetime, *, actor: Actor | None = None, **given: object) -> str:
    organisation = given.pop("organisation", None) or an_organisation(session)
    assert isinstance(organisation, Organisation)
    values = {"name": "Marc", "reach": MAIL, "language": "fr", "role": Role.OFFICER} | given
    _, token = actions.invite(session, actor=actor, organisation=organisation, now=now, **values)  # type: ignore[arg-type]
    return token


def test_an_invitation_makes_an_account_once(session: Session, now: datetime) -> None:
    token = invited(session, now)

    account = actions.accept_invitation(session, token=token, password=PASSWORD, now=now)

    assert [grant.role for grant in account.grants] == ["officer"]
    with pytest.raises(Refused) as refused:
        actions.accept_invitation(session, token=token, password=PASSWORD, now=now)
    assert refused.value.reason == AccountRefusal.INVITATION_EXPIRED


def test_an_invitation_runs_out(session: Session, now: datetime) -> None:
    token = invited(session, now)

    with pytest.raises(Refused):
        actions.accept_invitation(session, token=token, password=PASSWORD, now=now + rules.INVITATION_LIFETIME)


def test_a_weak_password_leaves_the_invitation_open(session: Session, now: datetime) -> None:
    token = invited(session, now)

    with pytest.raises(Invalid):
        actions.accept_invitation(session, token=token, password="short", now=now)

    assert actions.open_invitation(session, token=token, now=now).used_at is None


def test_a_coordinator_invites_into_the_own_organisation_only(session: Session, now: datetime) -> None:
    own, other = an_organisation(session), an_organisation(session)
    coordinator = an_actor(session, role=Role.COORDINATOR, organisation=own)

    assert invited(session, now, actor=coordinator, organisation=own)
    with pytest.raises(NotFound):
        invited(session, now, actor=coordinator, organisation=other)
    with pytest.raises(NotFound):
        invited(session, now, actor=coordinator, organisation=own, role=Role.ADMIN)


def test_an_officer_invites_nobody(session: Session, now: datetime) -> None:
    own = an_organisation(session)

    with pytest.raises(NotFound):
        invited(session, now, actor=an_actor(session, organisation=own), organisation=own)


def test_the_right_password_of_the_right_account(session: Session) -> None:
    account = an_account(session, organisation=an_organisation(session), mail="marc@example.lu")
    reach = reach_from("Marc@example.lu")

    assert actions.check_password(session, reach=reach, password=PASSWORD) is account
    assert actions.check_password(session, reach=reach, password="wrong") is None
    assert actions.check_password(session, reach=MAIL, password=PASSWORD) is None


def test_each_code_of_the_app_works_once(session: Session, now: datetime) -> None:
    account = an_account(session, organisation=an_organisation(session))
    totp = pyotp.TOTP(actions.begin_totp(session, account=account))
    code = totp.at(now)

    assert actions.check_totp(session, account=account, code=code, now=now)
    assert not actions.check_totp(session, account=account, code=code, now=now)
    assert not actions.check_totp(session, account=account, code=totp.at(now - timedelta(minutes=2)), now=now)


def test_roles_and_disabling_take_effect_at_once(session: Session, now: datetime) -> None:
    organisation = an_organisation(session)
    account = an_account(session, organisation=organisation)
    a_role(session, account, Role.ADMIN, None)
    token = actions.sign_in_staff(session, account=account, now=now, second_factor=True)

    actor = queries.actor_of(session, account.id, now)
    assert actor is not None
    assert actor.may(Permission.SEE_OUTBOX, None)
    account.grants[1].ended_at = now
    session.flush()
    session.expire_all()
    later = queries.actor_of(session, account.id, now)
    assert later is not None
    assert not later.may(Permission.SEE_OUTBOX, None)

    actions.disable(session, account=account, now=now)
    session.flush()
    assert queries.actor_of(session, account.id, now) is None
    assert queries.sign_in_of(session, token, now) is None


def test_a_new_password_ends_every_session(session: Session, now: datetime) -> None:
    account = an_account(session, organisation=an_organisation(session))
    token = actions.sign_in_staff(session, account=account, now=now, second_factor=True)

    actions.change_password(session, account=account, password="another long sentence")

    assert queries.sign_in_of(session, token, now) is None


def the_code(session: Session) -> str:
    row = session.scalars(select(SignInCode).order_by(SignInCode.id.desc())).first()
    assert row is not None and row.code_sealed is not None and row.contact_id is not None
    contact = session.get_one(Contact, row.contact_id)
    return queries.ring_of(session).open(contact.person.public_id, row.code_sealed)


def test_a_code_to_a_known_contact_signs_in_and_confirms_it(session: Session, now: datetime) -> None:
    person = a_person(session, contact="621 123 456")
    reach = reach_from("621 123 456")
    assert reach is not None
    actions.request_code(session, reach=reach, now=now)

    token = actions.enter_code(session, reach=reach, code=the_code(session), shared_phone=False, now=now)

    sign_in = queries.sign_in_of(session, str(token), now + timedelta(days=179))
    assert sign_in is not None
    assert sign_in.kind == SessionKind.OWN_PHONE
    session.expire_all()
    assert person.contacts[0].confirmed_at == now


def test_on_a_shared_phone_it_lasts_an_hour(session: Session, now: datetime) -> None:
    a_person(session, contact="621 123 456")
    reach = reach_from("621 123 456")
    assert reach is not None
    actions.request_code(session, reach=reach, now=now)

    token = actions.enter_code(session, reach=reach, code=the_code(session), shared_phone=True, now=now)

    assert queries.sign_in_of(session, str(token), now + timedelta(minutes=59)) is not None
    assert queries.sign_in_of(session, str(token), now + timedelta(minutes=60)) is None


def test_an_unknown_contact_gets_nothing_and_no_other_answer(session: Session, now: datetime) -> None:
    actions.request_code(session, reach=MAIL, now=now)

    assert session.scalars(select(Job.id)).all() == []
    answer = actions.enter_code(session, reach=MAIL, code="123456", shared_phone=False, now=now)
    assert answer == AccountRefusal.WRONG_CODE


def test_a_code_dies_after_five_wrong_tries_and_with_time(session: Session, now: datetime) -> None:
    a_person(session, contact="new@example.lu")
    actions.request_code(session, reach=MAIL, now=now)
    right = the_code(session)
    wrong = "000000" if right != "000000" else "111111"

    answers = [actions.enter_code(session, reach=MAIL, code=wrong, shared_phone=False, now=now) for _ in range(6)]

    assert answers == [AccountRefusal.WRONG_CODE] * 5 + [AccountRefusal.TOO_MANY_TRIES]
    late = now + rules.CODE_LIFETIME
    assert (
        actions.enter_code(session, reach=MAIL, code=right, shared_phone=False, now=late) == AccountRefusal.CODE_EXPIRED
    )


def test_codes_are_not_sent_without_end(session: Session, now: datetime) -> None:
    a_person(session, contact="new@example.lu")
    for _ in range(5):
        actions.request_code(session, reach=MAIL, now=now)

    with pytest.raises(Refused) as refused:
        actions.request_code(session, reach=MAIL, now=now)

    assert refused.value.reason == AccountRefusal.TOO_MANY_TRIES


def test_signing_out_ends_the_row(session: Session, now: datetime) -> None:
    account = an_account(session, organisation=an_organisation(session))
    token = actions.sign_in_staff(session, account=account, now=now, second_factor=True)

    actions.sign_out(session, token=token)

    assert session.scalars(select(SignIn)).all() == []


def test_an_officer_without_organisation_cannot_exist(session: Session, now: datetime) -> None:
    with pytest.raises(Invalid):
        actions.invite(
            session, actor=None, name="Marc", reach=MAIL, language="fr", role=Role.OFFICER, organisation=None, now=now
        )


def test_a_disabled_account_does_not_sign_in(session: Session, now: datetime) -> None:
    account = an_account(session, organisation=an_organisation(session), mail="marc@example.lu")
    actions.disable(session, account=account, now=now)
    session.flush()

    assert actions.check_password(session, reach=reach_from("marc@example.lu"), password=PASSWORD) is None
    assert isinstance(account, Account)
