"""Text messages: in the alphabet of phones where that reads the same, counted as the phone company counts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy.orm import Session

from commune_hub.base.settings import Settings, SettingsError
from commune_hub.speech.gsm import fitted, segments
from commune_hub.worker.adapters.sms import HttpGateway
from commune_hub.worker.sms import LogGateway, MailboxGateway, gateway_from
from commune_hub.worker.work import Failed, Hopeless, Work
from tests.factories import a_person, a_pool, a_signup
from tests.worker.conftest import RunWorker


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Gemeng Suessem: 18:30 – 20:00 “Papotons !”", 'Gemeng Suessem: 18:30 - 20:00 "Papotons !"'),
        ("Lëtzebuerg, fête, não, français", "Letzebuerg, fete, nao, francais"),
        ("Grüße an José, à bientôt", "Grüße an José, à bientot"),
        ("Привіт", "Привіт"),
    ],
)
def test_a_text_is_fitted_to_the_alphabet_of_phones(text: str, sent: str) -> None:
    assert fitted(text) == sent


def test_somebody_with_a_phone_gets_one_short_message(
    session: Session, work: Work, run_worker: RunWorker, now: datetime
) -> None:
    signup = a_signup(session, a_pool(session), person=a_person(session, contact="621 123 456", language="en"))
    organiser = signup.pool.activity.organisation.name
    session.commit()

    run_worker(now)

    [file] = Path(work.settings.mailbox).glob("*.sms")
    message = json.loads(file.read_text())
    assert message == {
        "to": "+352621123456",
        "text": f"{organiser}: You have a seat. Tue 24 Nov, 18:30, Centre culturel, Belvaux. You cannot come?"
        f" hub.example.lu/en/b/{signup.link_key}",
    }
    assert segments(message["text"]).number == 1


def test_a_repeated_message_is_one_message(tmp_path: Path) -> None:
    gateway = MailboxGateway(tmp_path)

    for _ in range(2):
        gateway.send(number="+352621123456", text="Moien", key="signup_mail:1")

    assert len(list(tmp_path.iterdir())) == 1


def test_without_a_gateway_neither_number_nor_text_is_written_down(capsys: pytest.CaptureFixture[str]) -> None:
    LogGateway().send(number="+352621123456", text="Moien Amina", key="signup_mail:1")

    said = "".join(capsys.readouterr())
    assert "sms_not_sent" in said
    assert "621123456" not in said
    assert "Amina" not in said


@contextmanager
def a_phone_company(status: int, *, silent: Event | None = None) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """A gateway on loopback that answers with one status (`silent`: not before it is set), and what it was asked."""
    asked: list[tuple[object, ...]] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, self.headers["Authorization"], self.headers["Idempotency-Key"], body))
            if silent is not None:
                silent.wait(5)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/sms", asked
        finally:
            server.shutdown()
            thread.join()


def test_the_gateway_gets_number_text_and_key_with_the_token() -> None:
    with a_phone_company(202) as (url, asked):
        HttpGateway(url, "secret").send(number="+352621123456", text="Moien", key="group_mail:1")

    body = {"to": "+352621123456", "text": "Moien", "key": "group_mail:1"}
    assert asked == [("/sms", "Bearer secret", "group_mail:1", body)]


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, Hopeless), (403, Hopeless), (404, Hopeless), (302, Failed), (429, Failed), (503, Failed)],
)
def test_what_the_gateway_refuses_is_hopeless_and_what_may_pass_is_tried_again(
    status: int, error: type[Exception]
) -> None:
    with a_phone_company(status) as (url, _asked), pytest.raises(error, match=str(status)) as raised:
        HttpGateway(url, "").send(number="+352621123456", text="Moien", key="k")

    assert "621123456" not in str(raised.value)


def test_a_gateway_that_says_nothing_or_is_away_is_tried_again() -> None:
    silent = Event()
    with a_phone_company(200, silent=silent) as (url, _asked):
        with pytest.raises(Failed, match="ReadTimeout"):
            HttpGateway(url, "", timeout=0.2).send(number="+352621123456", text="Moien", key="k")
        silent.set()
    with pytest.raises(Failed, match="ConnectError"):
        HttpGateway(url, "", timeout=1).send(number="+352621123456", text="Moien", key="k")


def test_the_settings_choose_the_gateway(tmp_path: Path) -> None:
    def chosen(**given: str) -> object:
        return gateway_from(Settings.from_env({}, secret_key="s" * 40, data_dir=str(tmp_path), **given))

    assert isinstance(chosen(), LogGateway)
    assert isinstance(chosen(sms_gateway="http", sms_url="https://sms.example.lu/send"), HttpGateway)
    with pytest.raises(SettingsError, match="SMS_URL"):
        chosen(sms_gateway="http")
    with pytest.raises(SettingsError, match="log or http"):
        chosen(sms_gateway="pigeon")
