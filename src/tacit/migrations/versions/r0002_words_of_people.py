"""What people say is history: only labels of nobody in particular are there once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("labels", table_kwargs={"sqlite_autoincrement": True}) as labels:
        labels.drop_constraint("one_label", type_="unique")
    op.create_index("labels_of_example", "labels", ["task", "example_id"])
    nobody = sa.column("by") == ""
    columns = ["task", "example_id", "source", "value"]
    op.create_index("one_label", "labels", columns, unique=True, sqlite_where=nobody, postgresql_where=nobody)


def downgrade() -> None:
    op.drop_index("one_label", "labels")
    op.drop_index("labels_of_example", "labels")
    # Of equal words of one person the newest is kept: the older tables have room for one.
    op.execute(
        "DELETE FROM labels WHERE EXISTS (SELECT 1 FROM labels AS newer WHERE newer.task = labels.task"
        " AND newer.example_id = labels.example_id AND newer.source = labels.source AND newer.by = labels.by"
        " AND newer.value = labels.value AND newer.seq > labels.seq)"
    )
    with op.batch_alter_table("labels", table_kwargs={"sqlite_autoincrement": True}) as labels:
        labels.create_unique_constraint("one_label", ["task", "example_id", "source", "by", "value"])
