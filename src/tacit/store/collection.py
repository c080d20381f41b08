"""Examples, their images and their labels in the store."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from types import EllipsisType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, exists, func, insert, or_, select, update

from tacit.errors import UnknownExample
from tacit.store.database import Database
from tacit.store.records import Counts, Row, StoredExample, StoredLabel, Tally
from tacit.store.schema import blobs, examples, labels
from tacit.store.statements import AT_ONCE, add_blobs, chunks, insert_new

__all__ = ["Collection"]

_EXAMPLE = (examples.c.seq, examples.c.id, examples.c.inputs, examples.c.extra, examples.c.split)


class Collection(Database):
    """What was collected for tasks."""

    def add(self, task: str, rows: Sequence[Row], *, source: str, by: str = "") -> Tally:
        """Store rows in one transaction: all of them or, after an error, none.

        An example that is there already stays as it is, but for an `extra` that it did not have. It keeps the split that it
        came in with, always: what was trained on never becomes a test row. A label of nobody in particular that is there
        already stays as it is, with its time and place.

        Raises:
            StoreUnavailable: The disk is full, or the store locked, read-only or damaged.
        """
        if not rows:
            return Tally(0, 0, 0, 0)
        with self.writing() as connection:
            known = _splits(connection, task, [row.id for row in rows])
            fresh: list[dict[str, Any]] = []
            fill: list[Row] = []
            duplicates = kept = 0
            for row in rows:
                if row.id not in known:
                    known[row.id] = row.split
                    fresh.append({"task": task, "id": row.id, "inputs": row.inputs, "extra": row.extra, "split": row.split})
                else:
                    duplicates += row.label is None
                    kept += row.split is not None and known[row.id] != row.split
                    if row.extra is not None:
                        fill.append(row)
            add_blobs(connection, {i: blob for row in rows for i, blob in row.blobs.items()})
            if fresh:
                connection.execute(insert(examples), fresh)
            for row in fill:
                lacks = (examples.c.task == task, examples.c.id == row.id, examples.c.extra.is_(None))
                connection.execute(update(examples).where(*lacks).values(extra=row.extra))
            said = [
                {"task": task, "example_id": row.id, "value": row.label, "source": source, "by": by, "at": time.time()}
                for row in rows
                if row.label is not None
            ]
            new = connection.execute(insert_new(connection, labels), said).rowcount if said else 0
        return Tally(len(fresh), new, duplicates + len(said) - new, kept)

    def add_label(self, task: str, example_id: str, value_json: str, *, source: str, by: str, at: float | None = None) -> int:
        """Store what one person says of an example; it becomes that person's newest label. Returns its `seq`.

        What the person said before stays as history, the same word too, see `labels`.

        Raises:
            StoreUnavailable: The disk is full, or the store locked, read-only or damaged.
        """
        said = {"task": task, "example_id": example_id, "value": value_json, "source": source, "by": by}
        with self.writing() as connection:
            key = connection.execute(insert(labels).values(**said, at=time.time() if at is None else at)).inserted_primary_key
        return int(key[0]) if key else 0

    def examples(
        self,
        task: str,
        *,
        labeled: bool | None = None,
        split: str | EllipsisType | None = ...,
        ids: Sequence[str] | None = None,
        after: int = 0,
        upto: int | None = None,
        batch: int = 5000,
    ) -> Iterator[list[StoredExample]]:
        """The examples of a task in the order they came, in lists of at most `batch`; never all at once.

        Arguments:
            task: The name of the task.
            labeled: True for those with a label, False for those with none.
            split: "train", "test", None for those in neither, `...` for all.
            ids: Only these, in this order; those that do not exist are left out.
            after, upto: Only those with `after < seq <= upto`.
            batch: The most examples in one list.

        Raises:
            StoreUnavailable: The store cannot be read.
        """
        where = [examples.c.task == task, examples.c.seq > after]
        if upto is not None:
            where.append(examples.c.seq <= upto)
        if split is not ...:
            where.append(examples.c.split.is_(None) if split is None else examples.c.split == split)
        if labeled is not None:
            has_label = exists().where(labels.c.task == task, labels.c.example_id == examples.c.id)
            where.append(has_label if labeled else ~has_label)
        query = select(*_EXAMPLE).where(*where)
        if ids is not None:
            for some in chunks(ids, min(batch, AT_ONCE)):
                found = {e.id: e for e in self._read_examples(query.where(examples.c.id.in_(some)))}
                if found:
                    yield [found[i] for i in some if i in found]
            return
        query = query.order_by(examples.c.seq).limit(batch)
        while page := self._read_examples(query.where(examples.c.seq > after)):
            yield page
            after = page[-1].seq

    def _read_examples(self, query: Select[Any]) -> list[StoredExample]:
        with self.reading() as connection:
            return [_example(*row) for row in connection.execute(query)]

    def find(self, task: str, id_prefix: str) -> StoredExample:
        """The one example whose id starts with `id_prefix`.

        Raises:
            UnknownExample: There is none, or more than one.
        """
        here = examples.c.task == task
        low, high = examples.c.id >= id_prefix, examples.c.id < id_prefix + "g"  # ids are hexadecimal: g is behind f
        found = self._read_examples(select(*_EXAMPLE).where(here, low, high).order_by(examples.c.id).limit(3))
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownExample(
                f"{len(found)}{' or more' if len(found) == 3 else ''} examples of {task} have an id that starts with"
                f' "{id_prefix}"',
                right="write more of it: " + ", ".join(e.id for e in found),
                next=f"tacit label {task}",
            )
        before = select(examples.c.id).where(here, examples.c.id < id_prefix).order_by(examples.c.id.desc()).limit(1)
        behind = select(examples.c.id).where(here, low).order_by(examples.c.id).limit(1)
        with self.reading() as connection:
            around = [str(i) for query in (before, behind) if (i := connection.scalar(query)) is not None]
        near = next((i for i in around if len(id_prefix) >= 4 and i.startswith(id_prefix[:4])), None)
        raise UnknownExample(
            f'no example of {task} has an id that starts with "{id_prefix}"',
            right=f"the nearest is {near}" if near else "an id is 32 hexadecimal digits, of which the first few are enough",
            next=f"tacit label {task}" if around else f"tacit add {task} FILE",
        )

    def labels(self, task: str, *, upto: int | None = None) -> list[StoredLabel]:
        """The labels that count, oldest first.

        Of a person (`by` is not empty) only the newest word on an example counts, and only the newest feedback; the older ones are
        history. Labels of nobody in particular all count: a text with two labels in a file has two.

        Arguments:
            task: The name of the task.
            upto: Answer as if only the labels with `seq <= upto` were there.
        """
        columns = (labels.c.seq, labels.c.example_id, labels.c.value, labels.c.source, labels.c.by, labels.c.at)
        query = select(*columns).where(labels.c.task == task, _counts(upto)).order_by(labels.c.seq)
        with self.reading() as connection:
            rows = connection.execute(query if upto is None else query.where(labels.c.seq <= upto))
            return [StoredLabel(seq, example, json.loads(value), *rest) for seq, example, value, *rest in rows]

    def blobs(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Id -> bytes, of those that exist."""
        found: dict[str, bytes] = {}
        with self.reading() as connection:
            for some in chunks(ids, AT_ONCE):
                found |= {row.id: row.data for row in connection.execute(select(blobs).where(blobs.c.id.in_(some)))}
        return found

    def count(self, task: str) -> Counts:
        """How much a task has, as one snapshot."""
        here, said = examples.c.task == task, labels.c.task == task
        with self.reading() as connection:
            n, last = connection.execute(select(func.count(), func.max(examples.c.seq)).where(here)).one()
            labeled = connection.scalar(select(func.count(labels.c.example_id.distinct())).where(said)) or 0
            last_label = connection.scalar(select(func.max(labels.c.seq)).where(said)) or 0
            by_source = select(labels.c.source, func.count().label("n")).where(said, _counts(None)).group_by(labels.c.source)
            sources = {row.source: row.n for row in connection.execute(by_source.order_by(labels.c.source))}
        return Counts(n, labeled, n - labeled, sources, last or 0, last_label)

    def relabel(self, task: str, old_value_json: str, new_value_json: str) -> int:
        """Write one value of a task's labels differently, as after renaming a class. Returns how many labels changed.

        Where an example has both from nobody in particular, the newer of the two labels stays.
        """
        both = (old_value_json, new_value_json)
        newer = labels.alias("newer")
        same = [newer.c[name] == labels.c[name] for name in ("task", "example_id", "source", "by")]
        with self.writing() as connection:
            replaced = exists().where(*same, newer.c.value.in_(both), newer.c.seq > labels.c.seq)
            nobody = (labels.c.task == task, labels.c.by == "", labels.c.value.in_(both))
            connection.execute(delete(labels).where(*nobody, replaced))
            old = (labels.c.task == task, labels.c.value == old_value_json)
            return connection.execute(update(labels).where(*old).values(value=new_value_json)).rowcount


def _example(seq: int, id: str, inputs: str, extra: str | None, split: str | None) -> StoredExample:
    return StoredExample(seq, id, json.loads(inputs), json.loads(extra) if extra else {}, split)


def _counts(upto: int | None) -> ColumnElement[bool]:
    """The condition that a label is not a word its person took back."""
    newer = labels.alias("newer")
    same = [newer.c[name] == labels.c[name] for name in ("task", "example_id", "by")]
    # Whoever gives feedback may say any name: that must not take back what somebody of that name said who labels.
    same.append((newer.c.source == "feedback") == (labels.c.source == "feedback"))
    later = [newer.c.seq > labels.c.seq, *([] if upto is None else [newer.c.seq <= upto])]
    return or_(labels.c.by == "", ~exists().where(*same, *later))


def _splits(connection: Connection, task: str, ids: Sequence[str]) -> dict[str, str | None]:
    """Those of `ids` that the task has already, with their splits."""
    found: dict[str, str | None] = {}
    for some in chunks(ids, AT_ONCE):
        rows = connection.execute(select(examples.c.id, examples.c.split).where(examples.c.task == task, examples.c.id.in_(some)))
        found |= {row.id: row.split for row in rows}
    return found
