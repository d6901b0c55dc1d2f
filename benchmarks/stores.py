"""The country of the measurements on SQLite and on PostgreSQL, made for one run and thrown away after it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL

from benchmarks import country
from commune_hub.base.db import Store, open_store
from commune_hub.base.settings import Settings
from commune_hub.upgrade import upgrade
from tests.infrastructure.postgres import conninfo, server_url
from tests.infrastructure.shared_run import close_run, open_run

SECRET = "only for measurements, and at least 32 characters long"


@contextmanager
def on_sqlite(meetings: int, languages: dict[str, int] = country.EVEN) -> Iterator[tuple[Settings, Store]]:
    """A full country in a SQLite file."""
    with tempfile.TemporaryDirectory(prefix="commune-hub-bench-") as folder:
        settings = Settings.from_env({}, secret_key=SECRET, data_dir=folder)
        yield settings, _filled(settings, meetings, languages)


@contextmanager
def on_postgres(meetings: int, languages: dict[str, int] = country.EVEN) -> Iterator[tuple[Store, str]]:
    """The same country on a PostgreSQL of our own, and its address for psycopg."""
    run = open_run()
    try:
        server = server_url(run)
        addresses = [_database(server, name) for name in (f"{run.name}-bench", f"{run.name}-bench-keys")]
        urls = [address.render_as_string(hide_password=False) for address in addresses]
        settings = Settings.from_env(
            {}, secret_key=SECRET, data_dir=str(run / "bench"), database_url=urls[0], keys_url=urls[1]
        )
        store = _filled(settings, meetings, languages)
        yield store, conninfo(addresses[0])
        store.close()
    finally:
        close_run(run)


def with_postgis(address: str) -> bool:
    """Whether PostGIS is there now: installed where that is allowed, else the line to run is printed."""
    try:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("create extension if not exists postgis")
        return True
    except psycopg.errors.Error:
        version = max((int(p.name) for p in Path("/usr/lib/postgresql").glob("[0-9]*")), default=15)
        line = f"apt-get install -y --no-install-recommends postgresql-{version}-postgis-3"
        may_install = shutil.which("apt-get") is not None and os.geteuid() == 0
        if may_install and subprocess.run(line.split(), stdout=sys.stderr).returncode == 0:
            return with_postgis(address)
        print(f"No PostGIS to compare with. As root: {line}", file=sys.stderr)
        return False


def _database(server: URL, name: str) -> URL:
    with psycopg.connect(conninfo(server), autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
    return server.set(database=name)


def _filled(settings: Settings, meetings: int, languages: dict[str, int]) -> Store:
    store = open_store(settings)
    upgrade(store)
    print(f"writing {meetings:,} meetings to {store.engine.dialect.name} ...", file=sys.stderr)
    country.fill(store, meetings, languages)
    return store
