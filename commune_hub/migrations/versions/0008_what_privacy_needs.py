"""Merged people, runs of the retention, what waits for a human before it is deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "retention_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column("anonymised", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("months_dropped", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    op.create_table(
        "person_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("final_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_person_merge_two_people")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_person_merge_by_id_account")),
        sa.ForeignKeyConstraint(["kept_id"], ["person.id"], name=op.f("fk_person_merge_kept_id_person")),
        sa.ForeignKeyConstraint(["merged_id"], ["person.id"], name=op.f("fk_person_merge_merged_id_person")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["account.id"], name=op.f("fk_person_merge_undone_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_merge_public_id")),
    )
    op.create_index(op.f("ix_person_merge_kept_id"), "person_merge", ["kept_id"])
    op.create_index(op.f("ix_person_merge_merged_id"), "person_merge", ["merged_id"])
    op.create_table(
        "retention_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("decision in ('go', 'later')", name=op.f("ck_retention_case_decision")),
        sa.CheckConstraint(
            "reason in ('contract_running', 'seat_ahead', 'still_helps', 'no_anchor')",
            name=op.f("ck_retention_case_reason"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_retention_case_decided_by_id_account")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_retention_case_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_case")),
        sa.UniqueConstraint("person_id", name=op.f("uq_retention_case_person_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_retention_case_public_id")),
    )


def downgrade() -> None:
    """Take back."""
    for table in ("retention_case", "person_merge", "retention_run"):
        op.drop_table(table)
