"""The rows of the highest scores; a draw settles what ties."""

from __future__ import annotations

import numpy as np

from tacit.selection.coresets.contract import Coreset, Floats, Ints

__all__ = ["highest", "ranking"]


def ranking(scores: Floats, chance: np.random.Generator) -> Ints:
    """(n,) positions, highest score first. Equal ones come in an order that is drawn, since that of the rows may be a file's."""
    return np.lexsort((chance.random(len(scores)), -scores))


def highest(scores: Floats, keep: int, method: str, seed: int) -> Coreset:
    """Keep the `keep` highest of `scores` (n,), infinity among them.

    Each weighs n / keep: what was left out is taken to be like what was kept. That is how these methods are published; they do
    not speak for all rows in any stricter sense.
    """
    rows = ranking(scores, np.random.default_rng(seed))[:keep]
    kept = scores[rows]
    tied = kept == kept[-1]
    likely = np.where(tied, tied.sum() / np.sum(scores == kept[-1]), 1.0)
    return Coreset(rows, np.full(keep, len(scores) / keep), kept, likely, method)
