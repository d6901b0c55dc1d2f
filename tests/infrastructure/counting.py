"""How many questions a page asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from commune_hub.base.db import Store


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The statements sent to the main database while the `with` lasts."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        # The first look of a month opens its chain; that is no question of the page.
        if not statement.startswith("INSERT INTO trace_month"):
            asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
