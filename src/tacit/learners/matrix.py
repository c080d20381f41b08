"""Columns -> one matrix of raw numbers, the way trees want it: nothing is scaled, and missing is NaN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse

from tacit.learners.contract import Cache, Columns, Data, Floats
from tacit.learners.features import Codes, Encoder, Levels, Raw, fit_raw, frequent
from tacit.learners.pixels import Pixels, fit_pixels
from tacit.learners.roles import CATEGORIES, TEXTS, columns_of
from tacit.learners.texts import Topics, fit_topics
from tacit.phases import phase
from tacit.types import Kind

__all__ = ["ENCODERS", "Matrix", "encode", "fit_matrix"]

ENCODERS: tuple[type[Encoder], ...] = (Raw, Codes, Levels, Topics, Pixels)
_MOST_LEVELS = 255
_MOST_GRAMS = 20_000


@dataclass(frozen=True)
class Matrix:
    """The rows of one fit.

    Attributes:
        encoders: What turns columns into numbers.
        values: (n, p) float64; NaN where something is missing.
        codes: Which columns of `values` hold categories, as positions among their levels by frequency.
    """

    encoders: tuple[Encoder, ...]
    values: Floats
    codes: list[int]


def fit_matrix(data: Data, *, deadline: float | None, cache: Cache) -> Matrix:
    """The matrix of these rows, made once for all learners of trees.

    Arguments:
        data: Settled rows.
        deadline: In seconds of `time.monotonic`.
        cache: Keeps the matrix.

    Raises:
        BudgetError: The deadline passed before the features were made.
    """

    def make() -> tuple[Matrix, int]:
        with phase("data"):
            made = _fit_encoders(data.kinds, data.columns, deadline, cache)
            blocks = _blocks(made, data.columns)
        starts = np.cumsum([0, *(b.shape[1] for b in blocks)]).tolist()
        codes = [at for at, encoder in zip(starts, made, strict=False) if isinstance(encoder, Codes)]
        values = np.hstack(blocks)
        return Matrix(made, values, codes), values.nbytes

    found: Matrix = cache.of_rows(("matrix", data.rows), make)
    return found


def encode(encoders: Sequence[Encoder], columns: Columns) -> Floats:
    """What fitted encoders make of any rows: (n, p) float64."""
    return np.hstack(_blocks(encoders, columns))


def _fit_encoders(kinds: Mapping[str, Kind], columns: Columns, deadline: float | None, cache: Cache) -> tuple[Encoder, ...]:
    encoders: list[Encoder] = [raw] if (raw := fit_raw(kinds)).columns else []
    for name in columns_of(kinds, CATEGORIES):
        of = Levels if kinds[name].role == "categories" else Codes
        encoders.append(of(name, frequent(columns[name], most=_MOST_LEVELS)))
    texts, images = columns_of(kinds, TEXTS), columns_of(kinds, frozenset({"image"}))
    encoders += [fit_topics(name, columns[name], most=_MOST_GRAMS, deadline=deadline) for name in texts]
    encoders += [fit_pixels(name, columns[name], side=8, cache=cache, deadline=deadline)[0] for name in images]
    return tuple(encoders)


def _blocks(encoders: Sequence[Encoder], columns: Columns) -> list[Floats]:
    blocks = [e.encode(columns) for e in encoders]
    return [b.toarray() if scipy.sparse.issparse(b) else b for b in blocks]
