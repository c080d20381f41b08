"""The model of `mlp`: scaled numbers, one column for each level, and a network over them."""

from __future__ import annotations

import contextlib
import math
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse
import threadpoolctl

from tacit.learners.artifacts import read_parts, write_parts
from tacit.learners.contract import Cache, Columns, Data, Floats, Model, Settings, check_time, threads
from tacit.learners.diary import Diary
from tacit.learners.features import Encoder, Levels, Numbers, fit_numbers, frequent, length, pack, unpack
from tacit.learners.layers import Shape, begin, forward, gradient
from tacit.learners.pixels import Pixels, fit_pixels
from tacit.learners.roles import CATEGORIES, TEXTS, columns_of
from tacit.learners.texts import Topics, fit_topics
from tacit.phases import phase

__all__ = ["Perceptron", "fit_perceptron"]

_ENCODERS: tuple[type[Encoder], ...] = (Numbers, Levels, Topics, Pixels)
_MOST_LEVELS = 100
_MOST_GRAMS = 20_000
_MOST_WAVES = 64
"""With more numbers than this, waves would take longer than the layers."""

_BATCH = 256
_LEAST_STEPS = 200
_WARM = 0.05
_PROBES = 4
_SPARE = 0.9
"""The share of the time that is left to plan for: steps do not all take the same."""


@dataclass(frozen=True, eq=False)
class Perceptron(Model):
    """Features -> network -> answers.

    Attributes:
        learner, settings: As in `Model`.
        encoders: What turns columns into features.
        shape: Of the network.
        weights: All its parameters, float32.
        scale: Mean and deviation of a number that is predicted; None for classes.
    """

    learner: str
    settings: Settings
    encoders: tuple[Encoder, ...]
    shape: Shape
    weights: npt.NDArray[np.float32]
    scale: tuple[float, float] | None

    def predict(self, columns: Columns) -> Floats:
        n = length(columns)
        if n == 0:
            return np.empty(0) if self.scale else np.empty((0, self.shape.outputs))
        features = _features(self.encoders, columns)
        # To limit threads takes longer than a small batch, which BLAS does in one.
        limits = threadpoolctl.threadpool_limits(threads(), user_api="blas") if n > _BATCH else contextlib.nullcontext()
        with limits:
            scores = np.vstack([forward(self._exact, features[at : at + _BATCH]) for at in range(0, n, _BATCH)])
        if self.scale is not None:
            mean, deviation = self.scale
            return np.asarray(mean + deviation * scores[:, 0])
        likely = _softmax(scores)
        # Training asked for smoothed targets; this undoes it, but for a trace that keeps every class possible.
        smooth = self.settings["smooth"]
        likely = np.maximum((likely - smooth / likely.shape[1]) / (1 - smooth), likely * 0.01)
        return np.asarray(likely / likely.sum(axis=1, keepdims=True))

    def flops(self, columns: Columns) -> float:
        products = sum(part.size for name, part in self._exact.items() if name.startswith(("weight", "mix")))
        return 2.0 * length(columns) * products + sum(e.flops(columns) for e in self.encoders)

    @cached_property
    def _exact(self) -> dict[str, npt.NDArray[Any]]:
        """The parameters in 64 bits: in 32 bits an answer would depend, in its sixth digit, on the rows beside it."""
        return self.shape.views(self.weights.astype(np.float64))

    def save(self, folder: Path) -> None:
        described, arrays = pack(self.encoders)
        shape = [self.shape.numbers, self.shape.inputs, self.shape.width, self.shape.outputs]
        plain = {"settings": dict(self.settings), "encoders": described, "scale": self.scale, "shape": shape}
        write_parts(folder, plain, arrays | {"weights": self.weights})

    @classmethod
    def load(cls, folder: Path, learner: str) -> Perceptron:
        """The model that `save` wrote."""
        plain, arrays = read_parts(folder)
        scale = None if plain["scale"] is None else (plain["scale"][0], plain["scale"][1])
        weights = arrays.pop("weights")
        encoders = unpack(plain["encoders"], arrays, _ENCODERS)
        return cls(learner, plain["settings"], encoders, Shape(*plain["shape"]), weights, scale)


def fit_perceptron(
    learner: str, data: Data, settings: Settings, *, seed: int, deadline: float | None, cache: Cache
) -> Perceptron:
    """Fit a network by Adam with decoupled decay (Loshchilov and Hutter, 2019), and a rate that warms up and falls to 0.

    Arguments:
        learner: The name of the learner.
        data: Settled rows.
        settings: As in `Mlp.portfolio`; `steps`, how many are planned, where that is known, and `stop`, after how many a
            deadline ended it.
        seed: Of what is drawn.
        deadline: In seconds of `time.monotonic`; what can be done before it is planned, and one step is always taken.
        cache: Keeps the features of rows.

    Raises:
        BudgetError: The deadline passed before the features were made.
    """

    def make() -> tuple[Any, int]:
        with phase("data"):
            encoders = _fit_encoders(data, deadline, cache)
            features = _features(encoders, data.columns)
        return (encoders, features), features.nbytes

    encoders, features = cache.of_rows(("perceptron", data.rows), make)
    check_time(deadline)
    weight = (data.weight * (data.n / data.weight.sum())).astype(np.float32)
    scale, target = None, data.target
    if data.classes:
        target = target * (1 - settings["smooth"]) + settings["smooth"] / data.classes
    else:
        mean = float(np.average(target, weights=weight))
        scale = (mean, float(np.sqrt(np.average((target - mean) ** 2, weights=weight))) or 1.0)
        target = ((target - mean) / scale[1])[:, None]
    numbers = _numbers(encoders)
    shape = Shape(numbers if numbers <= _MOST_WAVES else 0, features.shape[1], settings["width"], target.shape[1])
    rows = (features, target.astype(np.float32), weight)
    with threadpoolctl.threadpool_limits(threads(), user_api="blas"):
        steps = settings.get("steps")
        if steps is None:
            steps = _planned(_Descent(shape, rows, settings, seed, 10**6), settings, deadline)
        descent = _Descent(shape, rows, settings, seed, steps, cache.diary if data.classes else None)
        for _ in range(settings.get("stop", steps)):
            descent.step()
            if deadline is not None and time.monotonic() > deadline:
                break
    effective = {**settings, "steps": steps} | ({"stop": descent.done} if descent.done < steps else {})
    return Perceptron(learner, effective, encoders, shape, descent.weights, scale)


