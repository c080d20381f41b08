"""What a search holds while it lasts: the best model so far, and how all that were scored did."""

from __future__ import annotations

import time
from collections.abc import Callable

from tacit.ladder.attempts import Attempts
from tacit.ladder.holding import Best, Curve, grown, level, replaces, without_models
from tacit.ladder.trials import Candidate, Trial
from tacit.learners import Model
from tacit.metrics import Metric, higher_is_better

__all__ = ["Held", "OnBest"]

_ENOUGH = 30
"""If so many rows are all answered right, nothing can be seen to be better."""

OnBest = Callable[[Model, Trial, Metric], None]


class Held:
    """What a search holds.

    Attributes:
        up: 1 where a higher score is better, else -1.
        best: The best so far.
        every: All that were scored, in order; those of fewer rows without their models once there is one of all rows.
        scores: Of each candidate, by its key, how well it is known to do.
        curve: The score of the best by seconds.
    """

    def __init__(self, attempts: Attempts, target: float | None, on_best: OnBest | None) -> None:
        self.rows, self.began, self.target, self.on_best = attempts.rows, attempts.began, target, on_best
        self.up = 1 if higher_is_better(attempts.metric) else -1
        self.best: Best | None = None
        self.every: list[Best] = []
        self.scores: dict[str, tuple[Candidate, Metric]] = {}
        self.curve: Curve = ()

    def take(self, found: Best | None) -> None:
        """Remember a scored model, and hold it if it is the best so far."""
        if found is None:
            return
        if found.trial.rows == self.rows.most:
            # Models of fewer rows are no use any more, and may be large.
            self.every = [one if one.trial.rows == self.rows.most else without_models(one) for one in self.every]
        self.every.append(found)
        self.scores[found.candidate.key] = found.candidate, found.measured
        if self.best is not None and not replaces(*level(found, self.best, self.rows)):
            return
        if self.on_best:
            self.on_best(found.fitted.model, found.trial, found.measured)
        # Only now, so that an interrupt while it was told leaves the one that was told before.
        self.best = found
        if found.rung >= 0:
            self.curve = grown(self.curve, time.monotonic() - self.began, found.measured)

    @property
    def done(self) -> set[str]:
        """Names of the candidates that were scored with all rows."""
        return {one.candidate.key for one in self.every if one.trial.rows == self.rows.most and one.rung >= 0}

    @property
    def perfect(self) -> bool:
        """Whether nothing can be seen to be better: every scored answer is right, of enough to say so."""
        return self.best is not None and self.up * self.best.measured.value >= 1 and len(self.best.fitted.rows) >= _ENOUGH

    @property
    def reached(self) -> bool:
        """Whether the target is."""
        return self.target is not None and self.best is not None and self.up * (self.best.measured.value - self.target) >= 0
