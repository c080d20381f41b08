"""The verb train: the store's labels, through the ladder, to a run and a model that is live if it passes the gate."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import time as clock
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.arguments import checked, seeded
from tacit.bounds import check_bounds
from tacit.datasets import Dataset, training_set
from tacit.errors import ArtifactError, BudgetError, quote
from tacit.ladder import Mix, Strata, Trial, learnable, replay, scored, worst
from tacit.learners import Cache, Model, save_model
from tacit.learners import choices as fitting
from tacit.learning import Learned, learn
from tacit.metrics import Metric, calibration
from tacit.objectives import aimed
from tacit.phases import phase
from tacit.progress import Progress, report
from tacit.project import Project, current
from tacit.provenance import machine, versions
from tacit.releases import FIRST, gate
from tacit.remarks import remarks
from tacit.runs import Run
from tacit.selections import Selection
from tacit.store import StoredModel
from tacit.tasks import Task
from tacit.validation import validation_of

__all__ = ["baseline", "choices", "repeat", "seconds_of", "train"]


def choices(task: Task[..., Any] | str) -> list[str]:
    """The names of the learners that fit a task, cheap to dear.

    Raises:
        NotLearnable: No learner takes such types yet.
    """
    task = current().task(task)
    learnable(task.signature.columns, task.signature.output, task.name)
    return fitting(task.signature.columns, task.signature.output)


@checked
def train(
    task: Task[..., Any] | str,
    *,
    budget: float | str = 60,
    target: float | None = None,
    metric: str | None = None,
    objective: str = "average",
    learners: Sequence[str] | None = None,
    groups: str | None = None,
    time: str | None = None,
    on: Selection | None = None,
    seed: int = 0,
) -> Run:
    """Learn a task within a budget, from its labels and the votes of its labeling functions.

    Cheap learners come first, so there is a model to use within seconds; the best so far is kept at every moment, also
    when Ctrl-C ends the training. The first model of a task goes live by itself, later ones if they pass the gate.

    Arguments:
        task: A task or its name.
        budget: Seconds, as a number or as "60", "90s", "5m". Kept to within 10 % or 3 s.
        target: Stop when the score reaches this.
        metric: "accuracy" for categories and "r2" for numbers by default; see `tacit.metrics`.
        objective: "average" lets each row count the same; "worst-group" each group of rows, and scores the worst: the classes, crossed
            with the cues that were said to be false and with the slices. "cvar" needs no groups: it lets the rows count more that are
            hard, and scores the worst class.
        learners: Only these; see `choices`.
        groups: A column whose groups stay whole: none of them is both learned from and scored on. A parameter, a field of
            one, or a column that `add(keep=...)` kept.
        time: A column that says when: the newest examples are scored on, and only earlier ones learned from for that.
        on: Learn from these examples alone, with their weights.
        seed: Of everything that is drawn.

    Raises:
        TooFewLabels: There is nothing to learn from, or one class only.
        NotLearnable: No learner takes such types yet.
        BudgetError: The budget is none, or ends before any model is trained.
        OutsideType: A label is not of the return type (any more).
        OptionError: A learner, a metric or a column is unknown or does not fit.
    """
    began = clock.monotonic()
    budget_s, seed = seconds_of(budget), seeded(seed)
    project = current()
    task = project.task(task)
    learnable(task.signature.columns, task.signature.output, task.name)
    project.store.remember(task.name, task.signature.describe())
    report(Progress(f"reading the examples of {task.name}", 0))
    count = project.store.count(task.name)
    seen = {"upto": count.last_label_seq, "last": count.last_example_seq}
    # Labeling functions may be slow: at most half of the budget is spent on asking them.
    half = began + budget_s / 2
    with phase("load"):
        rows = training_set(
            project,
            task,
            upto=seen["upto"],
            last=seen["last"],
            only=None if on is None else [e.id for e in on.examples],
            weights=None if on is None else on.weights,
            groups=groups,
            time=time,
            deadline=half,
        )
    if rows.bounds is not None:
        check_bounds(task.name, rows.bounds, rows.ids, rows.scored, groups, time)
    rows, aim = aimed(objective, project, task, rows, seed=seed, deadline=half)
    return _Training(project, task, rows, seen, began, budget_s, seed, groups, time, objective, aim).run(target, metric, learners)


def repeat(task: Task[..., Any] | str, run: Run) -> Model:
    """Fit the model of a run again, on the store as it was then: it gives the same predictions on the same machine.

    Runs that learned from a `Selection` cannot be repeated from the store alone.

    Raises:
        ArtifactError: The labeling functions or the rows are not those of the run any more.
    """
    project = current()
    task = project.task(task)
    rows = training_set(project, task, upto=run.labels["upto"], last=run.labels["last"], groups=run.groups, time=run.time)
    rows, _ = aimed(run.objective, project, task, rows, seed=run.seed)
    rows = rows if run.mix is None else rows.mixed(Mix(**run.mix["mix"]))
    if rows.digest != run.data:
        raise ArtifactError(
            f"run {run.id} of {task.name} learned from other rows, labels or votes than the store gives now",
            right="labeling functions are to be as they were, and the run not of a selection",
            next=f"tacit train {task.name} --seed {run.seed}",
        )
    return replay(Trial(**run.trials[run.made]), rows.data, rows.ids, scored=rows.scored, bounds=rows.bounds, strata=rows.strata)


def seconds_of(budget: float | str) -> float:
    """A budget in seconds. Raises `BudgetError`.

    Example:
        >>> seconds_of("5m"), seconds_of("90s"), seconds_of(60)
        (300.0, 90.0, 60.0)
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(s|m|h)?\s*", str(budget))
    value = float(found[1]) * {"s": 1, "m": 60, "h": 3600}[found[2] or "s"] if found else 0.0
    if not 0 < value < 1e7:
        raise BudgetError(
            f"budget is {quote(budget)}", right='it is a number of seconds, or "90s", "5m", "2h"', next="--budget 60"
        )
    return value


