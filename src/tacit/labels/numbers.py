"""Functions that say numbers: whose noise is how large, and what the number is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tacit.errors import OptionError

__all__ = ["NumberAggregate", "aggregate_numbers", "spread"]

_SIGMA = 1.4826  # a normal spread is this many times the median of absolute errors
_TENTH = 1.6449  # nine in ten errors of a normal spread of 1 are below
_FAR = 4.0
"""Spreads beyond which one error is as bad as another: a slip of a decimal point."""

_WORTH = 5.0
"""Rows for which what was seen of a function and what is usual count the same; for its bias, rows of gold."""

_LEAST = 0.05
"""Nobody's noise is taken to be less than this part of the usual."""

_ABSURD = 1e100
"""Times the usual size, beyond which one number is as absurd as another."""

_JUDGED = 10
_SPREAD = 2.6


@dataclass(frozen=True)
class NumberAggregate:
    """What the numbers say.

    Attributes:
        values: (n,) float64; NaN where nobody said a number.
        spreads: (n,) float64, about how far off a value is (one standard deviation); NaN where nobody said a number.
        noise: (n_functions,) float64, the standard deviation of each function's errors, after what it is off by on average where gold
            tells that; NaN where nothing tells.
        bias: (n_functions,) float64, what each is off by on average, which was taken off; 0 where gold does not tell.
        suspects: Columns of functions that run against the others: larger where they say smaller. Their numbers are not used.
    """

    values: NDArray[np.float64]
    spreads: NDArray[np.float64]
    noise: NDArray[np.float64]
    bias: NDArray[np.float64]
    suspects: tuple[int, ...]


def aggregate_numbers(values: ArrayLike, *, gold: ArrayLike | None = None) -> NumberAggregate:
    """The median of what was said, weighted by 1 / noise.

    If errors are independent, the mean square of the difference of two functions is the sum of those of their errors; all pairs
    together tell each by least squares. Errors beyond four spreads count as four, so that a slip of a decimal point does no harm. The
    weighted median is the likeliest number if errors are of Laplace's kind. Two functions cannot be told apart.

    Gold is one more function, of which the errors are known: there are none. With it two can be told apart, and one; and it tells by
    how much each is off on average, which is taken off.

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
    known = _known(gold, len(given))
    told, size = given.astype(float), np.abs(given[np.isfinite(given) & (given != 0)].astype(float))
    # Squares of large numbers would overflow, and of small ones vanish; one absurd number is to do neither to the others.
    unit = float(np.median(size)) if size.size else 1.0
    with np.errstate(over="ignore"):
        said, known = (np.clip(part / unit, -_ABSURD, _ABSURD) for part in (told, known))
    against = _against(said, known)
    off = said - known[:, None]
    met = np.isfinite(off).sum(0)
    bias = np.array([_median(column) for column in off.T]) * met / (met + _WORTH)
    every, ignored = said - bias, list(against)
    heard = every.copy()
    heard[:, ignored] = np.nan
    noise = _noise(heard, known)
    listened = np.delete(noise, ignored)
    if ignored:
        noise[ignored] = _noise(every, known)[ignored]
    # Where nothing tells, half of the variance of what is said is taken for noise.
    whole = spread(heard - _median(heard)) / np.sqrt(2)
    usual = float(np.nanmedian(listened)) if np.isfinite(listened).any() else whole
    weights = 1 / np.maximum(np.where(np.isnan(noise), usual, noise), max(usual * _LEAST, 1e-12))
    weight = np.where(np.isnan(heard), 0.0, weights)
    total = (weight**2).sum(1)
    spreads = np.where(total > 0, 1 / np.sqrt(np.maximum(total, 1e-300)), np.nan)
    told -= bias * unit
    told[:, ignored] = np.nan
    return NumberAggregate(_weighted_median(told, weight), spreads * unit, noise * unit, bias * unit, against)


def spread(errors: NDArray[np.float64]) -> float:
    """The standard deviation of errors about 0, whatever a few of them are: by their median, or where half of them are alike, by the
    nine in ten that are smallest.
    """
    size = np.abs(errors[np.isfinite(errors)])
    if not len(size):
        return 0.0
    half, tenth = np.quantile(size, [0.5, 0.9])
    return float(max(_SIGMA * half, tenth / _TENTH / 2))


def _known(gold: ArrayLike | None, n: int) -> NDArray[np.float64]:
    if gold is None:
        return np.full(n, np.nan)
    given = np.asarray(gold)
    fits = given.shape == (n,) and (not n or given.dtype.kind in "iufb")
    if not fits or np.isinf(given.astype(float)).any():
        raise OptionError(
            f"gold is an array of {given.dtype} with shape {given.shape}" + ", infinite in places" * fits,
            right=f"it is {n:,} numbers, NaN where the number is not known",
            next='write float("nan") for each row that has no label',
        )
    return given.astype(float)


def _median(values: NDArray[np.float64]) -> float:
    there = values[np.isfinite(values)]
    return float(np.median(there)) if there.size else 0.0


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
    return np.where(half[:, 0] > 0, low + (high - low) / 2, np.nan)


def _noise(said: NDArray[np.float64], known: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_functions,): v_j + v_l = mean (x_j - x_l)^2 over all pairs, v_j = mean (x_j - gold)^2, by weighted least squares."""
    m = said.shape[1]
    # Errors are clipped about the median of each row, or gold, so that all pairs are counted by two products of matrices.
    about = np.where(np.isnan(known), _medians(said), known)
    errors = np.column_stack([said, known]) - about[:, None]
    errors[np.isfinite(errors).sum(1) < 2] = np.nan  # who is alone on a row is right by that count
    there = np.isfinite(errors).astype(float)
    for j in range(m):
        most = _FAR * spread(errors[:, j])
        errors[:, j] = np.clip(errors[:, j], -most, most)
    errors = np.where(there > 0, errors, 0.0)
    square = (errors**2).T @ there
    n = there.T @ there
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.where(n >= 3, (square + square.T - 2 * errors.T @ errors) / n, np.nan)
    pairs = [(j, other) for j in range(m) for other in range(j + 1, m + 1) if np.isfinite(apart[j, other])]
    # A mean square is known to a share of itself, so that small ones tell more.
    least = max((float(apart[pair]) for pair in pairs), default=0.0) * 1e-4 or 1.0
    normal, moment, rows = np.zeros((m, m)), np.zeros(m), np.zeros(m)
    for j, other in pairs:
        both = [j, other] if other < m else [j]
        weight = n[j, other] / max(float(apart[j, other]), least) ** 2
        normal[np.ix_(both, both)] += weight
        moment[both] += weight * apart[j, other]
        rows[both] = np.maximum(rows[both], n[j, other])
    met = rows > 0
    if not met.any():
        return np.full(m, np.nan)
    scale = np.sqrt(np.maximum(np.diag(normal), 1e-300))
    found = np.linalg.lstsq(normal / np.outer(scale, scale), moment / scale, rcond=1e-9)[0] / scale
    found = np.maximum(found, 0.0)
    usual = float(np.median(found[met]))
    return np.where(met, np.sqrt((rows * found + _WORTH * usual) / (rows + _WORTH)), np.nan)


