"""How good predictions are: figures with 95 % intervals, and calibration. NumPy in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tacit.errors import OptionError, nearest
from tacit.types import Category, Kind, Number

__all__ = [
    "Bin",
    "Calibration",
    "Metric",
    "calibration",
    "check",
    "default",
    "higher_is_better",
    "measure",
    "names",
    "row_scores",
    "score",
    "wilson",
]

Floats = npt.NDArray[np.floating[Any]]
Truth = npt.NDArray[Any]

_RESAMPLES = 1000
_MANY = 2_000
"""With more rows than this the normal approximation is as good as the bootstrap, and hundreds of times as fast."""

_Z = 1.959963984540054
_SMALLEST = 1e-15
_BLOCK = 4_000_000


@dataclass(frozen=True)
class Metric:
    """One figure.

    Attributes:
        name: One of `names`.
        value: Its value.
        interval: Where it lies with a probability of 95 %: (low, high).
    """

    name: str
    value: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class Bin:
    """Predictions of like confidence: how many, how sure on average, and how often right."""

    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Calibration:
    """Whether 80 % sure means right in 80 % of the cases.

    Attributes:
        ece: Expected calibration error, 0 to 1: the mean distance of confidence from accuracy.
        bins: Predictions by rising confidence, equally many in each; like ones together.
    """

    ece: float
    bins: tuple[Bin, ...]


_CLASSES = {"accuracy": True, "balanced": True, "macro_f1": True, "log_loss": False, "brier": False}
_NUMBERS = {"r2": True, "mae": False, "rmse": False}
"""Name -> whether a higher value is better."""

_LOWEST = {"r2": -math.inf}
_HIGHEST = {"balanced": 1.0, "macro_f1": 1.0, "brier": 2.0, "r2": 1.0}
"""Where values end, if not at 0 and nowhere."""


def names(output: Kind) -> list[str]:
    """The metrics for this kind of answer, the default first; empty where there are none."""
    return list(_CLASSES) if isinstance(output, Category) else list(_NUMBERS) if isinstance(output, Number) else []


def default(output: Kind) -> str:
    """The metric that training looks at unless told otherwise: "accuracy" or "r2"."""
    return names(output)[0]


def check(name: str, output: Kind) -> str:
    """`name`, if it is a metric for this kind of answer.

    Raises:
        OptionError: It is none.
    """
    if name in names(output):
        return name
    near = nearest(name, names(output))
    raise OptionError(
        f'there is no metric "{name}" for {output}' + (f', did you mean "{near}"?' if near else ""),
        right=f"metrics are {', '.join(names(output))}",
        next=f"--metric {near or default(output)}",
    )


def higher_is_better(name: str) -> bool:
    """Whether a higher value of this metric is better."""
    return (_CLASSES | _NUMBERS)[name]


def score(name: str, prediction: Floats, truth: Truth) -> float:
    """The value of a metric.

    - accuracy: the share of rows whose most probable class is the true one.
    - balanced: the mean recall of the classes that occur (Brodersen et al., 2010).
    - macro_f1: the mean F1 = 2 TP / (2 TP + FP + FN) of the classes that occur or were predicted.
    - log_loss: the mean of -ln p(true class), in nats; p is at least 1e-15.
    - brier: the mean of sum_c (p_c - [c is true])^2, 0 to 2 (Brier, 1950).
    - r2: 1 - sum (y - p)^2 / sum (y - mean y)^2; for a constant y, 1 if all are met, else 0, as in scikit-learn.
    - mae, rmse: the mean of |y - p|; the square root of the mean of (y - p)^2. In the unit of the answer.

    Arguments:
        name: One of `names`.
        prediction: (n, k) probabilities; for numbers (n,).
        truth: (n,) positions of the true classes, or (n, k) probabilities, of which the largest counts; for numbers (n,).
            At least one row.
    """
    return float(_statistic(name, *_sums(name, prediction, truth))[0])


def row_scores(name: str, prediction: Floats, truth: Truth) -> Floats | None:
    """(n,) what each row adds to a metric that is the mean of its rows; None of balanced, macro_f1, r2 and rmse, which are none.

    Arguments are those of `score`.
    """
    if name == "mae":
        return np.abs(truth - prediction)
    if name not in ("accuracy", "log_loss", "brier"):
        return None
    if name == "accuracy":
        return np.asarray(prediction.argmax(axis=1) == _hard(truth), dtype=np.float64)
    return _losses(name, prediction, truth)


def measure(name: str, prediction: Floats, truth: Truth, *, seed: int = 0) -> Metric:
    """A metric with its 95 % interval: Wilson's (1927) for accuracy, else the percentiles of 1,000 bootstrap resamples.

    The bootstrap draws rows (Efron and Tibshirani, 1993). Of more than 2,000 rows the interval is the normal one, the value
    and 1.96 standard errors on both sides: of a mean sd / sqrt(n), of the others by the delta method (van der Vaart, 1998,
    chapter 3). Arguments are those of `score`; `seed` is that of the drawing.
    """
    cells, counts = _sums(name, prediction, truth)
    value = float(_statistic(name, cells, counts)[0])
    n = int(counts.sum())
    if name == "accuracy":
        return Metric(name, value, wilson(value, n))
    if n > _MANY:
        half = _Z * _standard_error(name, cells, counts[0], value)
        low, high = max(_LOWEST.get(name, 0.0), value - half), min(_HIGHEST.get(name, math.inf), value + half)
    else:
        drawn = np.concatenate([_statistic(name, cells, c) for c in _resamples(counts, np.random.default_rng(seed))])
        low, high = np.percentile(drawn, [2.5, 97.5])
    if low == high and name in ("balanced", "macro_f1"):
        low, high = wilson(value, n)  # all rows are alike, so that every resample is: that is no certainty
    return Metric(name, value, (float(min(low, value)), float(max(high, value))))


def calibration(probabilities: Floats, truth: Truth, *, bins: int = 15) -> Calibration:
    """The expected calibration error over bins of equally many rows (Naeini et al., 2015; Nguyen and O'Connor, 2015).

    Arguments:
        probabilities: (n, k), at least one row.
        truth: As in `score`.
        bins: How many, at most one for each row.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == _hard(truth)
    order = np.argsort(confidence, kind="stable")
    ranked = confidence[order]
    # Rows of the same confidence stay together: how they are ordered must not matter.
    starts = np.searchsorted(ranked, ranked[np.arange(min(bins, len(ranked))) * len(ranked) // min(bins, len(ranked))])
    parts = np.split(order, np.unique(starts)[1:])
    found = tuple(Bin(len(p), float(confidence[p].mean()), float(right[p].mean())) for p in parts)
    return Calibration(sum(b.n * abs(b.confidence - b.accuracy) for b in found) / len(order), found)


def wilson(share: float, n: int, z: float = _Z) -> tuple[float, float]:
    """Where a share lies that was seen in n rows, at least one, with the probability of z standard errors; 95 % by default."""
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


def _hard(truth: Truth) -> npt.NDArray[np.intp]:
    return truth.argmax(axis=1) if truth.ndim == 2 else truth.astype(np.intp)


def _losses(name: str, prediction: Floats, truth: Truth) -> Floats:
    """(n,) the log loss or the Brier score of each row."""
    true = _hard(truth)
    there = prediction[np.arange(len(true)), true]
    return np.asarray(
        -np.log(np.maximum(there, _SMALLEST)) if name == "log_loss" else (prediction**2).sum(axis=1) - 2 * there + 1
    )


def _sums(name: str, prediction: Floats, truth: Truth) -> tuple[Floats, npt.NDArray[np.int64]]:
    """What a metric is made of: distinct rows as (cells, parts), and (1, cells) how often each occurs."""
    if name in _NUMBERS:
        error = truth - prediction
        # Moments around the mean, since y * y of large numbers that differ little keeps nothing of the difference.
        centered = truth - truth.mean()
        rows = np.column_stack([np.abs(error), error**2, centered, centered**2])
        return rows, np.ones((1, len(rows)), dtype=np.int64)
    if name in ("log_loss", "brier"):
        loss = _losses(name, prediction, truth)
        return loss[:, None], np.ones((1, len(loss)), dtype=np.int64)
    true, k = _hard(truth), prediction.shape[1]
    pairs, counts = np.unique(true * k + prediction.argmax(axis=1), return_counts=True)
    return np.column_stack(np.divmod(pairs, k)).astype(np.float64), counts[None].astype(np.int64)


def _standard_error(name: str, cells: Floats, counts: npt.NDArray[np.int64], value: float) -> float:
    """Of a metric: the deviation of what each row adds to it at the margin (its influence), over the root of their number."""
    n = int(counts.sum())
    added = _influence(name, cells, counts, n, value)
    return math.sqrt(float(counts @ (added - counts @ added / n) ** 2)) / n


def _influence(name: str, cells: Floats, counts: npt.NDArray[np.int64], n: int, value: float) -> Floats:
    """(cells,) the derivative of a metric in the share of the rows that each cell has."""
    if name in ("balanced", "macro_f1"):
        return _influence_by_class(name, cells, counts, n)
    if name == "rmse":
        return cells[:, 1] / (2 * value or 1.0)
    if name == "r2":
        spread = float(cells[:, 3].mean())
        return (cells[:, 1] - (1 - value) * cells[:, 3]) / spread if spread else np.zeros(len(cells))
    return cells[:, 0]


def _influence_by_class(name: str, cells: Floats, counts: npt.NDArray[np.int64], n: int) -> Floats:
    classes, at = np.unique(cells, return_inverse=True)
    true, said = at.reshape(cells.shape).T
    hit = true == said
    trues, saids, hits = (np.bincount(i, w, len(classes)) for i, w in ((true, counts), (said, counts), (true, counts * hit)))
    if name == "balanced":
        recall = hits / np.maximum(trues, 1)
        return np.asarray((hit - recall[true]) * n / trues[true] / np.count_nonzero(trues))
    f1, size = 2 * hits / (trues + saids), (trues + saids) / n
    return np.asarray((2 * hit / size[true] - f1[true] / size[true] - f1[said] / size[said]) / len(classes))


def _resamples(counts: npt.NDArray[np.int64], rng: np.random.Generator) -> Iterator[npt.NDArray[np.int64]]:
    """How often each cell occurs in resamples of as many rows: (some, cells) at a time, 1,000 in all."""
    n, cells = int(counts.sum()), counts.shape[1]
    step = max(1, _BLOCK // cells)
    for start in range(0, _RESAMPLES, step):
        some = min(step, _RESAMPLES - start)
        if cells < n:
            yield rng.multinomial(n, counts[0] / n, size=some)
        else:  # each row is a cell of its own: to draw rows is faster than to draw counts
            drawn = rng.integers(n, size=(some, n)) + n * np.arange(some)[:, None]
            yield np.bincount(drawn.ravel(), minlength=some * n).reshape(some, n)


def _statistic(name: str, cells: Floats, counts: npt.NDArray[np.int64]) -> Floats:
    """The metric of each row of `counts`."""
    return _STATISTICS[name](cells, counts.astype(np.float64), counts.sum(axis=1).astype(np.float64))


def _accuracy(cells: Floats, counts: Floats, n: Floats) -> Floats:
    return np.asarray(counts @ (cells[:, 0] == cells[:, 1]) / n)


def _by_class(cells: Floats, counts: Floats) -> tuple[Floats, Floats, Floats]:
    """(resamples, classes): how often a class was right, true, and predicted."""
    classes = np.unique(cells)
    true, predicted = cells[:, :1] == classes, cells[:, 1:] == classes
    return counts @ (true & predicted), counts @ true, counts @ predicted


def _balanced(cells: Floats, counts: Floats, n: Floats) -> Floats:
    right, true, _ = _by_class(cells, counts)
    occurs = true > 0
    return np.asarray((right / np.maximum(true, 1)).sum(axis=1) / occurs.sum(axis=1))


def _macro_f1(cells: Floats, counts: Floats, n: Floats) -> Floats:
    right, true, predicted = _by_class(cells, counts)
    occurs = true + predicted > 0
    return np.asarray((2 * right / np.maximum(true + predicted, 1)).sum(axis=1) / occurs.sum(axis=1))


def _mean(cells: Floats, counts: Floats, n: Floats) -> Floats:
    return np.asarray(counts @ cells[:, 0] / n)


def _rmse(cells: Floats, counts: Floats, n: Floats) -> Floats:
    return np.sqrt(counts @ cells[:, 1] / n)


def _r2(cells: Floats, counts: Floats, n: Floats) -> Floats:
    missed = counts @ cells[:, 1]
    spread = counts @ cells[:, 3] - (counts @ cells[:, 2]) ** 2 / n
    constant = spread <= 1e-12 * np.maximum(counts @ cells[:, 3], 1e-300)
    met = np.where(missed == 0, 1.0, 0.0)
    return np.where(constant, met, 1 - missed / np.where(constant, 1, spread))


_STATISTICS: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "accuracy": _accuracy,
    "balanced": _balanced,
    "macro_f1": _macro_f1,
    "log_loss": _mean,
    "brier": _mean,
    "mae": _mean,
    "rmse": _rmse,
    "r2": _r2,
}
