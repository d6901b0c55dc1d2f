"""The hub's line of migrations, and what its own role may do where the tables belong to another one."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine, text

from commune_hub.base.db import Store
from commune_hub.base.migrations import Migrations

_LINE = Migrations(Path(__file__).parent / "migrations", lock=0x636F6D6D)

downgrade = _LINE.downgrade
is_current = _LINE.is_current
revision_of = _LINE.revision_of
newest_revision = _LINE.newest_revision
config = _LINE.config

_GRANTS = (
    "grant usage on schema public to {role}",
    "grant select, insert, update, delete on all tables in schema public to {role}",
    "grant usage, select, update on all sequences in schema public to {role}",
    "revoke insert, update, delete on alembic_version from {role}",
    "revoke update, delete, truncate on access_trace, access_trace_person, trace_month from {role}",
    "grant update (rows, head, signature) on trace_month to {role}",
)


def upgrade(store: Store, owner: Engine | None = None) -> None:
    """Run the migrations that are missing, once, also when several processes start together.

    With `owner` the tables belong to that role of PostgreSQL, and the hub's own gets what it needs: of the traces it
    may add rows and no more (docs/decisions/0009-tracing-and-erasing.md).
    """
    _LINE.upgrade(store if owner is None else replace(store, engine=owner))
    if owner is not None and owner.url.username != store.engine.url.username:
        with owner.begin() as connection:
            role = connection.dialect.identifier_preparer.quote(str(store.engine.url.username))
            for statement in _GRANTS:
                connection.execute(text(statement.format(role=role)))
