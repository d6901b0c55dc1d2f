"""What every answer carries, whatever it is, and what HTTPS adds."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commune_hub.app import create_app
from commune_hub.base.db import Store
from commune_hub.base.settings import Settings


@pytest.fixture
def behind_https(settings: Settings, store: Store, now: datetime) -> Flask:
    over = Settings.from_env({}, **{**vars(settings), "base_url": "https://localhost"})
    return create_app(over, store=store, clock=lambda: now)


@pytest.mark.parametrize("path", ["/", "/fr/", "/fr/nowhere", "/xx/", "/fr/my/dates", "/static/hub.css", "/healthz"])
def test_every_answer_is_guarded(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers

    policy = headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["Cross-Origin-Opener-Policy"]) == ("nosniff", "same-origin")
    assert policy.startswith("default-src 'none'; script-src 'self'") and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "Strict-Transport-Security" not in headers


def test_behind_https_cookies_have_their_guarded_names_and_browsers_stay_there(behind_https: Flask) -> None:
    answer = behind_https.test_client().get("/fr/sign-in", base_url="https://localhost")

    cookies = {line.split("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
    session = cookies["__Host-hub"]
    assert all(part in session.split("; ") for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
    assert all("Secure" in line.split("; ") for line in cookies.values())
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("path", ["/fr/sign-in", "/fr/staff/sign-in", "/fr/problem"])
def test_a_form_from_elsewhere_is_not_taken(behind_https: Flask, path: str) -> None:
    answer = behind_https.test_client().post(path, data={"contact": "a@example.lu"}, base_url="https://localhost")

    assert answer.status_code == 400
    assert '<html lang="fr"' in answer.text
