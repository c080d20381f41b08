"""How unsure a model is of many rows, computed in blocks that stay in the processor's cache."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OptionError

__all__ = ["of_logits", "of_probabilities", "pieces"]

_CELLS = 1 << 16
"""Numbers in a block: 256 KB of float32, so that a block and its exponentials fit the second-level cache."""

_FEW = 64
"""Up to so many classes a block is turned, classes first: reductions then run over long rows, five times faster at 10 classes."""

_OFF = 0.02
"""How far the sum of a row may be from 1: float16 with a thousand classes comes to 0.01."""

Array = NDArray[Any]


def of_probabilities(values: Array, kind: str) -> NDArray[np.float64]:
    """Least confidence, margin or entropy of each row, higher is less sure.

    Arguments:
        values: (n, n_classes), 0 or more, rows sum to 1. float16 and float32 are computed in float32, the rest in float64.
        kind: "least-confidence", "margin" or "entropy".

    Raises:
        OptionError: A value is negative or not finite, or a row does not sum to 1.
    """
    scores = np.empty(len(values))
    for rows, block, axis in _blocks(values):
        total = block.sum(axis)
        if not (block.min() >= 0 and np.isfinite(total).all()):
            raise _wrong(values, "with values that are negative or not finite")
        if np.abs(total - 1).max() > _OFF:
            raise _wrong(values, "with rows that do not sum to 1", next='uncertainty(logits, "margin", logits=True)')
        if kind == "entropy":
            # 0 log 0 is 0: the logarithm of the smallest number is finite, and 0 times it is 0.
            logs = np.log(np.maximum(block, np.finfo(block.dtype).tiny))
            logs *= block
            scores[rows] = np.maximum(-logs.sum(axis), 0)
        elif kind == "least-confidence":
            scores[rows] = 1 - block.max(axis)
        else:
            first, second = _two(block, axis)
            scores[rows] = 1 - (first - second)
    return scores


def of_logits(values: Array, kind: str) -> NDArray[np.float64]:
    """The same of the softmax of each row, without computing it.

    With d = z - max z and s = sum e^d the entropy is log s - sum(d e^d) / s, the largest probability 1 / s.

    Arguments:
        values: (n, n_classes), finite or minus infinity, the largest of a row finite. Types as in `of_probabilities`.
        kind: "least-confidence", "margin" or "entropy".

    Raises:
        OptionError: A value is NaN or infinite, or a row has only minus infinities.
    """
    scores = np.empty(len(values))
    for rows, block, axis in _blocks(values):
        if kind == "margin":
            top, second = _two(block, axis)
        else:
            top = block.max(axis)
        if not np.isfinite(top).all():
            raise _wrong(values, "with rows that have NaN, infinity or only minus infinity")
        block -= np.expand_dims(top, axis)
        if block.min() == -np.inf:
            np.maximum(block, -1000, out=block)  # e^-1000 is 0, and so is -1000 times it; minus infinity would give NaN
        powers = np.exp(block)
        total = powers.sum(axis)
        if kind == "entropy":
            block *= powers
            scores[rows] = np.maximum(np.log(total) - block.sum(axis) / total, 0)
        elif kind == "least-confidence":
            scores[rows] = (total - 1) / total
        else:
            scores[rows] = 1 - (1 - np.exp(second - top)) / total
    return scores


def pieces(n: int, width: int, cells: int = _CELLS) -> Iterator[slice]:
    """Slices of `n` rows of so many numbers, each of at most `cells` numbers, or one row."""
    step = max(1, cells // max(width, 1))
    for start in range(0, n, step):
        yield slice(start, min(start + step, n))


def _blocks(values: Array) -> Iterator[tuple[slice, Array, int]]:
    """Rows, their values in a buffer that is used again, and the axis of the classes in it."""
    n, k = values.shape
    dtype = np.float32 if values.dtype in (np.float16, np.float32) else np.float64
    step = max(1, min(_CELLS // k, n))
    turned = k <= _FEW
    buffer = np.empty((k, step) if turned else (step, k), dtype)
    for rows in pieces(n, k):
        m = rows.stop - rows.start
        block = buffer[:, :m] if turned else buffer[:m]
        np.copyto(block, values[rows].T if turned else values[rows])
        yield rows, block, 0 if turned else 1


def _two(block: Array, axis: int) -> tuple[Array, Array]:
    """The largest and the second largest of each row; NaN where a row has one."""
    if axis == 0:
        first = np.maximum(block[0], block[1])
        second = np.minimum(block[0], block[1])
        for row in block[2:]:
            np.maximum(second, np.minimum(first, row), out=second)
            np.maximum(first, row, out=first)
        return first, second
    rows, best = np.arange(len(block)), block.argmax(1)
    first = block[rows, best]
    block[rows, best] = -np.inf
    second = block.max(1)
    block[rows, best] = first
    return first, second


def _wrong(values: Array, how: str, next: str = 'uncertainty([[0.5, 0.5]], "margin")') -> OptionError:
    return OptionError(
        f"probabilities are an array of shape {values.shape}, {how}",
        right="they are finite, 0 or more, of shape (rows, 2 or more classes), and rows sum to 1",
        next=next,
    )
