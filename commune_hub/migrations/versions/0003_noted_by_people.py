"""Who noted, finished or wrote something at a meeting is a person: a host has no account."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("attendance", "noted_by_id"),
    ("attendance_change", "by_id"),
    ("roll", "finished_by_id"),
    ("group_message", "by_id"),
)


def upgrade() -> None:
    """Apply."""
    for table, column in _COLUMNS:
        _point(table, column, "account", "person", f"select person_id from account where id = {table}.{column}")


def downgrade() -> None:
    """Take back. What hosts wrote to their people is lost; what they noted is nobody's."""
    op.execute("delete from group_message where by_id not in (select person_id from account)")
    for table, column in reversed(_COLUMNS):
        _point(table, column, "person", "account", f"select id from account where person_id = {table}.{column}")


def _point(table: str, column: str, was: str, becomes: str, found: str) -> None:
    """The column of the table names a row of another table from now on; `found` is the query that turns the values."""
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"fk_{table}_{column}_{was}"), type_="foreignkey")
    op.execute(f"update {table} set {column} = ({found}) where {column} is not null")
    with op.batch_alter_table(table) as batch:
        batch.create_foreign_key(op.f(f"fk_{table}_{column}_{becomes}"), becomes, [column], ["id"])
