"""Pages that explain, the report of a problem, and the pages of errors."""

from datetime import datetime
from pathlib import Path

import pytest
from flask import abort
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts import reports
from commune_hub.accounts.reports import ProblemReport
from commune_hub.app import create_app
from commune_hub.base.db import Store, open_store
from commune_hub.base.outbox import Job
from commune_hub.base.settings import Settings
from commune_hub.web.security import guest

CODES = (400, 403, 404, 405, 410, 413, 422, 429)


@pytest.mark.parametrize("page", ["how-it-works", "accessibility", "privacy", "problem"])
def test_the_pages_that_explain_answer_in_every_language(client: FlaskClient, page: str) -> None:
    answers = [client.get(f"/{code}/{page}") for code in ("lb", "fr", "de", "en", "pt")]

    assert [answer.status_code for answer in answers] == [200] * 5


def test_nobody_is_told_that_a_contract_can_still_be_signed(client: FlaskClient) -> None:
    page = client.get("/en/how-it-works").text

    assert "Contracts of this kind are no longer made." in page


def test_a_report_is_kept_sealed_until_it_is_mailed(client: FlaskClient, session: Session, store: Store) -> None:
    answer = client.post(
        "/en/problem", data={"text": "The date of Amina is wrong.", "answer_to": "621 123 456"}, follow_redirects=True
    )

    row = session.scalars(select(ProblemReport)).one()
    assert "Thank you. We have your report and look at it." in answer.text
    assert reports.text_of(session, row.public_id) == "The date of Amina is wrong.\n\n621 123 456"
    assert b"Amina" not in row.text_sealed
    assert [(job.kind, job.ids) for job in session.scalars(select(Job))] == [
        ("problem_report", {"report": row.public_id})
    ]


def test_an_empty_report_is_asked_for_again(client: FlaskClient, session: Session) -> None:
    answer = client.post("/en/problem", data={"text": " ", "answer_to": "a@example.lu"})

    assert (answer.status_code, session.scalars(select(ProblemReport)).all()) == (422, [])
    assert "Please fill this in." in answer.text
    assert 'value="a@example.lu"' in answer.text


def test_one_sender_cannot_flood_the_administrators(client: FlaskClient) -> None:
    answers = [client.post("/en/problem", data={"text": "again and again"}).status_code for _ in range(11)]

    assert answers == [303] * 10 + [429]


@pytest.mark.parametrize("code", CODES)
def test_every_error_has_a_page_in_words(settings: Settings, store: Store, now: datetime, code: int) -> None:
    app = create_app(settings, store=store, clock=lambda: now)
    app.testing = True
    app.add_url_rule("/en/broken", "broken", guest(lambda: abort(code)))

    answer = app.test_client().get("/en/broken")

    assert (answer.status_code, answer.content_type) == (code, "text/html; charset=utf-8")
    assert f"Error {code}" in answer.text
    assert "Report a problem" in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_page_that_does_not_exist_says_so_in_the_language_of_its_address(client: FlaskClient) -> None:
    answer = client.get("/pt/nothing/at/all")

    assert (answer.status_code, '<html lang="pt"' in answer.text) == (404, True)


def test_a_crash_says_that_it_is_our_mistake_and_nothing_of_what_was_typed(
    settings: Settings, store: Store, now: datetime
) -> None:
    def crash() -> str:
        raise RuntimeError("Amina, 621 123 456")

    app = create_app(settings, store=store, clock=lambda: now)
    app.add_url_rule("/en/broken", "broken", guest(crash))

    answer = app.test_client().get("/en/broken")

    assert (answer.status_code, "It is our mistake." in answer.text, "Amina" in answer.text) == (500, True, False)


def test_without_a_database_the_page_says_so_and_the_site_recovers_by_itself(
    settings: Settings, store: Store, now: datetime, tmp_path: Path
) -> None:
    on_sqlite = store.engine.dialect.name == "sqlite"
    nowhere = f"sqlite:///{tmp_path}/empty.sqlite" if on_sqlite else "postgresql://nobody@127.0.0.1:1/nothing"
    broken = open_store(Settings.from_env({}, **{**vars(settings), "database_url": nowhere}))
    app = create_app(settings, store=broken, clock=lambda: now)
    client = app.test_client()
    client.set_cookie("signin", "somebody")

    away = client.get("/en/c/sanem")
    app.extensions["store"] = store
    back = client.get("/en/c/sanem")

    assert (away.status_code, "Nothing of yours is lost." in away.text) == (503, True)
    assert back.status_code == 200
    broken.close()
