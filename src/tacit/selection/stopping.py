"""What the next labels are worth, told by the scores so far: when to stop labeling."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError

__all__ = ["Worth", "worth"]

_POWERS = np.geomspace(0.1, 2.0, 40)
"""Of the labels. Errors of learners fell with powers from 0.07 to 0.5 or so where they were measured (Hestness et al., 2017)."""

_RESAMPLES = 1000
_FEWEST = 3
"""Rounds: a curve of three numbers is not drawn through two points."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Worth:
    """What so many labels more would add to the score.

    Attributes:
        more: How many labels.
        gain: What they add, 0 or more.
        interval: Where that lies with a probability of 95 %, if the curve has the form that is fitted.
        ceiling: The score that no number of labels would pass, by the same curve.
        power: How fast the error falls: as labels to the power of -`power`.
    """

    more: int
    gain: float
    interval: tuple[float, float]
    ceiling: float
    power: float

    def is_below(self, gain: float) -> bool:
        """Whether even the upper end of the interval is less than this: then stop, if this is what labels have to bring."""
        return self.interval[1] < gain

    def __str__(self) -> str:
        low, high = (_points(end) for end in self.interval)
        labels = f"the next {self.more:,} label{'s' * (self.more != 1)} {'are' if self.more != 1 else 'is'} worth"
        if self.interval[1] < 0.005:
            return f"{labels} less than {_points(math.ceil(1e4 * self.interval[1] + 1e-9) / 1e4, 2)} points"
        return f"{labels} about {_points(self.gain)} points ({low} to {high})"

    def to_dict(self) -> dict[str, Any]:
        return {
            "more": self.more,
            "gain": self.gain,
            "interval": list(self.interval),
            "ceiling": self.ceiling,
            "power": self.power,
        }


def worth(
    labels: ArrayLike, scores: ArrayLike, more: int, *, rows: int | None = None, best: float = 1.0, seed: int = 0
) -> Worth | None:
    """Fit the error, best - score, by c + a * labels ** -b, and read from the curve what the next labels add.

    An inverse power law is what learning curves follow (Cortes et al., 1993; Figueroa et al., 2012, who also weigh late points
    more). For each b from 0.1 to 2 the best a and c, neither negative, are found in closed form; late rounds weigh more, as the
    square root of their labels. The interval has the percentiles of 1,000 curves fitted to the fitted errors with noise
    (parametric bootstrap; Efron and Tibshirani, 1993, 6.5). The noise is that of measuring on `rows` rows, or what the points
    scatter around the curve, whichever is larger. Of fewer than three rounds nothing is told.

    Arguments:
        labels: (n,) ascending, above 0; several scores may have the same number of labels.
        scores: (n,) such as accuracy or R2; higher is better, at most `best`.
        more: How many labels more than the last.
        rows: On how many rows a share such as accuracy was measured; None takes the scatter alone.
        best: The score that cannot be passed.
        seed: Of the bootstrap.

    Raises:
        OptionError: The arrays do not belong together, or hold what is no number of labels or no score.

    Example:
        >>> labels = [100, 200, 400, 800, 1600]
        >>> found = worth(labels, [1 - n ** -0.5 for n in labels], 1600)
        >>> round(found.gain, 3), round(found.power, 1)
        (0.007, 0.5)
    """
    n, scored = np.asarray(labels, float), np.asarray(scores, float)
    _check(n, scored, more, best)
    if len(np.unique(n)) < _FEWEST:
        return None
    error = best - scored
    weight = np.sqrt(n / n[-1])
    a, b, c = _fit(n, error[None], weight)
    fitted = c[0] + a[0] * n ** -b[0]
    spare = max(1, len(n) - 3)
    scatter = math.sqrt(float((weight * (error - fitted) ** 2).sum() / weight.sum()) * len(n) / spare)
    measured = np.zeros(len(n)) if rows is None else np.sqrt(np.clip(fitted * (best - fitted), 0, None) / rows)
    noise = np.maximum(measured, scatter) * np.random.default_rng(seed).normal(size=(_RESAMPLES, len(n)))
    drawn = _gain(*_fit(n, fitted + noise, weight), n[-1], more)
    gain = float(_gain(a, b, c, n[-1], more)[0])
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Worth(more, gain, (min(float(low), gain), max(float(high), gain)), float(best - c[0]), float(b[0]))


def _fit(n: Floats, errors: Floats, weight: Floats) -> tuple[Floats, Floats, Floats]:
    """The curves of (m, n) errors: (m,) a, b and c, the least squares over all powers."""
    found = []
    for power in _POWERS:
        x = (n / n[-1]) ** -power
        mean_x, mean_y = np.average(x, weights=weight), np.average(errors, axis=1, weights=weight)
        slope = ((errors - mean_y[:, None]) * (x - mean_x) * weight).sum(axis=1) / (weight * (x - mean_x) ** 2).sum()
        slope = np.maximum(slope, 0)
        rest = mean_y - slope * mean_x
        # Where the floor would be below 0 it is 0, and the slope is that of a line through the origin.
        through = np.maximum((errors * x * weight).sum(axis=1) / (weight * x * x).sum(), 0)
        slope, rest = np.where(rest < 0, through, slope), np.maximum(rest, 0)
        loss = (weight * (errors - rest[:, None] - slope[:, None] * x) ** 2).sum(axis=1)
        found.append((loss, slope * n[-1] ** power, rest))
    losses = np.stack([loss for loss, _, _ in found])
    taken, each = losses.argmin(axis=0), np.arange(errors.shape[0])
    return np.stack([a for _, a, _ in found])[taken, each], _POWERS[taken], np.stack([c for _, _, c in found])[taken, each]


def _gain(a: Floats, b: Floats, c: Floats, last: float, more: int) -> Floats:
    return np.asarray(a * (last**-b - (last + more) ** -b))


def _check(n: Floats, scored: Floats, more: int, best: float) -> None:
    if n.ndim != 1 or n.shape != scored.shape or not len(n):
        raise OptionError(
            f"labels have shape {n.shape} and scores {scored.shape}",
            right="each number of labels has one score",
            next="worth([100, 200, 400], [0.7, 0.8, 0.85], 400)",
        )
    if not np.isfinite(n).all() or (n <= 0).any() or (np.diff(n) < 0).any():
        raise OptionError(
            "the numbers of labels do not ascend from above 0",
            right="they are those of the rounds",
            next="labels=[100, 200, 400]",
        )
    if not np.isfinite(scored).all() or (scored > best).any():
        raise OptionError(
            f"a score is {scored.max():g}, above the best of {best:g}, or not finite",
            right="scores are such that higher is better, as accuracy",
            next="best=...",
        )
    if more < 1:
        raise OptionError(f"{more} labels more are none", right="it is 1 or more", next="more=100")


def _points(value: float, digits: int = 1) -> str:
    """A difference of scores in points: 0.012 is 1.2."""
    return f"{100 * value:.{digits}f}"
