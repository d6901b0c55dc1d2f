"""Sign-ups under contention, through the web and without it, and how soon a seat given back is offered to the next.

    ./hub bench sign_ups

Fifty clients at once want seats: through the app (WSGI, form, rule, lock, outbox) and as the bare action in its
transaction. Then one of those who sit gives the seat back through the app, and the clock runs until the next one has
it, which is in the same transaction.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from itertools import count, pairwise
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from sqlalchemy import URL, select

from benchmarks.report import Goal, percentile, table
from benchmarks.stores import SECRET
from commune_hub.accounts import actions as accounts
from commune_hub.accounts.rules import reach_from
from commune_hub.app import create_app
from commune_hub.base.db import Store, open_store
from commune_hub.base.settings import Settings
from commune_hub.events.actions import seats
from commune_hub.events.models import SeatPool, Signup
from commune_hub.events.words import SignupState
from commune_hub.upgrade import upgrade
from tests.factories import NOW, a_meeting
from tests.infrastructure.postgres import conninfo, server_url
from tests.infrastructure.shared_run import close_run, open_run

CLIENTS = 50
EACH = 2
CANCELS = 60
ROUNDS = 3
_number = count()


def main() -> list[Goal]:
    """Measure on both databases, print the table, answer the goals."""
    rows, goals = [], []
    for name, opened in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
        with opened() as (settings, store):
            bare = median(rate(_bare, store, store) for _ in range(ROUNDS))
            app = create_app(settings, store=store, clock=lambda: NOW)
            app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
            web = median(rate(_by_web, app, store) for _ in range(ROUNDS))
            took = passing_on(app, store)
        slowest = percentile(took, 0.99)
        rows.append([name, f"{bare:.0f}", f"{web:.0f}", f"{web / bare:.2f}", f"{median(took) * 1e3:.0f}",
                     f"{slowest * 1e3:.0f}", str(app.extensions.get("sent_away", 0))])  # fmt: skip
        goals.append(Goal(f"sign-ups of {CLIENTS} clients through the web, share of the bare rate, {name}", 0.25,
                          web / bare))  # fmt: skip
        goals.append(Goal(f"1 s by the time from cancel to the next person (p99), {name}", 1, 1 / slowest))
    print(table(["", "bare/s", "web/s", "ratio", "cancel p50 ms", "cancel p99 ms", "tried again"], rows))
    return goals


def rate(sign_up: Callable[[Any, tuple[str, str]], None], through: Any, store: Store) -> float:
    """Sign-ups a second of all clients together at one date with seats for all."""
    with store.writing() as session:
        meeting = a_meeting(session, capacity=CLIENTS * EACH)
        where = meeting.pool.public_id, meeting.activity.public_id
    with ThreadPoolExecutor(CLIENTS) as clients:
        began = time.perf_counter()
        done = [clients.submit(lambda: [sign_up(through, where) for _ in range(EACH)]) for _ in range(CLIENTS)]
        for one in done:
            one.result()
        took = time.perf_counter() - began
    with store.reading() as session:
        taken = session.scalar(select(SeatPool.taken).where(SeatPool.public_id == where[0]))
        assert taken == CLIENTS * EACH, "every sign-up has its seat"
    return CLIENTS * EACH / took


def _bare(store: Store, where: tuple[str, str]) -> None:
    number = next(_number)
    with store.writing() as session:
        person = accounts.new_person(
            session, name="Amina", language="fr", now=NOW, reach=reach_from(f"a{number}@example.lu")
        )
        seats.sign_up(session, pool_id=where[0], person=person, now=NOW)


def _by_web(app: Any, where: tuple[str, str]) -> None:
    number = next(_number)
    form = {"pool": where[0], "name": "Amina", "contact": f"w{number}@example.lu", "form_token": f"t{number}"}
    answer = app.test_client().post(f"/fr/a/{where[1]}/sign-up", data=form)
    while answer.status_code == 503:
        # Ten seconds in the queue for the one writer of SQLite: the page asks to try again, and so does a person.
        app.extensions["sent_away"] = app.extensions.get("sent_away", 0) + 1
        answer = app.test_client().post(f"/fr/a/{where[1]}/sign-up", data=form)
    assert answer.status_code == 303 and "/b/" in answer.location, answer.status_code


def passing_on(app: Any, store: Store) -> list[float]:
    """Seconds from the tap "I can't come" until the next one has the seat, while others wait in a long queue."""
    with store.writing() as session:
        meeting = a_meeting(session, capacity=1, waiting_room=CANCELS + 1, on=date(2026, 12, 8))
        keys = []
        for number in range(CANCELS + 1):
            person = accounts.new_person(session, name=f"P{number}", language="fr", now=NOW)
            signup = seats.sign_up(session, pool_id=meeting.pool.public_id, person=person, now=NOW)
            keys.append(signup.link_key)
    took = []
    for key, following in pairwise(keys):
        began = time.perf_counter()
        answer = app.test_client().post(f"/fr/b/{key}/cancel")
        with store.reading() as session:
            state = session.scalar(select(Signup.state).where(Signup.link_key == following))
        took.append(time.perf_counter() - began)
        assert (answer.status_code, state) == (303, SignupState.CONFIRMED)
    return took


@contextmanager
def on_sqlite() -> Iterator[tuple[Settings, Store]]:
    """An empty hub in two SQLite files."""
    with TemporaryDirectory(prefix="commune-hub-bench-") as folder:
        settings = Settings.from_env({}, secret_key=SECRET, data_dir=folder)
        store = _ready(settings)
        yield settings, store
        store.close()


@contextmanager
def on_postgres() -> Iterator[tuple[Settings, Store]]:
    """The same on a PostgreSQL of our own."""
    run = open_run()
    try:
        server = server_url(run)
        urls = [_database(server, f"{run.name}-signups{part}") for part in ("", "-keys")]
        settings = Settings.from_env(
            {}, secret_key=SECRET, data_dir=str(run / "bench"), database_url=urls[0], keys_url=urls[1]
        )
        store = _ready(settings)
        yield settings, store
        store.close()
    finally:
        close_run(run)


def _database(server: URL, name: str) -> str:
    with psycopg.connect(conninfo(server), autocommit=True) as connection:
        connection.execute(f'create database "{name}"')  # type: ignore[call-overload]
    return server.set(database=name).render_as_string(hide_password=False)


def _ready(settings: Settings) -> Store:
    store = open_store(settings)
    upgrade(store)
    return store
