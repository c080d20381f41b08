"""What a choice is made from: the examples of the store that have no label, or rows from elsewhere, read a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OptionError, SelectionError
from tacit.examples import content_id
from tacit.files import Batch, read
from tacit.freezing import freeze, thaw_columns
from tacit.learners import Columns
from tacit.learners.features import length
from tacit.matching import Matching, match, parsed, pieces
from tacit.progress import Progress, report
from tacit.project import Project
from tacit.scouting import Scout
from tacit.selection import Pick
from tacit.store import Row
from tacit.tasks import Signature, Task
from tacit.voting import votes_of

__all__ = ["Batches", "Candidates", "Chosen", "Given", "Unlabeled", "checked_count", "fitting", "frozen", "lasting"]


Batches: TypeAlias = Iterator[tuple[list[str], Columns]]
"""Batches of ids with their columns."""


@dataclass(frozen=True)
class Chosen:
    """What was chosen.

    Attributes:
        ids: The examples, first to be labeled first.
        scores, probabilities: (n,) float64, as in `Pick`.
        said: What there is to say of how it was chosen, as a sentence goes on.
    """

    ids: tuple[str, ...]
    scores: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    said: str = ""

    @classmethod
    def of(cls, ids: Sequence[str], pick: Pick, said: str = "") -> Chosen:
        """The examples at the rows of a pick, of all of them."""
        return cls(tuple(ids[row] for row in pick.rows.tolist()), pick.scores, pick.probabilities, said)


class Candidates(Protocol):
    """Where examples can be chosen from."""

    def choose(self, scout: Scout, n: int, seed: int) -> Chosen:
        """Choose `n` of them, as a scout sees them. Raises what `select` raises."""

    def new(self, ids: Sequence[str]) -> list[Row]:
        """What the store may not have yet of these, in their order."""


@dataclass(frozen=True)
class Unlabeled:
    """The examples of the store without a label, test rows left out."""

    project: Project
    task: Task[..., Any]

    def choose(self, scout: Scout, n: int, seed: int) -> Chosen:
        return _choose(self.task, self.batches(), scout, n, seed, votes=self._votes)

    def new(self, ids: Sequence[str]) -> list[Row]:
        return []

    def _votes(self, ids: Sequence[str]) -> NDArray[Any]:
        """(n, n_functions) what the labeling functions say of these."""
        said = votes_of(self.project, self.task)
        place = {example: i for i, example in enumerate(said.examples)}
        return np.asarray(said.matrix[[place[id] for id in ids]])

    def batches(self) -> Batches:
        for batch in self.project.store.examples(self.task.name, labeled=False):
            kept = [e for e in batch if e.split != "test"]
            yield [e.id for e in kept], thaw_columns(self.task.signature, kept, self.project.store)


@dataclass(frozen=True)
class Given:
    """Rows from elsewhere, each once, without those that have a label; rows that do not fit are no candidates.

    They are read twice, once to choose and once for what was chosen, since all of them may not fit in memory; see `lasting`.
    """

    project: Project
    task: Task[..., Any]
    given: Any

    def choose(self, scout: Scout, n: int, seed: int) -> Chosen:
        return _choose(self.task, self.batches(), scout, n, seed)

    def new(self, ids: Sequence[str]) -> list[Row]:
        wanted = set(ids)
        rows = {row.id: row for batch, _ in self._fitting() for row in batch if row.id in wanted}
        if len(rows) < len(wanted):
            raise SelectionError("the pool changed while it was read", next="select again, once nothing writes to it")
        return [rows[id] for id in ids]

    def batches(self) -> Batches:
        seen = {label.example_id for label in self.project.store.labels(self.task.name)}
        for rows, columns in self._fitting():
            fresh = []
            for i, row in enumerate(rows):
                if row.id not in seen:
                    seen.add(row.id)
                    fresh.append(i)
            yield [rows[i].id for i in fresh], {name: [cells[i] for i in fresh] for name, cells in columns.items()}

    def _fitting(self) -> Iterator[tuple[list[Row], Columns]]:
        given = read(self.given)
        matching = match(self.task, given)
        for whole in given.batches(matching.wanted):
            for _, columns in fitting(matching, whole):
                yield frozen(self.task.signature, columns), columns


def lasting(rows: Any) -> Any:
    """Rows as they can be read twice."""
    if hasattr(rows, "read_all"):
        return rows.read_all()  # an Arrow reader
    return list(rows) if isinstance(rows, Iterator) else rows


def fitting(matching: Matching, whole: Batch) -> Iterator[tuple[list[int], Columns]]:
    """The rows of a batch that fit a task, in pieces: their positions in the batch, and their columns."""
    first = 0
    for batch in pieces(matching, whole):
        fit = parsed(matching, batch)
        kept = [i for i in range(len(batch.numbers)) if i not in fit.problems]
        yield [first + i for i in kept], {name: [cells[i] for i in kept] for name, cells in fit.columns.items()}
        first += len(batch.numbers)


def frozen(signature: Signature, columns: Columns) -> list[Row]:
    """What the store would hold of some rows that fit."""
    made = [freeze(signature, {name: cells[i] for name, cells in columns.items()}) for i in range(length(columns))]
    return [Row(content_id(inputs), inputs, blobs=blobs) for inputs, blobs in made]


def checked_count(task: Task[..., Any], n: int, there: int) -> None:
    """Raise unless `n` of so many candidates can be chosen.

    Raises:
        OptionError: n is less than 1.
        SelectionError: There are fewer.
    """
    if n < 1:
        raise OptionError(f"{n} examples cannot be chosen", right="choose 1 or more", next=f"tacit select {task.name} 10")
    if n > there:
        raise SelectionError(
            f"{n:,} cannot be chosen from the {there:,} unlabeled examples of {task.name}",
            right=f"choose 1 to {there:,}" if there else "there is nothing to choose from",
            next=f"tacit select {task.name} {there}" if there else f"tacit add {task.name} FILE",
        )


def _choose(
    task: Task[..., Any],
    batches: Batches,
    scout: Scout,
    n: int,
    seed: int,
    *,
    votes: Callable[[Sequence[str]], NDArray[Any]] | None = None,
) -> Chosen:
    ids: list[str] = []

    def watched() -> Iterator[Columns]:
        for some, columns in batches:
            ids.extend(some)
            yield columns
            report(Progress(f"looking at candidates of {task.name}", len(ids)))

    seen = scout.look(watched(), votes=None if votes is None else lambda: votes(ids))
    checked_count(task, n, len(ids))
    return Chosen.of(ids, scout.strategy.pick(seen, n, seed))
