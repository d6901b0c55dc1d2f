"""Signing in as staff: two factors, limits, invitations, passwords."""

import re
from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.models import Account, Organisation, SignIn, SignInAttempt
from commune_hub.accounts.rules import reach_from
from commune_hub.accounts.words import Role
from commune_hub.app import create_app
from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from tests import factories
from tests.factories import PASSWORD
from tests.web.staff.conftest import SignedIn

MAIL = "marc@example.lu"
SIGN_IN, CODE = "/en/staff/sign-in", "/en/staff/sign-in/second-factor"


@pytest.fixture
def account(session: Session, organisation: Organisation) -> Account:
    account = factories.an_account(session, organisation=organisation, mail=MAIL)
    session.commit()
    return account


def first_factor(client: FlaskClient, password: str = PASSWORD, mail: str = MAIL) -> int:
    return client.post(SIGN_IN, data={"mail": mail, "password": password}).status_code


def secret_on(page: str) -> str:
    found = re.search(r'<code class="codebox">([A-Z2-7 ]+)</code>', page)
    assert found
    return found[1].replace(" ", "")


def token_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("signin")
    assert cookie
    return cookie.value


def test_the_first_sign_in_sets_the_app_up_and_opens_the_desk(
    client: FlaskClient, account: Account, now: datetime
) -> None:
    first_factor(client)
    half = token_of(client)

    secret = secret_on(client.get(CODE).text)
    answer = client.post(CODE, data={"code": pyotp.TOTP(secret).at(now)})

    assert answer.location == "/en/staff/"
    assert client.get("/en/staff/").status_code == 200
    assert token_of(client) != half


def test_a_password_alone_opens_nothing(client: FlaskClient, account: Account) -> None:
    first_factor(client)

    assert client.get("/en/staff/").location == CODE
    assert client.get("/en/staff/activities").location == CODE


def test_the_token_from_before_the_second_factor_is_worth_nothing(
    client: FlaskClient, app: Flask, account: Account, now: datetime
) -> None:
    first_factor(client)
    thief = app.test_client()
    thief.set_cookie("signin", token_of(client))

    client.post(CODE, data={"code": pyotp.TOTP(secret_on(client.get(CODE).text)).at(now)})

    assert thief.get("/en/staff/").location == SIGN_IN


def test_the_key_is_not_shown_again_once_a_code_was_right(
    client: FlaskClient, app: Flask, account: Account, now: datetime
) -> None:
    first_factor(client)
    client.post(CODE, data={"code": pyotp.TOTP(secret_on(client.get(CODE).text)).at(now)})
    second = app.test_client()

    first_factor(second)

    assert "codebox" not in second.get(CODE).text


def test_a_code_works_once(client: FlaskClient, app: Flask, account: Account, now: datetime) -> None:
    first_factor(client)
    code = pyotp.TOTP(secret_on(client.get(CODE).text)).at(now)
    client.post(CODE, data={"code": code})
    second = app.test_client()
    first_factor(second)

    answer = second.post(CODE, data={"code": code})

    assert answer.status_code == 422
    assert second.get("/en/staff/").location == CODE


