"""A migrated, empty pair of databases (hub and personal keys) for each test, in a few milliseconds."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

from commune_hub.base.db import open_store
from commune_hub.base.settings import Settings
from tests.infrastructure.postgres import conninfo, database_name, server_url
from tests.infrastructure.shared_run import alone, once

SECRET = "only for tests, and at least 32 characters long"


@dataclass(frozen=True)
class Databases:
    """The addresses of the two databases of one test."""

    database_url: str
    keys_url: str

    def migrate(self, data_dir: Path) -> "Databases":
        """Bring both up to date, as `commune-hub db upgrade` does."""
        # Imported here: tests of rules need no tables.
        from commune_hub.upgrade import upgrade

        store = open_store(Settings.from_env({}, secret_key=SECRET, data_dir=str(data_dir), **vars(self)))
        upgrade(store)
        store.close()
        return self


def files_in(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below a folder with its bytes; what a running server takes away meanwhile is passed over."""
    for path in folder.rglob("*"):
        try:
            if path.is_file():
                yield path, path.read_bytes()
        except FileNotFoundError:
            continue


def sqlite_in(folder: Path) -> Databases:
    """Two SQLite files in the folder."""
    return Databases(f"sqlite:///{folder / 'hub.sqlite'}", f"sqlite:///{folder / 'keys.sqlite'}")


def sqlite_copy(run: Path, folder: Path) -> Databases:
    """A copy of the files that the first who asks has migrated."""
    template = run / "sqlite"
    once(run, "sqlite", lambda: vars(sqlite_in(template).migrate(template)))
    folder.mkdir(parents=True)
    for name in ("hub.sqlite", "keys.sqlite"):
        shutil.copyfile(template / name, folder / name)
    return sqlite_in(folder)


class PostgresPair:
    """The two databases of one worker process, made once and emptied after each test."""

    def __init__(self, run: Path, worker: str) -> None:
        self._server = server_url(run)
        template = Databases(*(self._address(database_name(run, f"template-{what}")) for what in ("hub", "keys")))
        once(run, "postgres-template", lambda: vars(self._make_template(run, template)))
        names = {what: database_name(run, f"{worker}-{what}") for what in ("hub", "keys")}
        with alone(run, "postgres-copy"):
            for what, name in names.items():
                self._create(name, database_name(run, f"template-{what}"))
        self.databases = Databases(*(self._address(name) for name in names.values()))
        self._emptiers = [Emptier(self._url(name)) for name in names.values()]

    def empty(self) -> None:
        """Take out the rows of a test; the next one starts with ids from 1, as on a new SQLite file."""
        for emptier in self._emptiers:
            emptier.empty()

    def close(self) -> None:
        """Give the connections back; the databases go with the run."""
        for emptier in self._emptiers:
            emptier.close()

    def _make_template(self, run: Path, template: Databases) -> Databases:
        for what in ("hub", "keys"):
            self._create(database_name(run, f"template-{what}"), "template1")
        return template.migrate(run / "postgres-template")

    def _create(self, name: str, template: str) -> None:
        with psycopg.connect(conninfo(self._server), autocommit=True) as connection:
            statement = sql.SQL("create database {} template {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def _url(self, name: str) -> URL:
        return self._server.set(database=name)

    def _address(self, name: str) -> str:
        return self._url(name).render_as_string(hide_password=False)


class Emptier:
    """Knows which tables may have rows and empties those that do: ten times faster than TRUNCATE of all."""

    def __init__(self, url: URL) -> None:
        self._connection = psycopg.connect(conninfo(url), autocommit=True)
        found = self._connection.execute(
            "select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
        )
        self._tables = [name for (name,) in found if name != "alembic_version"]
        assert self._with_rows() == [], "migrations make tables only; the tests count on an empty start"

    def empty(self) -> None:
        self._end_what_was_left_open()
        with self._connection.transaction():
            # Lets the rows go in any order: no foreign key is checked.
            self._connection.execute("set local session_replication_role = replica")
            for table in self._with_rows():
                self._connection.execute(sql.SQL("delete from {}").format(sql.Identifier(table)))
            # Also without a row: what was rolled back has counted.
            self._connection.execute(
                "select setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)"
                " from pg_sequences where schemaname = 'public' and last_value is not null"
            )

    def close(self) -> None:
        self._connection.close()

    def _end_what_was_left_open(self) -> None:
        # A session that a failed test has left in the middle of a transaction would hold its locks for ever.
        self._connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"
        )

    def _with_rows(self) -> list[str]:
        if not self._tables:
            return []
        question = sql.SQL("select {} where exists (select 1 from {})")
        parts = [question.format(sql.Literal(name), sql.Identifier(name)) for name in self._tables]
        return [name for (name,) in self._connection.execute(sql.SQL(" union all ").join(parts))]
