"""The store's examples and labels -> the arrays that learners take."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.asking import members
from tacit.bounds import bounds_of
from tacit.errors import TooFewLabels
from tacit.examples import Example
from tacit.freezing import thaw_columns, thaw_inputs
from tacit.gold import Annotator, gold
from tacit.ladder import Mix, Strata, weights
from tacit.learners import Data
from tacit.project import Project
from tacit.splits import Bounds
from tacit.tasks import Task
from tacit.types import Category
from tacit.voting import Votes, votes_of

__all__ = ["Dataset", "examples_of", "slices_of", "training_set"]

_FEW = 20
"""Under so many labels a score on them alone says less than agreement with the votes."""


@dataclasses.dataclass(frozen=True)
class Dataset:
    """Rows to learn from.

    Attributes:
        data: Columns, targets and weights.
        ids: The example of each row.
        is_gold: (n,) bool, whether the row was labeled by somebody; the others have votes of labeling functions.
        sureness: (n,) float64, 0 to 1, how sure the votes are of a row that nobody labeled; 1 for the others.
        is_sure: (n,) bool, whether those who labeled it are trusted enough for it to be scored on.
        annotators: Who labeled.
        votes: What the labeling functions said, where there are some.
        bounds: What no split may cut through, where that was asked.
        strata: Groups of rows of which the worst is to be scored, where that was asked.
    """

    data: Data
    ids: tuple[str, ...]
    is_gold: NDArray[np.bool_]
    sureness: NDArray[np.float64]
    is_sure: NDArray[np.bool_]
    annotators: tuple[Annotator, ...]
    votes: Votes | None
    bounds: Bounds | None = None
    strata: Strata | None = None

    @functools.cached_property
    def digest(self) -> str:
        """A hash of the examples, their targets and weights, in their order: 32 hexadecimal digits."""
        digest = hashlib.blake2b("\n".join(self.ids).encode(), digest_size=16)
        for array in (self.data.target, self.data.weight):
            digest.update(np.ascontiguousarray(array, np.float64).tobytes())
        return digest.hexdigest()

    @functools.cached_property
    def scored(self) -> NDArray[np.bool_] | None:
        """(n,) bool, which rows may be scored on: those that people labeled who are trusted, unless they are too few. None is all."""
        gold = self.is_sure
        if gold.all() or not gold.any():
            return None
        one_class = isinstance(self.data.output, Category) and len(np.unique(self.data.target[gold].argmax(1))) < 2
        return None if gold.sum() < _FEW or one_class else gold

    def voted(self, hidden: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What the votes say of each row, (n, k) or (n,), and how sure they are, (n,), if labels of some rows, (n,) bool, are not known."""
        assert self.votes is not None
        place = {example: i for i, example in enumerate(self.votes.examples)}
        rows = np.array([place[i] for i in self.ids])
        there = np.zeros(len(place), dtype=np.bool_)
        there[rows[hidden]] = True
        target, sure = self.votes.verdict.learned(there)
        return target[rows], sure[rows]

    def mixed(self, mix: Mix) -> Dataset:
        """The rows with the weights of a mix of labels and votes; rows that it leaves out are gone."""
        if self.is_gold.all():
            return self
        target, sure = self.data.target, self.sureness
        if mix.name == "votes":  # what they say by themselves, as it was compared
            said, told = self.voted(self.is_gold)
            target = np.where(self.is_gold.reshape(-1, *[1] * (target.ndim - 1)), target, said)
            sure = np.where(self.is_gold, 1.0, told)
        weight = self.data.weight * weights(mix, self.is_gold, sure)
        rows = dataclasses.replace(self, data=dataclasses.replace(self.data, target=target, weight=weight))
        return rows if mix.vote else rows.take(np.flatnonzero(self.is_gold))

    def take(self, rows: NDArray[np.intp]) -> Dataset:
        """Some of the rows."""
        bounds = None if self.bounds is None else self.bounds.take(rows)
        ids = tuple(self.ids[i] for i in rows)
        return Dataset(
            self.data.take(rows),
            ids,
            self.is_gold[rows],
            self.sureness[rows],
            self.is_sure[rows],
            self.annotators,
            self.votes,
            bounds,
            None if self.strata is None else self.strata.take(rows),
        )


