"""People say that they come."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("signup", sa.Column("says_comes_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take back; not in a batch, which would drop a table that others point at."""
    op.drop_column("signup", "says_comes_at")
