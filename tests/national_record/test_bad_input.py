"""Whatever is sent: no server error, no stack trace, no echo of what was typed."""

import string
from typing import Any

import hypothesis.strategies as st
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings

from national_record import demo
from tests.national_record.hub import Hub, attestation

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["reference", "hub_attestation", "counts_for", "minutes", "held", "first_on", "level", "title", "language"]
PATHS = [
    ("POST", "/v1/contracts/verify"), ("POST", "/v1/attestations"), ("POST", "/v1/attestations/{id}/corrections"),
    ("POST", "/v1/attestations/{id}/withdrawal"), ("PUT", "/v1/providers/{id}/offers/{id}"),
    ("PUT", "/v1/providers/{id}/offers/{id}/presence"), ("GET", "/v1/contracts/{id}/missing"),
    ("GET", "/v1/attestations/{id}"), ("GET", "/v1/changes?cursor={id}"),
]  # fmt: skip
# PostgreSQL is the stricter one: it takes no zero byte.
pytestmark = pytest.mark.parametrize("settings", ["postgres"], indirect=True)
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def hub(app: Flask) -> Hub:
    # As in production: an exception becomes an answer.
    app.testing = False
    return Hub(app.test_client())


@quick
@given(
    operation=st.sampled_from(PATHS),
    name=st.text(string.printable + "é\u0000\u202e周", min_size=1, max_size=20),
    body=JSON,
    key=st.text(string.ascii_letters, max_size=12),
)
def test_any_body_at_any_address(hub: Hub, operation: tuple[str, str], name: str, body: Any, key: str) -> None:
    method, path = operation
    address = path.replace("{id}", "".join(f"%{byte:02X}" for byte in name.encode()))

    answer = hub.call(method, address, body, key)

    assert answer.status_code < 500, answer.text
    assert answer.mimetype in ("application/json", "application/problem+json", "text/html")


@quick
@given(field=st.sampled_from(FIELDS), value=JSON)
def test_any_value_in_any_field_of_an_attestation(hub: Hub, field: str, value: Any) -> None:
    body = {**attestation("r" * 22), field: value}

    answer = hub.call("POST", "/v1/attestations", body, "a-key-of-its-own")

    assert answer.status_code in (404, 422), answer.text


@quick
@given(header=st.sampled_from(["Record-Agent", "Record-Organisation", "Record-Motive", "Authorization"]),
       value=st.text("abcXYZ 019%/=ÿ", max_size=40))  # fmt: skip
def test_any_header(hub: Hub, header: str, value: str) -> None:
    assert hub.get("/v1/changes", **{header: value}).status_code in (200, 400, 401, 403)


@quick
@given(form=st.dictionaries(st.sampled_from(["login", "password", "csrf_token"]), st.text(max_size=40), max_size=3))
def test_any_sign_in(app: Flask, form: dict[str, str]) -> None:
    app.testing, app.config["WTF_CSRF_ENABLED"] = False, False

    assert app.test_client().post("/sign-in", data=form).status_code in (303, 413, 422)


def test_a_bomb_of_brackets_is_refused(hub: Hub) -> None:
    answer = hub.call("POST", "/v1/attestations", b"[" * 60_000, "a-key-of-its-own")

    assert (answer.status_code, answer.json["code"]) == (422, "body_invalid")


def test_names_in_any_script_come_back_as_they_were(hub: Hub) -> None:
    title = "Café – Sprooch & Kaffi “周” العربية"
    sent = hub.attest(hub.reference(demo.RUNNING), title=title)

    assert sent.status_code == 201
