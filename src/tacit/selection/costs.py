"""What a choice will cost, before anything runs."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from tacit.errors import OptionError

__all__ = ["Cost", "cost"]


@dataclass(frozen=True)
class Cost:
    """An estimate.

    Attributes:
        seconds: On this machine, if nothing else runs; right within a factor of four where we measured it.
        megabytes: Beside what is given.
    """

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class _Speed:
    """What this machine does in a second: products and sums of matrices in float64, bytes that are read."""

    flops: float
    bytes: float


def cost(n: int, d: int, n_classes: int, k: int, *, strategy: str = "k-center") -> Cost:
    """Estimate what choosing takes.

    Counted are the multiplications and the bytes of each algorithm, in the typical case where a lazy search computes 0.4 of all
    distances, and skinny products run at half the speed of square ones; the speed of this machine is measured once, in a few
    hundredths of a second.

    Arguments:
        n: Rows of the pool.
        d: Features of a row.
        n_classes: Classes.
        k: Rows to choose.
        strategy: "random", "least-confidence", "margin", "entropy", "density", "k-center", "badge", "typical" or
            "facility-location".

    Raises:
        OptionError: A count is negative, or nothing is known of the strategy.
    """
    if strategy not in _WORK or min(n, d, n_classes, k) < 0:
        raise OptionError(
            f'nothing is known of the cost of "{strategy}"' if strategy not in _WORK else "a count is negative",
            right=f"strategies are {', '.join(_WORK)}, and counts are 0 or more",
            next='cost(50_000, 512, 10, 1_000, strategy="k-center")',
        )
    flops, read, kept = _WORK[strategy](n, d, n_classes, min(k, n))
    speed = _speed()
    return Cost(flops / speed.flops + read / speed.bytes + 1e-4, (kept + 24 * n) / 1e6)


def _drawn(n: int, d: int, n_classes: int, k: int) -> tuple[float, float, float]:
    return 0, 300 * n, 16 * n


def _scored(n: int, d: int, n_classes: int, k: int) -> tuple[float, float, float]:
    return 0, 50 * n * n_classes + 100 * n, 1e6


def _dense(n: int, d: int, n_classes: int, k: int) -> tuple[float, float, float]:
    return 0, 60 * n * d + 50 * n * n_classes, 1e6


def _covered(n: int, d: int, n_classes: int, k: int) -> tuple[float, float, float]:
    # Each choice reads a block of 1,024 rows, a third of it on average, and each search orders all bounds.
    return 2 * n * k * d, 60 * n * d + k * (1024 * d * 8 / 3 + 2 * n), 12 * k * d + 3 * 8 * 1024 * d


def _seeded(n: int, d: int, n_classes: int, k: int) -> tuple[float, float, float]:
    return 5 * n * k * (d + n_classes), 40 * n * d + 64 * n * k, 16 * n * n_classes + 3 * 8 * 2048 * min(k, 2048)


def _typical(n: int, d: int, n_classes: int, k: int) -> tuple[float, float, float]:
    groups = max(1, min(k, 500))
    fitted = min(n, 256 * groups)
    near = n * min(2000, max(1, n // groups))
    return 2 * 12 * fitted * groups * d + 2 * n * groups * d + 2 * near * d, 40 * n * d + 60 * near, 20 * n * d


def _faced(n: int, d: int, n_classes: int, k: int) -> tuple[float, float, float]:
    # In float32 what changes cover of all rows, one in m at the m-th choice, and in float64 at least 16 rows for each choice.
    cells = n * n * (1 + math.log(max(k, 1))) if k > 1 else 0.0
    return cells * d + 32 * n * k * d, 10 * cells + 40 * n * d, 12 * n * d + 2e6


_WORK: dict[str, Callable[[int, int, int, int], tuple[float, float, float]]] = {
    "random": _drawn,
    "least-confidence": _scored,
    "margin": _scored,
    "entropy": _scored,
    "density": _dense,
    "k-center": _covered,
    "badge": _seeded,
    "typical": _typical,
    "facility-location": _faced,
}
"""Strategy -> (multiplications and additions, bytes read, bytes kept) of n, d, n_classes and k."""


@cache
def _speed() -> _Speed:
    table, line = np.ones((384, 384)), np.ones(1 << 21)
    return _Speed(2 * 384**3 / _fastest(lambda: table @ table), line.nbytes / _fastest(line.sum))


def _fastest(work: Callable[[], object]) -> float:
    took = []
    for _ in range(4):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took)
