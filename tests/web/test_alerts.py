"""A search becomes a mail: the form, the mail that asks, the page with yes, pause and end, the button in the mail."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.base.db import Store
from commune_hub.events.records import Alert
from tests.factories import an_activity
from tests.infrastructure.mail_server import MailServer, parts_of
from tests.worker.conftest import RunWorker, mail, run_worker, work  # noqa: F401 - fixtures


def states(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Alert.state).order_by(Alert.id)))


def ask(client: FlaskClient, mail_address: str = "amina@example.lu") -> tuple[int, str]:
    page = client.get("/en/tell-me?l=lb&place=Belvaux&w=today").text
    [search] = re.findall(r'name="search" value="([^"]*)"', page)
    data = {"search": search.replace("&amp;", "&"), "mail": mail_address}
    answer = client.post("/en/tell-me", data=data, follow_redirects=True)
    return answer.status_code, answer.text


def link_in(server: MailServer) -> str:
    return re.findall(r"https://hub\.example\.lu(/en/t/[\w-]{22})", parts_of(server.mails[-1])["text/plain"])[0]


def test_from_an_empty_answer_to_the_mail_with_what_is_new(
    client: FlaskClient, session: Session, store: Store, mail: MailServer, run_worker: RunWorker, now: datetime  # noqa: F811
) -> None:
    empty = client.get("/en/search?l=lb&place=Belvaux").text
    _, answer = ask(client)
    run_worker(now)
    page = client.get(link_in(mail)).text
    before = states(store)
    client.post(link_in(mail), data={"wanted": "active"})
    with store.writing() as writing:
        an_activity(writing)
    run_worker(now + timedelta(days=1))
    run_worker(now + timedelta(days=1, minutes=1))

    assert "/en/tell-me?l=lb&amp;place=Belvaux" in empty
    assert "We have sent you a mail." in answer
    assert ("Belvaux: in Luxembourgish, within 5 km" in page, before) == (True, ["unconfirmed"])
    assert [sent["Subject"] for sent in mail.mails] == [
        "Shall we tell you what is new?", "Something new for your search",
    ]  # fmt: skip
    assert mail.mails[1]["List-Unsubscribe"].startswith("<https://hub.example.lu/t/")
    assert "Tuesday, 24 November, 18:30" in parts_of(mail.mails[1])["text/plain"]


def test_a_wrong_address_is_asked_for_again_with_the_search_kept(client: FlaskClient) -> None:
    status, page = ask(client, "amina@")

    assert status == 422
    assert "Please write a mail address, for example name@example.lu." in page
    assert 'value="l=lb&amp;place=Belvaux"' in page


@pytest.mark.parametrize("wanted", ["paused", "ended", "active", "unconfirmed", ""])
def test_the_buttons_do_what_they_say(client: FlaskClient, session: Session, store: Store, wanted: str) -> None:
    ask(client)
    key = session.scalars(select(Alert)).one().link_key
    session.rollback()
    client.post(f"/en/t/{key}", data={"wanted": "active"})

    answer = client.post(f"/en/t/{key}", data={"wanted": wanted})

    known = wanted in ("paused", "ended", "active")
    assert (answer.status_code, states(store)) == (303 if known else 404, [wanted if known else "active"])


def test_a_wrong_key_opens_nothing(client: FlaskClient) -> None:
    ask(client)

    paths = [("GET", "/en/t/"), ("POST", "/en/t/")]
    assert [client.open(path + "A" * 22, method=method).status_code for method, path in paths] == [404, 404]
    assert client.post(f"/t/{'A' * 22}/end").status_code == 404


def test_the_button_of_a_mail_program_ends_it(app: Flask, session: Session, store: Store) -> None:
    ask(app.test_client())
    key = session.scalars(select(Alert)).one().link_key
    session.rollback()
    app.config["WTF_CSRF_ENABLED"] = True

    opened = app.test_client().get(f"/t/{key}/end")
    before = states(store)
    answer = app.test_client().post(f"/t/{key}/end", data={"List-Unsubscribe": "One-Click"})

    assert (opened.status_code, before) == (302, ["unconfirmed"])
    assert (answer.status_code, states(store)) == (204, ["ended"])
