"""Members of staff with a client each, signed in with both factors."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from commune_hub.accounts import actions as accounts
from commune_hub.accounts.models import Account, Organisation
from commune_hub.accounts.words import Role
from tests import factories

SignedIn = Callable[..., FlaskClient]


class Browser(FlaskClient):
    """A client that sees what the session of the test has done, and whose doings the session sees.

    It gives a reason by itself where one is asked for, unless the test does so (`says_why`).
    """

    session: Session
    says_why = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request."""
        self.session.commit()
        answer = super().open(*args, **kwargs)
        asked = re.search(r'action="([^"]*/staff/why)".*?name="ticket" value="([^"]*)"', answer.text, re.DOTALL) if (
            self.says_why and answer.mimetype == "text/html"
        ) else None
        if asked is not None:
            super().open(asked[1], method="POST", data={"ticket": asked[2], "why": "a test that has a reason"})
            answer = super().open(*args, **kwargs)
        self.session.expire_all()
        return answer


@pytest.fixture
def organisation(session: Session) -> Organisation:
    """The commune that the officer works for."""
    return factories.an_organisation(session, name="Gemeng Suessem", slug="suessem")


@pytest.fixture
def signed_in(app: Flask, session: Session, now: datetime) -> SignedIn:
    """A client of somebody with a role, or of an account that there is."""

    def client(
        role: Role = Role.OFFICER, organisation: Organisation | None = None, account: Account | None = None
    ) -> FlaskClient:
        account = account or factories.an_account(session, role=role, organisation=organisation)
        token = accounts.sign_in_staff(session, account=account, now=now, second_factor=True)
        browser = Browser(app, app.response_class)
        browser.session = session
        browser.set_cookie("signin", token)
        return browser

    return client


@pytest.fixture
def officer(signed_in: SignedIn, organisation: Organisation) -> FlaskClient:
    """An officer of that commune, signed in."""
    return signed_in(Role.OFFICER, organisation)
