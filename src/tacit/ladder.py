"""The search: learners from cheap to dear, on few rows and then on more, always holding the best so far."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit import metrics
from tacit.errors import BudgetError, NotLearnable, OptionError, TacitError, TooFewLabels, TrainingError
from tacit.learners import ROLES, Cache, Data, Learner, Model, Settings, choices, get
from tacit.splits import Part, parts, sample
from tacit.types import Category, Kind, Number

__all__ = ["Climb", "Trial", "climb", "learnable", "replay"]

_FIRST_RUNG = 500
_STEP = 4
_FEWEST = 6
_CAUTION = 1.25
"""A trial is started when its predicted time, times this, is left."""


@dataclass(frozen=True)
class Trial:
    """One thing that was tried.

    Attributes:
        learner, settings, seed: What was fitted; `settings` are those that repeat the fit without a deadline.
        rows: How many rows each fit had.
        folds: On how many folds it was scored; 0 for the last fit on all rows, which has no score.
        score: On rows that the fits did not have, or None.
        seconds: What it took.
        at: Seconds from the start of the search to its end.
        reason: Why it was not done, or dropped; None if it counts.
    """

    learner: str
    settings: Settings
    seed: int
    rows: int
    folds: int
    score: float | None
    seconds: float
    at: float
    reason: str | None = None


@dataclass(frozen=True)
class Climb:
    """What the search found.

    Attributes:
        model: The best one, fitted on all rows if there was time.
        trial: The trial that the score is of.
        metric, score, interval: Of rows that the scored fits did not have.
        seconds: From the start of the search to its end.
        curve: (seconds, score) each time the best so far changed.
        trials: In the order in which they ended.
        stopped: "portfolio", "budget", "target" or "interrupt".
        rows: Positions of the rows that were scored.
        predicted: What was predicted for them by fits that did not have them.
    """

    model: Model
    trial: Trial
    metric: str
    score: float
    interval: tuple[float, float]
    seconds: float
    curve: tuple[tuple[float, float], ...]
    trials: tuple[Trial, ...]
    stopped: str
    rows: NDArray[np.intp]
    predicted: NDArray[np.float64]


OnBest = Callable[[Model, Trial, metrics.Metric], None]


def climb(
    data: Data,
    ids: Sequence[str],
    *,
    task: str,
    budget_s: float,
    learners: Sequence[str | Learner] | None = None,
    metric: str | None = None,
    target: float | None = None,
    seed: int = 0,
    scored: NDArray[np.bool_] | None = None,
    on_best: OnBest | None = None,
    on_trial: Callable[[Trial], None] | None = None,
) -> Climb:
    """Find the learner and settings that score best, within a budget.

    Every setting of every learner is tried on few rows first; the better half goes on to four times as many, and so on to
    all of them (successive halving, Jamieson and Talwalkar 2016). A trial is started only if its time, predicted from the
    trials before it, is left. Then the best is fitted once more, on all rows.

    Arguments:
        data: Rows to learn from and to score on.
        ids: Their content ids, different from each other.
        task: The name of the task, for messages.
        budget_s: Seconds.
        learners: Names, or learners; by default all that fit.
        metric: See `tacit.metrics.names`.
        target: Stop when the score is at least as good.
        seed: Of splits and fits.
        scored: (n,) which rows may be scored on; the others are only learned from. All by default.
        on_best: Told of each model that is the best so far, with its score.
        on_trial: Told of each trial.

    Raises:
        NotLearnable: No learner takes such types yet.
        TooFewLabels: There are too few rows, or they are all of one class.
        BudgetError: The budget ended before there was any model.
        TrainingError: Every trial failed.
        OptionError: A learner or the metric is unknown or does not fit.
        KeyboardInterrupt: It came before there was any model; later it ends the search.
    """
    learnable(data.kinds, data.output, task)
    _check_rows(data, np.ones(data.n, bool) if scored is None else scored, task)
    name = metrics.check(metric or metrics.default(data.output), data.output)
    chosen = _chosen(data, learners, task)
    search = _Search(data, ids, task, name, seed, time.monotonic() + budget_s, scored, on_best, on_trial)
    try:
        stopped = search.run(chosen, target)
    except KeyboardInterrupt:
        if search.best is None:
            raise
        stopped = "interrupt"
    return search.finish(stopped, budget_s)


def learnable(kinds: Mapping[str, Kind], output: Kind, task: str) -> None:
    """Raise `NotLearnable` unless there are learners for such types."""
    if not isinstance(output, Category | Number):
        raise NotLearnable(
            f"{task} returns {output}, which no learner gives yet",
            right="bool, Literal[...], an Enum, float and int can be learned",
            next=f"tacit add {task} FILE collects for it already; or return one of these",
        )
    for column, kind in kinds.items():
        if kind.role not in ROLES:
            raise NotLearnable(f"{column} of {task} is {kind}, which no learner takes yet", next=f"leave {column} out of {task}")


def _check_rows(data: Data, scored: NDArray[np.bool_], task: str) -> None:
    n = int(scored.sum())
    more = f"tacit select {task} 20, and label those"
    if n < _FEWEST:
        raise TooFewLabels(
            f"{task} has {n} labeled example{'s' * (n != 1)}", right=f"it takes {_FEWEST} to learn anything", next=more
        )
    if isinstance(data.output, Category):
        said = np.unique(data.target[scored].argmax(1))
        if len(said) < 2:
            only = data.output.names[said[0]]
            raise TooFewLabels(f"all {n:,} labels of {task} are {only}", right="it takes two classes to tell apart", next=more)
    elif np.ptp(data.target[scored]) == 0:
        raise TooFewLabels(
            f"all {n:,} labels of {task} are {data.target[scored][0]:g}", right="it takes different ones", next=more
        )


def _chosen(data: Data, learners: Sequence[str | Learner] | None, task: str) -> list[Learner]:
    fitting = choices(data.kinds, data.output)
    if learners is None:
        return [get(name) for name in fitting]
    found = [get(one) if isinstance(one, str) else one for one in learners]
    for learner in found:
        if not learner.accepts(data.kinds, data.output):
            raise OptionError(
                f"{learner.name} does not fit {task}",
                right=f"it can be learned by {', '.join(fitting)}",
                next=f"tacit choices {task}",
            )
    if not found:
        raise OptionError(
            "learners is empty", right=f"{task} can be learned by {', '.join(fitting)}", next=f"tacit choices {task}"
        )
    return found


@dataclass(frozen=True)
class _Candidate:
    """A learner with settings that are worth trying."""

    learner: Learner
    settings: Settings

    @property
    def key(self) -> str:
        return f"{self.learner.name} {sorted(self.settings.items())}"


@dataclass(frozen=True)
class _Best:
    candidate: _Candidate
    model: Model
    trial: Trial
    measured: metrics.Metric
    rung: int
    rows: NDArray[np.intp]
    predicted: NDArray[np.float64]


class _Search:
    """One call of `climb`, while it lasts."""

    def __init__(
        self,
        data: Data,
        ids: Sequence[str],
        task: str,
        metric: str,
        seed: int,
        end: float,
        scored: NDArray[np.bool_] | None,
        on_best: OnBest | None,
        on_trial: Callable[[Trial], None] | None,
    ) -> None:
        self.data, self.task, self.metric, self.seed = data, task, metric, seed
        self.began, self.end = time.monotonic(), end
        self.on_best, self.on_trial = on_best, on_trial
        self.cache = Cache()
        self.best: _Best | None = None
        self.trials: list[Trial] = []
        self.curve: list[tuple[float, float]] = []
        self.rates: dict[str, float] = {}
        self.ids = ids
        self.classes = data.target.argmax(1) if isinstance(data.output, Category) else None
        self.parts = parts(ids, self.classes, validated=scored, seed=seed)

    def run(self, learners: Sequence[Learner], target: float | None) -> str:
        """Climb the rungs. Returns why the search ended."""
        for learner in learners:
            learner.warm_up()
        portfolios = [[_Candidate(lr, s) for s in lr.portfolio(self.data.kinds, self.data.n)] for lr in learners]
        going = [p[i] for i in range(max(map(len, portfolios))) for p in portfolios if i < len(p)]
        rungs = _rungs(max(len(part.train) for part in self.parts))
        skipped = False
        for number, size in enumerate(rungs):
            last = number == len(rungs) - 1
            scores: dict[str, float] = {}
            for candidate in going:
                found = self.attempt(candidate, number, size, last)
                if found is None:
                    skipped = skipped or time.monotonic() + 1 > self.end or "left" in (self.trials[-1].reason or "")
                    continue
                scores[candidate.key] = _up(self.metric) * found
                if target is not None and self.best is not None and self._reached(target):
                    return "target"
            survivors = sorted((c for c in going if c.key in scores), key=lambda c: -scores[c.key])
            kept = {c.key for c in survivors[: max(1, -(-len(survivors) // 2))]}
            going = [c for c in going if c.key in kept] or going[:1]
        return "budget" if skipped else "portfolio"

    def attempt(self, candidate: _Candidate, rung: int, size: int, last: bool) -> float | None:
        """Try a candidate on a rung. Its score, or None if it was not tried or dropped."""
        parts = self.parts if last else self.parts[:1]
        needed, left = (
            self._predicted(candidate, size) * len(parts),
            self.end - time.monotonic() - self._reserved(candidate, size),
        )
        if needed * _CAUTION > left and (self.best is not None or left <= 0):
            self._note(
                candidate, size, len(parts), None, 0.0, f"would take about {needed:.0f} s, and {max(0, left):.0f} s are left"
            )
            return None
        began = time.monotonic()
        try:
            models, rows, predicted = self._fit(candidate, size, parts)
        except (TacitError, MemoryError, ValueError, ArithmeticError, RuntimeError, OSError) as error:
            self._note(candidate, size, len(parts), None, time.monotonic() - began, f"{type(error).__name__}: {str(error)[:200]}")
            return None
        took = time.monotonic() - began
        self.rates[candidate.key] = took / len(parts) / size
        measured = metrics.measure(self.metric, predicted, self.data.target[rows], seed=self.seed)
        trial = self._note(replace_settings(candidate, models[0]), size, len(parts), measured.value, took, None)
        self._consider(_Best(candidate, models[0], trial, measured, rung, rows, predicted))
        return measured.value

    def _fit(self, candidate: _Candidate, size: int, parts: Sequence[Part]) -> tuple[list[Model], Any, Any]:
        models, predictions = [], []
        for part in parts:
            train = self.data.take(self._rows(part, size))
            model = candidate.learner.fit(train, candidate.settings, seed=self.seed, deadline=self.end, cache=self.cache)
            held = {name: [values[i] for i in part.validate] for name, values in self.data.columns.items()}
            predicted = model.predict(held)
            if not np.all(np.isfinite(predicted)):
                raise TrainingError("its predictions are not finite", next="it was dropped; the search goes on")
            models.append(model)
            predictions.append(predicted)
        return models, np.concatenate([part.validate for part in parts]), np.concatenate(predictions)

    def _rows(self, part: Part, size: int) -> NDArray[np.intp]:
        """`size` of the rows that a part trains on, in the order of the hash."""
        if size >= len(part.train):
            return part.train
        classes = None if self.classes is None else self.classes[part.train]
        return part.train[sample([self.ids[i] for i in part.train.tolist()], classes, size, seed=self.seed)]

    def _predicted(self, candidate: _Candidate, size: int) -> float:
        """Seconds of one fit, from what the candidate took for each row, or else its learner's dearest; 0 if untried."""
        alike = [rate for key, rate in self.rates.items() if key.startswith(candidate.learner.name + " ")]
        return self.rates.get(candidate.key, max(alike, default=0.0)) * size

    def _reserved(self, candidate: _Candidate, size: int) -> float:
        """Seconds to keep for the last fit, on all rows, of what is best now."""
        return 0.0 if self.best is None else self._predicted(self.best.candidate, self.data.n)

    def _note(
        self, candidate: _Candidate, rows: int, n_folds: int, score: float | None, took: float, reason: str | None
    ) -> Trial:
        at = time.monotonic() - self.began
        trial = Trial(candidate.learner.name, dict(candidate.settings), self.seed, rows, n_folds, score, took, at, reason)
        self.trials.append(trial)
        if self.on_trial:
            self.on_trial(trial)
        return trial

    def _consider(self, found: _Best) -> None:
        """Take a model as the best if it scores better; one of a higher rung also if it scores alike, within its interval."""
        if self.best is not None:
            up = _up(self.metric)
            gain = up * (found.measured.value - self.best.measured.value)
            margin = found.measured.interval[1 if up > 0 else 0] - found.measured.value
            if gain <= (-abs(margin) if found.rung > self.best.rung else 0):
                return
        self.best = found
        self.curve.append((time.monotonic() - self.began, found.measured.value))
        if self.on_best:
            self.on_best(found.model, found.trial, found.measured)

    def _reached(self, target: float) -> bool:
        assert self.best is not None
        return _up(self.metric) * (self.best.measured.value - target) >= 0

    def finish(self, stopped: str, budget_s: float) -> Climb:
        """Fit the best on all rows if there is time, and sum up."""
        if self.best is None:
            raise self._nothing(budget_s)
        model = self.best.model
        needed = self._predicted(self.best.candidate, self.data.n) * _CAUTION
        if stopped != "interrupt" and time.monotonic() + needed <= self.end + 1:
            try:
                model = self._last(self.best) or model
            except KeyboardInterrupt:
                stopped = "interrupt"
        best = self.best
        return Climb(
            model,
            best.trial,
            self.metric,
            best.measured.value,
            best.measured.interval,
            time.monotonic() - self.began,
            tuple(self.curve),
            tuple(self.trials),
            stopped,
            best.rows,
            best.predicted,
        )

    def _last(self, best: _Best) -> Model | None:
        began = time.monotonic()
        learner, settings = best.candidate.learner, best.candidate.settings
        try:
            model = learner.fit(self.data, settings, seed=self.seed, deadline=self.end + 1, cache=self.cache)
        except (TacitError, MemoryError, ValueError, ArithmeticError, RuntimeError, OSError) as error:
            self._note(
                best.candidate, self.data.n, 0, None, time.monotonic() - began, f"{type(error).__name__}: {str(error)[:200]}"
            )
            return None
        trial = self._note(replace_settings(best.candidate, model), self.data.n, 0, None, time.monotonic() - began, None)
        if self.on_best:
            self.on_best(model, trial, best.measured)
        return model

    def _nothing(self, budget_s: float) -> TacitError:
        reasons = list(dict.fromkeys(t.reason for t in self.trials if t.reason))
        if not reasons or all("BudgetError" in r or "left" in r for r in reasons):
            return BudgetError(
                f"{budget_s:g} s is too short for any model of {self.task} on {self.data.n:,} rows",
                next=f"tacit train {self.task} --budget {max(10, round(budget_s * 10))}",
            )
        return TrainingError(
            f"nothing could be learned for {self.task}: {'; '.join(reasons[:3])}", next=f"tacit choices {self.task}"
        )


