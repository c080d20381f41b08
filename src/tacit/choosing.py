"""The verb select: which examples to label next."""

from __future__ import annotations

import dataclasses
import functools
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from tacit.arguments import checked, seeded
from tacit.asking import members
from tacit.candidates import Candidates, Given, Unlabeled, lasting
from tacit.datasets import examples_of, training_set
from tacit.errors import NotLearnable, OptionError
from tacit.failing import Failures, cross_fitted, kept_apart
from tacit.files import read
from tacit.freezing import thaw_columns, thaw_inputs
from tacit.learners import Cache, Data, Learner, Model, choices, get
from tacit.matching import check_column, match
from tacit.pooled import pooled
from tacit.predicting import model_of
from tacit.progress import Progress, report
from tacit.project import Project, current
from tacit.proxies import StandIn, stand_in
from tacit.scouting import Scout, known_strategy, needs_model, refuse_votes, scout
from tacit.selection import Grouped, Pool, auto
from tacit.selection.uncertainties import KINDS
from tacit.selection.worst import WORST_GROUP
from tacit.selections import Selection
from tacit.strata import Strata, division, strata
from tacit.tasks import Task
from tacit.types import Category

__all__ = ["select"]

_SAMPLE = 500
"""Examples by which it is told whether a proxy ranks as the live release does."""


@checked
def select(
    task: Task[..., Any] | str,
    n: int,
    *,
    strategy: str = "auto",
    proxy: str = "auto",
    pool: Any = None,
    groups: Sequence[str] | str | None = None,
    seed: int = 0,
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
        groups: Choose as many rows of each group as of any other, whatever its size: columns whose values are groups (inputs, fields, or
            columns that `add(keep=...)` kept or the pool has beside them) and slices of the task. Several are crossed, as in
            "sex*race". Of small groups all rows are chosen, and of more groups than rows some groups are drawn. What is missing is a
            group of its own. "worst-group" chooses more where models fail more often; without `groups` it takes the slices of the
            task and the cues that were called false.
        seed: For draws.

    Raises:
        SelectionError: The pool has fewer than `n` examples.
        FileError: The pool cannot be read, or a file of it changed.
        OptionError: The strategy or the proxy is unknown, there are no such groups, or none where the strategy needs them.
        NoModel: The strategy needs a model, and there is none.
        NotLearnable: The strategy does not fit the task's return type.
    """
    began, seed = time.monotonic(), seeded(seed)
    project = current()
    task = project.task(task)
    if pool is not None and strategy != "auto":
        refuse_votes(strategy)
    of = strata(project, task, [groups] if isinstance(groups, str) else groups or ())
    looks, said, failures = _scout(project, task, n, strategy, proxy, of, seed)
    by_risk = "groups" in looks.strategy.needs
    if groups and not by_risk:
        looks = dataclasses.replace(looks, strategy=Grouped(looks.strategy))
    source = _source(project, task, pool, looks, of)
    chosen = source.choose(looks, n, seed, division(project, of, failures) if groups or by_risk else None)
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
        said + (f", by {of}" if chosen.groups else "") + chosen.said,
        groups=chosen.groups,
    )


def _source(project: Project, task: Task[..., Any], pool: Any, looks: Scout, of: Strata) -> Candidates:
    """What to choose from: the points of Parquet files stay on the disk, since those of all rows may not fit in memory."""
    if pool is None:
        return Unlabeled(project, task)
    lasts = lasting(pool)
    given = read(lasts)
    if given.pool is not None and "features" in looks.strategy.needs:
        for name in of.kept:
            check_column(given, name, "groups")
        return pooled(project, given.pool, match(task, given), of.kept)
    return Given(project, task, lasts, of.kept)


def _scout(
    project: Project, task: Task[..., Any], n: int, strategy: str, proxy: str, of: Strata, seed: int
) -> tuple[Scout, str, Failures | None]:
    """What looks at the pool; the strategy with what chooses, as people read it; and whom that fails, where the strategy asks."""
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
    if "groups" in needs and not of:
        raise OptionError(
            f'"{kind}" chooses more of the groups that a model fails more often, and {task.name} has no groups',
            right="groups are the values of columns, slices, or cues that tacit counterexamples called false",
            next=f"tacit select {task.name} {n} --strategy {kind} --groups COLUMN",
        )
    labeled = _labeled(project, task) if "features" in needs else None
    learner = None if proxy == "auto" else _fitting_learner(task, proxy)
    cache = Cache()
    made = functools.partial(scout, kind, labeled=labeled, learner=learner, seed=seed, cache=cache)
    if not needs_model(kind):
        return made(_no_rows(project, task)), kind + reason, None
    if learner is None:
        model, release = model_of(project, task, None)
        live = project.store.live(task.name)
        failures = kept_apart(project, task.name, live.model if live else "") if "groups" in needs else None
        ranked = "margin" if kind == WORST_GROUP.name else kind
        proxied = _stand_in(project, task, model, ranked, seed) if ranked in KINDS else None
        if proxied is not None and proxied.model is not None:
            return made(_no_rows(project, task), model=proxied.model), f"{kind}, with {proxied.name}, {proxied.told}", failures
        why = f", {proxied.told}" if proxied is not None and proxied.told else ""
        return made(_no_rows(project, task), model=model), f"{kind}, with release {release}{why}", failures
    report(Progress(f"training {proxy} to choose", 0))
    rows = training_set(project, task)
    failures = cross_fitted(learner, rows, seed, cache) if "groups" in needs else None
    return made(rows.data), f"{kind}, with {proxy}", failures


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
