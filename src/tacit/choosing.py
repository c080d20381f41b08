"""The verb select: which examples to label next."""

from __future__ import annotations

import functools
import time
from typing import Any

import numpy as np

from tacit.arguments import checked, seeded
from tacit.asking import members
from tacit.candidates import Candidates, Given, Unlabeled, lasting
from tacit.datasets import examples_of, training_set
from tacit.errors import NotLearnable, OptionError
from tacit.files import read
from tacit.freezing import thaw_columns, thaw_inputs
from tacit.learners import Cache, Data, Learner, Model, choices, get
from tacit.matching import match
from tacit.pooled import pooled
from tacit.predicting import model_of
from tacit.progress import Progress, report
from tacit.project import Project, current
from tacit.proxies import StandIn, stand_in
from tacit.scouting import Scout, known_strategy, needs_model, refuse_votes, scout
from tacit.selection import Pool, auto
from tacit.selection.uncertainties import KINDS
from tacit.selections import Selection
from tacit.tasks import Task
from tacit.types import Category

__all__ = ["select"]

_SAMPLE = 500
"""Examples by which it is told whether a proxy ranks as the live release does."""


@checked
def select(
    task: Task[..., Any] | str, n: int, *, strategy: str = "auto", proxy: str = "auto", pool: Any = None, seed: int = 0
) -> Selection:
    """Choose the examples whose labels would teach most.

    Arguments:
        task: A task or its name.
        n: How many; at most the size of the pool.
        strategy: One of `tacit.selection.names()`, several with "+" between, or "auto": what is typical where labels are few, else
            margin; see `tacit.selection.auto`.
        proxy: The learner that chooses, trained for it on the labels there are. "auto" takes the live release; where that takes long
            for the pool, the cheapest learner that ranks rows as it does; without a release the cheapest that fits. Strategies
            of features see texts and images as it does.
        pool: Rows to choose from, whatever `add` takes; those chosen are stored, without a label. By default the
            unlabeled examples of the store. Parquet files may be larger than memory: their points are kept in `.tacit/features`,
            and "seals" looks only at what is near the labels.
        seed: For draws.

    Raises:
        SelectionError: The pool has fewer than `n` examples.
        FileError: The pool cannot be read, or a file of it changed.
        OptionError: The strategy or the proxy is unknown.
        NoModel: The strategy needs a model, and there is none.
        NotLearnable: The strategy does not fit the task's return type.
    """
    began, seed = time.monotonic(), seeded(seed)
    project = current()
    task = project.task(task)
    if pool is not None and strategy != "auto":
        refuse_votes(strategy)
    looks, said = _scout(project, task, n, strategy, proxy, seed)
    source = _source(project, task, pool, looks)
    chosen = source.choose(looks, n, seed)
    if new := source.new(chosen.ids):
        project.store.add(task.name, new, source="pool")
    weights = 1 / chosen.probabilities
    return Selection(
        task.name,
        tuple(examples_of(project, task, chosen.ids)),
        tuple(chosen.scores.tolist()),
        tuple(chosen.probabilities.tolist()),
        tuple((weights / weights.mean()).tolist()),
        time.monotonic() - began,
        said + chosen.said,
    )


def _source(project: Project, task: Task[..., Any], pool: Any, looks: Scout) -> Candidates:
    """What to choose from: the points of Parquet files stay on the disk, since those of all rows may not fit in memory."""
    if pool is None:
        return Unlabeled(project, task)
    lasts = lasting(pool)
    given = read(lasts)
    if given.pool is not None and "features" in looks.strategy.needs:
        return pooled(project, given.pool, match(task, given))
    return Given(project, task, lasts)


