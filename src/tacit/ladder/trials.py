"""One step of the search: a learner with settings is fitted on some rows and scored on others. And how long that takes."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tacit.errors import BudgetError, TrainingError
from tacit.learners import Cache, Data, Floats, Learner, Model, Settings
from tacit.splits import Part, sample
from tacit.types import Category, Number

__all__ = ["Candidate", "Fitted", "Pace", "Rows", "Trial"]

_ENOUGH = 2_000
"""On how many rows a fit on few rows is scored: enough to tell candidates apart."""


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
class Candidate:
    """A learner with settings that are worth trying."""

    learner: Learner
    settings: Settings

    @property
    def key(self) -> str:
        """Names it among all candidates."""
        return f"{self.learner.name} {sorted(self.settings.items())}"


@dataclass(frozen=True)
class Fitted:
    """What a candidate made of some rows.

    Attributes:
        model: Of the first fold.
        folds: How many there was time for.
        rows: Positions of the rows that were predicted by fits that did not have them.
        predicted: What was predicted for them.
        fitting, predicting: Seconds, on average over the folds.
    """

    model: Model
    folds: int
    rows: NDArray[np.intp]
    predicted: Floats
    fitting: float
    predicting: float


@dataclass(frozen=True)
class Rows:
    """The rows of a search, and how they are split.

    Attributes:
        data: All of them.
        ids: Their content ids.
        parts: Which train and which validate, by fold.
        seed: Of samples and fits.
    """

    data: Data
    ids: Sequence[str]
    parts: tuple[Part, ...]
    seed: int

    @property
    def most(self) -> int:
        """The most rows that can be trained on and still be scored."""
        return max(len(part.train) for part in self.parts)

    def training(self, part: Part, size: int) -> Data:
        """`size` of the rows that a part trains on."""
        return self.data.take(self._some(part.train, size))

    def fit(self, candidate: Candidate, size: int, folds: int, deadline: float, cache: Cache) -> Fitted:
        """Fit a candidate on `size` rows of each fold, and predict the others.

        The settings that the first fold arrived at (rounds, say) serve the others too. Where time runs out after the first
        fold, the folds that were done count.

        Raises:
            BudgetError: The deadline passed before there was any model.
            TrainingError: Predictions are not finite.
        """
        models: list[Model] = []
        rows, predictions, spent = [], [], [0.0, 0.0]
        for part in self.parts[:folds]:
            if models and time.monotonic() > deadline:
                break
            settings = models[0].settings if models else candidate.settings
            held = part.validate if size >= len(part.train) else self._some(part.validate, _ENOUGH)
            began = time.monotonic()
            try:
                model = candidate.learner.fit(self.training(part, size), settings, seed=self.seed, deadline=deadline, cache=cache)
            except BudgetError:
                if models:
                    break
                raise
            fitted = time.monotonic()
            predicted = model.predict({name: [values[i] for i in held.tolist()] for name, values in self.data.columns.items()})
            if not np.isfinite(predicted).all():
                raise TrainingError("predictions are not finite", next="the search goes on without it")
            spent = [spent[0] + fitted - began, spent[1] + time.monotonic() - fitted]
            models.append(model)
            rows.append(held)
            predictions.append(self._answers(predicted))
        n = len(models)
        return Fitted(models[0], n, np.concatenate(rows), np.concatenate(predictions), spent[0] / n, spent[1] / n)

    def _some(self, rows: NDArray[np.intp], size: int) -> NDArray[np.intp]:
        if size >= len(rows):
            return rows
        classes = self.data.target[rows].argmax(axis=1) if isinstance(self.data.output, Category) else None
        return rows[sample([self.ids[i] for i in rows.tolist()], classes, size, seed=self.seed)]

    def _answers(self, predicted: Floats) -> Floats:
        """Predictions as they are given to people: numbers within their range, whole ones rounded."""
        output = self.data.output
        if not isinstance(output, Number):
            return predicted
        within = np.clip(predicted, output.low, output.high)
        return np.rint(within) if output.whole else within


class Pace:
    """How long fits take, learned from those that were done."""

    def __init__(self) -> None:
        self._seen: dict[str, list[tuple[int, float, float]]] = defaultdict(list)

    def note(self, candidate: Candidate, rows: int, fitted: Fitted) -> None:
        """A candidate took so long on so many rows."""
        self._seen[candidate.key].append((rows, max(fitted.fitting, 1e-3), fitted.predicting))

    def fitting(self, candidate: Candidate, rows: int) -> float | None:
        """Seconds of one fit and its predictions; None while nothing is known of the learner.

        Time grows as a power of the rows: the one that the last two sizes show, or else as the rows themselves.
        """
        seen = self._seen.get(candidate.key)
        if seen is None:
            name = f"{candidate.learner.name} "
            alike = [self._seen[key][-1] for key in self._seen if key.startswith(name)]
            return max(((f + p) * rows / n for n, f, p in alike), default=None)
        n, fit, predict = seen[-1]
        power = 1.0
        if len(seen) > 1 and seen[-2][0] < n:
            power = min(1.2, max(0.4, math.log(fit / seen[-2][1]) / math.log(n / seen[-2][0])))
        grown: float = fit * (rows / n) ** power
        return grown + predict * max(1.0, rows / n)

    def predicting(self, candidate: Candidate) -> float:
        """Seconds that predictions took at last."""
        return self._seen[candidate.key][-1][2] if candidate.key in self._seen else 0.0
