"""The model of every linear learner: features of all columns, weights, and a softmax or a scale behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse

from tacit.learners.artifacts import read_parts, write_parts
from tacit.learners.contract import Cache, Columns, Data, Floats, Model, Settings
from tacit.learners.features import Encoder, Levels, Numbers, fit_numbers, frequent, length, pack, unpack
from tacit.learners.pixels import Pixels, fit_pixels
from tacit.learners.roles import CATEGORIES, TEXTS, columns_of
from tacit.learners.solver import Design, ridge, softmax
from tacit.learners.texts import Grams, fit_grams

__all__ = ["LinearModel", "fit_linear"]

_ENCODERS: tuple[type[Encoder], ...] = (Numbers, Levels, Grams, Pixels)
_MOST_WEIGHTS = 1_000_000
"""For each family of n-grams: with many classes, rarer n-grams cost much time and bring nothing."""

_MOST_LEVELS = 20_000
_MOST_ITERATIONS = 100
"""More change the weights, but hardly an answer."""


@dataclass(frozen=True, eq=False)
class LinearModel(Model):
    """Features -> scores -> answers.

    Attributes:
        learner, settings: As in `Model`.
        encoders: What turns columns into features.
        weights: (p, k) float64; one column for numbers.
        bias: (k,) float64.
        scale: Mean and deviation of a number that is predicted; None for classes.
    """

    learner: str
    settings: Settings
    encoders: tuple[Encoder, ...]
    weights: Floats
    bias: Floats
    scale: tuple[float, float] | None

    def predict(self, columns: Columns) -> Floats:
        scores = _design([e.encode(columns) for e in self.encoders], length(columns)).times(self.weights) + self.bias
        if self.scale is not None:
            mean, deviation = self.scale
            return mean + deviation * scores[:, 0]
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True))

    def save(self, folder: Path) -> None:
        described, arrays = pack(self.encoders)
        # Weights were rounded to 32 bits when they were fitted, so nothing is lost here.
        arrays |= {"weights": self.weights.astype(np.float32), "bias": self.bias}
        write_parts(folder, {"settings": dict(self.settings), "encoders": described, "scale": self.scale}, arrays)

    @classmethod
    def load(cls, folder: Path, learner: str) -> LinearModel:
        """The model that `save` wrote."""
        plain, arrays = read_parts(folder)
        weights, bias = arrays.pop("weights").astype(np.float64), arrays.pop("bias")
        scale = None if plain["scale"] is None else (plain["scale"][0], plain["scale"][1])
        return cls(learner, plain["settings"], unpack(plain["encoders"], arrays, _ENCODERS), weights, bias, scale)


def fit_linear(
    learner: str, data: Data, settings: Settings, *, images: bool, deadline: float | None, cache: Cache
) -> LinearModel:
    """Fit features and weights.

    Arguments:
        learner: The name of the learner.
        data: Settled rows.
        settings: `strength` (1 / penalty), `text` (families of n-grams), `ranks` and `edges` (see the encoders), and
            `iterations` where a deadline ended the fit.
        images: Whether image columns are used.
        deadline: In seconds of `time.monotonic`.
        cache: Keeps the features of rows.

    Raises:
        BudgetError: The deadline passed before the features were made.
    """
    made = {name: settings[name] for name in ("text", "ranks", "edges") if name in settings}
    key = ("linear", data.rows, images, repr(sorted(made.items())), max(1, data.classes))

    def make() -> tuple[Any, int]:
        encoders, blocks = _fit_encoders(data, made, images, deadline, cache)
        design = _design(blocks, data.n)
        return (encoders, design), design.nbytes

    encoders, design = cache.of_rows(key, make)
    weight = data.weight * (data.n / data.weight.sum())
    penalty = 1 / settings["strength"]
    iterations = settings.get("iterations", _MOST_ITERATIONS)
    scale = None
    if data.classes:
        found = softmax(design, data.target, weight, penalty=penalty, iterations=iterations, deadline=deadline)
    else:
        mean = float(np.average(data.target, weights=weight))
        deviation = float(np.sqrt(np.average((data.target - mean) ** 2, weights=weight))) or 1.0
        scale = (mean, deviation)
        wanted = (data.target - mean) / deviation
        found = ridge(design, wanted, weight, penalty=penalty, iterations=iterations, deadline=deadline)
    effective = dict(settings) if found.iterations is None else {**settings, "iterations": found.iterations}
    rounded = found.weights.astype(np.float32).astype(np.float64)
    return LinearModel(learner, effective, encoders, rounded, found.bias.astype(np.float64), scale)


def _fit_encoders(
    data: Data, settings: Mapping[str, Any], images: bool, deadline: float | None, cache: Cache
) -> tuple[tuple[Encoder, ...], list[Any]]:
    """An encoder for each column, and what each makes of the rows."""
    encoders: list[Encoder] = []
    blocks: list[Any] = []
    if numbers := fit_numbers(data.kinds, data.columns, ranks=settings.get("ranks", False)):
        encoders.append(numbers)
    categories = columns_of(data.kinds, CATEGORIES)
    encoders += [Levels(name, frequent(data.columns[name], most=_MOST_LEVELS)) for name in categories]
    blocks += [e.encode(data.columns) for e in encoders]
    most = max(5_000, _MOST_WEIGHTS // max(1, data.classes))
    for name in columns_of(data.kinds, TEXTS):
        for family in settings.get("text", ["words"]):
            grams, features = fit_grams(name, data.columns[name], family, most=min(200_000, most), deadline=deadline)
            encoders.append(grams)
            blocks.append(features)
    if images:
        for name in columns_of(data.kinds, frozenset({"image"})):
            edges = settings.get("edges", False)
            pixels, features = fit_pixels(name, data.columns[name], edges=edges, cache=cache, deadline=deadline)
            encoders.append(pixels)
            blocks.append(features)
    return tuple(encoders), blocks


def _design(blocks: Sequence[Any], n: int) -> Design:
    sparse = [b for b in blocks if scipy.sparse.issparse(b)]
    dense = [b for b in blocks if not scipy.sparse.issparse(b)]
    side = sparse[0] if len(sparse) == 1 else scipy.sparse.hstack(sparse, format="csr") if sparse else _no_columns(n)
    return Design(side, dense[0] if len(dense) == 1 else np.hstack([np.empty((n, 0), np.float32), *dense]))


def _no_columns(n: int) -> Any:
    return scipy.sparse.csr_matrix((n, 0), dtype=np.float32)
