"""Functions that say numbers: whose noise is how large, and what the number is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError

__all__ = ["NumberAggregate", "aggregate_numbers"]

_SIGMA = 1.4826  # a normal spread is this many times the median absolute deviation
_JUDGED = 10
_SPREAD = 2.6


@dataclass(frozen=True)
class NumberAggregate:
    """What the numbers say.

    Attributes:
        values: (n,) float64; NaN where nobody said a number.
        spreads: (n,) float64, about how far off a value is (one standard deviation); NaN where nobody said a number.
        noise: (n_functions,) float64, the standard deviation of each function's errors; NaN where nothing tells.
        suspects: Columns of functions that run against the others: larger where they say smaller. Their numbers are not used.
    """

    values: NDArray[np.float64]
    spreads: NDArray[np.float64]
    noise: NDArray[np.float64]
    suspects: tuple[int, ...]


def aggregate_numbers(values: ArrayLike, *, gold: ArrayLike | None = None) -> NumberAggregate:
    """The median of what was said, weighted by 1 / noise.

    If errors are independent, the variance of the difference of two functions is the sum of their noise variances; all pairs
    together tell each by least squares, variances taken by median absolute deviations so that a slip of a decimal point does no
    harm. The weighted median is the likeliest number if errors are of Laplace's kind. Two functions cannot be told apart.

    Gold is one more function, of which the noise is known: none. With it two can be told apart, and one.

    Arguments:
        values: (n, n_functions) numbers; NaN abstains.
        gold: (n,) numbers that are known; NaN where they are not. The functions are measured against them; the values that come out
            are what the functions say all the same.

    Raises:
        OptionError: They are not numbers of two dimensions, or one is infinite, or gold is of another length.

    Example:
        >>> aggregate_numbers([[1.0, 3.0, float("nan")]]).values.tolist()
        [2.0]
    """
    given = np.asarray(values)
    numbers = given.ndim == 2 and (not given.size or given.dtype.kind in "iufb")
    if not numbers or np.isinf(given.astype(float)).any():
        endless = int(np.isinf(given).sum()) if given.dtype.kind == "f" else 0
        raise OptionError(
            f"values are an array of {given.dtype} with shape {given.shape}" + f", {endless:,} of them infinite" * (endless > 0),
            right="they are numbers of shape (rows, functions), NaN where a function abstains",
            next='write float("nan") where there is no number',
        )
    said = given.astype(float)
    known = np.full(len(said), np.nan) if gold is None else np.asarray(gold, float)
    if known.shape != (len(said),) or np.isinf(known).any():
        raise OptionError(
            f"gold is an array with shape {known.shape}" + ", infinite in places" * bool(np.isinf(known).any()),
            right=f"it is {len(said):,} numbers, NaN where the number is not known",
            next='write float("nan") for each row that has no label',
        )
    against = _against(said, known)
    heard = said.copy()
    heard[:, list(against)] = np.nan
    noise = _noise(heard, known)
    noise[list(against)] = _noise(said, known)[list(against)]
    usual = float(np.nanmedian(noise)) if np.isfinite(noise).any() else 1.0
    weights = 1 / np.maximum(np.where(np.isnan(noise), usual, noise), max(usual * 0.05, 1e-12))
    weight = np.where(np.isnan(heard), 0.0, weights)
    total = (weight**2).sum(1)
    spreads = np.where(total > 0, 1 / np.sqrt(np.maximum(total, 1e-300)), np.nan)
    return NumberAggregate(_weighted_median(heard, weight), spreads, noise, against)


def _weighted_median(said: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,): the number with half of the weight on each side; between two, if the halves are equal."""
    if not said.size:
        return np.full(len(said), np.nan)
    order = np.argsort(said, axis=1, kind="stable")  # NaN last, with weight 0
    ordered, cumulated = np.take_along_axis(said, order, 1), np.take_along_axis(weight, order, 1).cumsum(1)
    half = cumulated[:, -1:] / 2
    rows = np.arange(len(said))
    low = ordered[rows, (cumulated >= half * (1 - 1e-9)).argmax(1)]
    high = ordered[rows, (cumulated > half * (1 + 1e-9)).argmax(1)]
    return np.where(half[:, 0] > 0, (low + high) / 2, np.nan)


def _noise(said: NDArray[np.float64], known: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_functions,): v_j + v_l = var(x_j - x_l) over all pairs, v_j = var(x_j - gold), by weighted least squares."""
    m = said.shape[1]
    told: list[tuple[list[int], int, float]] = []
    for j in range(m):
        for other in range(j + 1, m + 1):
            apart = said[:, j] - (said[:, other] if other < m else known)
            apart = apart[~np.isnan(apart)]
            if len(apart) >= 3:
                variance = (_SIGMA * float(np.median(np.abs(apart - np.median(apart))))) ** 2
                told.append(([j, other] if other < m else [j], len(apart), variance))
    # A variance is known to a share of itself, so that small ones tell more.
    least = max((variance for *_, variance in told), default=0.0) * 1e-4 or 1.0
    normal, moment = np.zeros((m, m)), np.zeros(m)
    for pair, n, variance in told:
        weight = n / max(variance, least) ** 2
        normal[np.ix_(pair, pair)] += weight
        moment[pair] += weight * variance
    met = np.diag(normal) > 0
    scale = np.sqrt(np.maximum(np.diag(normal), 1e-300))
    variances = np.linalg.lstsq(normal / np.outer(scale, scale), moment / scale, rcond=1e-9)[0] / scale if m else moment
    return np.where(met, np.sqrt(np.maximum(variances, 0.0)), np.nan)


def _against(said: NDArray[np.float64], known: NDArray[np.float64]) -> tuple[int, ...]:
    """Functions whose ranks run against gold where they meet it often, else against the median of the others, beyond 2.6 standard
    deviations; the worst first, then again.
    """
    heard = said.copy()
    found: list[int] = []
    while True:
        worst, least = -1, -_SPREAD
        for j in range(said.shape[1]):
            if j in found:
                continue
            others = np.delete(heard, j, 1)
            both = ~np.isnan(heard[:, j]) & ~np.isnan(known)
            if both.sum() >= _JUDGED:
                others = known[:, None]
            else:
                both = ~np.isnan(heard[:, j]) & ~np.isnan(others).all(1)
                if both.sum() < _JUDGED or others.shape[1] < 2:
                    continue
            mine, theirs = _ranks(heard[both, j]), _ranks(np.nanmedian(others[both], axis=1))
            size = float(mine.std() * theirs.std())
            score = (
                float(np.mean((mine - mine.mean()) * (theirs - theirs.mean()))) / size * np.sqrt(both.sum()) if size > 0 else 0.0
            )
            if score < least - 1e-9:
                worst, least = j, score
        if worst < 0:
            return tuple(sorted(found))
        found.append(worst)
        heard[:, worst] = np.nan


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 0; equal values share the mean of theirs."""
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(times) - (times + 1) / 2)[place], float)
