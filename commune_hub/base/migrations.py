"""A line of migrations: bringing a database and the store of keys beside it to the newest revision."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from commune_hub.base.db import Store


@dataclass(frozen=True)
class Migrations:
    """The migrations in a folder. `lock` is any fixed number: two processes that start together upgrade one by one."""

    folder: Path
    lock: int

    def upgrade(self, store: Store) -> None:
        """Run the migrations that are missing, once, also when several processes start together."""
        with _alone(store), store.engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("set local lock_timeout = 0"))
                connection.execute(text(f"select pg_advisory_xact_lock({self.lock})"))
            store.keys.prepare()
            command.upgrade(self.config(connection), "head")

    def downgrade(self, store: Store, revision: str) -> None:
        """Take migrations back to a revision; what only the newer tables held is lost."""
        with store.engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
            command.downgrade(self.config(connection), revision)

    def is_current(self, store: Store) -> bool:
        """Whether the database is at the newest revision and the store of keys is there."""
        return self.revision_of(store) == self.newest_revision() and store.keys.is_prepared()

    def revision_of(self, store: Store) -> str | None:
        """The revision of the database; None before the first migration."""
        with store.engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def newest_revision(self) -> str | None:
        """The revision that this version of the code needs."""
        return ScriptDirectory.from_config(self.config()).get_current_head()

    def config(self, connection: Connection | None = None) -> Config:
        """Alembic's configuration, without a file of its own."""
        found = Config()
        found.set_main_option("script_location", str(self.folder))
        if connection is not None:
            found.attributes["connection"] = connection
        return found


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
