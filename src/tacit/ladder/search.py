"""The climb itself: successive halving within a budget, and then what is dear."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tacit import metrics
from tacit.ladder.asking import check_rows, chosen, failed, learnable, nothing, too_short
from tacit.ladder.attempts import HOPE, Attempts, OnStart, OnTrial
from tacit.ladder.climbs import Climb
from tacit.ladder.finishing import Chosen, Outcome, choose, finish, gain_of, grown_interval
from tacit.ladder.held import Held, OnBest
from tacit.ladder.holding import alike, grown
from tacit.ladder.replaying import split
from tacit.ladder.rungs import overlooked, portfolio, rungs, survivors, worthwhile
from tacit.ladder.trials import Candidate
from tacit.ladder.worst import Strata
from tacit.learners import Cache, Data, Learner, settle
from tacit.splits import Bounds

__all__ = ["climb"]

_CAUTION = 1.25
"""A trial is started when its predicted time, times this, is left."""

_WORTH = 1.3
"""By so much more rows must be had for a fit that only adds rows."""

_DEAR = 0.1
"""A learner is dear if it says that one fit of all rows takes more than this share of the budget: it climbs no rungs."""

_RUNGS = 0.35
"""The share of the budget for the rungs, where there are dear learners."""

_OTHERS = 1 / 3
"""The share of what is left that a dear learner may use while dearer ones wait."""

_KEPT = 0.25
"""At most this share of what is left is kept for the best so far, fitted on all rows, while a dear one may turn out better."""

_LEAST = 0.08
"""A dear fit has to have this share of the time that it would like."""

_STEEP = 1_000
"""With fewer rows than this, more rows are worth more than more time."""


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
    known: bool = True,
    bounds: Bounds | None = None,
    strata: Strata | None = None,
    cache: Cache | None = None,
    on_best: OnBest | None = None,
    on_trial: OnTrial | None = None,
    on_start: OnStart | None = None,
) -> Climb:
    """Find the learners and settings that score best, within a budget.

    Every setting of every learner is tried on few rows first; the better half, and the best of each learner, goes on to four
    times as many, and so on to all of them (successive halving, Jamieson and Talwalkar, 2016). A trial is started only if
    its time, predicted from the trials before it or by its learner, is left. Learners that are dear for this budget have all
    rows at once, and what is left. Then the models that help each other are put together (Caruana et al., 2004), fitted once
    more on all rows, and calibrated.

    Arguments:
        data: Rows to learn from and to score on.
        ids: Their content ids.
        task: The name of the task, for messages.
        budget_s: Seconds; kept to within 10 % or 3 s.
        learners: Names, or learners; by default all that fit. Models are put together if "ensemble" is among them.
        metric: See `tacit.metrics.names`.
        target: Stop when the score is at least as good.
        seed: Of splits and fits.
        scored: (n,) which rows may be scored on; the others are only learned from. All by default.
        known: Whether their targets are somebody's word, not votes, which a model may repeat all too well.
        bounds: What training and scored rows may not share.
        strata: Groups of rows: what is compared is the score of the worst of them. None scores all rows.
        cache: Where features that are dear to make are kept; in memory by default.
        on_best: Told of each model that is the best so far, with its score.
        on_trial, on_start: Told of each trial; and the name of a learner whenever one is fitted.

    Raises:
        NotLearnable: No learner takes such types yet.
        TooFewLabels: There are too few rows to score on, or they are all of one class.
        BudgetError: The budget ended before there was any model.
        TrainingError: Every trial failed.
        OptionError: A learner or the metric is unknown or does not fit.
        MissingExtra: A learner that was named needs what is not installed.
        KeyboardInterrupt: It came before there was any model; later it ends the search.
    """
    began = time.monotonic()
    learnable(data.kinds, data.output, task)
    check_rows(data, np.ones(data.n, dtype=bool) if scored is None else scored, task)
    name = metrics.check(metric or metrics.default(data.output), data.output)
    rows = split(settle(data), ids, scored, bounds, seed, known=known, strata=strata)
    asked = chosen(rows.data, learners, task)
    candidates = portfolio(rows.data, asked.learners)
    attempts = Attempts(rows, name, began, began + budget_s, cache or Cache(), on_start, on_trial)
    if budget_s <= 0:
        raise too_short(budget_s, task, data.n, 0.0)
    search = _Search(attempts, target, on_best)
    try:
        stopped = search.run(candidates)
        if search.held.best is not None:
            search.finish(several=asked.several)
    except KeyboardInterrupt:
        if search.held.best is None:
            raise
        stopped = "interrupt"
    if search.held.best is None:
        raise nothing(attempts.trials, budget_s, task, data.n, attempts.least(candidates))
    return search.found(stopped, (*asked.notes, *failed(attempts.trials)))


class _Search:
    """One call of `climb`, while it lasts: what it holds is kept when an interrupt ends it."""

    def __init__(self, attempts: Attempts, target: float | None, on_best: OnBest | None) -> None:
        self.attempts, self.rows, self.on_best = attempts, attempts.rows, on_best
        self.held = Held(attempts, target, on_best)
        self.until = self.rung_ends = attempts.end
        self.put_off: list[Candidate] = []
        self.chosen: Chosen | None = None
        self.outcome: Outcome | None = None

    def run(self, candidates: list[Candidate]) -> str:
        """Climb the rungs, then try what is dear. Returns why the search ended."""
        most, budget = self.rows.most, self.attempts.left()
        if len({c.learner.name for c in candidates}) > 1:
            # Something to hold, by the cheapest learner, before the others are asked what they take: that may import much.
            self._try(candidates[0], -1, rungs(most, self.rows.data.classes)[0], 1, first=True)
        needed = {c.key: self._needed(c, most) for c in candidates}
        candidates = worthwhile(candidates, needed, self.rows.data, _OTHERS * budget)
        dear = [c for c in candidates if needed[c.key] > _DEAR * budget]
        going = [c for c in candidates if c not in dear]
        if dear and going:
            self.until = self.rung_ends = time.monotonic() + _RUNGS * budget
        short = self._climb(going) if going else False
        self.until = self.rung_ends = self.attempts.end
        if not self.held.reached:
            short |= self._dear(dear)
        if short and not self.held.reached:
            self._more_rows(len(rungs(most, self.rows.data.classes)))
        self._second_chances()
        return "target" if self.held.reached else "budget" if short else "portfolio"

    def _climb(self, going: list[Candidate]) -> bool:
        """Successive halving. Returns whether time was too short for any of it."""
        sizes, short = rungs(self.rows.most, self.rows.data.classes), False
        for rung, size in enumerate(sizes):
            going = self._ordered(going)
            if rung and self._needed(going[0], size) * _CAUTION > self._left() - self._reserved():
                self.put_off += going
                return True
            # Rungs share the time that is left: many settings on few rows must not keep the best from many rows.
            self.rung_ends = time.monotonic() + (self._left() - self._reserved()) / (len(sizes) - rung)
            folds = len(self.rows.parts) if size == self.rows.most else 1
            scores: dict[str, float] = {}
            for candidate in going:
                if self.attempts.outclassed(candidate, size, folds, [one for one in self.held.every if one.rung == rung]):
                    continue
                if self.held.best is None and folds > 1:
                    self._try(candidate, -1, size, 1, first=True)  # something to hold, after a single fit
                score = self._try(candidate, rung, size, folds, first=not scores)
                if score is not None:
                    scores[candidate.key] = self.held.up * score
                elif (self.attempts.trials[-1].reason or "").endswith("left"):
                    short = True
                    self.put_off += [candidate] if rung else []
                if self.held.reached:
                    return short
            going = survivors(going, scores) or going
        return short

    def _dear(self, dear: list[Candidate]) -> bool:
        """Give the dear ones all rows and a share of what is left, the first of each learner before others. Returns as `_climb`."""
        firsts = [c for i, c in enumerate(dear) if c.learner.name not in {d.learner.name for d in dear[:i]}]
        rung, most, short = len(rungs(self.rows.most, self.rows.data.classes)) - 1, self.rows.most, False
        for i, candidate in enumerate([*firsts, *(c for c in dear if c not in firsts)]):
            if self.held.reached or self.held.perfect:
                break
            needed, share = self._needed(candidate, most), self._share(candidate, dearer=len(firsts) - 1 - i)
            worth = _LEAST if candidate in firsts else 1.0
            if share < worth * needed and (self.held.best is not None or i + 1 < len(firsts)):
                self.attempts.leave(candidate, most, 1, needed, share)
                short = True
                continue
            short |= share < needed
            self.held.take(self.attempts.score(candidate, rung, most, len(self.rows.parts), share, dear=True))
        return short

    def _share(self, candidate: Candidate, *, dearer: int) -> float:
        """Seconds for the scored fit of a dear candidate.

        As long as it likes if the last fit on all rows then has time too. Else the last fit is worth its time where rows are
        few; where there are many, a longer scored fit is worth more.
        """
        left = (self._left() - self._reserved(_KEPT)) * (_OTHERS if dearer > 0 else 1.0)
        again = self.rows.data.n / self.rows.most
        fit = self._needed(candidate, self.rows.most) * _CAUTION
        if left >= fit * (1 + again):
            return left - fit * again
        return left / (1 + again) if self.rows.data.n < _STEEP else left

    def _more_rows(self, rung: int) -> None:
        """Spend what is left on the best so far, with as many rows as it can take before its deadline."""
        if self.held.best is None or self.held.best.trial.rows * _WORTH > self.rows.most:
            return
        candidate, size = self._ordered([self.held.best.candidate])[0], self.rows.most
        if candidate.key in self.held.done:
            candidate = self.held.best.candidate
        while self._needed(candidate, size) > HOPE * self._left() and size >= _WORTH * self.held.best.trial.rows:
            size = size * 9 // 10
        if size >= _WORTH * self.held.best.trial.rows and candidate.key not in self.held.done:
            self._try(candidate, rung, size, 1, first=True)

    def _second_chances(self) -> None:
        """Try those on all rows that there was no time for, and those that lower rungs were too small to tell from the best."""
        if self.held.best is None or self.held.best.trial.rows < self.rows.most:
            return
        self.rung_ends = self.until
        waiting = {c.key: c for c in [*self.put_off, *overlooked(self.held.every, self.rows.most)]}
        folds, noted = len(self.rows.parts), {c.key for c in self.put_off}
        for candidate in sorted(waiting.values(), key=lambda c: self._needed(c, self.rows.most)):
            needed = self._needed(candidate, self.rows.most) * folds * _CAUTION
            if candidate.key in self.held.done or self.held.reached:
                continue
            if needed <= self._left() - self._reserved() or candidate.key not in noted:
                self._try(candidate, self.held.best.rung, self.rows.most, folds, first=False)

    def _needed(self, candidate: Candidate, size: int) -> float:
        return self.attempts.needed(candidate, size)

    def _ordered(self, going: list[Candidate]) -> list[Candidate]:
        """The best first, as given; but if it has no time for all rows, before it the fastest of all that score alike."""
        most, best = self.rows.most, self.held.scores.get(going[0].key)
        if best is None or self._needed(going[0], most) * _CAUTION <= self._left() - self._reserved():
            return going
        close = [c for c, measured in self.held.scores.values() if alike(measured, best[1])]
        fastest = min(close, key=lambda c: self._needed(c, most))
        return [fastest, *(c for c in going if c is not fastest)]

    def finish(self, *, several: bool) -> None:
        """Choose among what was scored, and make the model of it."""
        assert self.held.best is not None
        chosen = choose(self.held.every, self.held.best, self.attempts, several=several)
        outcome = finish(chosen, self.attempts, further=several and not self.held.reached)
        if self.on_best and outcome.made is not self.held.best.trial:
            self.on_best(outcome.model, outcome.made, chosen.measured)
        self.chosen, self.outcome = chosen, outcome

    def found(self, stopped: str, notes: tuple[str, ...]) -> Climb:
        """What the search found: what was chosen, or what was held when an interrupt came before that."""
        assert self.held.best is not None
        best, fitted = self.held.best, self.held.best.fitted
        outcome = self.outcome or Outcome(fitted.model, best.trial, best.trial)
        measured, rows, predicted = best.measured, fitted.rows, self.rows.answers(fitted.predicted)
        if self.chosen is not None:
            measured, rows, predicted = self.chosen.measured, self.chosen.rows, self.chosen.predicted
            heaviest = self.chosen.members[0][0]
            seen = [(b.trial.rows, self.held.up * b.measured.value) for b in self.held.every if b.candidate is heaviest.candidate]
            measured = grown_interval(measured, gain_of(measured, seen, heaviest.trial.rows, outcome.made.rows))
        took = time.monotonic() - self.attempts.began
        return Climb(
            outcome.model,
            outcome.scored,
            outcome.made,
            measured.name,
            measured.value,
            measured.interval,
            took,
            grown(self.held.curve, took if self.held.curve else best.trial.at, measured),
            tuple(self.attempts.trials),
            stopped,
            rows,
            predicted,
            notes,
        )

    def _left(self) -> float:
        return self.until - time.monotonic()

    def _reserved(self, most: float = 0.5) -> float:
        """Seconds to keep for the last fit."""
        return 0.0 if self.held.best is None else self.attempts.reserve(self.held.best, self._left(), most)

    def _try(self, candidate: Candidate, rung: int, size: int, folds: int, *, first: bool) -> float | None:
        """Fit and score a candidate. Its score, or None if there was no time for it or it was dropped."""
        needed, left = self._needed(candidate, size), self._left() - (0.0 if first else self._reserved(1.0))
        left = left if first else min(left, self.rung_ends - time.monotonic())
        if first and needed * folds * _CAUTION > left:
            folds = 1
        if self.held.best is not None and needed * folds > left * (HOPE if first else 1 / _CAUTION):
            self.attempts.leave(candidate, size, folds, needed * folds, left)
            return None
        found = self.attempts.score(candidate, rung, size, folds, left)
        self.held.take(found)
        return None if found is None else found.measured.value
