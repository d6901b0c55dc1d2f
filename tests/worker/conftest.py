"""Fixtures for the worker: a real mail server, and the work that reaches it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from commune_hub.worker import loop
from commune_hub.worker.loop import Tally
from commune_hub.worker.work import Work
from tests.infrastructure.mail_server import MailServer, mail_server

RunWorker = Callable[[datetime], Tally]


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A mail server on loopback."""
    with mail_server() as server:
        yield server


@pytest.fixture
def work(settings: Settings, store: Store, mail: MailServer, tmp_path: Path) -> Work:
    """The work of a hub with this mail server, and with phones that are a folder."""
    return loop.work_of(
        replace(
            settings, base_url="https://hub.example.lu", mail_host="127.0.0.1", mail_port=str(mail.port),
            mail_from="hub@hub.example.lu", mailbox=str(tmp_path),
        ),
        store,
    )  # fmt: skip


@pytest.fixture
def run_worker(work: Work) -> RunWorker:
    """Work off all that is due at a moment."""
    return lambda moment: loop.run(work, clock=lambda: moment, once=True)