def _scout(project: Project, task: Task[..., Any], n: int, strategy: str, proxy: str, seed: int) -> tuple[Scout, str]:
    """What looks at the pool, and the strategy with what chooses, as people read it."""
    live = project.store.live(task.name)
    kind, reason = strategy, ""
    if strategy == "auto":
        kind, reason = _suited(project, task, has_model=proxy != "auto" or live is not None)
    needs = known_strategy(kind, also=("auto",), next=f"tacit select {task.name} {n} --strategy {{}}").needs
    output = task.signature.output
    if "votes" in needs and not task.labeling_functions:
        raise OptionError(
            f'"{kind}" chooses where labeling functions differ, and {task.name} has none',
            right="it needs two or more",
            next=f"@{task.name}.labeling_function, or --strategy margin",
        )
    if {"probabilities", "votes"} & set(needs) and not isinstance(output, Category):
        raise NotLearnable(
            f'{task.name} returns {output}; "{kind}" chooses among categories',
            next=f"tacit select {task.name} 20 --strategy random",
        )
    labeled = _labeled(project, task) if "features" in needs else None
    learner = None if proxy == "auto" else _fitting_learner(task, proxy)
    made = functools.partial(scout, kind, labeled=labeled, learner=learner, seed=seed, cache=Cache())
    if not needs_model(kind):
        return made(_no_rows(project, task)), kind + reason
    if learner is None:
        model, release = model_of(project, task, None)
        proxied = _stand_in(project, task, model, kind, seed) if kind in KINDS else None
        if proxied is not None and proxied.model is not None:
            return made(_no_rows(project, task), model=proxied.model), f"{kind}, with {proxied.name}, {proxied.told}"
        why = f", {proxied.told}" if proxied is not None and proxied.told else ""
        return made(_no_rows(project, task), model=model), f"{kind}, with release {release}{why}"
    report(Progress(f"training {proxy} to choose", 0))
    return made(training_set(project, task).data), f"{kind}, with {proxy}"


def _suited(project: Project, task: Task[..., Any], *, has_model: bool) -> tuple[str, str]:
    """The strategy for so many labels, and why."""
    output, labels = task.signature.output, project.store.count(task.name).labeled
    k = len(output.classes) if isinstance(output, Category) else 0
    there = Pool(1, np.full((1, max(k, 2)), 1 / max(k, 2)) if has_model and k else None, np.zeros((1, 1), np.float32))
    choice = auto(there, labels, k)
    return choice.strategy, f", since {choice.reason}"


def _stand_in(project: Project, task: Task[..., Any], model: Model, kind: str, seed: int) -> StandIn | None:
    """A proxy for the live model, where that takes long; None where there is nothing to compare on."""
    rows = [e for e in next(project.store.examples(task.name, labeled=False, batch=_SAMPLE), []) if e.split != "test"]
    count = project.store.count(task.name)
    if not rows or not count.labeled:
        return None
    sample, inputs = thaw_columns(task.signature, rows, project.store), thaw_inputs(task.signature, rows, project.store)
    groups = {f"slice {s.name}": members(s, inputs, [e.id for e in rows])[0] for s in task.slices}
    pool = count.examples - count.labeled
    return stand_in(model, training_set(project, task).data, sample, pool=pool, kind=kind, groups=groups, seed=seed)


def _fitting_learner(task: Task[..., Any], name: str) -> Learner:
    learner = get(name)
    if not learner.accepts(task.signature.columns, task.signature.output):
        fitting = choices(task.signature.columns, task.signature.output)
        raise OptionError(
            f"{name} does not fit {task.name}{task.signature}", right=f"choose {' or '.join(fitting)}", next='write proxy="auto"'
        )
    return learner


def _no_rows(project: Project, task: Task[..., Any]) -> Data:
    """The task's columns without a row."""
    columns: dict[str, list[Any]] = {name: [] for name in task.signature.columns}
    empty = np.empty(0)
    pretrained = project.settings.pretrained
    return Data(task.signature.columns, columns, task.signature.output, empty, empty, pretrained=pretrained)


def _labeled(project: Project, task: Task[..., Any]) -> dict[str, list[Any]]:
    """The columns of the examples that have labels."""
    found: dict[str, list[Any]] = {name: [] for name in task.signature.columns}
    for batch in project.store.examples(task.name, labeled=True):
        for name, values in thaw_columns(task.signature, [e for e in batch if e.split != "test"], project.store).items():
            found[name] += values
    return found
