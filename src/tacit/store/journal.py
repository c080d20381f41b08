"""What happened while a task was served: predictions, and what people said of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from tacit.store.database import Database
from tacit.store.records import Correction, Served, StoredFeedback, StoredPrediction
from tacit.store.schema import examples, feedback, labels, predictions
from tacit.store.statements import AT_ONCE, add_blobs, chunks, insert_new

__all__ = ["Journal", "is_unnamed", "unnamed"]

# Built once: they are run for every request.
_LOG = insert(predictions)
_SAID = insert(labels)


_UNNAMED = "prediction "


def unnamed(prediction: str) -> str:
    """Who said something of a prediction, where nobody knows: one word on each prediction counts."""
    return _UNNAMED + prediction


def is_unnamed(by: str) -> bool:
    """Whether it is nobody's name, but of `unnamed`."""
    return by.startswith(_UNNAMED) and len(by) == len(_UNNAMED) + 32


class Journal(Database):
    """The log of a project's answers. Entries are only ever appended."""

    def append(self, entries: Sequence[Served | Correction]) -> None:
        """Log predictions and corrections of earlier ones, in one transaction. They survive a kill once this returns.

        A correction is an event, and a label of the example that the prediction was about, which is stored if it is new.
        Labels of one prediction supersede each other; those of several predictions of one example all count.

        Raises:
            StoreUnavailable: The disk is full, or the store locked, read-only or damaged.
        """
        served = [e for e in entries if isinstance(e, Served)]
        corrections = [e for e in entries if isinstance(e, Correction)]
        with self.writing() as connection:
            if blobs := {i: blob for entry in served for i, blob in entry.blobs.items()}:
                add_blobs(connection, blobs)
            if served:
                connection.execute(_LOG, [_logged(entry) for entry in served])
            if corrections:
                _correct(connection, corrections)

    def prediction(self, id: str) -> StoredPrediction | None:
        """The logged prediction with this id."""
        return self.predictions_named([id]).get(id)

    def predictions_named(self, ids: Iterable[str]) -> dict[str, StoredPrediction]:
        """Id -> logged prediction, of those that exist."""
        found: dict[str, StoredPrediction] = {}
        with self.reading() as connection:
            for some in chunks(ids, AT_ONCE):
                rows = connection.execute(select(predictions).where(predictions.c.id.in_(some)))
                found |= {row.id: _prediction(*row) for row in rows}
        return found

    def predictions(self, task: str, *, after: int = 0, batch: int = 5000) -> Iterator[list[StoredPrediction]]:
        """The logged predictions of a task with `seq > after`, oldest first, in lists of at most `batch`."""
        query = select(predictions).where(predictions.c.task == task).order_by(predictions.c.seq).limit(batch)
        while True:
            with self.reading() as connection:
                page = [_prediction(*row) for row in connection.execute(query.where(predictions.c.seq > after))]
            if not page:
                return
            yield page
            after = page[-1].seq

    def nearest_prediction(self, task: str, id: str) -> str | None:
        """The logged prediction of a task whose id begins as `id` does, in 4 characters at least."""
        start = id[:4]
        if len(start) < 4:
            return None
        like = (predictions.c.task == task, predictions.c.id >= start, predictions.c.id < start + "g")
        with self.reading() as connection:
            found: str | None = connection.scalar(select(predictions.c.id).where(*like).order_by(predictions.c.id).limit(1))
        return found

    def feedbacks(self, task: str, *, after: int = 0, batch: int = 5000) -> Iterator[list[StoredFeedback]]:
        """The feedback events of a task with `seq > after`, oldest first, in lists of at most `batch`."""
        columns = (feedback.c.seq, feedback.c.prediction, predictions.c.inputs, feedback.c.value, feedback.c.at)
        joined = select(*columns).join(predictions, predictions.c.id == feedback.c.prediction)
        query = joined.where(feedback.c.task == task).order_by(feedback.c.seq).limit(batch)
        while True:
            with self.reading() as connection:
                page = [_feedback(*row) for row in connection.execute(query.where(feedback.c.seq > after))]
            if not page:
                return
            yield page
            after = page[-1].seq


def _logged(entry: Served) -> dict[str, Any]:
    return {
        "id": entry.id,
        "task": entry.task,
        "release": entry.release,
        "inputs": entry.inputs,
        "value": entry.value,
        "confidence": entry.confidence,
        "at": entry.at,
    }


def _correct(connection: Connection, corrections: Sequence[Correction]) -> None:
    new = [{"task": c.task, "id": c.example, "inputs": c.inputs, "extra": None, "split": None} for c in corrections]
    connection.execute(insert_new(connection, examples), new)
    events = [{"prediction": c.prediction, "task": c.task, "value": c.value, "at": c.at} for c in corrections]
    connection.execute(insert(feedback), events)
    # Only the last word on a prediction needs to become a label.
    for c in {c.prediction: c for c in corrections}.values():
        said = {
            "task": c.task,
            "example_id": c.example,
            "value": c.value,
            "source": "feedback",
            "by": c.by or unnamed(c.prediction),
        }
        connection.execute(_SAID, {**said, "at": c.at})


def _prediction(
    seq: int, id: str, task: str, release: int | None, inputs: str, value: str, confidence: float | None, at: float
) -> StoredPrediction:
    return StoredPrediction(seq, id, task, release, inputs, json.loads(value), confidence, at)


def _feedback(seq: int, prediction: str, inputs: str, value: str, at: float) -> StoredFeedback:
    return StoredFeedback(seq, prediction, json.loads(inputs), json.loads(value), at)