def baseline(metric: str, target: NDArray[Any], rows: NDArray[np.intp], strata: Strata | None = None) -> float:
    """The score of always giving the same answer, the mean of the targets: what a model has to beat. With strata, of the worst."""
    said = np.repeat(target.mean(0, keepdims=True), len(rows), axis=0)
    return scored(metric, said, target[rows], None if strata is None else strata.codes[rows])


class _Training:
    """One call of `train`, while it lasts: every better model is kept at once, so that nothing ends it empty-handed."""

    def __init__(
        self,
        project: Project,
        task: Task[..., Any],
        rows: Dataset,
        seen: dict[str, int],
        began: float,
        budget_s: float,
        seed: int,
        groups: str | None,
        time: str | None,
        objective: str,
        aim: str | None,
    ) -> None:
        self.project, self.task, self.rows, self.seen = project, task, rows, seen
        self.began, self.budget_s, self.seed = began, budget_s, seed
        self.groups, self.time, self.objective, self.aim = groups, time, objective, aim
        self.id = secrets.token_hex(8)
        self.kept = self.fitted = 0
        self.cache = Cache(project.hidden / "features")

    def run(self, target: float | None, metric: str | None, learners: Sequence[str] | None) -> Run:
        return self._finish(
            learn(
                self.rows,
                task=self.task.name,
                began=self.began,
                budget_s=self.budget_s,
                target=target,
                metric=metric,
                learners=learners,
                seed=self.seed,
                cache=self.cache,
                keep=self._keep,
            )
        )

    def _keep(self, model: Model, trial: Trial, measured: Metric) -> None:
        """Save the best so far; while a task has no release, it answers from now on."""
        self.kept += 1
        self.fitted = trial.rows
        folder = Path("models") / f"{self.id}-{self.kept}"
        save_model(model, self.project.hidden / folder)
        files = [f for f in sorted((self.project.hidden / folder).rglob("*")) if f.is_file()]
        digest = hashlib.sha256((self.project.hidden / folder / "manifest.json").read_bytes()).hexdigest()
        size = sum(f.stat().st_size for f in files)
        store = self.project.store
        before = store.model(self.id)
        store.save_model(
            StoredModel(self.id, self.task.name, self.id, self.task.signature.text, folder.as_posix(), digest, size, clock.time())
        )
        if store.live(self.task.name) is None:
            store.release(self.task.name, self.id, FIRST)
        if before is not None:
            shutil.rmtree(self.project.hidden / before.folder, ignore_errors=True)

    def _finish(self, learned: Learned) -> Run:
        climbed, rows, store = learned.climb, learned.rows, self.project.store
        data, ids = rows.data, tuple(rows.ids[i] for i in learned.climb.rows)
        strata = None if rows.strata is None else rows.strata.take(climbed.rows)
        codes = None if strata is None else strata.codes
        validation_of(data.output, ids, climbed.predicted, data.target[climbed.rows], codes).write(self.project.hidden, self.id)
        took = clock.monotonic() - self.began
        run = Run(
            id=self.id,
            task=self.task.name,
            metric=climbed.metric,
            score=climbed.score,
            interval=climbed.interval,
            seconds=took,
            cost=self._cost(took),
            curve=tuple((learned.before + s, self._cost(learned.before + s), score) for s, score in climbed.curve),
            trials=tuple(asdict(t) for t in climbed.trials),
            made=max(i for i, t in enumerate(climbed.trials) if t is climbed.made),
            learner=climbed.trial.learner,
            settings=dict(climbed.trial.settings),
            rows=self.fitted,
            ece=calibration(climbed.predicted, data.target[climbed.rows]).ece if data.classes else None,
            baseline=baseline(climbed.metric, data.target, climbed.rows, rows.strata),
            stopped=climbed.stopped,
            seed=self.seed,
            groups=self.groups,
            time=self.time,
            objective=self.objective,
            worst=_worst(learned, strata, self.seed),
            data=rows.digest,
            mix=None if learned.mixed is None else asdict(learned.mixed),
            labels={"gold": int(rows.is_gold.sum()), "voted": int((~rows.is_gold).sum())} | self.seen,
            machine=machine(),
            versions=versions(),
            notes=(
                *([] if self.aim is None else [self.aim]),
                *remarks(rows, learned.mixed, self.cache.damaged, self.groups, self.time),
                *learned.odd,
                *climbed.notes,
            ),
        )
        # The run is on record before its model goes live, so that a release always has a run to show.
        store.save_run(run.id, run.task, clock.time(), run.stopped, run.to_dict())
        passes, why = gate(self.project, self.task, run.id, run.metric, partial=run.rows < data.n)
        live = store.live(run.task)
        if live is not None and live.model == run.id:
            run = replace(run, gate=why, release=live.version)
        else:
            run = replace(run, gate=why, release=store.release(run.task, run.id, why) if passes else None)
        store.save_run(run.id, run.task, clock.time(), run.stopped, run.to_dict())
        return run

    def _cost(self, seconds: float) -> float | None:
        """USD until then: of the machine, and of the votes that were learned from, whenever they were paid for."""
        price, voted = self.project.settings.price_per_hour, self.rows.votes.cost if self.rows.votes is not None else None
        known = [cost for cost in (None if price is None else seconds * price / 3600, voted) if cost is not None]
        return sum(known) if known else None


def _worst(learned: Learned, strata: Strata | None, seed: int) -> dict[str, Any] | None:
    """Which group the score is of, and the score of all rows."""
    if strata is None:
        return None
    climbed = learned.climb
    found = worst(climbed.metric, climbed.predicted, learned.rows.data.target[climbed.rows], strata.codes, seed=seed)
    return {"group": strata.names[found.group], "n": found.n, "of": len(strata.names), "whole": found.whole}
