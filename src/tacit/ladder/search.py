"""The climb itself: successive halving within a budget."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tacit import metrics
from tacit.errors import TacitError
from tacit.ladder.asking import check_rows, chosen, learnable, nothing, too_short
from tacit.ladder.climbs import Climb
from tacit.ladder.holding import Best, Curve, alike, grown, replaces, survivors
from tacit.ladder.trials import Candidate, Pace, Rows, Trial
from tacit.learners import Cache, Data, Learner, Model, get, settle
from tacit.metrics import Metric
from tacit.splits import parts
from tacit.types import Category

__all__ = ["Climb", "climb", "replay"]

_FIRST = 2_000
_STEP = 4
_A_CLASS = 20
"""The first rung has at most 2,000 rows, but 20 for each class; each rung has four times the rows of the one below."""

_CAUTION = 1.25
"""A trial is started when its predicted time, times this, is left."""

_HOPE = 2.0
"""A fit that is ended by its deadline can still be the best; one is risked when half of its predicted time is left."""

_WORTH = 1.3
"""By so much more rows must be had for a fit that only adds rows."""

_GRACE = 1.0
"""Seconds by which the last fit may overrun the budget, which is kept to within 3."""


OnBest = Callable[[Model, Trial, Metric], None]
OnTrial = Callable[[Trial], None]


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
    on_trial: OnTrial | None = None,
) -> Climb:
    """Find the learner and settings that score best, within a budget.

    Every setting of every learner is tried on few rows first; the better half, and the best of each learner, goes on to four
    times as many, and so on to all of them (successive halving, Jamieson and Talwalkar, 2016). A trial is started only if
    its time, predicted from the trials before it, is left. Then the best is fitted once more, on all rows.

    Arguments:
        data: Rows to learn from and to score on.
        ids: Their content ids.
        task: The name of the task, for messages.
        budget_s: Seconds; kept to within 10 % or 3 s.
        learners: Names, or learners; by default all that fit.
        metric: See `tacit.metrics.names`.
        target: Stop when the score is at least as good.
        seed: Of splits and fits.
        scored: (n,) which rows may be scored on; the others are only learned from. All by default.
        on_best: Told of each model that is the best so far, with its score.
        on_trial: Told of each trial.

    Raises:
        NotLearnable: No learner takes such types yet.
        TooFewLabels: There are too few rows to score on, or they are all of one class.
        BudgetError: The budget ended before there was any model.
        TrainingError: Every trial failed.
        OptionError: A learner or the metric is unknown or does not fit.
        KeyboardInterrupt: It came before there was any model; later it ends the search.
    """
    began = time.monotonic()
    learnable(data.kinds, data.output, task)
    check_rows(data, np.ones(data.n, dtype=bool) if scored is None else scored, task)
    name = metrics.check(metric or metrics.default(data.output), data.output)
    rows = _rows(settle(data), ids, scored, seed)
    portfolio = _portfolio(rows.data, chosen(rows.data, learners, task))
    if budget_s <= 0:
        raise too_short(budget_s, task, data.n)
    search = _Search(rows, name, began, began + budget_s, target, on_best, on_trial)
    try:
        stopped = search.run(portfolio)
        model = search.last()
    except KeyboardInterrupt:
        if search.best is None:
            raise
        stopped, model = "interrupt", None
    if search.best is None:
        raise nothing(search.trials, budget_s, task, data.n)
    best = search.best
    return Climb(
        model or best.fitted.model,
        best.trial,
        name,
        best.measured.value,
        best.measured.interval,
        time.monotonic() - began,
        search.curve or grown((), best.trial.at, best.measured),
        tuple(search.trials),
        stopped,
        best.fitted.rows,
        best.fitted.predicted,
    )


def replay(
    trial: Trial,
    data: Data,
    ids: Sequence[str],
    *,
    scored: NDArray[np.bool_] | None = None,
    learner: Learner | None = None,
) -> Model:
    """The model of a trial, fitted again: on the same rows it gives the same predictions.

    Arguments:
        trial: Of a search over the same rows; of one with folds, the model of the first fold.
        data, ids, scored: What the search was given.
        learner: The trial's learner, where it has no registered name.
    """
    rows = _rows(settle(data), ids, scored, trial.seed)
    some = rows.training(rows.parts[0], trial.rows) if trial.folds else rows.data
    return (learner or get(trial.learner)).fit(some, trial.settings, seed=trial.seed, cache=Cache())


def _rows(data: Data, ids: Sequence[str], scored: NDArray[np.bool_] | None, seed: int) -> Rows:
    classes = data.target.argmax(axis=1) if isinstance(data.output, Category) else None
    return Rows(data, ids, parts(ids, classes, validated=scored, seed=seed), seed)


def _portfolio(data: Data, learners: Sequence[Learner]) -> list[Candidate]:
    """All candidates: the first of each learner, the second of each, and so on."""
    each = [[Candidate(learner, s) for s in learner.portfolio(data)] for learner in learners]
    return [mine[i] for i in range(max(map(len, each))) for mine in each if i < len(mine)]


def _rungs(most: int, classes: int) -> list[int]:
    """Numbers of rows to try on, the last one all."""
    sizes = [most]
    while sizes[0] > _FIRST and sizes[0] // _STEP >= _A_CLASS * classes:
        sizes.insert(0, sizes[0] // _STEP)
    return sizes


class _Search:
    """One call of `climb`, while it lasts: what it holds is kept when an interrupt ends it."""

    def __init__(
        self,
        rows: Rows,
        metric: str,
        began: float,
        end: float,
        target: float | None,
        on_best: OnBest | None,
        on_trial: OnTrial | None,
    ) -> None:
        self.rows, self.metric, self.target = rows, metric, target
        self.began, self.end = began, end
        self.on_best, self.on_trial = on_best, on_trial
        self.up = 1 if metrics.higher_is_better(metric) else -1
        self.rung_ends = end
        self.cache, self.pace = Cache(), Pace()
        self.best: Best | None = None
        self.put_off: list[Candidate] = []
        self.scores: dict[str, tuple[Candidate, Metric]] = {}
        self.trials: list[Trial] = []
        self.curve: Curve = ()

    def run(self, going: list[Candidate]) -> str:
        """Climb the rungs. Returns why the search ended."""
        for learner in {c.learner.name: c.learner for c in going}.values():
            learner.warm_up()
        rungs = _rungs(self.rows.most, self.rows.data.classes)
        short = False
        for rung, size in enumerate(rungs):
            going = self._ordered(going)
            if rung and not self._fits(going[0], size):
                short = True
                break
            # Rungs share the time that is left: many settings on few rows must not keep the best from many rows.
            self.rung_ends = time.monotonic() + (self._left() - self._reserved()) / (len(rungs) - rung)
            folds = len(self.rows.parts) if size == self.rows.most else 1
            scores: dict[str, float] = {}
            for candidate in going:
                if self.best is None and folds > 1:
                    self._try(candidate, -1, size, 1, first=True)  # something to hold, after a single fit
                score = self._try(candidate, rung, size, folds, first=not scores)
                if score is not None:
                    scores[candidate.key] = self.up * score
                elif (self.trials[-1].reason or "").endswith("left"):
                    short = True
                    self.put_off += [candidate] if rung else []
                if self._reached():
                    return "target"
            going = survivors(going, scores) or going
        if short:
            self._more_rows(len(rungs))
            self._second_chances()
        return "budget" if short else "portfolio"

    def _fits(self, candidate: Candidate, size: int) -> bool:
        """Whether there is time to fit a candidate on so many rows."""
        return self._needed(candidate, size) * _CAUTION <= self._left() - self._reserved()

    def _more_rows(self, rung: int) -> None:
        """Spend what is left on the best so far, with as many rows as it can take before its deadline."""
        if self.best is None or self.best.trial.rows * _WORTH > self.rows.most:
            return
        candidate = self._ordered([self.best.candidate])[0]
        size = self.rows.most
        while self._needed(candidate, size) > _HOPE * self._left() and size >= _WORTH * self.best.trial.rows:
            size = size * 9 // 10
        if size >= _WORTH * self.best.trial.rows:
            self._try(candidate, rung, size, 1, first=True)

    def _second_chances(self) -> None:
        """Try those on all rows that lower rungs had kept, and then had no time for."""
        self.rung_ends = self.end
        for candidate in sorted(self.put_off, key=lambda c: self._needed(c, self.rows.most)):
            if self.best is not None and self.best.trial.rows == self.rows.most and not self._reached():
                self._try(candidate, self.best.rung, self.rows.most, 1, first=False)

    def _needed(self, candidate: Candidate, size: int) -> float:
        return self.pace.fitting(candidate, size) or 0.0

    def _ordered(self, going: list[Candidate]) -> list[Candidate]:
        """The best first, as given; but if it has no time for all rows, before it the fastest of all that score alike."""
        most, best = self.rows.most, self.scores.get(going[0].key)
        if best is None or self._needed(going[0], most) * _CAUTION <= self._left() - self._reserved():
            return going
        close = [c for c, measured in self.scores.values() if alike(measured, best[1])]
        fastest = min(close, key=lambda c: self._needed(c, most))
        return [fastest, *(c for c in going if c is not fastest)]

    def last(self) -> Model | None:
        """The best, fitted on all rows, if that ends in time as all that it was when it was scored."""
        best = self.best
        if best is None:
            return None
        n = self.rows.data.n
        again = Candidate(best.candidate.learner, best.fitted.model.settings)
        needed = self._needed(best.candidate, n)
        if needed > _HOPE * (self._left() + _GRACE):
            self._note(again, n, 0, None, 0.0, f"would take about {needed:.1f} s, and {max(0.0, self._left()):.1f} s are left")
            return None
        began = time.monotonic()
        try:
            model = again.learner.fit(
                self.rows.data, again.settings, seed=self.rows.seed, deadline=self.end + _GRACE, cache=self.cache
            )
        except Exception as error:
            self._note(again, n, 0, None, time.monotonic() - began, _told(error))
            return None
        reason = None if dict(model.settings) == dict(again.settings) else "the deadline ended it"
        trial = self._note(replace(again, settings=model.settings), n, 0, None, time.monotonic() - began, reason)
        if reason:
            return None
        if self.on_best:
            self.on_best(model, trial, best.measured)
        return model

    def _left(self) -> float:
        return self.end - time.monotonic()

    def _reserved(self) -> float:
        """Seconds to keep for the last fit, if it has a chance; at most half of what is left, since more rows are worth more."""
        if self.best is None:
            return 0.0
        needed, left = self._needed(self.best.candidate, self.rows.data.n), self._left()
        return min(needed, left / 2) if needed <= _HOPE * left else 0.0

    def _try(self, candidate: Candidate, rung: int, size: int, folds: int, *, first: bool) -> float | None:
        """Fit and score a candidate. Its score, or None if there was no time for it or it was dropped."""
        needed, left = self._needed(candidate, size), self._left() - (0.0 if first else self._reserved())
        if not first:
            left = min(left, self.rung_ends - time.monotonic())
        if first and needed * folds * _CAUTION > left:
            folds = 1
        if self.best is not None and needed * folds > left * (_HOPE if first else 1 / _CAUTION):
            told = f"would take about {needed * folds:.1f} s, and {max(0.0, left):.1f} s are left"
            self._note(candidate, size, folds, None, 0.0, told)
            return None
        began = time.monotonic()
        deadline = began + left - min(self.pace.predicting(candidate, size), 0.3 * max(0.0, left))
        try:
            fitted = self.rows.fit(candidate, size, folds, deadline, self.cache)
            measured = metrics.measure(self.metric, fitted.predicted, self.rows.data.target[fitted.rows], seed=self.rows.seed)
        except Exception as error:
            # Whatever a learner stumbles over, memory included, ends this trial and not the search.
            self._note(candidate, size, folds, None, time.monotonic() - began, _told(error))
            return None
        self.pace.note(candidate, size, fitted)
        self.scores[candidate.key] = candidate, measured
        kept = replace(candidate, settings=fitted.model.settings)
        trial = self._note(kept, size, fitted.folds, measured.value, time.monotonic() - began, None)
        self._consider(Best(candidate, trial, fitted, measured, rung))
        return measured.value

    def _note(
        self, candidate: Candidate, rows: int, folds: int, score: float | None, seconds: float, reason: str | None
    ) -> Trial:
        at = time.monotonic() - self.began
        name, settings = candidate.learner.name, dict(candidate.settings)
        trial = Trial(name, settings, self.rows.seed, rows, folds, score, seconds, at, reason)
        self.trials.append(trial)
        if self.on_trial:
            self.on_trial(trial)
        return trial

    def _consider(self, found: Best) -> None:
        """Hold a model if it is the best so far."""
        if self.best is not None and not replaces(found, self.best):
            return
        if self.on_best:
            self.on_best(found.fitted.model, found.trial, found.measured)
        # Only now, so that an interrupt while it was told leaves the one that was told before.
        self.best = found
        if found.rung >= 0:
            self.curve = grown(self.curve, time.monotonic() - self.began, found.measured)

    def _reached(self) -> bool:
        if self.target is None or self.best is None:
            return False
        return self.up * (self.best.measured.value - self.target) >= 0


def _told(error: Exception) -> str:
    # Without what to type next: the error that lists these reasons says that once.
    said = error.message if isinstance(error, TacitError) else str(error)
    return f"{type(error).__name__}: {said[:200]}"
