"""The verb counterexamples: examples that break a false association."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.arguments import checked, seeded
from tacit.candidates import Batches, Given, Unlabeled, lasting
from tacit.cues import Association, Cue, some
from tacit.datasets import examples_of
from tacit.errors import NotLearnable, OptionError, SelectionError
from tacit.examples import canonical
from tacit.freezing import thaw_columns
from tacit.gold import gold
from tacit.learners import Columns, Model
from tacit.learners.features import length
from tacit.predicting import model_of
from tacit.progress import Progress, report
from tacit.project import Project, current
from tacit.selection import Pick
from tacit.selection.drawing import draw
from tacit.selections import Selection
from tacit.tasks import Task
from tacit.types import Category

__all__ = ["counterexamples"]

_LOOKED = 5000
"""Of candidates that carry the cue, and of those that lack it, the model is asked about so many, drawn at random from more."""


@checked
def counterexamples(
    task: Task[..., Any] | str,
    association: Association,
    *,
    pool: Any = None,
    n: int = 50,
    model: str | None = None,
    seed: int = 0,
) -> Selection:
    """Choose examples that break an association, and keep in mind that its cue is a false one.

    Two groups of rows contradict it: those that have the cue and another label, and those of the class that lack it. Which is rarer among
    the labels gets more of the `n`, in proportion. In the first are rows with the cue that the model would take for another class if
    it were not there; in the second those without it that it takes for the class. Rows are drawn, not the extreme ones taken: these
    would be strange in other ways too. So each has a known probability.

    Afterwards label them, and `train(task, objective="worst-group")`.

    Arguments:
        task: A task or its name.
        association: One of `audit(task).associations`.
        pool: Rows to choose from, whatever `add` takes; those chosen are stored, without a label. By default the
            unlabeled examples of the store. It may be larger than memory.
        n: How many.
        model: The id of a model, that of the audit; the live release by default.
        seed: For the draws.

    Raises:
        NoModel: There is no such model.
        SelectionError: So many are not there; that the cue is false is kept all the same.
        NotLearnable: The task does not give a single category.
        OptionError: The association is none, or of another task.
        FileError: The pool cannot be read.
    """
    began, seed = time.monotonic(), seeded(seed)
    project = current()
    task = project.task(task)
    label, cue = _checked(task, association)
    if n < 1:
        raise OptionError(f"{n} examples cannot be chosen", right="choose 1 or more", next=f"tacit counterexamples {task.name} 1")
    predictor, release = model_of(project, task, model)
    project.store.judge_cue(task.name, canonical(cue.to_dict()), association.label, "false")
    source = Unlabeled(project, task) if pool is None else Given(project, task, lasting(pool))
    rng = np.random.default_rng(seed)
    having, lacking = _looked(task, source.batches(), cue, rng)
    groups = (
        ("with it", having, _sure(predictor, having, cue, label, other=True)),
        ("without it", lacking, _sure(predictor, lacking, cue, label, other=False)),
    )
    quotas = _quotas(n, _rarity(project, task, cue, label), [len(pile.ids) for _, pile, _ in groups], task.name)
    ids: list[str] = []
    picks: list[Pick] = []
    for (_, pile, likely), quota in zip(groups, quotas, strict=True):
        if quota:
            pick = draw(np.log(np.maximum(likely, 1e-6)), quota, rng, temperature=1.0)
            ids += [pile.ids[row] for row in pick.rows.tolist()]
            picks.append(Pick(pick.rows, likely[pick.rows], pick.probabilities * len(pile.ids) / pile.seen))
    if new := source.new(ids):
        project.store.add(task.name, new, source="pool")
    probabilities = np.concatenate([pick.probabilities for pick in picks])
    weights = 1 / probabilities
    name = "the live release" if model is None and release is not None else f"model {model}"
    return Selection(
        task.name,
        tuple(examples_of(project, task, ids)),
        tuple(np.concatenate([pick.scores for pick in picks]).tolist()),
        tuple(probabilities.tolist()),
        tuple((weights / weights.mean()).tolist()),
        time.monotonic() - began,
        f'counter-examples to "{cue}" for {association.label}, with {name}: {quotas[0]:,} with it that may be something else, '
        f"{quotas[1]:,} without it that may be {association.label}",
    )


@dataclass
class _Pile:
    """Candidates of one kind, at most so many, each as likely to be among them."""

    rng: np.random.Generator
    ids: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    seen: int = 0

    def take(self, ids: Sequence[str], columns: Columns) -> None:
        """One after the other (reservoir sampling, algorithm R; Vitter 1985)."""
        for i, id in enumerate(ids):
            row = {name: cells[i] for name, cells in columns.items()}
            self.seen += 1
            if len(self.ids) < _LOOKED:
                self.ids.append(id)
                self.rows.append(row)
            elif (at := int(self.rng.integers(self.seen))) < _LOOKED:
                self.ids[at], self.rows[at] = id, row

    @property
    def columns(self) -> dict[str, list[Any]]:
        return {name: [row[name] for row in self.rows] for name in (self.rows[0] if self.rows else ())}


def _checked(task: Task[..., Any], association: Association) -> tuple[int, Cue]:
    """The place of the class, and the cue."""
    output = task.signature.output
    if not isinstance(output, Category):
        raise NotLearnable(f"{task.name} returns {output}; associations are those of categories", next=f"tacit audit {task.name}")
    if association.label not in output.names or association.cue.column not in task.signature.columns:
        raise OptionError(
            f'"{association.cue}" for {association.label} is no association of {task.name}',
            right=f"it is about {', '.join(task.signature.columns)} and {', '.join(output.names)}",
            next=f'tacit.audit("{task.name}").associations[0]',
        )
    return output.names.index(association.label), association.cue


def _looked(task: Task[..., Any], batches: Batches, cue: Cue, rng: np.random.Generator) -> tuple[_Pile, _Pile]:
    """Candidates that have the cue, and that lack it."""
    having, lacking = _Pile(rng), _Pile(rng)
    for ids, columns, _ in batches:
        if ids:
            carried = cue.carried(columns)
            for pile, rows in ((having, np.flatnonzero(carried)), (lacking, np.flatnonzero(~carried))):
                pile.take([ids[i] for i in rows.tolist()], some(columns, rows))
        report(Progress(f"looking for counter-examples of {task.name}", having.seen + lacking.seen))
    return having, lacking


def _sure(model: Model, pile: _Pile, cue: Cue, label: int, *, other: bool) -> NDArray[np.float64]:
    """(n,) how likely each is of another class with the cue taken out; or of the class, without it."""
    if not pile.ids:
        return np.zeros(0)
    p = model.predict(cue.without(pile.columns))[:, label]
    return np.asarray(1 - p if other else p)


def _rarity(project: Project, task: Task[..., Any], cue: Cue, label: int) -> tuple[int, int]:
    """How many labels there are of rows with the cue and another class, and of the class without it."""
    people = gold(project, task)
    classes = dict(zip(people.ids, people.target.argmax(axis=1).tolist(), strict=True)) if people.ids else {}
    other = lacking = 0
    for batch in project.store.examples(task.name, labeled=True):
        kept = [e for e in batch if e.split != "test" and e.id in classes]
        columns = thaw_columns(task.signature, kept, project.store)
        if length(columns):
            carried, mine = cue.carried(columns), np.array([classes[e.id] == label for e in kept])
            other, lacking = other + int((carried & ~mine).sum()), lacking + int((~carried & mine).sum())
    return other, lacking


def _quotas(n: int, rarity: tuple[int, int], there: Sequence[int], task: str) -> tuple[int, int]:
    """How many of each group: the rarer among the labels gets more, in proportion, as far as there are some."""
    if n > sum(there):
        raise SelectionError(
            f"{n:,} cannot be chosen from {sum(there):,}: {there[0]:,} rows have the cue, {there[1]:,} lack it",
            right=f"choose 1 to {sum(there):,}"
            if sum(there)
            else "the pool has no rows without a label; that the cue is false is kept",
            next=f"tacit counterexamples {task} 1 --pool FILE",
        )
    other, lacking = rarity
    first = round(n * (lacking + 1) / (other + lacking + 2))
    first = min(max(first, n - there[1]), there[0])
    return first, n - first
