"""The record's databases of both kinds, and the record with its demo people."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from commune_hub.base.db import Store
from national_record import demo, upgrade
from national_record.app import create_app
from national_record.settings import Settings, open_store
from tests.infrastructure.databases import SECRET
from tests.infrastructure.record import PostgresRecord, sqlite_record
from tests.infrastructure.shared_run import once

FILES = ("record.sqlite", "record-keys.sqlite")


@pytest.fixture(scope="session")
def _postgres_record(run: Path) -> Iterator[PostgresRecord]:
    found = PostgresRecord(run, os.environ.get("PYTEST_XDIST_WORKER", "main"))
    yield found
    found.close()


def _template(folder: Path, now: datetime | None) -> dict[str, str]:
    store = open_store(sqlite_record(folder))
    upgrade.upgrade(store)
    if now is not None:
        with store.writing() as session:
            demo.fill(session, now=now)
    store.close()
    return {}


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request: pytest.FixtureRequest, run: Path, _folder: Path, now: datetime) -> Iterator[Settings]:
    """The record's settings on two migrated databases: once on SQLite and once on PostgreSQL."""
    _folder.mkdir(parents=True, exist_ok=True)
    if request.param == "sqlite":
        filled = "app" in request.fixturenames
        template = run / f"record-{'filled' if filled else 'empty'}"
        once(run, template.name, lambda: _template(template, now if filled else None))
        for name in FILES:
            shutil.copyfile(template / name, _folder / name)
        yield sqlite_record(_folder)
        return
    pair: PostgresRecord = request.getfixturevalue("_postgres_record")
    yield Settings.from_env(
        {}, secret_key=SECRET, data_dir=str(_folder), database_url=pair.urls[0], keys_url=pair.urls[1]
    )
    pair.empty()


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """The open databases of this test."""
    store = open_store(settings)
    yield store
    store.close()


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    """A writing session. Commit before a client is to see what was done."""
    with store.open(write=True) as session:
        yield session


@pytest.fixture
def app(settings: Settings, store: Store, now: datetime) -> Flask:
    """The record with the people of its demo, at the fixed now."""
    with store.writing() as session:
        if not demo.is_filled(session):
            demo.fill(session, now=now)
    app = create_app(settings, store=store, clock=lambda: now)
    app.testing = True
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A program, or an agent's browser."""
    return app.test_client()


@pytest.fixture
def break_traces(store: Store) -> Iterator[Callable[[], None]]:
    """From now on the database refuses every new trace, as a full disk would."""
    postgres = store.engine.dialect.name == "postgresql"

    def run(*statements: str) -> None:
        with store.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def refuse() -> None:
        if postgres:
            run("alter table trace add constraint nothing_more check (false) not valid")
        else:
            run("create trigger nothing_more before insert on trace begin select raise(fail, 'disk full'); end")

    yield refuse
    if postgres:
        run("alter table trace drop constraint if exists nothing_more")
