"""Every table that names a person says what it is for a person."""

from commune_hub.base.db import Base
from commune_hub.models import metadata
from commune_hub.privacy import registry
from commune_hub.privacy.registry import BY_MODEL, BY_NAME, DONE_BY, SHARED, TABLES, Left
from commune_hub.speech.privacy import KEPT

NAMED = {one.model.__table__.name for one in TABLES} | {one.__table__.name for one in SHARED} | BY_NAME


def test_every_table_with_a_person_says_what_it_is() -> None:
    unsaid = [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "person"
        if table.name not in NAMED and f"{table.name}.{column.name}" not in DONE_BY
    ]

    assert unsaid == [], "say in privacy/registry.py what the table is for a person, or who did something (DONE_BY)"


def test_every_table_that_hangs_on_a_persons_row_says_so_too() -> None:
    """Its rows would keep the person's from being deleted, or outlive it."""
    personal = {one.model.__table__.name for one in TABLES}
    unsaid = [
        f"{table.name} → {key.column.table.name}"
        for table in metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in personal and table.name not in NAMED
    ]

    assert unsaid == []


def test_sealed_columns_of_what_is_left_are_emptied() -> None:
    kept = [
        f"{one.model.__table__.name}.{column.name}"
        for one in TABLES
        if one.left is not Left.NOTHING
        for column in one.model.__table__.columns
        if column.name.endswith(("_sealed", "_hash")) and column.name not in one.emptied
    ]

    assert kept == []


def test_what_is_in_the_export_has_its_words() -> None:
    assert {one.model.__tablename__ for one in TABLES if one.told} | {"person"} == set(KEPT)


def test_what_is_named_is_there() -> None:
    for one in TABLES:
        columns = one.model.__table__.columns
        assert {one.by, *one.emptied, *one.renewed, *one.active, *one.ended} <= set(columns.keys()), one.model
        assert one.of is None or one.of in BY_MODEL
    assert {name for name in DONE_BY if name.split(".")[0] not in Base.metadata.tables} == set()
    order = [one.model for one in registry.children_first()]
    assert all(one.of is None or order.index(one.model) < order.index(one.of) for one in TABLES)
