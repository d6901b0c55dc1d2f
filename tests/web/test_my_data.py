"""My data (S-09): who looked and why, take everything along, correct, object, delete."""

import json
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commune_hub.accounts import traces
from commune_hub.accounts.models import Person, SignIn
from commune_hub.accounts.queries import name_hash
from commune_hub.accounts.traces import Look
from commune_hub.accounts.words import Role, TracedThing, TraceResult
from commune_hub.base.db import Store
from commune_hub.base.outbox import Job
from tests import factories
from tests.web.test_profile import amina  # noqa: F401 - the fixture

EVERYTHING = "/en/my/data"


@pytest.fixture
def looked(store: Store, amina: Person, now: datetime) -> None:  # noqa: F811
    """An officer ran a meeting, ASTI opened her file with a reason, and somebody was refused."""
    with store.writing() as session:
        organisation = factories.an_organisation(session, name="Gemeng Suessem")
        officer = factories.an_account(session, organisation=organisation, name="Marc")
        people = frozenset({amina.public_id})
        known = {"agent_id": officer.id, "organisation_id": organisation.id, "role": Role.OFFICER}
        for look in (
            Look(TracedThing.MEETING, people | {"x" * 22}, **known),  # type: ignore[arg-type]
            Look(TracedThing.PERSON_FILE, people, motive="she is on the phone", **known),  # type: ignore[arg-type]
            Look(TracedThing.PERSON_FILE, people, motive="she is on the phone", result=TraceResult.ANNOUNCED),
            Look(TracedThing.SIGNUP, people, result=TraceResult.REFUSED, **known),  # type: ignore[arg-type]
            Look(TracedThing.MEETING, frozenset({"x" * 22}), **known),  # type: ignore[arg-type]
        ):
            traces.write(session, look, now=now)


@pytest.mark.usefixtures("looked")
def test_one_reads_who_looked_and_why_and_no_name_of_those_who_work_there(
    client: FlaskClient, amina: Person  # noqa: F811
) -> None:
    page = client.get(f"{EVERYTHING}/looks").text

    assert page.count("Officer, Gemeng Suessem") == 3
    assert "she is on the phone" in page and "To run the meeting" in page and "refused" in page
    assert "Marc" not in page


def test_everything_can_be_taken_along(
    client: FlaskClient, store: Store, amina: Person  # noqa: F811
) -> None:
    with store.writing() as session:
        person = session.get_one(Person, amina.id)
        factories.a_signup(session, factories.a_pool(session, title_en="Table in Belvaux"), person=person)
    data, paper = client.get(f"{EVERYTHING}.json"), client.get(f"{EVERYTHING}.pdf")

    found = json.loads(data.text)
    assert found["person"][0]["name"] == "Amina"
    assert found["contact"][0]["value"] == "+352621123456"
    assert found["signup"][0]["activity"]["titles"]["en"] == "Table in Belvaux"
    assert (data.headers["Cache-Control"], paper.headers["Cache-Control"]) == ("no-store", "no-store")
    assert paper.data.startswith(b"%PDF") and b"/StructTreeRoot" in paper.data


def test_a_name_is_corrected(client: FlaskClient, store: Store, amina: Person) -> None:  # noqa: F811
    form = {"person": amina.public_id, "name": "Aminata"}

    answer = client.post(f"{EVERYTHING}/name", data=form)
    empty = client.post(f"{EVERYTHING}/name", data=form | {"name": ""})

    assert (answer.status_code, empty.status_code) == (303, 422)
    with store.reading() as session:
        person = session.get_one(Person, amina.id)
        assert (person.name, person.name_hash) == ("Aminata", name_hash(session, "Aminata"))


def test_an_objection_ends_messages_and_is_read_by_a_human(
    client: FlaskClient, store: Store, amina: Person, now: datetime  # noqa: F811
) -> None:
    client.post(f"{EVERYTHING}/object", data={"person": amina.public_id, "text": "No suggestions, please."})

    with store.reading() as session:
        assert session.get_one(Person, amina.id).messages_paused_at == now
        assert session.scalars(select(Job.kind).where(Job.kind == "problem_report")).one()


def test_before_deleting_one_reads_what_stays_and_then_everything_goes(
    client: FlaskClient, store: Store, amina: Person  # noqa: F811
) -> None:
    before = client.get(f"{EVERYTHING}/delete").text
    careless = client.post(f"{EVERYTHING}/delete", data={"person": amina.public_id, "word": "yes"})
    done = client.post(f"{EVERYTHING}/delete", data={"person": amina.public_id, "word": "delete"})

    assert "Numbers without names" in before and "22 December 2029" in before
    assert (careless.status_code, careless.location) == (303, f"{EVERYTHING}/delete?person={amina.public_id}")
    assert (done.status_code, done.location) == (303, "/en/")
    assert client.get(EVERYTHING).status_code == 303
    with store.reading() as session:
        assert session.get_one(Person, amina.id).erased_at is not None
        assert session.scalar(select(func.count()).select_from(SignIn)) == 0
        assert store.keys.find([amina.public_id]) == {}


def test_whoever_shares_the_contact_stays(
    client: FlaskClient, store: Store, amina: Person  # noqa: F811
) -> None:
    with store.writing() as session:
        sister = factories.a_person(session, name="Léa", contact="621 123 456")
        sister.contacts[0].confirmed_at = factories.NOW

    done = client.post(f"{EVERYTHING}/delete", data={"person": amina.public_id, "word": "DELETE"})
    page = client.get(EVERYTHING)

    assert done.location == "/en/my/dates"
    assert page.status_code == 200 and 'value="Léa"' in page.text


def test_somebody_else_s_data_are_not_there(
    app: Flask, client: FlaskClient, store: Store, amina: Person  # noqa: F811
) -> None:
    with store.writing() as session:
        other = factories.a_person(session, name="Goran").public_id

    tried = [client.get(f"{EVERYTHING}{rest}?person={other}") for rest in ("", "/looks", ".json", ".pdf", "/delete")]
    tried += [client.post(f"{EVERYTHING}{rest}", data={"person": other}) for rest in ("/name", "/object", "/delete")]

    assert {answer.status_code for answer in tried} == {404}
    assert {answer.status_code for answer in [app.test_client().get(EVERYTHING)]} == {303}
