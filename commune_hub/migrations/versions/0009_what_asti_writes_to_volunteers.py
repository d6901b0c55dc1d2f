"""What ASTI writes to volunteers."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "volunteer_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_volunteer_letter_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_letter")),
        sa.UniqueConstraint("public_id", name=op.f("uq_volunteer_letter_public_id")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("volunteer_letter")
