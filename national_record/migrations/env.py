"""Runs migrations on the connection that national_record.upgrade has opened."""

from typing import Any, Literal

from alembic import context

from commune_hub.base.db import UtcDateTime
from national_record.access_models import RecordBase


def _render(kind: str, item: Any, _context: object) -> str | Literal[False]:
    # A migration stands for itself: it does not import types that may change later.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=RecordBase.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
