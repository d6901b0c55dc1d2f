"""Bringing the databases to the newest revision, and asking whether they are there."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from commune_hub.base.db import Store

_LOCK = 0x636F6D6D  # any fixed number: two processes that start together upgrade one after the other


def upgrade(store: Store) -> None:
    """Run the migrations that are missing, once, also when several processes start together."""
    with _alone(store), store.engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("set local lock_timeout = 0"))
            connection.execute(text(f"select pg_advisory_xact_lock({_LOCK})"))
        store.keys.prepare()
        command.upgrade(config(connection), "head")


@contextmanager
def _alone(store: Store) -> Iterator[None]:
    """On SQLite the others wait in line here: its own lock gives up after five seconds."""
    if store.engine.dialect.name != "sqlite":
        yield
        return
    path = Path(f"{store.engine.url.database}.upgrade")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def downgrade(store: Store, revision: str) -> None:
    """Take migrations back to a revision; what only the newer tables held is lost."""
    with store.engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
        command.downgrade(config(connection), revision)


def is_current(store: Store) -> bool:
    """Whether the database is at the newest revision and the store of keys is there."""
    return revision_of(store) == newest_revision() and store.keys.is_prepared()


def revision_of(store: Store) -> str | None:
    """The revision of the database; None before the first migration."""
    with store.engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """The revision that this version of the hub needs."""
    return ScriptDirectory.from_config(config()).get_current_head()


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file of its own."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    if connection is not None:
        found.attributes["connection"] = connection
    return found
