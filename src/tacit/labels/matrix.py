"""Skills by matrix completion: what each vote is worth, from how often it meets the others."""

from __future__ import annotations

import numpy as np
import threadpoolctl
from numpy.typing import NDArray

from tacit.labels.pairs import Pairs

__all__ = ["skills"]

Floats = NDArray[np.float64]

_LOWEST, _HIGHEST = -0.6, 0.97
_USUAL, _SPREAD = 0.5, 0.3  # of the skill that a set of functions has on the whole: between a coin and a sage
_APART, _BY_CLASS = 0.15, 0.05  # spread of functions about it, and of one function's classes about the function
_COMMON = 0.5  # spread of the logarithm of the common factor L


def skills(found: Pairs, n_classes: int) -> Floats:
    """Fit the rank-one model of `Pairs` to its off-diagonal (Ratner et al. 2019 complete a matrix in the same way).

    Counts are negative binomial, with variance mu + s mu^2: real functions are never quite independent, each pair is off by some
    tenths, and without s a pair that meets often would be believed to the last digit. Skills have a normal prior about what the set has on
    the whole, so that a function that met few others is taken for a usual one. Fisher scoring; s and L by moments, in turns.

    Returns:
        (e,) float64: the skill of each event, -0.6 to 0.97.

    Source: Ratner et al., "Training complex models with multi-task weak supervision", AAAI 2019; negative binomial and prior are ours.
    """
    e = len(found.events)
    if not e or not found.counted.any():
        return np.full(e, _USUAL)
    with threadpoolctl.threadpool_limits(1, user_api="blas"):  # for matrices this small threads only wait for each other
        return _fitted(found, n_classes)


def _fitted(found: Pairs, n_classes: int) -> Floats:
    e = len(found.events)
    whole, excess = _on_the_whole(found)
    function = found.events // n_classes
    same = function[:, None] == function
    precision = np.linalg.inv(_APART**2 * same + _BY_CLASS**2 * np.eye(e))
    skill = np.full(e, whole)
    common = 1.0
    for turn in range(60):
        shape = np.maximum(1 + found.sign * np.outer(skill, skill), 0.02)
        common = _common(found, shape, excess, common)
        mean = common * found.expected * shape
        slope = common * found.expected * found.sign
        weight = found.counted / np.maximum(mean * (1 + excess * mean), 1e-9)
        gradient = ((found.met - mean) * weight * slope) @ skill - precision @ (skill - whole)
        curve = slope * slope * weight
        step = np.linalg.solve(np.diag(curve @ skill**2) + curve * np.outer(skill, skill) + precision, gradient)
        step *= min(1.0, 0.2 / max(float(np.abs(step).max()), 1e-9)) * (1 if turn < 20 else 0.5)
        moved = np.clip(skill + step, _LOWEST, _HIGHEST)
        still = float(np.abs(moved - skill).max())
        skill = moved
        if turn in (5, 10, 15):
            excess = _excess(found, mean)
        elif turn > 15 and still < 1e-8:
            break
    return skill


def _on_the_whole(found: Pairs) -> tuple[float, float]:
    """The one skill that would fit best if all had the same, and the excess variance s about that fit."""
    grid = np.linspace(0.05, 0.95, 19)
    excess, best, common = 0.1, _USUAL, 1.0
    for _ in range(3):
        logs = []
        for skill in grid:
            shape = 1 + found.sign * skill * skill
            common = _common(found, shape, excess, 1.0)
            mean = np.maximum(common * found.expected * shape, 1e-12)
            each = found.met * np.log(mean) - (found.met + 1 / excess) * np.log1p(excess * mean)
            logs.append(float((found.counted * each).sum()) / 2 - 0.5 * ((skill - _USUAL) / _SPREAD) ** 2)
        best = float(grid[int(np.argmax(np.round(logs, 9)))])
        shape = 1 + found.sign * best * best
        excess = _excess(found, _common(found, shape, excess, 1.0) * found.expected * shape)
    return best, excess


def _common(found: Pairs, shape: Floats, excess: float, common: float) -> float:
    """The factor L that the counts have in common, drawn to 1."""
    for _ in range(3):
        weight = found.counted / (1 + excess * common * found.expected * shape)
        met, foretold = float((weight * found.met).sum()) / 2, float((weight * found.expected * shape).sum()) / 2
        common = (met + 1 / _COMMON**2) / (foretold + 1 / _COMMON**2)
    return common


def _excess(found: Pairs, mean: Floats) -> float:
    beyond = float((found.counted * ((found.met - mean) ** 2 - mean)).sum())
    return max(beyond / max(float((found.counted * mean**2).sum()), 1e-9), 1e-3)
