"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tasks",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("signature", sa.Text, nullable=False),
        sa.Column("seen_at", sa.Float, nullable=False),
    )
    op.create_table(
        "examples",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("task", sa.String, nullable=False),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("inputs", sa.Text, nullable=False),
        sa.Column("extra", sa.Text),
        sa.Column("split", sa.String),
        sa.UniqueConstraint("task", "id", name="one_example"),
        sqlite_autoincrement=True,
    )
    op.create_index("examples_in_order", "examples", ["task", "seq"])
    op.create_table("blobs", sa.Column("id", sa.String, primary_key=True), sa.Column("data", sa.LargeBinary, nullable=False))
    op.create_table(
        "labels",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("task", sa.String, nullable=False),
        sa.Column("example_id", sa.String, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("labels_in_order", "labels", ["task", "seq"])
    op.create_index("labels_of_example", "labels", ["task", "example_id"])
    # What people say is history; labels of nobody in particular, from files, are there once.
    nobody = sa.column("by") == ""
    columns = ["task", "example_id", "source", "value"]
    op.create_index("one_label", "labels", columns, unique=True, sqlite_where=nobody, postgresql_where=nobody)
    op.create_table(
        "votes",
        sa.Column("task", sa.String, primary_key=True),
        sa.Column("function", sa.String, primary_key=True),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("upto_seq", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("task", sa.String, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_index("ix_runs_task", "runs", ["task"])
    op.create_table(
        "models",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("task", sa.String, nullable=False),
        sa.Column("run", sa.String),
        sa.Column("signature", sa.Text, nullable=False),
        sa.Column("folder", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("ix_models_task", "models", ["task"])
    op.create_table(
        "releases",
        sa.Column("task", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table("live", sa.Column("task", sa.String, primary_key=True), sa.Column("version", sa.Integer, nullable=False))

    op.create_table(
        "predictions",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("task", sa.String, nullable=False),
        sa.Column("release", sa.Integer),
        sa.Column("inputs", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float),
        sa.Column("at", sa.Float, nullable=False),
        sa.UniqueConstraint("id", name="one_prediction"),
        sqlite_autoincrement=True,
    )
    op.create_index("predictions_in_order", "predictions", ["task", "seq"])
    op.create_table(
        "feedback",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("prediction", sa.String, nullable=False),
        sa.Column("task", sa.String, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("feedback_in_order", "feedback", ["task", "seq"])


def downgrade() -> None:
    for table in (
        "feedback",
        "predictions",
        "live",
        "releases",
        "models",
        "runs",
        "votes",
        "labels",
        "blobs",
        "examples",
        "tasks",
    ):
        op.drop_table(table)
