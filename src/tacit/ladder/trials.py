"""One step of the search: a learner with settings is fitted on some rows and scored on others."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tacit.errors import BudgetError, TrainingError
from tacit.ladder.worst import Strata, measured
from tacit.learners import Cache, Data, Floats, Learner, Model, Settings
from tacit.metrics import Metric
from tacit.phases import phase
from tacit.splits import Part, folds, sample
from tacit.types import Category, Number

__all__ = ["Candidate", "Fitted", "Rows", "Trial", "shared_out"]

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
        models: Of each fold that there was time for; the first stands for them.
        rows: Positions of the rows that were predicted by fits that did not have them, fold by fold.
        predicted: What was predicted for them, as the models gave it.
        fitting, predicting: Seconds, on average over the folds.
    """

    models: tuple[Model, ...]
    rows: NDArray[np.intp]
    predicted: Floats
    fitting: float
    predicting: float

    @property
    def model(self) -> Model:
        """Of the first fold."""
        return self.models[0]

    @property
    def folds(self) -> int:
        """How many there was time for."""
        return len(self.models)


def shared_out(data: Data, strata: Strata | None) -> NDArray[np.intp] | None:
    """(n,) what every part of the rows gets its share of: strata where there are some, else classes; None for numbers."""
    if strata is not None:
        return strata.codes
    return data.target.argmax(axis=1) if isinstance(data.output, Category) else None


@dataclass(frozen=True)
class Rows:
    """The rows of a search, and how they are split.

    Attributes:
        data: All of them.
        ids: Their content ids.
        parts: Which train and which validate, by fold.
        seed: Of samples and fits.
        groups: The group of each row that no part cuts through, where there are some; None is a row that belongs to nobody else.
        known: Whether the targets that are scored on are the truth, or at least somebody's word; else they are what votes say.
        strata: Groups of rows of which the worst is scored; None scores all rows.
    """

    data: Data
    ids: Sequence[str]
    parts: tuple[Part, ...]
    seed: int
    groups: Sequence[str | None] | None = None
    known: bool = True
    strata: Strata | None = None

    @property
    def most(self) -> int:
        """The most rows that can be trained on and still be scored."""
        return max(len(part.train) for part in self.parts)

    def halves(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """(n,) the half of each of these rows, 0 or 1, with equal shares of each class; groups and equal contents stay whole."""
        some = rows.tolist()
        whole = [self.ids[i] if self.groups is None or self.groups[i] is None else f"group {self.groups[i]}" for i in some]
        return folds(whole, self.classes(rows), 2, seed=self.seed)

    def training(self, part: Part, size: int) -> Data:
        """`size` of the rows that a part trains on."""
        return self.data.take(self.some(part.train, size))

    def fit(self, candidate: Candidate, size: int, folds: int, deadline: float, cache: Cache, *, dear: bool = False) -> Fitted:
        """Fit a candidate on `size` rows of each fold, and predict the others.

        The settings that the first fold arrived at (rounds, say) serve the others too. Where time runs out after the first
        fold, the folds that were done count. Of a dear candidate another fold is done only where half of the time that is
        left is enough for one like the last: after the first, much may be in the cache.

        Raises:
            BudgetError: The deadline passed before there was any model.
            TrainingError: Predictions are not finite.
        """
        models: list[Model] = []
        rows, predictions, spent, began = [], [], [0.0, 0.0], 0.0
        for part in self.parts[:folds]:
            now = time.monotonic()
            if models and (now > deadline or (dear and now - began > (deadline - now) / 2)):
                break
            settings = models[0].settings if models else candidate.settings
            held = part.validate if size >= len(part.train) else self.some(part.validate, _ENOUGH)
            began = time.monotonic()
            try:
                model = candidate.learner.fit(self.training(part, size), settings, seed=self.seed, deadline=deadline, cache=cache)
            except BudgetError:
                if models:
                    break
                raise
            fitted = time.monotonic()
            with phase("eval"):
                predicted = model.predict(
                    {name: [values[i] for i in held.tolist()] for name, values in self.data.columns.items()}
                )
            if not np.isfinite(predicted).all():
                raise TrainingError("predictions are not finite", next="the search goes on without it")
            spent = [spent[0] + fitted - began, spent[1] + time.monotonic() - fitted]
            models.append(model)
            rows.append(held)
            predictions.append(predicted)
        n = len(models)
        return Fitted(tuple(models), np.concatenate(rows), np.concatenate(predictions), spent[0] / n, spent[1] / n)

    def some(self, rows: NDArray[np.intp], size: int) -> NDArray[np.intp]:
        """`size` of these rows, with the classes in proportion."""
        if size >= len(rows):
            return rows
        return rows[sample([self.ids[i] for i in rows.tolist()], self.classes(rows), size, seed=self.seed)]

    def classes(self, rows: NDArray[np.intp]) -> NDArray[np.intp] | None:
        """(n,) what of these rows every part gets its share of; None is nothing."""
        of = shared_out(self.data, self.strata)
        return None if of is None else of[rows]

    def measured(self, metric: str, predicted: Floats, rows: NDArray[np.intp]) -> Metric:
        """The score of predictions of these rows: of all, or of the worst stratum."""
        codes = None if self.strata is None else self.strata.codes[rows]
        return measured(metric, self.answers(predicted), self.data.target[rows], codes, seed=self.seed)

    def answers(self, predicted: Floats) -> Floats:
        """Predictions as they are given to people: numbers within their range, whole ones rounded."""
        output = self.data.output
        if not isinstance(output, Number):
            return predicted
        within = np.clip(predicted, output.low, output.high)
        return np.rint(within) if output.whole else within
