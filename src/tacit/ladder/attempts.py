"""What a search does with a candidate: fit and score it, fit it once more on all rows, or leave it; and the diary of that."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

from tacit.errors import TacitError
from tacit.ladder.holding import Best
from tacit.ladder.pace import Pace
from tacit.ladder.rungs import outclassed
from tacit.ladder.trials import Candidate, Rows, Trial
from tacit.learners import Cache, Learner, Model, Settings
from tacit.memory import give_back
from tacit.phases import phase

__all__ = ["HOPE", "Attempts", "OnStart", "OnTrial"]

HOPE = 2.0
"""A fit that is ended by its deadline can still be the best; one is risked when half of its predicted time is left."""

_GRACE = 1.0
"""Seconds by which the last fit may overrun the budget, which is kept to within 3."""

_SAFE = 1.1
"""A fit on all rows is started if its predicted time, times this, is left: ended by its deadline it is of no use."""

_ROOM = 0.3
"""At most this share of the time of a trial is kept for its predictions."""

_TO_ASK = 2.5
"""Seconds that have to be left for learners to be asked what they take."""

_LONG = 1.0
"""Seconds of a fit after which the memory that it freed is given back."""

OnStart = Callable[[str], None]
OnTrial = Callable[[Trial], None]


class Attempts:
    """The trials of one search.

    Arguments:
        rows: What is fitted and scored on.
        metric: The name of the score.
        began, end: Of the search, in seconds of `time.monotonic`.
        cache: What fits keep for each other.
        on_start: Told the name of a learner whenever one is fitted.
        on_trial: Told of each trial.
    """

    def __init__(
        self, rows: Rows, metric: str, began: float, end: float, cache: Cache, on_start: OnStart | None, on_trial: OnTrial | None
    ) -> None:
        self.rows, self.metric, self.began, self.end, self.cache = rows, metric, began, end, cache
        self._on_start, self._on_trial = on_start, on_trial
        self.pace = Pace(self._told)
        self.trials: list[Trial] = []
        self._warm: set[str] = set()
        self._said: dict[tuple[str, int], float | None] = {}

    def left(self) -> float:
        """Seconds to the end of the search."""
        return self.end - time.monotonic()

    def needed(self, candidate: Candidate, size: int) -> float:
        """Seconds that a fit on so many rows will take, with its predictions; 0 if that is not known."""
        return self.pace.fitting(candidate, size) or 0.0

    def reserve(self, best: Best, left: float, most: float) -> float:
        """Seconds to keep for the last fit, if it has a chance.

        At most this share of what is left; while the scored fit had not all rows that it can have at most half, since more
        rows are worth more.
        """
        needed = self.needed(best.candidate, self.rows.data.n) * _SAFE
        if best.trial.rows < self.rows.most or needed > left:
            most = min(most, 0.5)
        return max(0.0, min(needed, left * most)) if needed <= HOPE * left else 0.0

    def least(self, candidates: Sequence[Candidate]) -> float:
        """Seconds of the fit that takes least, as far as its learner was asked."""
        return min((s for c in candidates if math.isfinite(s := self.needed(c, self.rows.most))), default=0.0)

    def score(self, candidate: Candidate, rung: int, size: int, folds: int, seconds: float, *, dear: bool = False) -> Best | None:
        """Fit a candidate on `size` rows, for so long at most, and score it. None if it was dropped."""
        began = self._start(candidate.learner.name)
        room = min(max(self.pace.predicting(candidate, size), 0.08 * seconds if dear else 0.0), _ROOM * max(0.0, seconds))
        try:
            self._warm_up(candidate.learner)
            fitted = self.rows.fit(candidate, size, folds, began + seconds - room, self.cache, dear=dear)
            with phase("eval"):
                measured = self.rows.measured(self.metric, fitted.predicted, fitted.rows)
        except Exception as error:
            # Whatever a learner stumbles over, memory included, ends this trial and not the search.
            self.note(candidate.learner.name, candidate.settings, size, folds, None, time.monotonic() - began, _told(error))
            return None
        self.pace.note(candidate, size, fitted)
        # What a learner says may be other from now on: features that were dear to make are there.
        self._said = {key: said for key, said in self._said.items() if not key[0].startswith(f"{candidate.learner.name} ")}
        took = time.monotonic() - began
        trial = self.note(candidate.learner.name, fitted.model.settings, size, fitted.folds, measured.value, took, None)
        return Best(candidate, trial, fitted, measured, rung)

    def again(self, best: Best, *, more: int = 0) -> tuple[Model, Trial] | None:
        """A scored model, fitted on all rows; None if that does not end in time as all that it was when it was scored.

        Arguments:
            best: What was scored.
            more: Added to the seed.
        """
        n, seed = self.rows.data.n, self.rows.seed + more
        candidate = Candidate(best.candidate.learner, best.fitted.model.settings)
        needed = self.needed(best.candidate, n)
        if needed * _SAFE > self.left() + _GRACE:
            self.leave(candidate, n, 0, needed, self.left())
            return None
        began = self._start(candidate.learner.name)
        try:
            model = candidate.learner.fit(
                self.rows.data, candidate.settings, seed=seed, deadline=self.end + _GRACE, cache=self.cache
            )
        except Exception as error:
            self.note(candidate.learner.name, candidate.settings, n, 0, None, time.monotonic() - began, _told(error), seed)
            return None
        reason = None if dict(model.settings) == dict(candidate.settings) else "the deadline ended it"
        trial = self.note(candidate.learner.name, model.settings, n, 0, None, time.monotonic() - began, reason, seed)
        return None if reason else (model, trial)

    def outclassed(self, candidate: Candidate, size: int, folds: int, found: Sequence[Best]) -> bool:
        """Whether its learner is far behind with other settings, among what was found on as many rows; that is noted."""
        if not outclassed(candidate.learner, found):
            return False
        told = "its learner is far behind with other settings"
        self.note(candidate.learner.name, candidate.settings, size, folds, None, 0.0, told)
        return True

    def leave(self, candidate: Candidate, size: int, folds: int, needed: float, left: float) -> None:
        """Note that there is no time for a candidate."""
        takes = f"take about {needed:.1f} s" if math.isfinite(needed) else "take longer"
        told = f"would {takes}, and {max(0.0, left):.1f} s are left"
        self.note(candidate.learner.name, candidate.settings, size, folds, None, 0.0, told)

    def note(
        self,
        learner: str,
        settings: Settings,
        rows: int,
        folds: int,
        score: float | None,
        seconds: float,
        reason: str | None,
        seed: int | None = None,
    ) -> Trial:
        """Write a trial into the diary, and tell it. The seed is that of the search, unless another one is given."""
        seed = self.rows.seed if seed is None else seed
        if seconds > _LONG:
            give_back()
        trial = Trial(learner, dict(settings), seed, rows, folds, score, seconds, time.monotonic() - self.began, reason)
        self.trials.append(trial)
        if self._on_trial:
            self._on_trial(trial)
        return trial

    def _start(self, learner: str) -> float:
        if self._on_start:
            self._on_start(learner)
        return time.monotonic()

    def _warm_up(self, learner: Learner) -> None:
        """Import what a learner needs, when it is first needed: the first model must not wait for what the last one takes."""
        if learner.name not in self._warm:
            self._warm.add(learner.name)
            with phase("init"):
                learner.warm_up()

    def _told(self, candidate: Candidate, size: int) -> float | None:
        """What a learner says that a fit takes. Infinite where there is no time to ask it, since it may import much for that."""
        key, learner = (candidate.key, size), candidate.learner
        if type(learner).seconds is Learner.seconds:
            return None
        if key not in self._said:
            if self.left() < _TO_ASK:
                return math.inf
            data = self.rows.data
            some = data if size >= data.n else self.rows.training(self.rows.parts[0], size)
            try:
                self._said[key] = learner.seconds(some, candidate.settings)
            except Exception:
                self._said[key] = None  # it will stumble again when it fits, and that is noted
        return self._said[key]


def _told(error: Exception) -> str:
    # Without what to type next: the error that lists these reasons says that once.
    said = error.message if isinstance(error, TacitError) else str(error)
    return f"{type(error).__name__}: {said[:200]}"
