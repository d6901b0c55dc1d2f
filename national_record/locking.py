"""One row that everybody who counts on has to wait for."""

from typing import TypeVar

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from national_record.models import RecordBase

Row = TypeVar("Row", bound=RecordBase)


def locked(session: Session, table: type[Row], key: str | int, **fresh: object) -> Row:
    """The row with this primary key, locked until the transaction ends; of two that find none, one makes it."""
    found = session.get(table, key, with_for_update=True, populate_existing=True)
    if found is None:
        make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        [name] = table.__mapper__.primary_key
        session.execute(make(table).values({name.name: key, **fresh}).on_conflict_do_nothing())
        found = session.get_one(table, key, with_for_update=True, populate_existing=True)
    return found
