"""One line of migrations, and at its end exactly the tables that the models describe."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from commune_hub.base.db import Store
from commune_hub.models import metadata
from commune_hub.upgrade import config
from tests.house.source import modules


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(config()).get_heads()) == 1


def test_models_equal_migrations(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_all_models_are_known_to_the_migrations() -> None:
    with_models = {module.name for module in modules() if module.role == "models" and module.room != "models"}
    known = next(module for module in modules() if module.where == "models.py")

    assert with_models - known.imports == set()
