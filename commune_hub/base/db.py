"""The database: engine, column types, reading and writing sessions, on SQLite and PostgreSQL."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Dialect,
    Engine,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

from commune_hub.base.ids import new_public_id
from commune_hub.base.sealed import Keyring, KeyStore
from commune_hub.base.settings import Settings

# Away, locked, full; PostgreSQL calls it an internal error when it may only be read.
IN_TROUBLE = (OperationalError, InternalError)


class Base(DeclarativeBase):
    """All tables of the hub; constraints are named, so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept as UTC. A naive one is refused, because nobody could say what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Instant = Annotated[datetime, mapped_column(UtcDateTime())]
Identity = Annotated[int, mapped_column(primary_key=True)]
PublicId = Annotated[str, mapped_column(String(22), unique=True, default=new_public_id)]
Sealed = Annotated[bytes, mapped_column(LargeBinary)]
Code = Annotated[str, mapped_column(String(32))]


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """The constraint that a column holds one of these words, named like the column."""
    values = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} in ({values})", name=column)


@dataclass(frozen=True)
class Store:
    """An open database with the store of personal keys beside it."""

    engine: Engine
    keys: KeyStore

    def open(self, *, write: bool) -> Session:
        """A session: a reading one cannot write at all, a writing one takes SQLite's write lock at once.

        Without the lock at once a read that becomes a write fails as soon as another has written, and ten people
        take the same seat.
        """
        session = Session(self._writing_engine if write else self._reading_engine, expire_on_commit=False)
        session.info["keyring"] = Keyring(self.keys)
        return session

    @cached_property
    def _reading_engine(self) -> Engine:
        return self.engine.execution_options(sqlite_begin="DEFERRED", postgresql_readonly=True)

    @cached_property
    def _writing_engine(self) -> Engine:
        return self.engine.execution_options(sqlite_begin="IMMEDIATE")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that can only read."""
        with self.open(write=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose work is committed at the end, or rolled back when anything fails."""
        with self.open(write=True) as session, session.begin():
            yield session

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()
        self.keys.close()


def open_store(settings: Settings) -> Store:
    """The two databases that the settings name."""
    return Store(make_engine(settings.database_url), KeyStore(make_engine(settings.keys_url), settings.secret_key))


def make_engine(url: str) -> Engine:
    """An engine with the pragmas that the promises need (PROMISES.md 3)."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        # As on SQLite: whoever waits too long for a lock is told so, and does not wait for ever.
        patience = {} if "options" in parsed.query else {"options": "-c lock_timeout=10s"}
        return create_engine(parsed, pool_size=10, max_overflow=10, pool_pre_ping=True, connect_args=patience)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        parsed, pool_size=20, max_overflow=60, connect_args={"timeout": 5, "check_same_thread": False}
    )  # fmt: skip
    event.listen(engine, "connect", _prepare_sqlite)
    turns = _Turns()
    event.listen(engine, "begin", turns.begin)
    event.listen(engine, "checkin", turns.end)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # sqlite3 must not emit a BEGIN of its own: it would come too late, after the first read.
    connection.isolation_level = None
    for pragma in ("journal_mode=wal", "synchronous=full", "secure_delete=on", "busy_timeout=5000", "foreign_keys=on"):
        connection.execute(f"pragma {pragma}")
    # The usual 2 MB do not hold the search's index of a full country; these 16 do.
    connection.execute("pragma cache_size=-16000")


class _Turns:
    """SQLite's writers of one process, one after the other.

    SQLite itself lets them poll with sleeps, and under a rush somebody waits until the time-out (STACK.md: worst wait
    1.8 s against 0.2 s). Other processes still meet at SQLite's own lock.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()

    def begin(self, connection: Any) -> None:
        """Begin as the session asked to: deferred for reading, with the write lock at once for writing."""
        mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
        driver = connection.connection.dbapi_connection
        # A write through a reading session must fail loudly, not once in a while. Only set when it changes: SQLite
        # forgets all its prepared statements at every pragma, and a page would take a third longer.
        if connection.info.get("reads_only") != (mode == "DEFERRED"):
            driver.execute(f"pragma query_only={'on' if mode == 'DEFERRED' else 'off'}")
            connection.info["reads_only"] = mode == "DEFERRED"
        if mode == "DEFERRED":
            # Nothing is locked yet and nothing can fail, so the driver is asked without SQLAlchemy between.
            driver.execute("BEGIN DEFERRED")
            return
        if self._turn.acquire(timeout=10):
            connection.connection.record_info["turn"] = True
        connection.exec_driver_sql(f"BEGIN {mode}")

    def end(self, _connection: Any, record: Any) -> None:
        """The connection is given back: the next one's turn."""
        if record.record_info.pop("turn", False):
            self._turn.release()
