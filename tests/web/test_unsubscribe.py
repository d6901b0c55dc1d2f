"""No more reminders: with one click in the mail program, or with the button on the page of the booking."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from commune_hub.base.db import Store
from commune_hub.base.outbox import Job
from commune_hub.events.models import Signup
from tests.factories import a_person, a_pool, a_signup
from tests.worker.conftest import RunWorker, mail, run_worker, work  # noqa: F401 - fixtures

EVENING_BEFORE = datetime(2026, 11, 23, 17, tzinfo=UTC)


@pytest.fixture
def signup(session: Session) -> Signup:
    signup = a_signup(session, a_pool(session), person=a_person(session, contact="amina@example.lu", language="en"))
    session.commit()
    return signup


def wants(store: Store, signup: Signup) -> bool:
    with store.reading() as session:
        return session.get_one(Signup, signup.id).reminder


def test_the_button_of_a_mail_program_ends_the_reminders(app: Flask, store: Store, signup: Signup) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    opened = app.test_client().get(f"/b/{signup.link_key}/no-reminders")
    before = wants(store, signup)
    answer = app.test_client().post(f"/b/{signup.link_key}/no-reminders", data={"List-Unsubscribe": "One-Click"})

    assert (opened.status_code, opened.location, before) == (302, f"/fr/b/{signup.link_key}", True)
    assert (answer.status_code, wants(store, signup)) == (204, False)


def test_reminders_are_switched_off_and_on_again_on_the_page(
    app: Flask, store: Store, signup: Signup, mail: object, run_worker: RunWorker  # noqa: F811
) -> None:
    client = app.test_client()
    page = f"/en/b/{signup.link_key}"

    client.post(f"{page}/reminder", data={"wanted": ""})
    off = (wants(store, signup), "Remind me the day before" in client.get(page).text)
    client.post(f"{page}/reminder", data={"wanted": "yes"})
    on = (wants(store, signup), "No reminder, please" in client.get(page).text)

    assert (off, on) == ((False, True), (True, True))


def test_who_wants_no_reminder_gets_none(
    app: Flask, store: Store, signup: Signup, mail: object, run_worker: RunWorker  # noqa: F811
) -> None:
    app.test_client().post(f"/b/{signup.link_key}/no-reminders")

    run_worker(EVENING_BEFORE)

    assert [sent["Subject"] for sent in mail.mails] == ["You have a seat: Tue 24 Nov, 18:30"]  # type: ignore[attr-defined]
    with store.reading() as session:
        assert session.query(Job).where(Job.kind == "reminder").one().state == "done"


def test_an_unknown_key_ends_nothing(app: Flask) -> None:
    assert app.test_client().post("/b/AAAAAAAAAAAAAAAAAAAAAA/no-reminders").status_code == 404
