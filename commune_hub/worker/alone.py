"""On SQLite one worker: a lock beside the database, which the system takes back when the process ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from commune_hub.base.db import Store


class AnotherWorker(Exception):
    """A worker is running on this SQLite database already."""


@contextmanager
def alone_on_sqlite(store: Store) -> Iterator[bool]:
    """Whether nobody else can be working here: on SQLite always (else AnotherWorker is raised), on PostgreSQL never."""
    if store.engine.dialect.name != "sqlite":
        yield False
        return
    with open(f"{store.engine.url.database}.worker", "w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherWorker from None
        yield True
