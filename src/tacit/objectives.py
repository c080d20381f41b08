"""What a training is to be good at: all rows on the mean, the group that it is worst at, or the rows that are hardest."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.cues import cue_of
from tacit.datasets import Dataset, slices_of
from tacit.errors import NotLearnable, OptionError, nearest, quote
from tacit.ladder import Strata, balanced, split
from tacit.learners import Cache, choices, get, settle
from tacit.project import Project
from tacit.tasks import Task
from tacit.types import Category

__all__ = ["OBJECTIVES", "aimed", "hard_rows", "tail_weights"]

OBJECTIVES = ("average", "worst-group", "cvar")

_TAIL = 0.2
"""The share of the rows, by weight, that are the tail."""

_MIXED = 0.5
"""What the mean loss of the tail counts, beside the mean loss of all rows."""


def aimed(
    objective: str, project: Project, task: Task[..., Any], rows: Dataset, *, seed: int = 0, deadline: float | None = None
) -> tuple[Dataset, str | None]:
    """The rows with the weights of an objective and the groups of which the worst is scored, and what there is to say of it.

    "worst-group" lets each group of rows count the same (Sagawa et al., "An investigation of why overparameterization exacerbates
    spurious correlations", ICML 2020; Idrissi et al., "Simple data balancing achieves competitive worst-group-accuracy", CLeaR 2022).
    Groups are the classes, crossed with each cue that was said to be false, and with each slice of the task.

    "cvar" knows no groups, and lets the rows count more that are hard (`tail_weights`). Groups of which the worst is scored are the classes,
    which stand in for unknown ones (Yang et al., "Change is hard: a closer look at subpopulation shift", ICML 2023, section 5).

    Arguments:
        seed: Of the fits that tell which rows are hard.
        deadline: Of these, in seconds of `time.monotonic`.

    Raises:
        OptionError: There is no such objective.
        NotLearnable: The task gives no categories.
        BudgetError: The deadline passed before it was known which rows are hard.
    """
    if objective not in OBJECTIVES:
        raise OptionError(
            f"objective is {quote(objective)}",
            right=f"it is {' or '.join(OBJECTIVES)}",
            next=f"--objective {nearest(objective, OBJECTIVES) or OBJECTIVES[0]}",
        )
    if objective == "average":
        return rows, None
    if not isinstance(task.signature.output, Category):
        raise NotLearnable(
            f'{task.name} returns {task.signature.output}; "{objective}" is for categories', next="--objective average"
        )
    if objective == "cvar":
        return _for_the_tail(task.signature.output, rows, seed, deadline)
    return _for_the_worst(project, task, task.signature.output, rows)


def _for_the_worst(project: Project, task: Task[..., Any], output: Category, rows: Dataset) -> tuple[Dataset, str]:
    false = dict.fromkeys(cue_of(judged.cue) for judged in project.store.cues(task.name) if judged.verdict == "false")
    inside_of = slices_of(project, task, rows.ids)
    apart = [f'"{cue}"' for cue in false] + [f"slice {name}" for name in inside_of]
    carried = [cue.carried(rows.data.columns) for cue in false] + list(inside_of.values())
    table = np.column_stack([rows.data.target.argmax(axis=1), *carried]).astype(np.int64)
    groups, inside, sizes = np.unique(table, axis=0, return_inverse=True, return_counts=True)
    weight = balanced(inside.ravel(), sizes)
    names = [
        ", ".join([output.names[group[0]], *(what if has else f"not {what}" for what, has in zip(apart, group[1:], strict=True))])
        for group in groups.tolist()
    ]
    crossed = f" crossed with {' and '.join(apart)}" if apart else " alone"
    told = f"worst-group: {len(groups)} groups, the classes{crossed}, count the same, and the score is that of the worst"
    told += f"; the smallest has {int(sizes.min()):,} rows"
    if not apart:
        told += "; tacit audit finds the cues that a model leans on, and tacit counterexamples says that one is false"
    return _weighed(rows, weight, Strata(tuple(names), inside.ravel().astype(np.intp))), told


def _for_the_tail(output: Category, rows: Dataset, seed: int, deadline: float | None) -> tuple[Dataset, str]:
    learner, losses = hard_rows(rows, seed=seed, deadline=deadline)
    weight = tail_weights(losses, rows.data.weight)
    told = f"cvar: the {_TAIL:.0%} of the rows that {learner} finds hardest count for half, all rows for the other half"
    return _weighed(rows, weight, Strata(tuple(output.names), rows.data.target.argmax(axis=1))), told


def hard_rows(rows: Dataset, *, seed: int = 0, deadline: float | None = None) -> tuple[str, NDArray[np.float64]]:
    """The cheapest learner, and the log loss (n,), in nats, of each row by a fit of it on the half that the row is not in.

    Raises:
        BudgetError: The deadline passed before that was known.
    """
    some = split(settle(rows.data), rows.ids, None, rows.bounds, seed)
    learner = get(choices(some.data.kinds, some.data.output)[0])
    half, cache, settings = some.halves(np.arange(some.data.n)), Cache(), learner.portfolio(some.data)[0]
    losses = np.zeros(some.data.n)
    for one in (0, 1):
        train, held = np.flatnonzero(half != one), np.flatnonzero(half == one)
        model = learner.fit(some.data.take(train), settings, seed=seed, deadline=deadline, cache=cache)
        said = model.predict({name: [values[i] for i in held.tolist()] for name, values in some.data.columns.items()})
        losses[held] = -np.log(np.maximum((said * some.data.target[held]).sum(axis=1), 1e-15))
    return learner.name, losses


def tail_weights(losses: NDArray[np.float64], weight: NDArray[Any]) -> NDArray[np.float64]:
    """(n,) weights of mean 1 under which the mean loss is half the mean of all rows and half that of the tail, the hardest 20 %.

    The mean loss of the tail is the conditional value at risk, CVaR (Rockafellar and Uryasev 2000): the most that any share of .2 of the
    rows loses on the mean, whoever they are. The distribution that attains it gives 1 / .2 of their weight to the rows with the largest
    losses, a part of it to the one on the edge, and nothing to others (Levy et al., "Large-scale methods for distributionally robust
    optimization", NeurIPS 2020, section 2). It is mixed half and half with that of all rows, since what is learned from a tail alone
    forgets the others. The tail is found once, by fits that did not have the row, as Liu et al., "Just train twice", ICML 2021, find theirs: one
    step of the minimization, not its end. Wrong labels are in the tail too: look at `tacit audit` before.

    Arguments:
        losses: (n,) of each row.
        weight: (n,) what each row weighs.

    Example:
        >>> tail_weights(np.array([0.1, 0.2, 3.0, 0.1, 0.4]), np.ones(5)).tolist()
        [0.5, 0.5, 3.0, 0.5, 0.5]
    """
    order = np.argsort(-losses, kind="stable")
    share = weight[order] / weight.sum()
    before = np.cumsum(share) - share
    inside = np.empty(len(losses))
    inside[order] = np.clip((_TAIL - before) / share, 0, 1)
    mixed = (1 - _MIXED) + _MIXED * inside / _TAIL
    return np.asarray(mixed * len(mixed) / math.fsum(mixed))


def _weighed(rows: Dataset, weight: NDArray[np.float64], strata: Strata) -> Dataset:
    data = dataclasses.replace(rows.data, weight=rows.data.weight * weight)
    return dataclasses.replace(rows, data=data, strata=strata)