def _planned(probe: _Descent, settings: Settings, deadline: float | None) -> int:
    """How many steps to take: as the settings say, or as many as end in time."""
    wanted: int = max(_LEAST_STEPS, settings["epochs"] * math.ceil(probe.n / probe.batch))
    if deadline is None:
        return wanted
    probe.step()
    began = time.monotonic()
    for _ in range(_PROBES):
        probe.step()
    now = time.monotonic()
    return max(1, min(wanted, int(_SPARE * (deadline - now) / ((now - began) / _PROBES))))


class _Descent:
    """The descent, step by step."""

    def __init__(
        self, shape: Shape, rows: tuple[Any, Any, Any], settings: Settings, seed: int, steps: int, diary: Diary | None = None
    ) -> None:
        self.diary = diary
        self.features, self.target, self.weight = rows
        self.n = len(self.features)
        self.batch = min(_BATCH, max(16, self.n // 16), self.n)
        self.settings, self.steps, self.done = settings, steps, 0
        self.rng = np.random.default_rng(seed)
        self.weights = begin(shape, self.rng)
        self.slope = np.zeros_like(self.weights)
        self.parts, self.slopes = shape.views(self.weights), shape.views(self.slope)
        self.mean, self.square = np.zeros_like(self.weights), np.zeros_like(self.weights)
        self.order = np.empty(0, dtype=np.intp)

    def step(self) -> None:
        """One step on one batch; each row has its turn before any has the next."""
        with phase("data"):
            if len(self.order) < self.batch:
                self.order = self.rng.permutation(self.n)
            index, self.order = self.order[: self.batch], self.order[self.batch :]
            features, target, weight = self.features[index], self.target[index], self.weight[index, None] / self.batch

        def error(scores: Floats) -> Floats:
            answers = _softmax(scores) if self.target.shape[1] > 1 else scores
            if self.diary is not None:
                self.diary.note(index, answers)
            return np.asarray((answers - target) * weight)

        gradient(self.parts, self.slopes, features, error, self.settings["dropout"], self.rng)
        with phase("optimizer"):
            self._adam()
        self.done += 1

    def _adam(self) -> None:
        past = self.done / self.steps
        rate = self.settings["rate"] * min(1.0, (self.done + 1) / (_WARM * self.steps)) * (1 + math.cos(math.pi * past)) / 2
        self.mean += np.float32(0.1) * (self.slope - self.mean)
        np.square(self.slope, out=self.slope)
        self.slope -= self.square
        self.square += np.float32(0.05) * self.slope
        even = np.sqrt(self.square)
        even *= np.float32(1 / math.sqrt(1 - 0.95 ** (self.done + 1)))
        even += np.float32(1e-8)
        np.divide(self.mean, even, out=even)
        even *= np.float32(rate / (1 - 0.9 ** (self.done + 1)))
        self.weights *= np.float32(1 - rate * self.settings["decay"])
        self.weights -= even


def _softmax(scores: Floats) -> Floats:
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))


def _numbers(encoders: tuple[Encoder, ...]) -> int:
    """How many of the first features are numbers."""
    first = encoders[0] if encoders else None
    return len(first.center) if isinstance(first, Numbers) else 0


def _fit_encoders(data: Data, deadline: float | None, cache: Cache) -> tuple[Encoder, ...]:
    numbers = fit_numbers(data.kinds, data.columns, ranks=False)
    encoders: list[Encoder] = [numbers] if numbers else []
    categories = columns_of(data.kinds, CATEGORIES)
    texts, images = columns_of(data.kinds, TEXTS), columns_of(data.kinds, frozenset({"image"}))
    encoders += [Levels(name, frequent(data.columns[name], most=_MOST_LEVELS)) for name in categories]
    encoders += [fit_topics(name, data.columns[name], most=_MOST_GRAMS, deadline=deadline) for name in texts]
    encoders += [fit_pixels(name, data.columns[name], side=8, cache=cache, deadline=deadline)[0] for name in images]
    return tuple(encoders)


def _features(encoders: tuple[Encoder, ...], columns: Columns) -> npt.NDArray[np.float32]:
    blocks = [e.encode(columns) for e in encoders]
    dense = [b.toarray() if scipy.sparse.issparse(b) else b for b in blocks]
    return np.hstack([np.empty((length(columns), 0), np.float32), *dense]).astype(np.float32)
