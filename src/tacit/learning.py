"""Learning: rows go through the ladder, and whoever asked is given each better model as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tacit import metrics
from tacit.datasets import Dataset
from tacit.ladder import USUAL, Climb, Mixed, Trial, chosen, climb, mix
from tacit.learners import Cache, Model
from tacit.metrics import Metric
from tacit.oddities import oddities
from tacit.phases import phase
from tacit.progress import Progress, report

__all__ = ["Learned", "learn"]

_JUDGED = 0.25
_LONGEST = 60.0
_LATEST = 0.6
"""The share of the budget for finding out how labels and votes go together, and at most so many seconds, since there is no model
before that; and the share that it and the labeling functions may take together."""


@dataclass(frozen=True)
class Learned:
    """What came of it.

    Attributes:
        rows: As they were learned from: with the weights of the mix.
        mixed: How labels and votes were learned from together; None where there were no votes.
        climb: What the search found.
        before: Seconds that it took to read the rows, and to judge the mix.
        odd: What a reader should know of the rows.
    """

    rows: Dataset
    mixed: Mixed | None
    climb: Climb
    before: float
    odd: list[str]


def learn(
    rows: Dataset,
    *,
    task: str,
    began: float,
    budget_s: float,
    target: float | None,
    metric: str | None,
    learners: Sequence[str] | None,
    seed: int,
    cache: Cache,
    keep: Callable[[Model, Trial, Metric], None],
) -> Learned:
    """Find out how labels and votes go together, then climb.

    Arguments:
        rows: What is learned from.
        task: The name of the task, for messages.
        began: When it all began, by `time.monotonic`; the budget counts from then.
        budget_s: Seconds.
        target, metric, learners, seed: As in `train`.
        cache: Where features that are dear to make are kept.
        keep: Told of each model that is the best so far, with its score.

    Raises:
        What `tacit.ladder.climb` does.
    """
    with phase("train"):
        odd = oddities(rows.data, rows.is_gold)
        mixed = _mixed(rows, task, began, budget_s, metric, learners, seed, cache)
        rows = rows if mixed is None else rows.mixed(mixed.mix)
        before = time.monotonic() - began
        best: str | None = None

        def tell(learner: str | None) -> None:
            doing = f"training {task}" + (f" ({learner})" if learner else "")
            report(Progress(doing, time.monotonic() - began, budget_s, best, timed=True))

        def better(model: Model, trial: Trial, measured: Metric) -> None:
            nonlocal best
            best = f"{measured.name} {measured.value:.3f} ({trial.learner})"
            with phase("save"):
                keep(model, trial, measured)

        climbed = climb(
            rows.data,
            rows.ids,
            task=task,
            budget_s=budget_s - before,
            learners=learners,
            metric=metric,
            target=target,
            seed=seed,
            scored=rows.scored,
            known=bool(rows.is_gold.all()) or rows.scored is not None,
            bounds=rows.bounds,
            strata=rows.strata,
            cache=cache,
            on_best=better,
            on_trial=lambda trial: tell(None),
            on_start=tell,
        )
    return Learned(rows, mixed, climbed, before, odd)


def _mixed(
    rows: Dataset,
    task: str,
    began: float,
    budget_s: float,
    metric: str | None,
    learners: Sequence[str] | None,
    seed: int,
    cache: Cache,
) -> Mixed | None:
    """How labels and votes are to be learned from together; None where there are no votes."""
    if rows.is_gold.all():
        return None
    if rows.scored is None:
        return Mixed(USUAL)
    return mix(
        rows.data,
        rows.ids,
        rows.is_gold,
        rows.scored,
        rows.voted,
        learners=chosen(rows.data, learners, task).learners,
        metric=metrics.check(metric or metrics.default(rows.data.output), rows.data.output),
        seed=seed,
        bounds=rows.bounds,
        cache=cache,
        deadline=time.monotonic() + min(_JUDGED * budget_s, _LONGEST),
        latest=began + _LATEST * budget_s,
    )
