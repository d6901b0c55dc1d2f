"""The HTTP interface: tokens, agents and motives, closed bodies, keys, and what it answers about contracts."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from commune_hub.base.db import Store
from national_record import demo
from national_record.access_models import Disclosure, Trace
from national_record.actions import access
from national_record.app import create_app
from national_record.models import Attestation
from national_record.words import SERVICE_DUTIES, AgentRole
from tests.national_record.hub import MOTIVE, Hub, attestation

# What is asked here does not depend on the kind of database; test_attestations.py runs on both.
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def hub(client: FlaskClient) -> Hub:
    return Hub(client)


def traces(store: Store) -> list[tuple[str, str, str, str, int]]:
    with store.reading() as session:
        return [
            (row.agent, row.motive, row.deed, row.result, len(row.people))
            for row in session.scalars(select(Trace).order_by(Trace.id))
        ]


# --- who may call ----------------------------------------------------------------------------------------------------


def test_a_wrong_secret_and_an_unknown_client_get_no_token(client: FlaskClient) -> None:
    answers = [
        client.post(
            "/oauth/token", data={"grant_type": "client_credentials", "client_id": name, "client_secret": "wrong"}
        )
        for name in (demo.CLIENT, "nobody")
    ]

    assert [(a.status_code, a.json) for a in answers] == [(401, {"error": "invalid_client"})] * 2


def test_after_ten_wrong_secrets_the_right_one_has_to_wait(client: FlaskClient) -> None:
    form = {"grant_type": "client_credentials", "client_id": demo.CLIENT}
    for _ in range(10):
        client.post("/oauth/token", data={**form, "client_secret": "wrong"})

    answer = client.post("/oauth/token", data={**form, "client_secret": demo.CLIENT_SECRET})

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")


def test_a_token_can_be_asked_for_with_basic(client: FlaskClient) -> None:
    answer = client.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, auth=(demo.CLIENT, demo.CLIENT_SECRET)
    )

    assert (answer.json["token_type"], answer.json["expires_in"], answer.headers["Cache-Control"]) == (
        "Bearer", 600, "no-store",
    )  # fmt: skip


def test_a_token_ends_after_ten_minutes(app: Flask, hub: Hub, now: datetime, store: Store) -> None:
    later = create_app(app.extensions["settings"], store=store, clock=lambda: now + timedelta(minutes=10))

    answer = later.test_client().get("/v1/changes", headers=hub.headers)

    assert (answer.status_code, answer.json["code"]) == (401, "invalid_token")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Record-Agent", "Record-Organisation", "Record-Motive"])
def test_a_call_names_agent_organisation_and_motive(hub: Hub, header: str) -> None:
    answer = hub.get("/v1/changes", **{header: ""})

    assert (answer.status_code, answer.json["code"], answer.json["detail"]) == (400, "header_missing", header)


def test_a_motive_that_says_nothing_is_refused(hub: Hub) -> None:
    answer = hub.get("/v1/changes", **{"Record-Motive": "xx"})

    assert (answer.status_code, answer.json["code"]) == (400, "motive_too_short")


@pytest.mark.parametrize("header", ["Record-Agent", "Record-Organisation"])
def test_DATA_4_an_agent_whom_the_director_has_not_authorised_is_refused_and_traced(
    hub: Hub, store: Store, header: str
) -> None:
    answer = hub.post("/v1/contracts/verify", {"contract_number": "x", "birth_date": "2000-01-01"}, **{header: "else"})

    assert (answer.status_code, answer.json["code"]) == (403, "not_authorised")
    assert [row[2:] for row in traces(store)] == [("verify", "refused", 0)]


# --- contracts -------------------------------------------------------------------------------------------------------


def test_a_contract_is_found_by_its_number_and_the_birth_date(hub: Hub, store: Store) -> None:
    body = {"contract_number": demo.SIGNED.number, "birth_date": demo.SIGNED.birth_date.isoformat()}

    answer = hub.post("/v1/contracts/verify", body).json

    reference = answer["contract"].pop("reference")
    assert answer == {
        "found": True,
        "contract": {
            "scheme": "LU-CAI", "state": "signed", "signed_on": "2023-12-12", "in_force_on": None, "ends_on": None,
        },
    }  # fmt: skip
    assert len(reference) == 22
    assert traces(store) == [(demo.HUB_AGENTS[0], MOTIVE, "verify", "done", 1)]


def test_a_contract_is_found_by_the_matricule_too(hub: Hub) -> None:
    body = {"matricule": demo.MEMBER.matricule, "birth_date": demo.MEMBER.birth_date.isoformat()}

    assert hub.post("/v1/contracts/verify", body).json["contract"]["reference"] == hub.reference(demo.MEMBER)


def test_a_wrong_birth_date_and_an_unknown_number_answer_alike(hub: Hub) -> None:
    wrong = hub.post("/v1/contracts/verify", {"contract_number": demo.SIGNED.number, "birth_date": "1985-07-30"})
    unknown = hub.post("/v1/contracts/verify", {"contract_number": "CAI-2023-00000000", "birth_date": "1985-06-30"})

    assert (wrong.status_code, wrong.data) == (unknown.status_code, unknown.data)
    assert wrong.json == {"found": False, "contract": None}


def test_birth_dates_cannot_be_tried_out(hub: Hub) -> None:
    for day in range(1, 11):
        hub.post("/v1/contracts/verify", {"contract_number": demo.SIGNED.number, "birth_date": f"1985-06-{day:02}"})

    right = {"contract_number": demo.SIGNED.number, "birth_date": demo.SIGNED.birth_date.isoformat()}

    assert hub.post("/v1/contracts/verify", right).json == {"found": False, "contract": None}


def test_a_number_that_can_be_no_matricule_is_refused_without_being_repeated(hub: Hub) -> None:
    answer = hub.post("/v1/contracts/verify", {"matricule": "1985063099071", "birth_date": "1985-06-30"})

    assert answer.status_code == 422
    assert answer.json["errors"] == [{"field": "matricule", "problem": "matricule_invalid"}]
    assert "1985063099071" not in answer.text


def test_what_is_missing_can_be_read(hub: Hub) -> None:
    answer = hub.get(f"/v1/contracts/{hub.reference(demo.RUNNING)}/missing").json

    assert [(one["kind"], one["state"]) for one in answer["obligations"]] == [
        ("language", "met"), ("civic", "missing"), ("orientation_day", "missing"),
    ]  # fmt: skip
    assert answer["vouchers"] == [
        {"number": 1, "language": "fr", "issued_on": "2026-01-06", "expires_on": "2026-07-05", "state": "used"}
    ]
    assert [step["kind"] for step in answer["next_steps"]] == ["civic", "orientation_day"]


def test_a_contract_that_was_not_verified_is_not_there(hub: Hub, store: Store) -> None:
    reference = hub.reference(demo.RUNNING)
    with store.writing() as session:
        session.execute(delete(Disclosure))

    answer = hub.get(f"/v1/contracts/{reference}/missing")

    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert hub.attest(reference).status_code == 404


def test_a_reference_that_was_told_to_one_client_is_worth_nothing_to_another(
    app: Flask, hub: Hub, store: Store, now: datetime
) -> None:
    reference = hub.reference(demo.RUNNING)
    sent = hub.attest(reference).json["attestation"]
    with store.writing() as session:
        other, secret = access.add_client(session, name="other", organisation=demo.ORGANISATION, now=now)
        agent = access.add_agent(
            session, login=demo.HUB_AGENTS[0], name="x", organisation=demo.ORGANISATION, role=AgentRole.SERVICE,
            client=other, now=now,
        )  # fmt: skip
        access.authorise(session, agent=agent, duties=SERVICE_DUTIES, by=None, now=now)
    stranger = Hub(app.test_client(), name="other", secret=secret)

    answers = [
        stranger.get(f"/v1/contracts/{reference}/missing"),
        stranger.attest(reference),
        stranger.get(f"/v1/attestations/{sent}"),
        stranger.post(f"/v1/attestations/{sent}/withdrawal", {"reason": "not mine"}),
        stranger.put(f"/v1/providers/{demo.PROVIDER}/offers/x", OFFER),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 409, 404]
    assert stranger.get("/v1/changes").json["changes"] == []


# --- attestations ----------------------------------------------------------------------------------------------------


def test_the_same_key_with_the_same_body_gets_the_same_answer(hub: Hub, store: Store) -> None:
    reference = hub.reference(demo.RUNNING)

    first, again = (hub.attest(reference, key="one-and-the-same") for _ in range(2))

    assert (first.status_code, first.json) == (201, again.json)
    assert again.status_code == 201
    with store.reading() as session:
        assert len(session.scalars(select(Attestation)).all()) == 1


def test_the_same_key_with_another_body_is_refused(hub: Hub) -> None:
    reference = hub.reference(demo.RUNNING)
    hub.attest(reference, key="one-and-the-same")

    answer = hub.attest(reference, key="one-and-the-same", attended=2, minutes=240)

    assert (answer.status_code, answer.json["code"]) == (422, "key_used_otherwise")


def test_another_key_with_the_same_attestation_doubles_nothing(hub: Hub) -> None:
    reference = hub.reference(demo.RUNNING)
    first = hub.attest(reference)

    again, other = hub.attest(reference), hub.attest(reference, attended=2)

    assert (again.status_code, again.json) == (200, first.json)
    assert (other.status_code, other.json["code"]) == (409, "already_received")


def test_a_write_without_a_key_is_refused(hub: Hub, client: FlaskClient) -> None:
    body = attestation(hub.reference(demo.RUNNING))

    answer = client.post("/v1/attestations", json=body, headers=hub.headers)

    assert (answer.status_code, answer.json["code"]) == (400, "header_missing")


@pytest.mark.parametrize(
    "wrong",
    [
        {"names": "Bouzid"}, {"minutes": "360"}, {"attended": 4}, {"minutes": 361}, {"first_on": "2026-09-16"},
        {"counts_for": "certificate"}, {"title": ""}, {"title": "a\u0000b"}, {"last_on": "15.09.2026"},
        {"held": -1}, {"level": "Z9"}, {"held": None}, {"title": "x" * 201},
    ],
)  # fmt: skip
def test_a_body_that_was_not_agreed_is_refused(hub: Hub, wrong: dict[str, object]) -> None:
    answer = hub.attest(hub.reference(demo.RUNNING), **wrong)

    assert (answer.status_code, answer.json["code"]) == (422, "body_invalid")


def test_a_certificate_from_elsewhere_tells_neither_minutes_nor_meetings(hub: Hub) -> None:
    unknown = dict.fromkeys(("minutes", "of_minutes", "held", "attended"))

    answer = hub.attest(hub.reference(demo.RUNNING), activity_kind="outside", counts_for="language", **unknown)

    assert (answer.status_code, answer.json["state"]) == (201, "received")


def test_a_correction_of_an_unknown_attestation_is_refused(hub: Hub) -> None:
    body = attestation(hub.reference(demo.RUNNING))

    answer = hub.post(f"/v1/attestations/{'x' * 22}/corrections", body)

    assert (answer.status_code, answer.json["code"]) == (409, "unknown_attestation")


def test_a_correction_takes_the_place_of_what_was_sent(hub: Hub, store: Store) -> None:
    reference = hub.reference(demo.RUNNING)
    sent = hub.attest(reference).json

    corrected = hub.post(
        f"/v1/attestations/{sent['attestation']}/corrections", attestation(reference, attended=2, minutes=240)
    ).json

    assert (corrected["attestation"], corrected["state"]) == (sent["attestation"], "received")
    assert corrected["receipt"] != sent["receipt"]
    with store.reading() as session:
        assert [(one.attended, one.minutes) for one in session.scalars(select(Attestation))] == [(2, 240)]


def test_what_was_withdrawn_stays_withdrawn(hub: Hub) -> None:
    reference = hub.reference(demo.RUNNING)
    path = f"/v1/attestations/{hub.attest(reference).json['attestation']}"

    withdrawn = hub.post(f"{path}/withdrawal", {"reason": "noted by mistake"}).json

    assert (withdrawn["state"], withdrawn["reason"]) == ("withdrawn", "noted by mistake")
    assert hub.get(path).json == withdrawn
    assert hub.post(f"{path}/corrections", attestation(reference)).json["code"] == "attestation_withdrawn"


def test_changes_are_read_from_a_cursor_on(hub: Hub) -> None:
    reference = hub.reference(demo.RUNNING)
    start = hub.get("/v1/changes").json["cursor"]
    sent = hub.attest(reference).json

    answer = hub.get(f"/v1/changes?cursor={start}").json

    assert [(one["kind"], one["id"], one["state"]) for one in answer["changes"]] == [
        ("attestation", sent["attestation"], "received")
    ]
    assert hub.get(f"/v1/changes?cursor={answer['cursor']}").json == {"changes": [], "cursor": answer["cursor"]}


def test_an_answer_without_anybodys_data_leaves_no_trace(hub: Hub, store: Store) -> None:
    hub.get("/v1/changes")

    assert traces(store) == []


# --- providers -------------------------------------------------------------------------------------------------------

OFFER = {
    "title": "Français A1.1", "kind": "conventioned_course", "language": "fr", "level": "A1.1",
    "first_on": "2027-01-11", "last_on": "2027-03-30", "places": 15, "free": 4,
}  # fmt: skip


def test_PROV_1_and_PROV_2_a_provider_tells_its_offer_and_who_was_there(hub: Hub) -> None:
    path = f"/v1/providers/{demo.PROVIDER}/offers/fr-a1-2027"
    told = hub.put(path, OFFER)
    again = hub.put(path, {**OFFER, "free": 3})

    listed = hub.put(
        f"{path}/presence", {"presence": [{"reference": hub.reference(demo.RUNNING), "attended": 9, "held": 12}]}
    )

    assert (told.json["free"], again.json["free"]) == (4, 3)
    assert (listed.status_code, listed.json) == (200, {"offer": "fr-a1-2027", "lines": 1})


def test_a_list_with_an_unknown_reference_is_refused_as_a_whole(hub: Hub) -> None:
    path = f"/v1/providers/{demo.PROVIDER}/offers/fr-a1-2027"
    hub.put(path, OFFER)
    lines = [{"reference": one, "attended": 1, "held": 2} for one in (hub.reference(demo.RUNNING), "y" * 22)]

    answer = hub.put(f"{path}/presence", {"presence": lines})

    assert (answer.status_code, answer.json["code"]) == (404, "unknown_reference")


def test_nobody_writes_for_a_provider_that_is_not_theirs(hub: Hub) -> None:
    assert hub.put("/v1/providers/inll/offers/fr-a1", OFFER).status_code == 404


# --- the description -------------------------------------------------------------------------------------------------


def test_the_description_names_every_operation_and_every_body_is_closed(client: FlaskClient, app: Flask) -> None:
    told = client.get("/openapi.json").json

    operations = {path for path in told["paths"] if path.startswith("/v1/")}
    served = {rule.rule.replace("<", "{").replace(">", "}") for rule in app.url_map.iter_rules()}
    bodies = [schema for name, schema in told["components"]["schemas"].items() if name.endswith("Body")]
    assert told["openapi"] == "3.1.0"
    assert operations == {path for path in served if path.startswith("/v1/")}
    assert bodies and all(body["additionalProperties"] is False for body in bodies)


def test_the_documentation_asks_nobody_else(client: FlaskClient) -> None:
    page = client.get("/docs").text

    assert "Idempotency-Key" in page
    assert "http" not in page.replace("http-equiv", "").lower().split("<h1>")[0]
    assert "<script" not in page


def test_what_is_not_there_answers_with_a_problem(client: FlaskClient) -> None:
    answers = [client.get("/v1/nothing"), client.post("/v1/changes"), client.post("/v1/attestations")]

    assert [(a.status_code, a.mimetype) for a in answers] == [
        (404, "application/problem+json"), (405, "application/problem+json"), (401, "application/problem+json"),
    ]  # fmt: skip


def test_a_body_of_ten_megabytes_is_refused(hub: Hub, client: FlaskClient) -> None:
    headers = {**hub.headers, "Idempotency-Key": "a-large-one", "Content-Type": "application/json"}

    answer = client.post("/v1/attestations", data=b"x" * 10_000_000, headers=headers)

    assert answer.status_code == 413