def training_set(
    project: Project,
    task: Task[..., Any],
    *,
    only: Sequence[str] | None = None,
    weights: Sequence[float] | None = None,
    upto: int | None = None,
    last: int | None = None,
    groups: str | None = None,
    time: str | None = None,
    deadline: float | None = None,
) -> Dataset:
    """Everything that may be learned from: labeled examples, and unlabeled ones that a labeling function voted on.

    Test rows are left out. A label that somebody gave overrules the votes.

    Arguments:
        only: Learn from these examples alone, weighted by `weights`.
        upto: Only labels given until then, as the store numbers them.
        last: Only examples added until then, as the store numbers them.
        groups, time: The columns that name the group and the time of an example, for the bounds.
        deadline: When to stop asking labeling functions, as `time.monotonic` tells it.

    Raises:
        TooFewLabels: There is nothing to learn from.
        OutsideType: A label is not of the return type.
        ColumnError: The examples do not fit the task's parameters (any more).
        OptionError: There is no column of groups or of time as named.
    """
    people = gold(project, task, upto=upto)
    given = dict(zip(people.ids, people.target, strict=True))
    trust = dict(zip(people.ids, people.weight.tolist(), strict=True))
    said = votes_of(project, task, upto=upto, last=last, deadline=deadline) if task.labeling_functions else None
    voted: dict[str, Any] = {}
    if said is not None:
        learned = zip(said.examples, *said.verdict.learned(), said.verdict.covered.tolist(), strict=True)
        voted = {i: (target, sure) for i, target, sure, c in learned if c and i not in given}
    wanted = None if only is None else dict(zip(only, weights if weights is not None else np.ones(len(only)), strict=True))
    rows, kept = [], []
    for batch in project.store.examples(task.name, upto=last):
        for example in batch:
            known = example.id in given or example.id in voted
            if known and example.split != "test" and (wanted is None or example.id in wanted):
                rows.append(example)
                kept.append(example.id)
    if not rows:
        raise _nothing(project, task)
    data = Data(
        kinds=task.signature.columns,
        columns=thaw_columns(task.signature, rows, project.store),
        output=task.signature.output,
        target=np.array([given[i] if i in given else voted[i][0] for i in kept]),
        weight=np.array([trust.get(i, 1.0) * (1.0 if wanted is None else float(wanted[i])) for i in kept]),
        pretrained=project.settings.pretrained,
    )
    sure = dict(zip(people.ids, people.sure.tolist(), strict=True))
    return Dataset(
        data,
        tuple(kept),
        is_gold=np.array([i in given for i in kept]),
        sureness=np.array([1.0 if i in given else voted[i][1] for i in kept]),
        is_sure=np.array([sure.get(i, False) for i in kept]),
        annotators=people.annotators,
        votes=said,
        bounds=bounds_of(task, rows, groups, time),
    )


def examples_of(project: Project, task: Task[..., Any], ids: Sequence[str]) -> Iterator[Example]:
    """Examples of the store with their inputs as a caller of the task would pass them, in this order."""
    for batch in project.store.examples(task.name, ids=ids):
        for stored, inputs in zip(batch, thaw_inputs(task.signature, batch, project.store), strict=True):
            yield Example(stored.id, inputs, stored.extra, stored.split)


def slices_of(project: Project, task: Task[..., Any], ids: Sequence[str]) -> dict[str, NDArray[np.bool_]]:
    """Name of each slice of a task -> (n,) bool, which of these examples of the store are in it."""
    inside: dict[str, list[NDArray[np.bool_]]] = {piece.name: [] for piece in task.slices}
    if inside:
        for batch in project.store.examples(task.name, ids=ids):
            inputs, names = thaw_inputs(task.signature, batch, project.store), [e.id for e in batch]
            for piece in task.slices:
                inside[piece.name].append(members(piece, inputs, names)[0])
    return {name: np.concatenate(parts) for name, parts in inside.items()}


def _nothing(project: Project, task: Task[..., Any]) -> TooFewLabels:
    count = project.store.count(task.name)
    functions = len(task.labeling_functions)
    what = f"{task.name} has nothing to learn from: {count.examples:,} examples, {functions} labeling functions, {count.labeled:,} labels"
    if count.examples:
        return TooFewLabels(what, next=f"tacit select {task.name} {min(20, count.examples)}, and label those")
    orphan = next(
        (n for n in project.store.signatures() if n not in project.tasks and n != task.name and project.store.count(n).examples),
        None,
    )
    if orphan:
        what += f"; its store has {project.store.count(orphan).examples:,} examples of {orphan}, which no task file declares"
        return TooFewLabels(what, next=f"tacit db rename {orphan} {task.name}, if {task.name} is its new name")
    return TooFewLabels(what, next=f"tacit add {task.name} FILE --label COLUMN")
