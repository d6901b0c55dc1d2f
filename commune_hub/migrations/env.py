"""Runs migrations on the connection that commune_hub.upgrade has opened."""

from alembic import context

from commune_hub.models import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
with context.begin_transaction():
    context.run_migrations()
