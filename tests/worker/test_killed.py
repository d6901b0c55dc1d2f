"""A worker that is killed in the middle of its work loses no message, and says none twice that can be told apart."""

import random
import time
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from commune_hub.base import outbox
from commune_hub.base.db import Store
from commune_hub.worker import loop
from commune_hub.worker.work import Work
from tests.cli.conftest import environ as environ_of
from tests.cli.conftest import start
from tests.factories import a_person, a_pool, a_signup
from tests.infrastructure.mail_server import MailServer

environ = environ_of
PEOPLE = 30
SEED = 7


@pytest.mark.slow
def test_a_worker_killed_at_any_moment_loses_nothing(
    session: Session, store: Store, work: Work, mail: MailServer, environ: dict[str, str | None], now: datetime,
    proving: bool,
) -> None:  # fmt: skip
    pool = a_pool(session, capacity=PEOPLE)
    everybody = [f"person{number}@example.lu" for number in range(PEOPLE)]
    for address in everybody:
        a_signup(session, pool, person=a_person(session, contact=address))
    session.commit()
    chance = random.Random(SEED)
    mail.takes = 0.02
    with_mail = environ | {
        "COMMUNE_HUB_MAIL_HOST": "127.0.0.1", "COMMUNE_HUB_MAIL_PORT": str(mail.port),
        "COMMUNE_HUB_BASE_URL": work.settings.base_url,
    }  # fmt: skip

    for _ in range(30 if proving else 5):
        before = len(mail.mails)
        victim = start("worker", "--now", now.isoformat(), environ=with_mail)
        wait_for(lambda before=before: len(mail.mails) > before or nothing_waits(store, now))
        time.sleep(chance.uniform(0, 0.15))
        victim.kill()
        victim.communicate()
    loop.run(work, clock=lambda: now + timedelta(minutes=20), once=True, alone=True)

    told = Counter(mail.recipients)
    assert sorted(told) == sorted(everybody)
    assert len({(sent["To"], sent["Message-ID"]) for sent in mail.mails}) == PEOPLE
    with store.reading() as reading:
        assert set(outbox.counts(reading)) <= {"done", "waiting"}


def nothing_waits(store: Store, now: datetime) -> bool:
    with store.reading() as session:
        return not outbox.is_due(session, now=now)


def wait_for(happens: object, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not happens():  # type: ignore[operator]
        assert time.monotonic() < until, "the worker does not begin"
        time.sleep(0.005)
