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

_STEP = 4.0
"""How far from the only known size time is taken to grow as the root of the rows; beyond that, as the rows."""


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

        Time grows as a power of the rows: the one that the last two sizes show of the candidate, or else of its learner.
        While only one size is known it is the square root, since on few rows much of the time is the same for any number of
        rows, and beyond four times as many rows the rows themselves.
        """
        alike = self._alike(candidate)
        seen = [self._seen[candidate.key]] if candidate.key in self._seen else alike
        powers = [p for p in map(_power, seen) if p is not None] or [p for p in map(_power, alike) if p is not None]

        def grown(times: float) -> float:
            if powers:
                return math.pow(times, sum(powers) / len(powers))
            return math.sqrt(min(times, _STEP)) * max(1.0, times / _STEP)

        last = [fit * grown(rows / n) + predict * max(1.0, rows / n) for n, fit, predict in (s[-1] for s in seen)]
        return max(last, default=None)

    def predicting(self, candidate: Candidate, rows: int) -> float:
        """Seconds of the predictions of one fit, 0 while the candidate is unknown."""
        if candidate.key not in self._seen:
            return 0.0
        n, _, predict = self._seen[candidate.key][-1]
        return predict * max(1.0, rows / n)

    def _alike(self, candidate: Candidate) -> list[list[tuple[int, float, float]]]:
        """What was seen of each candidate of the same learner."""
        name = f"{candidate.learner.name} "
        return [seen for key, seen in self._seen.items() if key.startswith(name)]


def _power(seen: Sequence[tuple[int, float, float]]) -> float | None:
    """With which power of the rows the time of a fit grew, from the last but one size to the last."""
    if len(seen) < 2 or seen[-2][0] >= seen[-1][0]:
        return None
    (fewer, short, _), (more, long, _) = seen[-2:]
    return min(1.2, max(0.4, math.log(long / short) / math.log(more / fewer)))