def replay(trial: Trial, data: Data, ids: Sequence[str], *, scored: NDArray[np.bool_] | None = None) -> Model:
    """The model of a trial, fitted again: on the same rows it gives the same predictions.

    Arguments:
        trial: Of a search over the same rows; of one with folds, the model of the first fold.
        data, ids, scored: What the search was given.
    """
    learner = get(trial.learner)
    if trial.folds == 0:
        return learner.fit(data, trial.settings, seed=trial.seed, cache=Cache())
    search = _Search(data, ids, "", metrics.default(data.output), trial.seed, float("inf"), scored, None, None)
    rows = search._rows(search.parts[0], trial.rows)
    return learner.fit(data.take(rows), trial.settings, seed=trial.seed, cache=Cache())


def replace_settings(candidate: _Candidate, model: Model) -> _Candidate:
    """The candidate with the settings that repeat its model."""
    return replace(candidate, settings=model.settings)


def _up(metric: str) -> int:
    return 1 if metrics.higher_is_better(metric) else -1


def _rungs(most: int) -> list[int]:
    """Numbers of rows to try on: each four times the one before, the last one all."""
    sizes = [_FIRST_RUNG]
    while sizes[-1] * _STEP < most:
        sizes.append(sizes[-1] * _STEP)
    return [*(s for s in sizes if s * 2 <= most), most]
