"""The record's own line of migrations: one head, equal to the models, up and down on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from commune_hub.base.db import Store
from national_record import upgrade
from national_record.access_models import RecordBase


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(upgrade.config()).get_heads()) == 1


def test_models_equal_migrations(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})

        assert compare_metadata(context, RecordBase.metadata) == []


def test_down_and_up_again(store: Store) -> None:
    upgrade.downgrade(store, "base")
    left = set(inspect(store.engine).get_table_names())
    upgrade.upgrade(store)

    assert left == {"alembic_version"}
    assert upgrade.is_current(store)
