"""What a core-set is: few rows, with weights, that speak for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Coreset", "Floats", "Ints"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Coreset:
    """Rows that were kept.

    Attributes:
        rows: (m,) int64, positions in the order chosen, none twice. m is what was asked for, or less where a method draws a row
            several times or needs no more.
        weights: (m,) float64, positive: how many rows each speaks for, so that a weighted sum over the core-set stands for the
            sum over all rows.
        scores: (m,) float64, how much the method wanted each; higher is more.
        probabilities: (m,) float64, how likely each was to be chosen, above 0 and at most 1; 1 where nothing is drawn. Where
            rows are put into clusters or strata first, it is given these.
        method: How they were chosen.
    """

    rows: Ints
    weights: Floats
    scores: Floats
    probabilities: Floats
    method: str

    def __len__(self) -> int:
        return len(self.rows)
