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
from tacit.learners.features import Encoder, Levels, Numbers, fit_numbers, frequent, length, level, pack, unpack
from tacit.learners.frozen import Frozen, fit_frozen
from tacit.learners.pixels import Pixels, fit_pixels
from tacit.learners.roles import CATEGORIES, IMAGES, TEXTS, columns_of
from tacit.learners.solver import Design, ridge, softmax
from tacit.learners.static import Static, fit_static
from tacit.learners.texts import Grams, fit_grams
from tacit.phases import phase
from tacit.types import Category

__all__ = ["LinearModel", "class_names", "fit_linear"]

_ENCODERS: tuple[type[Encoder], ...] = (Numbers, Levels, Grams, Pixels, Frozen, Static)
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

    def _rows(self, columns: Columns) -> Design:
        return _design([e.encode(columns) for e in self.encoders], length(columns))

    def predict(self, columns: Columns) -> Floats:
        scores = self._rows(columns).times(self.weights) + self.bias
        if self.scale is not None:
            mean, deviation = self.scale
            return mean + deviation * scores[:, 0]
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True))

    def flops(self, columns: Columns) -> float:
        design = self._rows(columns)
        weighed = float(2 * design.size * self.weights.shape[1])
        return weighed + sum(e.flops(columns) for e in self.encoders)

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
    learner: str, data: Data, settings: Settings, *, images: str | None, deadline: float | None, cache: Cache
) -> LinearModel:
    """Fit features and weights.

    Arguments:
        learner: The name of the learner.
        data: Settled rows.
        settings: `strength` (1 / penalty), `text` (families of n-grams, "encoder" and "static"), `scale` (of the features of
            pretrained encoders), `names` (how many rows the name of a class counts for), `ranks` and `edges` (see the
            encoders), and `iterations` where a deadline ended the fit.
        images: How image columns are seen: "pixels", "encoder", or None: not at all.
        deadline: In seconds of `time.monotonic`.
        cache: Keeps the features of rows.

    Raises:
        BudgetError: The deadline passed before the features were made.
    """
    made = {name: settings[name] for name in ("text", "scale", "ranks", "edges") if name in settings}
    key = ("linear", data.rows, images, repr(sorted(made.items())), repr(data.pretrained), max(1, data.classes))

    def make() -> tuple[Any, int]:
        with phase("data"):
            encoders, blocks = _fit_encoders(data, made, images, deadline, cache)
            design = _design(blocks, data.n)
        return (encoders, design), design.nbytes

    encoders, design = cache.of_rows(key, make)
    target, weight = data.target, data.weight * (data.n / data.weight.sum())
    if "names" in settings and (names := class_names(data)):
        named = _named(encoders, data, names)
        design = Design(scipy.sparse.vstack([design.sparse, named.sparse], format="csr"), np.vstack([design.dense, named.dense]))
        target = np.vstack([target, np.eye(data.classes)])
        weight = np.append(weight, np.full(data.classes, float(settings["names"])))
    penalty = 1 / settings["strength"]
    iterations = settings.get("iterations", _MOST_ITERATIONS)
    scale = None
    if data.classes:
        found = softmax(design, target, weight, penalty=penalty, iterations=iterations, deadline=deadline)
    else:
        mean = float(np.average(data.target, weights=weight))
        deviation = float(np.sqrt(np.average((data.target - mean) ** 2, weights=weight))) or 1.0
        scale = (mean, deviation)
        wanted = (data.target - mean) / deviation
        found = ridge(design, wanted, weight, penalty=penalty, iterations=iterations, deadline=deadline)
    effective = dict(settings) if found.iterations is None else {**settings, "iterations": found.iterations}
    rounded = found.weights.astype(np.float32).astype(np.float64)
    return LinearModel(learner, effective, encoders, rounded, found.bias.astype(np.float64), scale)


def class_names(data: Data) -> list[str]:
    """The names of the classes as texts, or none where they are numbers or truth values."""
    names = [level(c) for c in data.output.classes] if isinstance(data.output, Category) else []
    return [name.replace("_", " ") for name in names] if all(isinstance(name, str) for name in names) else []


def _named(encoders: Sequence[Encoder], data: Data, names: list[str]) -> Design:
    """Each class as a row whose texts are its name, and in which all else is missing."""
    texts = columns_of(data.kinds, TEXTS)
    columns = {name: names if name in texts else [None] * len(names) for name in data.kinds}
    return _design([e.encode(columns) for e in encoders], len(names))


def _fit_encoders(
    data: Data, settings: Mapping[str, Any], images: str | None, deadline: float | None, cache: Cache
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
            encoder, features = _fit_text(name, family, data, settings, most, deadline, cache)
            encoders.append(encoder)
            blocks.append(features)
    for name in columns_of(data.kinds, IMAGES) if images else ():
        encoder, features = _fit_image(name, images == "encoder", data, settings, deadline, cache)
        encoders.append(encoder)
        blocks.append(features)
    return tuple(encoders), blocks


def _fit_text(
    name: str, family: str, data: Data, settings: Mapping[str, Any], most: int, deadline: float | None, cache: Cache
) -> tuple[Encoder, Any]:
    """One way to see a text column, and what it makes of the rows."""
    values = data.columns[name]
    source, scale = data.pretrained.get("text", "minilm"), settings.get("scale", 1.0)
    if family == "static":
        return fit_static(name, values, source, scale=scale, cache=cache, deadline=deadline)
    if family == "encoder":
        return fit_frozen(name, values, "text", source, scale=scale, cache=cache, deadline=deadline)
    return fit_grams(name, values, family, most=min(200_000, most), deadline=deadline)


def _fit_image(
    name: str, transfer: bool, data: Data, settings: Mapping[str, Any], deadline: float | None, cache: Cache
) -> tuple[Encoder, Any]:
    """An image column as pixels or by the pretrained encoder, and what that makes of the rows."""
    values = data.columns[name]
    if transfer:
        source, scale = data.pretrained.get("image", ""), settings.get("scale", 1.0)
        return fit_frozen(name, values, "image", source, scale=scale, cache=cache, deadline=deadline)
    return fit_pixels(name, values, edges=settings.get("edges", False), cache=cache, deadline=deadline)


def _design(blocks: Sequence[Any], n: int) -> Design:
    sparse = [b for b in blocks if scipy.sparse.issparse(b)]
    dense = [b for b in blocks if not scipy.sparse.issparse(b)]
    side = sparse[0] if len(sparse) == 1 else scipy.sparse.hstack(sparse, format="csr") if sparse else _no_columns(n)
    return Design(side, dense[0] if len(dense) == 1 else np.hstack([np.empty((n, 0), np.float32), *dense]))


def _no_columns(n: int) -> Any:
    return scipy.sparse.csr_matrix((n, 0), dtype=np.float32)
