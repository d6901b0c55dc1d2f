"""The profile: language, home, pause; for one's own people only."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commune_hub.accounts import actions, profile
from commune_hub.accounts.models import Contact, Person, SignInCode
from commune_hub.accounts.queries import ring_of
from commune_hub.accounts.rules import reach_from
from commune_hub.base.db import Store
from tests.factories import a_person

PHONE = "621 123 456"


@pytest.fixture
def amina(app: Flask, client: FlaskClient, store: Store, now: datetime) -> Person:
    """Amina, signed in on her phone."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.extensions["clock"] = lambda: now
    reach = reach_from(PHONE)
    assert reach is not None
    with store.writing() as session:
        person = a_person(session, name="Amina", contact=PHONE)
        actions.request_code(session, reach=reach, now=now)
        row = session.query(SignInCode).one()
        assert row.code_sealed is not None
        code = ring_of(session).open(session.get_one(Contact, row.contact_id).person.public_id, row.code_sealed)
        token = actions.enter_code(session, reach=reach, code=code, shared_phone=False, now=now)
    client.set_cookie("signin", str(token))
    return person


def test_language_home_and_pause_are_kept(client: FlaskClient, store: Store, amina: Person) -> None:
    form = {"person": amina.public_id, "language": "pt", "home": "Belvaux", "paused": "yes"}

    answer = client.post("/fr/my/profile", data=form)

    assert (answer.status_code, answer.location) == (303, f"/pt/my/profile?person={amina.public_id}")
    with store.reading() as session:
        kept = session.get_one(Person, amina.id)
        home = profile.home_of(session, kept)
        assert home is not None
        assert (kept.language, home.label, kept.messages_paused_at is not None) == ("pt", "Belvaux", True)


def test_an_unknown_place_is_asked_again_and_nothing_is_lost(client: FlaskClient, amina: Person) -> None:
    form = {"person": amina.public_id, "language": "pt", "home": "Qwertzuiopasdf"}

    answer = client.post("/en/my/profile", data=form)

    assert answer.status_code == 422
    assert "We do not know this place" in answer.text
    assert 'value="Qwertzuiopasdf"' in answer.text


def test_somebody_else_s_profile_is_not_there(client: FlaskClient, store: Store, amina: Person) -> None:
    with store.writing() as session:
        stranger = a_person(session, name="Bogdan").public_id

    assert client.get(f"/fr/my/profile?person={stranger}").status_code == 404
    assert client.post("/fr/my/profile", data={"person": stranger, "language": "fr"}).status_code == 404


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/fr/my/profile")

    assert (answer.status_code, answer.location) == (303, "/fr/sign-in")