def without_token(html: str) -> str:
    """The page without what differs from second to second."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", html)


def test_a_wrong_password_and_an_unknown_account_read_the_same(client: FlaskClient, account: Account) -> None:
    wrong = client.post(SIGN_IN, data={"mail": MAIL, "password": "wrong wrong"})
    unknown = client.post(SIGN_IN, data={"mail": "nobody@example.lu", "password": "wrong wrong"})

    assert wrong.status_code == unknown.status_code == 422
    assert without_token(wrong.text).replace(MAIL, "") == without_token(unknown.text).replace("nobody@example.lu", "")


def test_after_ten_wrong_tries_the_right_password_waits_a_quarter_of_an_hour(
    client: FlaskClient, settings: Settings, store: Store, account: Account, now: datetime
) -> None:
    wrong = [first_factor(client, "wrong wrong") for _ in range(10)]

    at_once = first_factor(client)
    later = create_app(settings, store=store, clock=lambda: now + timedelta(minutes=15, seconds=1))
    later.config.update(TESTING=True, WTF_CSRF_ENABLED=False)

    assert wrong == [422] * 10
    assert at_once == 429
    assert first_factor(later.test_client()) == 303


def test_wrong_tries_are_kept_although_the_answer_is_a_refusal(
    client: FlaskClient, session: Session, account: Account
) -> None:
    first_factor(client, "wrong wrong")
    first_factor(client)

    assert list(session.scalars(select(SignInAttempt.succeeded).order_by(SignInAttempt.id))) == [False, True]


def test_wrong_codes_have_the_same_limit(client: FlaskClient, account: Account, now: datetime) -> None:
    first_factor(client)
    secret = secret_on(client.get(CODE).text)
    for _ in range(10):
        client.post(CODE, data={"code": "000000"})

    answer = client.post(CODE, data={"code": pyotp.TOTP(secret).at(now)})

    assert answer.status_code == 429


def test_an_invitation_makes_an_account_once(
    client: FlaskClient, session: Session, organisation: Organisation, now: datetime
) -> None:
    _, token = accounts.invite(
        session, actor=None, name="Anne", reach=reach_from("anne@example.lu"), language="de",
        role=Role.COORDINATOR, organisation=organisation, now=now,
    )  # fmt: skip
    session.commit()
    address = f"/de/staff/invitation/{token}"

    shown = client.get(address)
    answer = client.post(address, data={"password": PASSWORD, "again": PASSWORD})

    assert "Anne" in shown.text and "Gemeng Suessem" in shown.text
    assert answer.location == "/de/staff/sign-in"
    assert first_factor(client, mail="anne@example.lu") == 303
    assert client.get(address).status_code == 410
    assert client.post(address, data={"password": PASSWORD, "again": PASSWORD}).status_code == 410


def test_two_different_passwords_keep_the_invitation_open(
    client: FlaskClient, session: Session, organisation: Organisation, now: datetime
) -> None:
    _, token = accounts.invite(
        session, actor=None, name="Anne", reach=reach_from("anne@example.lu"), language="de",
        role=Role.OFFICER, organisation=organisation, now=now,
    )  # fmt: skip
    session.commit()

    answer = client.post(f"/en/staff/invitation/{token}", data={"password": PASSWORD, "again": "another sentence"})

    assert answer.status_code == 422
    assert "The two passwords are not the same." in answer.text
    assert session.scalar(select(Account.id)) is None


def test_an_invitation_that_nobody_made_reads_like_one_that_is_over(client: FlaskClient) -> None:
    assert client.get("/en/staff/invitation/AAAAAAAAAAAAAAAAAAAAAA").status_code == 410


def test_a_new_password_ends_every_other_session(
    signed_in: SignedIn, session: Session, account: Account, client: FlaskClient
) -> None:
    here, elsewhere = signed_in(account=account), signed_in(account=account)

    answer = here.post(
        "/en/staff/password", data={"old": PASSWORD, "password": "a new long sentence", "again": "a new long sentence"}
    )

    assert answer.location == "/en/staff/"
    assert here.get("/en/staff/").status_code == 200
    assert elsewhere.get("/en/staff/").location == SIGN_IN
    assert first_factor(client, "a new long sentence") == 303


def test_the_old_password_must_be_right(signed_in: SignedIn, account: Account) -> None:
    answer = signed_in(account=account).post(
        "/en/staff/password", data={"old": "wrong wrong", "password": PASSWORD + "!", "again": PASSWORD + "!"}
    )

    assert answer.status_code == 422


def test_signing_out_ends_the_session_on_the_server(signed_in: SignedIn, session: Session, account: Account) -> None:
    browser = signed_in(account=account)

    browser.post("/en/sign-out")

    assert session.scalar(select(SignIn.id)) is None


def test_a_disabled_account_is_out_at_the_next_request(
    signed_in: SignedIn, session: Session, account: Account, now: datetime
) -> None:
    browser = signed_in(account=account)

    account.disabled_at = now
    session.commit()

    assert browser.get("/en/staff/").location == SIGN_IN