def _medians(said: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) of each row; NaN where nobody said a number."""
    ordered, count = np.sort(said, axis=1), np.isfinite(said).sum(1)
    if not said.shape[1]:
        return np.full(len(said), np.nan)
    rows, last = np.arange(len(said)), np.maximum(count - 1, 0)
    return np.where(count > 0, (ordered[rows, last // 2] + ordered[rows, (last + 1) // 2]) / 2, np.nan)


def _against(said: NDArray[np.float64], known: NDArray[np.float64]) -> tuple[int, ...]:
    """Functions whose ranks run against gold where they meet it often, else against the mean of the others' ranks, beyond 2.6 standard
    deviations; the worst first, then again.
    """
    m = said.shape[1]
    ranks = np.column_stack([_ranks(column) for column in said.T]) if m else said
    told = _ranks(known)
    by_gold = np.array([_runs(ranks[:, j], told) for j in range(m)])
    found: list[int] = []
    there = np.isfinite(ranks)
    total, count = np.where(there, ranks, 0.0).sum(1), there.sum(1).astype(float)
    while True:
        scores = np.zeros(m)
        for j in range(m):
            if j in found:
                continue
            scores[j] = by_gold[j]
            if np.isnan(scores[j]):
                others = np.where(there[:, j], count - 1, 0.0)
                mean = np.where(others > 0, (total - np.where(there[:, j], ranks[:, j], 0.0)) / np.maximum(others, 1), np.nan)
                scores[j] = np.nan_to_num(_runs(ranks[:, j], mean)) if m - len(found) > 2 else 0.0
        worst = int(np.argmin(scores)) if m else -1
        if worst < 0 or scores[worst] >= -_SPREAD:
            return tuple(sorted(found))
        for j in np.flatnonzero(scores <= scores[worst] + 1e-9).tolist():  # equal ones fall together: their order decides nothing
            found.append(j)
            total -= np.where(there[:, j], ranks[:, j], 0.0)
            count -= there[:, j]


def _runs(mine: NDArray[np.float64], theirs: NDArray[np.float64]) -> float:
    """The correlation of ranks in standard deviations; NaN where fewer than 10 rows have both."""
    both = np.isfinite(mine) & np.isfinite(theirs)
    if both.sum() < _JUDGED:
        return float("nan")
    a, b = mine[both] - mine[both].mean(), theirs[both] - theirs[both].mean()
    size = float(np.sqrt((a**2).mean() * (b**2).mean()))
    return float((a * b).mean()) / size * float(np.sqrt(both.sum())) if size > 1e-12 else 0.0


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 0 to 1; equal values share the mean of theirs, NaN stays."""
    from scipy.stats import rankdata  # importing it takes longer than most votes

    found, there = np.full(len(values), np.nan), np.isfinite(values)
    found[there] = (rankdata(values[there]) - 1) / max(int(there.sum()) - 1, 1)
    return found
