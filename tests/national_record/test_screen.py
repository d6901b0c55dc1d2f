"""The screen: signing in, duties, the typed motive, and every look and act traced."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from commune_hub.base.db import Store
from commune_hub.base.ids import token_hash
from national_record import demo, queries
from national_record.access_models import Agent, SignIn, Trace
from national_record.actions import access
from national_record.app import create_app
from national_record.models import Attestation, Contract, InformationSession, Person
from national_record.words import Duty
from tests.national_record.hub import Hub

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
MOTIVE = "Préparation de l’entretien"


@pytest.fixture
def app(app: Flask) -> Flask:
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def sign_in(app: Flask, store: Store, login: str, now: datetime) -> FlaskClient:
    """A browser that is signed in, without the time that a password takes."""
    with store.writing() as session:
        agent = session.scalars(select(Agent).where(Agent.login == login)).one()
        session.add(
            SignIn(agent_id=agent.id, token_hash=token_hash(login), expires_at=now + timedelta(hours=1))
        )
    client = app.test_client()
    client.set_cookie("record-sign-in", login)
    return client


@pytest.fixture
def auditor(app: Flask, store: Store, now: datetime) -> FlaskClient:
    return sign_in(app, store, demo.AUDITOR, now)


@pytest.fixture
def director(app: Flask, store: Store, now: datetime) -> FlaskClient:
    return sign_in(app, store, demo.DIRECTOR, now)


def traces(store: Store) -> list[tuple[str, str, str, str]]:
    with store.reading() as session:
        return [
            (row.agent, row.deed, row.result, row.motive)
            for row in session.scalars(select(Trace).where(Trace.channel == "screen").order_by(Trace.id))
        ]


def open_file(client: FlaskClient, number: str) -> TestResponse:
    return client.post("/find", data={"number": number, "motive": MOTIVE}, follow_redirects=True)


def address_of(store: Store, one: demo.DemoContract) -> str:
    with store.reading() as session:
        person = queries.person_with(session, one.matricule)
        assert person is not None
        return f"/people/{person.public_id}"


# --- the door --------------------------------------------------------------------------------------------------------


def test_nobody_comes_in_without_signing_in(app: Flask) -> None:
    client = app.test_client()
    closed = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("screen.") and app.view_functions[rule.endpoint].guard != "guest"
    ]

    got_in = []
    for path in closed:
        address = re.sub(r"<int:\w+>", "1", path)
        address = re.sub(r"<\w+>", "x" * 22, address)
        for answer in (client.get(address), client.post(address)):
            if answer.status_code != 405 and (answer.status_code, answer.headers.get("Location")) != (303, "/sign-in"):
                got_in.append((address, answer.status_code))

    assert got_in == []
    assert len(closed) > 20


def test_name_and_password_open_the_door(app: Flask) -> None:
    client = app.test_client()

    answer = client.post("/sign-in", data={"login": f" {demo.AUDITOR.upper()}", "password": demo.PASSWORD})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "Paul Schmit" in client.get("/").text


def test_a_wrong_password_and_an_unknown_name_are_told_alike(app: Flask) -> None:
    client = app.test_client()

    answers = [
        client.post("/sign-in", data={"login": login, "password": "not this one"}) for login in (demo.AUDITOR, "x")
    ]

    assert [a.status_code for a in answers] == [422, 422]
    assert all("Le nom ou le mot de passe n’est pas juste." in a.text for a in answers)


def test_after_ten_wrong_tries_the_right_password_has_to_wait(app: Flask) -> None:
    client = app.test_client()
    for _ in range(10):
        client.post("/sign-in", data={"login": demo.AUDITOR, "password": "not this one"})

    answer = client.post("/sign-in", data={"login": demo.AUDITOR, "password": demo.PASSWORD})

    assert answer.status_code == 422
    assert "Trop d’essais" in answer.text


def test_signing_out_ends_the_session(auditor: FlaskClient) -> None:
    token = auditor.get_cookie("record-sign-in")
    assert token is not None

    auditor.post("/sign-out")
    auditor.set_cookie("record-sign-in", token.value)

    assert auditor.get("/").status_code == 303


def test_a_form_without_its_token_is_refused(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    answer = app.test_client().post("/sign-in", data={"login": demo.AUDITOR, "password": demo.PASSWORD})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("duty", "path"),
    [
        (Duty.FILES, "/find"), (Duty.FILES, "/days"), (Duty.FILES, "/conflicts"), (Duty.ATTESTATIONS, "/attestations"),
        (Duty.PROVIDERS, "/providers"), (Duty.CERTIFICATION, "/certification"), (Duty.TRACES, "/traces"),
        (Duty.EVALUATION, "/figures"),
    ],
)  # fmt: skip
def test_a_page_opens_with_its_duty_only(
    director: FlaskClient, store: Store, now: datetime, duty: Duty, path: str
) -> None:
    assert director.get(path).status_code == 200
    with store.writing() as session:
        agent = session.scalars(select(Agent).where(Agent.login == demo.DIRECTOR)).one()
        access.authorise(session, agent=agent, duties=agent.duties - {duty}, by=None, now=now)

    answer = director.get(path)

    assert answer.status_code == 403
    assert traces(store)[-1][1:3] == ("refused_page", "refused")


def test_only_the_director_authorises(auditor: FlaskClient, director: FlaskClient, store: Store) -> None:
    with store.reading() as session:
        agent = session.scalars(select(Agent).where(Agent.login == demo.AUDITOR)).one().public_id

    refused = auditor.post(f"/agents/{agent}/duties", data={"duty": ["files", "traces"]})
    allowed = director.post(f"/agents/{agent}/duties", data={"duty": ["traces"]})

    assert (refused.status_code, allowed.status_code) == (403, 303)
    assert auditor.get("/find").status_code == 403
    assert auditor.get("/traces").status_code == 200


# --- a file ----------------------------------------------------------------------------------------------------------


def test_a_file_opens_with_a_motive_and_the_look_is_traced(auditor: FlaskClient, store: Store) -> None:
    page = open_file(auditor, demo.RUNNING.number)

    assert "Amina Bouzid" in page.text
    assert traces(store) == [
        (demo.AUDITOR, "file_find", "done", MOTIVE), (demo.AUDITOR, "file_open", "done", MOTIVE)
    ]  # fmt: skip


@pytest.mark.parametrize("motive", ["", "xx", "contrôle"])
def test_no_motive_no_file(auditor: FlaskClient, store: Store, motive: str) -> None:
    answer = auditor.post("/find", data={"number": demo.RUNNING.number, "motive": motive})

    assert answer.status_code == 422
    assert "Bouzid" not in answer.text
    assert f'value="{demo.RUNNING.number}"' in answer.text


def test_an_address_alone_opens_nothing(auditor: FlaskClient, store: Store) -> None:
    address = address_of(store, demo.RUNNING)

    asked, act = auditor.get(address), auditor.post(f"{address}/contracts", data={"scheme": "LU-CAI"})

    assert "Pourquoi ouvrez-vous ce dossier" in asked.text
    assert "Bouzid" not in asked.text
    assert act.status_code == 404


def test_a_motive_opens_one_file_and_no_other(auditor: FlaskClient, store: Store) -> None:
    open_file(auditor, demo.RUNNING.number)

    assert "Pourquoi ouvrez-vous ce dossier" in auditor.get(address_of(store, demo.SIGNED)).text


def test_the_motive_is_asked_for_again_after_half_an_hour(
    app: Flask, auditor: FlaskClient, store: Store, now: datetime
) -> None:
    open_file(auditor, demo.RUNNING.number)
    later = create_app(app.extensions["settings"], store=store, clock=lambda: now + timedelta(minutes=31))
    client = later.test_client()
    token = auditor.get_cookie("record-sign-in")
    assert token is not None
    client.set_cookie("record-sign-in", token.value)

    assert "Pourquoi ouvrez-vous ce dossier" in client.get(address_of(store, demo.RUNNING)).text


def test_without_a_trace_there_is_no_page(
    auditor: FlaskClient, store: Store, break_traces: Callable[[], None]
) -> None:
    open_file(auditor, demo.RUNNING.number)
    break_traces()

    answer = auditor.get(address_of(store, demo.RUNNING))

    assert answer.status_code == 503
    assert "Bouzid" not in answer.text


def test_a_refused_act_shows_the_file_again_and_traces_that_look(auditor: FlaskClient, store: Store) -> None:
    open_file(auditor, demo.RUNNING.number)
    before = len(traces(store))

    answer = auditor.post(
        f"{address_of(store, demo.RUNNING)}/contracts", data={"scheme": "LU-CAI", "signed_on": "2026-11-22"}
    )

    assert (answer.status_code, "Un contrat de ce dispositif court déjà." in answer.text) == (422, True)
    assert [row[1] for row in traces(store)[before:]] == ["file_open"]


def test_the_cai_is_not_signed_any_more(auditor: FlaskClient, store: Store) -> None:
    open_file(auditor, demo.FULFILLED.number)

    answer = auditor.post(
        f"{address_of(store, demo.FULFILLED)}/contracts", data={"scheme": "LU-CAI", "signed_on": "2026-11-22"}
    )

    assert "Ce contrat ne peut plus être signé (loi du 23 août 2023)." in answer.text


def test_a_group_is_recorded_and_a_field_that_was_not_agreed_is_left_out(auditor: FlaskClient, store: Store) -> None:
    open_file(auditor, demo.RUNNING.number)
    address = address_of(store, demo.RUNNING)

    auditor.post(f"{address}/groups/profession", data={"status": "salariée", "sector": "santé", "religion": "x"})

    page = auditor.get(address).text
    assert "santé" in page
    assert "religion" not in page
    assert auditor.post(f"{address}/groups/religion", data={}).status_code == 404


def test_a_contract_is_brought_into_force_and_gets_its_voucher(auditor: FlaskClient, store: Store) -> None:
    open_file(auditor, demo.SIGNED.number)
    address = address_of(store, demo.SIGNED)
    with store.reading() as session:
        contract = session.scalars(select(Contract).where(Contract.state == "signed")).one().public_id

    begun = auditor.post(f"{address}/contracts/{contract}/begin", data={"day": "2026-11-16"})
    given = auditor.post(f"{address}/contracts/{contract}/vouchers", data={"language": "lb"})
    used = auditor.post(f"{address}/contracts/{contract}/vouchers/1/use", data={"day": "2026-11-20"})

    assert [a.status_code for a in (begun, given, used)] == [303, 303, 303]
    page = auditor.get(address).text
    assert all(word in page for word in ("en vigueur", "15.11.2028", "utilisé"))


def test_a_second_contract_is_signed_for_a_reason(auditor: FlaskClient, store: Store) -> None:
    open_file(auditor, demo.ENDED.number)
    address = address_of(store, demo.ENDED)
    with store.reading() as session:
        contract = session.scalars(select(Contract).where(Contract.state == "ended")).one().public_id
    body = {"reason": "Maladie de longue durée", "signed_on": "2026-11-22"}

    answer = auditor.post(f"{address}/contracts/{contract}/second", data=body)

    assert answer.status_code == 303
    assert "deuxième contrat" in auditor.get(address).text


def test_an_interview_with_its_roadmap_is_noted(auditor: FlaskClient, store: Store) -> None:
    open_file(auditor, demo.RUNNING.number)
    address = address_of(store, demo.RUNNING)
    step = {"kind_0": "civic", "on_day_0": "2026-12-10", "title_0": "Instruction civique", "place_0": "Esch"}

    auditor.post(f"{address}/interview", data={"held_on": "2026-11-22", "social_worker": "yes", **step})

    page = auditor.get(address).text
    assert "10.12.2026" in page
    assert "Assistant social demandé" in page


# --- the desk --------------------------------------------------------------------------------------------------------


def a_session(store: Store) -> str:
    with store.reading() as session:
        question = select(InformationSession).where(InformationSession.scheme == "LU-BIERGERPAKT")
        return session.scalars(question.order_by(InformationSession.starts_at)).first().public_id  # type: ignore[union-attr]


def test_a_candidate_is_registered_and_comes(auditor: FlaskClient, store: Store) -> None:
    path = f"/sessions/{a_session(store)}"
    born = demo.RUNNING.birth_date.replace(year=1991)
    body = {
        "matricule": demo.matricule_of(born, 990), "names": "O’Connor", "first_names": "Zoë 周", "birth_date": born,
    }  # fmt: skip

    answer = auditor.post(path, data=body)
    with store.reading() as session:
        person = session.scalars(select(Person).order_by(Person.id.desc())).first()
        assert person is not None
    auditor.post(f"{path}/came/{person.public_id}", data={"came": "yes"})

    page = auditor.get(path).text
    assert (answer.status_code, "Zoë 周 O’Connor" in page, "venu" in page) == (303, True, True)


def test_what_was_typed_is_kept_when_a_matricule_is_wrong(auditor: FlaskClient, store: Store) -> None:
    body = {"matricule": "1991051499999", "names": "Muller", "first_names": "Jo", "birth_date": "1991-05-14"}

    answer = auditor.post(f"/sessions/{a_session(store)}", data=body)

    assert answer.status_code == 422
    assert 'value="Muller"' in answer.text


def test_an_attestation_is_validated_at_the_desk(app: Flask, auditor: FlaskClient, store: Store) -> None:
    hub = Hub(app.test_client())
    sent = hub.attest(hub.reference(demo.RUNNING)).json["attestation"]
    page = auditor.get("/attestations")

    answer = auditor.post(f"/attestations/{sent}/validate")

    assert all(word in page.text for word in ("Instruction civique", "Amina Bouzid", "Rien ne s’y oppose."))
    assert answer.status_code == 303
    assert hub.get(f"/v1/attestations/{sent}").json["state"] == "validated"


def test_a_refusal_needs_a_reason_which_the_hub_reads(app: Flask, auditor: FlaskClient, store: Store) -> None:
    hub = Hub(app.test_client())
    sent = hub.attest(hub.reference(demo.RUNNING), attended=2).json["attestation"]
    doubt = auditor.get("/attestations").text

    without = auditor.post(f"/attestations/{sent}/reject", data={"reason": ""})
    with_one = auditor.post(f"/attestations/{sent}/reject", data={"reason": "Une soirée du cours manque"})

    assert "Une séance du cours a été manquée." in doubt
    assert (without.status_code, with_one.status_code) == (422, 303)
    assert hub.get(f"/v1/attestations/{sent}").json["reason"] == "Une soirée du cours manque"


def test_deciding_twice_is_told_kindly(app: Flask, auditor: FlaskClient, store: Store) -> None:
    hub = Hub(app.test_client())
    sent = hub.attest(hub.reference(demo.RUNNING)).json["attestation"]
    auditor.post(f"/attestations/{sent}/validate")

    again = auditor.post(f"/attestations/{sent}/validate")

    assert (again.status_code, "Quelqu’un a déjà décidé." in again.text) == (422, True)
    with store.reading() as session:
        assert session.scalars(select(Attestation.state)).all() == ["validated"]


def test_a_certificate_on_paper_is_handed_in_and_decided(auditor: FlaskClient, store: Store) -> None:
    open_file(auditor, demo.RUNNING.number)
    with store.reading() as session:
        running = select(Contract).where(Contract.scheme == "LU-CAI", Contract.state == "in_force")
        contract = session.scalars(running).one()
    paper = {
        "counts_for": "orientation_day", "title": "Journée d’orientation", "issuer": "MFSVA", "first_on": "2026-11-07",
        "last_on": "2026-11-07",
    }  # fmt: skip
    address = address_of(store, demo.RUNNING)

    auditor.post(f"{address}/contracts/{contract.public_id}/papers", data=paper)
    with store.reading() as session:
        handed_in = session.scalars(select(Attestation)).one().public_id
    page = auditor.get("/attestations").text
    auditor.post(f"/attestations/{handed_in}/validate")

    assert "Attestation d’ailleurs : vérifiez l’organisme." in page
    assert "accomplie le <time datetime=\"2026-11-07\">" in auditor.get(address).text


def test_those_who_miss_the_orientation_day_are_invited(auditor: FlaskClient, store: Store) -> None:
    page = auditor.get("/days").text
    day = re.search(r"/days/([\w-]{22})/invite", page)
    assert day is not None

    auditor.post(f"/days/{day[1]}/invite")
    auditor.post(f"/days/{day[1]}/invite")

    assert "4 invités" in auditor.get("/days").text


def test_a_provider_is_added(auditor: FlaskClient, store: Store) -> None:
    body = {"code": "inll", "name": "INLL", "convention_reference": "SFA-2026-001", "valid_from": "2026-01-01"}

    assert auditor.post("/providers", data=body).status_code == 303
    assert "INLL" in auditor.get("/providers").text


# --- the office ------------------------------------------------------------------------------------------------------


def test_the_ten_year_file_answers_whether_a_contract_was_accomplished(auditor: FlaskClient, store: Store) -> None:
    answer = auditor.post("/certification", data={"matricule": demo.FULFILLED.matricule, "motive": MOTIVE})

    assert all(word in answer.text for word in ("Oksana Melnyk", "contrat accompli"))
    assert traces(store)[-1] == (demo.AUDITOR, "certification_find", "done", MOTIVE)


def test_the_director_reads_who_looked_at_somebody(director: FlaskClient, auditor: FlaskClient, store: Store) -> None:
    open_file(auditor, demo.RUNNING.number)
    open_file(auditor, demo.SIGNED.number)

    page = director.post("/traces", data={"about": demo.RUNNING.matricule, "motive": "Demande de la personne"}).text

    rows = re.findall(r"<tr><td>\d\d\.", page)
    assert (len(rows), "Les chaînes de traces sont entières." in page) == (2, True)
    assert traces(store)[-1][1] == "traces_read"


def test_figures_name_nobody(auditor: FlaskClient, store: Store) -> None:
    page = auditor.get("/figures").text

    assert "moins de 5" in page
    assert "Bouzid" not in page


def test_the_screen_speaks_english_too(auditor: FlaskClient, store: Store) -> None:
    auditor.get("/language/en")

    assert "Incoming attestations" in auditor.get("/").text
    assert auditor.get("/language/xx").status_code == 303
