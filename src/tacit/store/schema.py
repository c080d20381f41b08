"""The tables of a store, and the revision that the migrations leave them in."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint

__all__ = [
    "REVISION",
    "blobs",
    "examples",
    "feedback",
    "labels",
    "live",
    "metadata",
    "models",
    "predictions",
    "releases",
    "runs",
    "tasks",
    "votes",
]

REVISION = "0002"
"""The newest revision in `tacit.migrations`. It stands here so that opening a store need not import Alembic."""

metadata = MetaData()

tasks = Table(
    "tasks",
    metadata,
    Column("name", String, primary_key=True),
    Column("signature", Text, nullable=False),
    Column("seen_at", Float, nullable=False),
)

# `seq` grows with every insert and is never used twice, so that "everything after seq n" is a stable question.
examples = Table(
    "examples",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("task", String, nullable=False),
    Column("id", String, nullable=False),
    Column("inputs", Text, nullable=False),
    Column("extra", Text),
    Column("split", String),
    UniqueConstraint("task", "id", name="one_example"),
    Index("examples_in_order", "task", "seq"),
    sqlite_autoincrement=True,
)

blobs = Table("blobs", metadata, Column("id", String, primary_key=True), Column("data", LargeBinary, nullable=False))

labels = Table(
    "labels",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("task", String, nullable=False),
    Column("example_id", String, nullable=False),
    Column("value", Text, nullable=False),
    Column("source", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Float, nullable=False),
    Index("labels_in_order", "task", "seq"),
    Index("labels_of_example", "task", "example_id"),
    sqlite_autoincrement=True,
)

# A file that is added twice gives each label once. What a person says is history, and may be said again.
_nobody = labels.c.by == ""
Index(
    "one_label",
    *(labels.c[name] for name in ("task", "example_id", "source", "value")),
    unique=True,
    sqlite_where=_nobody,
    postgresql_where=_nobody,
)

votes = Table(
    "votes",
    metadata,
    Column("task", String, primary_key=True),
    Column("function", String, primary_key=True),
    Column("fingerprint", String, nullable=False),
    Column("upto_seq", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("task", String, nullable=False, index=True),
    Column("at", Float, nullable=False),
    Column("status", String, nullable=False),
    Column("record", Text, nullable=False),
)

models = Table(
    "models",
    metadata,
    Column("id", String, primary_key=True),
    Column("task", String, nullable=False, index=True),
    Column("run", String),
    Column("signature", Text, nullable=False),
    Column("folder", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("at", Float, nullable=False),
)

releases = Table(
    "releases",
    metadata,
    Column("task", String, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("model", String, nullable=False),
    Column("at", Float, nullable=False),
    Column("note", Text, nullable=False),
)

live = Table(
    "live", metadata, Column("task", String, primary_key=True), Column("version", Integer, nullable=False, autoincrement=False)
)

# What was served and what people said of it: both only ever grow.
predictions = Table(
    "predictions",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False),
    Column("task", String, nullable=False),
    Column("release", Integer),
    Column("inputs", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("confidence", Float),
    Column("at", Float, nullable=False),
    UniqueConstraint("id", name="one_prediction"),
    Index("predictions_in_order", "task", "seq"),
    sqlite_autoincrement=True,
)

feedback = Table(
    "feedback",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("prediction", String, nullable=False),
    Column("task", String, nullable=False),
    Column("value", Text, nullable=False),
    Column("at", Float, nullable=False),
    Index("feedback_in_order", "task", "seq"),
    sqlite_autoincrement=True,
)

# What people say of the cues that models lean on: each is judged once, and the newest word counts.
cues = Table(
    "cues",
    metadata,
    Column("task", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("cue", Text, nullable=False),
    Column("label", String, nullable=False),
    Column("verdict", String, nullable=False),
    Column("at", Float, nullable=False),
)
