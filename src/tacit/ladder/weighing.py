"""Which of the models that were scored make up the answer, and by how much: one, or several that help each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tacit import metrics
from tacit.ladder.calibrating import temperature_of
from tacit.ladder.worst import Codes, balanced, measured, scored
from tacit.learners import Floats
from tacit.learners.blend import tempered
from tacit.metrics import Metric

__all__ = ["FEW", "Choice", "Table", "honest", "weigh"]

FEW = 200
"""On fewer scored rows than this scores say little, and what is known of the learners beforehand says more."""

_STEPS = 20
_MOST = 5
"""Steps of the selection, and how many models it may take: each has to answer each time."""

_SURE = 1.0
"""Standard errors by which a step has to lower the loss."""

_LEAST = 1e-3
"""Of a class that a model gives no probability: one row must not outweigh all others."""

_FAR = 1e3
"""Spreads of the answer beyond which one error is as bad as another."""

_TRUSTED = (4.0, 2.0, 1.0)
"""Weights of the three most trusted, where rows are few."""

_FEWEST_HALVES = 12


@dataclass(frozen=True)
class Table:
    """What models predicted for the same rows.

    Attributes:
        predicted: Of each model (n, k) or (n,), as the models gave it.
        target: (n, k) or (n,).
        answers: Predictions -> as people are given them.
        metric: What they are compared by.
        trusted: Positions of models, the most trusted first, where that decides if rows tell little; else empty.
        several: Whether more than one may be taken.
        known: Whether the target is the truth; else it is what votes say, which a model may repeat all too well.
        codes: The group of each row, of which the worst is scored; None scores all rows.
    """

    predicted: tuple[Floats, ...]
    target: Floats
    answers: Callable[[Floats], Floats]
    metric: str
    trusted: tuple[int, ...]
    several: bool
    known: bool
    codes: Codes | None = None

    def take(self, rows: NDArray[np.intp]) -> Table:
        """The same of some rows."""
        some = tuple(p[rows] for p in self.predicted)
        codes = None if self.codes is None else self.codes[rows]
        return replace(self, predicted=some, target=self.target[rows], codes=codes)

    def mean(self, weights: Floats) -> Floats:
        """What the models say together."""
        return np.asarray(sum(w * p for w, p in zip(weights.tolist(), self.predicted, strict=True) if w))

    def measured(self, predicted: Floats, seed: int = 0) -> Metric:
        return measured(self.metric, self.answers(predicted), self.target, self.codes, seed=seed)

    def score(self, predicted: Floats) -> float:
        """The value of the metric, turned so that higher is better."""
        value = scored(self.metric, self.answers(predicted), self.target, self.codes)
        return value if metrics.higher_is_better(self.metric) else -value


@dataclass(frozen=True)
class Choice:
    """Models and how they are combined.

    Attributes:
        weights: (models,) float64, summing to 1; 0 for those that are not taken.
        temperature: Of their mean; 1 for numbers.
    """

    weights: Floats
    temperature: float

    def predict(self, table: Table) -> Floats:
        """What the chosen ones say of rows."""
        mean = table.mean(self.weights)
        return tempered(mean, self.temperature) if mean.ndim == 2 else mean


def weigh(table: Table) -> Choice:
    """The best model, and those that make it better (Caruana et al., 2004, with replacement).

    Each step adds the model whose weight lowers the loss most, as long as that is beyond noise: the log loss for classes,
    the squared or absolute error for numbers. Where rows are few, the most trusted of those that are not worse beyond
    noise are averaged instead; where only votes are repeated, the most trusted whatever their loss.
    """
    n, cells, loss = len(table.target), _cells(table), _loss(table)
    first = int(np.argmax([table.score(p) for p in table.predicted]))
    if (n < FEW or not table.known) and table.trusted:
        weights = _by_trust(table, [loss(c) for c in cells], first)
    else:
        weights = np.eye(len(cells))[first]
        if table.several and len(cells) > 1:
            found = _greedy(cells, loss, first)
            # What is lower in loss may score a little worse: less than noise.
            noise = _wide(table.measured(table.mean(weights))) / 8
            weights = found if table.score(table.mean(found)) >= table.score(table.mean(weights)) - noise else weights
    mean = table.mean(weights)
    return Choice(weights, temperature_of(mean, table.target) if mean.ndim == 2 else 1.0)


def honest(table: Table, halves: NDArray[np.intp]) -> Floats:
    """What would be predicted for each row by a choice that was made without it.

    Arguments:
        table: n rows.
        halves: (n,) 0 or 1: each half is predicted by the choice of the other.
    """
    if len(halves) < _FEWEST_HALVES:
        return weigh(table).predict(table)
    found = np.empty_like(table.predicted[0], dtype=np.float64)
    for half in (0, 1):
        there, others = np.flatnonzero(halves == half), np.flatnonzero(halves != half)
        found[there] = weigh(table.take(others)).predict(table.take(there))
    return found


def _cells(table: Table) -> list[Floats]:
    """What a loss is made of, and a mean of models is the mean of: the probability of the true class, or the number."""
    if table.target.ndim == 1:
        return list(table.predicted)
    true = table.target.argmax(axis=1)
    return [p[np.arange(len(true)), true] for p in table.predicted]


def _loss(table: Table) -> Callable[[Floats], Floats]:
    """Cells -> the loss of each row, each class weighing the same where the metric has it so, each group where the worst one counts."""
    if table.target.ndim == 1:
        power, unit = 1 if table.metric == "mae" else 2, float(np.std(table.target)) or 1.0
        return lambda cells: np.minimum(np.abs((table.target - cells) / unit), _FAR) ** power
    true = table.target.argmax(axis=1)
    weight = np.ones(len(true))
    if table.codes is not None:
        weight = balanced(table.codes, np.bincount(table.codes))
    elif table.metric in ("balanced", "macro_f1"):
        sizes = np.bincount(true)
        weight = len(true) / (np.count_nonzero(sizes) * sizes[true])
    return lambda cells: -weight * np.log(np.maximum(cells, _LEAST))


def _greedy(cells: Sequence[Floats], loss: Callable[[Floats], Floats], first: int) -> Floats:
    """(models,) weights."""
    counts = np.zeros(len(cells))
    counts[first] = 1
    mean, now = cells[first], loss(cells[first])
    best, kept = counts.copy(), now
    for _ in range(_STEPS):
        taken = int(counts.sum())
        may = [i for i in range(len(cells)) if counts[i] or np.count_nonzero(counts) < _MOST]
        tried = {i: loss((mean * taken + cells[i]) / (taken + 1)) for i in may}
        i = min(tried, key=lambda i: float(tried[i].mean()))
        mean = (mean * taken + cells[i]) / (taken + 1)
        counts[i] += 1
        if _beyond_noise(kept - tried[i]):
            best, kept = counts.copy(), tried[i]
    return np.asarray(best / best.sum())


def _by_trust(table: Table, losses: Sequence[Floats], first: int) -> Floats:
    """(models,) weights: of those that are not worse than the best beyond noise, the most trusted."""
    weights = np.zeros(len(losses))
    # Of a handful of rows even the noise is not known, so that much is allowed besides.
    allowed = 1 / len(table.target)
    good = [i for i in table.trusted if not table.known or not _beyond_noise(losses[i] - losses[first] - allowed, 2 * _SURE)] or [
        first
    ]
    for i, weight in zip(good, _TRUSTED if table.several else _TRUSTED[:1], strict=False):
        weights[i] = weight
    return np.asarray(weights / weights.sum())


def _beyond_noise(gain: Floats, errors: float = _SURE) -> bool:
    """Whether a mean is above 0 by more than its standard errors."""
    return bool(gain.mean() > errors * gain.std() / len(gain) ** 0.5 + 1e-12)


def _wide(measured: Metric) -> float:
    return measured.interval[1] - measured.interval[0]
