"""How long a hundred certificates take, by the worker's job that issues a released batch.

    ./hub bench certificates

The yardstick is a hundred signatures and a hundred rows, written one by one, without any rule.
"""

import time
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select

from benchmarks.report import Goal, table
from benchmarks.sign_ups import on_postgres, on_sqlite
from commune_hub.accounts.words import Role
from commune_hub.base import outbox
from commune_hub.base.db import Store
from commune_hub.base.settings import Settings
from commune_hub.events.actions import certificates as actions
from commune_hub.events.records import Certificate
from commune_hub.events.words import AttendanceState, CertificateState
from commune_hub.worker import loop
from tests.events.test_certificates import LATER, a_course, noted
from tests.factories import NOW, a_person, an_actor

NUMBER = 100
NEVER = LATER + timedelta(days=365)
SECONDS = 5


def main() -> list[Goal]:
    """Measure on both databases, print the table, answer the goals."""
    rows, goals = [], []
    for name, opened in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
        with opened() as (settings, store):
            bare, took = _bare(store), _issue(settings, store)
        rows.append([name, f"{bare:.2f}", f"{took:.2f}", f"{took / bare:.1f}"])
        goals.append(Goal(f"{SECONDS} s by the time of {NUMBER} certificates, {name}", 1, SECONDS / took))
    print(table(["", "bare s", "issued s", "x bare"], rows))
    return goals


def _bare(store: Store) -> float:
    key = Ed25519PrivateKey.generate()
    began = time.perf_counter()
    for number in range(NUMBER):
        with store.writing() as session:
            signature = key.sign(str(number).encode()).hex()
            outbox.enqueue(session, "housekeeping", due_at=NEVER, now=NOW, key=f"{signature}:{number}")
    return time.perf_counter() - began


def _issue(settings: Settings, store: Store) -> float:
    with store.writing() as session:
        activity = a_course(session, 2)
        for number in range(NUMBER):
            noted(session, activity, a_person(session, name=f"Person {number}"), [AttendanceState.PRESENT] * 2)
        actions.prepare(session, activity=activity, now=LATER)
        officer = an_actor(session, role=Role.OFFICER, organisation=activity.organisation)
        actions.release(session, activity=activity, actor=officer, now=LATER)

    work = loop.work_of(settings, store)
    began = time.perf_counter()
    while _issued(store) < NUMBER and loop.step(work, clock=lambda: LATER, tally=loop.Tally()):
        pass
    took = time.perf_counter() - began
    assert _issued(store) == NUMBER
    return took


def _issued(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).where(Certificate.state == CertificateState.ISSUED)) or 0
