"""What people say of the cues that models lean on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cues",
        sa.Column("task", sa.String, primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("cue", sa.Text, nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("verdict", sa.String, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("cues")
