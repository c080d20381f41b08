"""The database of a project: examples, labels, votes, runs, models, releases and what was served, under `.tacit/`.

It holds JSON and bytes, and knows nothing of kinds: `tacit.freezing` is between the two.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update

from tacit.errors import TaskNameError
from tacit.store.archive import Archive
from tacit.store.collection import Collection
from tacit.store.journal import Journal, is_unnamed
from tacit.store.records import (
    Correction,
    Counts,
    Released,
    Row,
    Served,
    StoredCue,
    StoredExample,
    StoredFeedback,
    StoredLabel,
    StoredModel,
    StoredPrediction,
    StoredRelease,
    StoredRun,
    StoredVotes,
    Tally,
)
from tacit.store.schema import metadata, tasks

__all__ = [
    "Correction",
    "Counts",
    "Released",
    "Row",
    "Served",
    "Store",
    "StoredCue",
    "StoredExample",
    "StoredFeedback",
    "StoredLabel",
    "StoredModel",
    "StoredPrediction",
    "StoredRelease",
    "StoredRun",
    "StoredVotes",
    "Tally",
    "is_unnamed",
]


class Store(Collection, Archive, Journal):
    """All of a project's data, safe to use from several threads and processes at once.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder, Store.open(folder) as store:
        ...     store.add("sentiment", [Row("ab12", '{"review":"Loved it"}', label='"positive"')], source="import")
        Tally(examples=1, labels=1, duplicates=0, kept=0)
    """

    def remember(self, task: str, signature: Mapping[str, Any]) -> None:
        """Keep the signature of a task, in place of the one it had."""
        values = {"name": task, "signature": json.dumps(signature), "seen_at": time.time()}
        with self.writing() as connection:
            connection.execute(delete(tasks).where(tasks.c.name == task))
            connection.execute(insert(tasks).values(values))

    def signatures(self) -> dict[str, dict[str, Any]]:
        """Name -> signature of every task that was seen, by name."""
        with self.reading() as connection:
            rows = connection.execute(select(tasks.c.name, tasks.c.signature).order_by(tasks.c.name))
            return {name: json.loads(signature) for name, signature in rows}

    def rename(self, old: str, new: str) -> None:
        """Give everything of the task `old` to the task `new`, at once.

        Raises:
            TaskNameError: `new` has something of its own already.
        """
        owners = [table.c.task for table in metadata.sorted_tables if "task" in table.c]
        with self.writing() as connection:
            for owner in owners:
                if connection.execute(select(owner).where(owner == new).limit(1)).first() is not None:
                    raise TaskNameError(
                        f"{old} cannot be renamed to {new}, which has {owner.table.name} already",
                        next=f"choose a name that no task has, such as {new}_2",
                    )
            connection.execute(delete(tasks).where(tasks.c.name == new))
            connection.execute(update(tasks).where(tasks.c.name == old).values(name=new))
            for owner in owners:
                connection.execute(update(owner.table).where(owner == old).values(task=new))
