"""The demo from one command: it fills itself, serves, mails into its own mailbox, and ends without a trace."""

import re
import signal
import socket
import time
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from commune_hub.cli import main
from commune_hub.demo import next_door
from commune_hub.demo.accounts import ACCOUNTS, LEARNER_MAIL
from national_record import demo as record
from tests.cli.conftest import start


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def wait_for(ask: object, seconds: float = 120) -> str:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if answer := ask():  # type: ignore[operator]
                return str(answer)
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    raise AssertionError("it does not happen")


@pytest.mark.slow
def test_the_demo_runs_mails_and_ends(tmp_path: Path) -> None:
    site = f"http://localhost:{(port := free_port())}"
    folder = tmp_path / "demo"
    # What is set for a real installation must not reach the demo, nor the demo that database.
    real = {"COMMUNE_HUB_DATABASE_URL": f"sqlite:///{tmp_path}/real.sqlite", "COMMUNE_HUB_PORT": "1"}
    demo = start("demo", "--data-dir", str(folder), "--port", str(port), environ=real)

    with httpx.Client(base_url=site, timeout=30, follow_redirects=True) as visitor:
        wait_for(lambda: visitor.get("/healthz").is_success)
        form = visitor.get("/en/sign-in").text
        [token] = set(re.findall(r'name="csrf_token" value="([^"]+)"', form))
        visitor.post("/en/sign-in", data={"csrf_token": token, "contact": LEARNER_MAIL})
        mailbox = wait_for(lambda: page if LEARNER_MAIL in (page := visitor.get("/dev/mailbox").text) else "")
    demo.send_signal(signal.SIGINT)
    said, errors = demo.communicate(timeout=60)

    assert "<h2><bdi>" in mailbox
    assert [account.mail for account in ACCOUNTS if account.mail not in said] == []
    assert [one.number for one in record.CONTRACTS if one.number not in said] == []
    assert (demo.returncode, said.splitlines()[-1]) == (0, "The demo has ended.")
    assert "Traceback" not in errors
    assert not (tmp_path / "real.sqlite").exists()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{site}/healthz")


def test_the_hub_and_the_record_next_door_know_each_other() -> None:
    assert (next_door.CLIENT, next_door.SECRET, next_door.ORGANISATION) == (
        record.CLIENT, record.CLIENT_SECRET, record.ORGANISATION,
    )  # fmt: skip


def test_a_folder_that_holds_something_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "hub.sqlite").write_text("mine")

    said = CliRunner().invoke(main, ["demo", "--data-dir", str(tmp_path), "--fresh", "--port", str(free_port())])

    assert (said.exit_code, said.output) == (
        1, f"Error: {tmp_path} holds something else than a demo. Name another folder: --data-dir\n"
    )  # fmt: skip
    assert (tmp_path / "hub.sqlite").read_text() == "mine"


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        said = CliRunner().invoke(main, ["demo", "--data-dir", str(tmp_path), "--port", str(port)])

    assert (said.exit_code, said.output.count("\n")) == (1, 1)
    assert f"Try another one: demo --port {port + 1}" in said.output


def test_the_codes_of_the_demo_accounts_are_told() -> None:
    said = CliRunner().invoke(main, ["demo", "code"])

    assert re.findall(r"^\d{6}  (\S+)$", said.output, re.M) == [account.mail for account in ACCOUNTS]
