"""Who looked at whose data: rows in a chain, which on PostgreSQL can be added and no more."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# A month whose time is over is dropped by the owner of the tables, who names it first (privacy/traces_over.py).
_STAYS = """
create function access_trace_stays() returns trigger language plpgsql as $$
declare
    named text := current_setting('commune_hub.drop_month', true);
    owner name := (select tableowner from pg_tables where schemaname = tg_table_schema and tablename = tg_table_name);
    its_month text;
begin
    if tg_op = 'DELETE' and current_user = owner then
        if tg_table_name = 'access_trace' then
            its_month := old.month;
        else
            select month into its_month from access_trace where id = old.trace_id;
        end if;
        if its_month = named then
            return old;
        end if;
    end if;
    raise exception '% of % is not allowed: traces stay as they were written', tg_op, tg_table_name;
end $$
"""
_GROWS = """
create function trace_month_grows() returns trigger language plpgsql as $$
declare
    named text := current_setting('commune_hub.drop_month', true);
    owner name := (select tableowner from pg_tables where schemaname = tg_table_schema and tablename = tg_table_name);
begin
    if tg_op = 'UPDATE' and new.month = old.month and new.previous = old.previous then
        if new.dropped_at is null and old.dropped_at is null and new.rows > old.rows then
            return new;
        end if;
        if new.month = named and current_user = owner and new.rows = old.rows and new.head = old.head then
            return new;
        end if;
    end if;
    raise exception '% of % is not allowed: the head of a chain only grows', tg_op, tg_table_name;
end $$
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "trace_month",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_trace_month")),
    )
    op.create_table(
        "access_trace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("thing", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("result", sa.String(length=32), nullable=False),
        sa.Column("motive_owner", sa.String(length=22), nullable=False),
        sa.Column("motive_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("channel in ('page', 'file', 'api', 'command')", name=op.f("ck_access_trace_channel")),
        sa.CheckConstraint("result in ('announced', 'shown', 'refused')", name=op.f("ck_access_trace_result")),
        sa.ForeignKeyConstraint(["agent_id"], ["account.id"], name=op.f("fk_access_trace_agent_id_account")),
        sa.ForeignKeyConstraint(["month"], ["trace_month.month"], name=op.f("fk_access_trace_month_trace_month")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_access_trace_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_trace")),
        sa.UniqueConstraint("month", "number", name=op.f("uq_access_trace_month_number")),
    )
    op.create_index("ix_access_trace_agent", "access_trace", ["agent_id", "at"])
    op.create_index(op.f("ix_access_trace_at"), "access_trace", ["at"])
    op.create_table(
        "access_trace_person",
        sa.Column("trace_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["trace_id"], ["access_trace.id"], name=op.f("fk_access_trace_person_trace_id_access_trace")
        ),
        sa.PrimaryKeyConstraint("trace_id", "person", name=op.f("pk_access_trace_person")),
    )
    op.create_index("ix_access_trace_person_who", "access_trace_person", ["person", "trace_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_STAYS)
        op.execute(_GROWS)
        for table, function in _GUARDED.items():
            op.execute(
                f"create trigger {table}_rows before update or delete on {table}"
                f" for each row execute function {function}()"
            )
            op.execute(
                f"create trigger {table}_all before truncate on {table}"
                f" for each statement execute function {function}()"
            )


_GUARDED = {
    "access_trace": "access_trace_stays",
    "access_trace_person": "access_trace_stays",
    "trace_month": "trace_month_grows",
}


def downgrade() -> None:
    """Take back."""
    for table in ("access_trace_person", "access_trace", "trace_month"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for function in ("access_trace_stays", "trace_month_grows"):
            op.execute(f"drop function {function}()")
