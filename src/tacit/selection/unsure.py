"""Random, and the three classical ways to ask about what the model is unsure of."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from tacit.selection.contract import Scored
from tacit.selection.pools import Pool, doubt
from tacit.selection.uncertainties import KINDS

__all__ = ["ENTROPY", "LEAST_CONFIDENCE", "MARGIN", "RANDOM"]


def _alike(pool: Pool) -> NDArray[np.float64]:
    return np.zeros(pool.size)


RANDOM = Scored("random", (), _alike)
"""Every row is as likely; the probability is n / size."""

LEAST_CONFIDENCE, MARGIN, ENTROPY = (Scored(kind, ("probabilities",), partial(doubt, kind=kind, strategy=kind)) for kind in KINDS)
"""Uncertainty sampling (Lewis & Gale 1994), by each of the scores of `uncertainty`."""
