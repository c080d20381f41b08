"""What a choice is made from: the examples of the store that have no label, or rows from elsewhere, read a batch at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OptionError, SelectionError
from tacit.examples import content_id
from tacit.files import Batch, read
from tacit.freezing import as_json, freeze, thaw_columns
from tacit.learners import Columns
from tacit.learners.features import length
from tacit.matching import Matching, check_column, match, parsed, pieces
from tacit.progress import Progress, report
from tacit.project import Project
from tacit.scouting import Scout
from tacit.selection import Pick
from tacit.store import Row
from tacit.strata import Division, Roll
from tacit.tasks import Signature, Task
from tacit.voting import votes_of

__all__ = ["Batches", "Candidates", "Chosen", "Given", "Unlabeled", "beside", "checked_count", "fitting", "frozen", "lasting"]


Batches: TypeAlias = Iterator[tuple[list[str], Columns, Sequence[Mapping[str, Any]]]]
"""Batches of ids with their columns, and for each row what is kept beside them."""


@dataclass(frozen=True)
class Chosen:
    """What was chosen.

    Attributes:
        ids: The examples, first to be labeled first.
        scores, probabilities: (n,) float64, as in `Pick`.
        said: What there is to say of how it was chosen, as a sentence goes on.
        groups: The name of each one's group, where there are groups.
    """

    ids: tuple[str, ...]
    scores: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    said: str = ""
    groups: tuple[str, ...] | None = None

    @classmethod
    def of(cls, ids: Sequence[str], pick: Pick, groups: tuple[Sequence[str], NDArray[np.int64]] | None = None) -> Chosen:
        """The examples of a pick; `groups` are names, and the position in them of each row that there was to choose from."""
        if groups is None:
            return cls(tuple(ids), pick.scores, pick.probabilities)
        names, codes = groups
        mine = np.bincount(codes[pick.rows], minlength=len(names))
        there = np.bincount(codes, minlength=len(names)) > 0
        least, most = int(mine[there].min()), int(mine.max())
        many = int(there.sum())
        said = f", of {many:,} group{'s' * (many > 1)}, {f'{least:,} to ' if least < most else ''}{most:,} of each"
        return cls(tuple(ids), pick.scores, pick.probabilities, said, tuple(names[i] for i in codes[pick.rows].tolist()))


class Candidates(Protocol):
    """Where examples can be chosen from."""

    def choose(self, scout: Scout, n: int, seed: int, division: Division | None = None) -> Chosen:
        """Choose `n` of them, as a scout sees them, who is told the groups of a division. Raises what `select` raises."""

    def new(self, ids: Sequence[str]) -> list[Row]:
        """What the store may not have yet of these, in their order."""


@dataclass(frozen=True)
class Unlabeled:
    """The examples of the store without a label, test rows left out."""

    project: Project
    task: Task[..., Any]

    def choose(self, scout: Scout, n: int, seed: int, division: Division | None = None) -> Chosen:
        return _choose(self.task, self.batches(), scout, n, seed, division, votes=self._votes)

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
            yield [e.id for e in kept], thaw_columns(self.task.signature, kept, self.project.store), [e.extra for e in kept]


@dataclass(frozen=True)
class Given:
    """Rows from elsewhere, each once, without those that have a label; rows that do not fit are no candidates.

    They are read twice, once to choose and once for what was chosen, since all of them may not fit in memory; see `lasting`.

    Attributes:
        given: As `lasting` gives them.
        kept: Columns that are kept beside the inputs, also in the store.
    """

    project: Project
    task: Task[..., Any]
    given: Any
    kept: Sequence[str] = ()

    def choose(self, scout: Scout, n: int, seed: int, division: Division | None = None) -> Chosen:
        return _choose(self.task, self.batches(), scout, n, seed, division)

    def new(self, ids: Sequence[str]) -> list[Row]:
        wanted = set(ids)
        rows = {row.id: row for batch, _, _ in self._fitting() for row in batch if row.id in wanted}
        if len(rows) < len(wanted):
            raise SelectionError("the pool changed while it was read", next="select again, once nothing writes to it")
        return [rows[id] for id in ids]

    def batches(self) -> Batches:
        seen = {label.example_id for label in self.project.store.labels(self.task.name)}
        for rows, columns, extras in self._fitting():
            fresh = []
            for i, row in enumerate(rows):
                if row.id not in seen:
                    seen.add(row.id)
                    fresh.append(i)
            inputs = {name: [cells[i] for i in fresh] for name, cells in columns.items()}
            yield [rows[i].id for i in fresh], inputs, [extras[i] for i in fresh]

    def _fitting(self) -> Iterator[tuple[list[Row], Columns, list[dict[str, Any]]]]:
        given = read(self.given)
        matching = match(self.task, given)
        for name in self.kept:
            check_column(given, name, "groups")
        for whole in given.batches(matching.wanted | set(self.kept)):
            for at, columns in fitting(matching, whole):
                extras = beside(whole.columns, self.kept, at)
                yield frozen(self.task.signature, columns, extras), columns, extras


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


def beside(columns: Columns, kept: Sequence[str], rows: Sequence[int]) -> list[dict[str, Any]]:
    """For each of these rows what `add` would keep of some columns."""
    return [{name: as_json(columns[name][i]) for name in kept if name in columns} for i in rows]


def frozen(signature: Signature, columns: Columns, extras: Sequence[Mapping[str, Any]] = ()) -> list[Row]:
    """What the store would hold of some rows that fit, and of what is kept beside their inputs."""
    made = [freeze(signature, {name: cells[i] for name, cells in columns.items()}) for i in range(length(columns))]
    kept = [json.dumps(extra) if any(v is not None for v in extra.values()) else None for extra in extras] or [None] * len(made)
    return [Row(content_id(inputs), inputs, extra=extra, blobs=blobs) for (inputs, blobs), extra in zip(made, kept, strict=True)]


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
    division: Division | None,
    *,
    votes: Callable[[Sequence[str]], NDArray[Any]] | None = None,
) -> Chosen:
    ids: list[str] = []
    roll = None if division is None else Roll(division.of)

    def watched() -> Iterator[Columns]:
        for some, columns, extras in batches:
            ids.extend(some)
            if roll is not None:
                roll.take(some, columns, extras, model=scout.model)
            yield columns
            report(Progress(f"looking at candidates of {task.name}", len(ids)))

    seen = scout.look(watched(), votes=None if votes is None else lambda: votes(ids))
    checked_count(task, n, len(ids))
    groups = None
    if division is not None and roll is not None:
        seen, groups = division.divide(roll, seen)
    pick = scout.strategy.pick(seen, n, seed)
    return Chosen.of([ids[row] for row in pick.rows.tolist()], pick, groups)
