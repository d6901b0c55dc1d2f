"""Text messages: in the alphabet of phones where that reads the same, counted as the phone company counts."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from commune_hub.worker.sms import LogGateway, MailboxGateway, fitted, segments
from commune_hub.worker.work import Work
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


@pytest.mark.parametrize(
    ("text", "number"), [("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("п" * 70, 1), ("п" * 71, 2)]
)
def test_messages_are_counted_as_the_phone_company_counts(text: str, number: int) -> None:
    assert segments(text) == number


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
    assert segments(message["text"]) == 1


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
