"""Many processes that start at once on an empty database: one migrates, the others wait, nobody fails."""

from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from commune_hub.base.db import open_store
from commune_hub.base.settings import Settings
from commune_hub.upgrade import is_current
from tests.cli.conftest import start
from tests.infrastructure.databases import sqlite_in
from tests.infrastructure.postgres import conninfo

PROCESSES = 6


@pytest.fixture
def empty(request: pytest.FixtureRequest, environ: dict[str, str | None], tmp_path: Path) -> dict[str, str | None]:
    """The environment with two databases in which nothing is."""
    address = make_url(environ["COMMUNE_HUB_DATABASE_URL"])
    if address.get_backend_name() == "sqlite":
        urls = sqlite_in(tmp_path)
        return environ | {"COMMUNE_HUB_DATABASE_URL": urls.database_url, "COMMUNE_HUB_KEYS_URL": urls.keys_url}
    names = [f"{address.database}-empty-{what}" for what in ("hub", "keys")]

    def each(statement: str) -> None:
        with psycopg.connect(conninfo(address), autocommit=True) as connection:
            for name in names:
                connection.execute(sql.SQL(statement).format(sql.Identifier(name)))

    each("create database {}")
    request.addfinalizer(lambda: each("drop database {} with (force)"))
    hub, keys = (address.set(database=name).render_as_string(hide_password=False) for name in names)
    return environ | {"COMMUNE_HUB_DATABASE_URL": hub, "COMMUNE_HUB_KEYS_URL": keys}


@pytest.mark.slow
def test_many_first_boots_at_once_do_not_race(empty: dict[str, str | None], tmp_path: Path) -> None:
    started = [start("db", "upgrade", environ=empty) for _ in range(PROCESSES)]
    ended = [(process.communicate(timeout=120)[1], process.returncode) for process in started]

    given = {name: value for name, value in empty.items() if value is not None}
    store = open_store(Settings.from_env(given))
    assert ended == [("", 0)] * PROCESSES
    assert is_current(store)
    store.close()
