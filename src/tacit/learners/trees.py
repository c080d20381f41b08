"""The model of `gbdt`: a matrix of raw columns, and LightGBM's trees (Ke et al., 2017) over it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np

from tacit.learners.artifacts import read_parts, write_parts
from tacit.learners.contract import Cache, Columns, Data, Floats, Model, Settings, threads
from tacit.learners.features import Encoder, length, pack, unpack
from tacit.learners.matrix import ENCODERS, encode, fit_matrix
from tacit.phases import phase

__all__ = ["Trees", "fit_trees"]

_MOST_ROUNDS = 2_000
_FEW = 60
"""With fewer rows than this none are set aside to find the number of rounds."""

_FEW_ROUNDS = 30
_SMALL = 2_000


@dataclass(frozen=True, eq=False)
class Trees(Model):
    """Columns -> one number each -> trees.

    Attributes:
        learner, settings: As in `Model`.
        encoders: What turns columns into numbers.
        booster: LightGBM's model.
        scale: Mean and deviation of a number that is predicted; None for classes.
    """

    learner: str
    settings: Settings
    encoders: tuple[Encoder, ...]
    booster: Any
    scale: tuple[float, float] | None

    def predict(self, columns: Columns) -> Floats:
        n = length(columns)
        classes = self.booster.num_model_per_iteration()
        if n == 0:
            return np.empty(0) if self.scale else np.empty((0, max(2, classes)))
        found = self.booster.predict(encode(self.encoders, columns), num_threads=_threads(n))
        if self.scale:
            mean, deviation = self.scale
            return np.asarray(mean + deviation * found)
        return np.column_stack([1 - found, found]) if classes == 1 else np.asarray(found)

    def save(self, folder: Path) -> None:
        described, arrays = pack(self.encoders)
        write_parts(folder, {"settings": dict(self.settings), "encoders": described, "scale": self.scale}, arrays)
        (folder / "trees.txt").write_text(self.booster.model_to_string(), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, learner: str) -> Trees:
        """The model that `save` wrote."""
        plain, arrays = read_parts(folder)
        scale = None if plain["scale"] is None else (plain["scale"][0], plain["scale"][1])
        booster = _read((folder / "trees.txt").read_text(encoding="utf-8"))
        return cls(learner, plain["settings"], unpack(plain["encoders"], arrays, ENCODERS), booster, scale)


def _read(text: str) -> Any:
    try:
        return lightgbm.Booster(model_str=text)
    except lightgbm.basic.LightGBMError as error:
        raise ValueError(f"LightGBM cannot read its model: {error}") from None


def fit_trees(learner: str, data: Data, settings: Settings, *, seed: int, deadline: float | None, cache: Cache) -> Trees:
    """Find the number of rounds on rows that are set aside, then fit all rows with so many.

    Arguments:
        learner: The name of the learner.
        data: Settled rows.
        settings: As in `Gbdt.portfolio`, and `rounds` where their number is known.
        seed: Of the rows that are set aside and of what LightGBM draws.
        deadline: In seconds of `time.monotonic`; one round is always fitted.
        cache: Keeps the features of rows.

    Raises:
        BudgetError: The deadline passed before the features were made.
    """
    matrix = fit_matrix(data, deadline=deadline, cache=cache)
    weight = data.weight * (data.n / data.weight.sum())
    scale, target = None, data.target
    if not data.classes:
        mean = float(np.average(target, weights=weight))
        scale = (mean, float(np.sqrt(np.average((target - mean) ** 2, weights=weight))) or 1.0)
        target = (target - mean) / scale[1]
    rows = _Rows(matrix.values, target, weight, matrix.codes, _parameters(settings, data, seed))
    rounds = settings.get("rounds")
    if rounds is None:
        now = time.monotonic()
        half = None if deadline is None else now + max(0.0, deadline - now) / 2
        rounds = _FEW_ROUNDS if data.n < _FEW else _find_rounds(rows, settings["rate"], seed, half)
    booster = rows.booster(np.arange(data.n))
    taken = 0
    while taken < rounds:
        booster.update()
        taken += 1
        if deadline is not None and time.monotonic() > deadline:
            break
    # Read back from its own text: what predicts now is what is stored, and the training rows are let go.
    return Trees(learner, {**settings, "rounds": taken}, matrix.encoders, _read(booster.model_to_string()), scale)


@dataclass(frozen=True)
class _Rows:
    """What LightGBM is fitted on, and how."""

    values: Floats
    target: Floats
    weight: Floats
    categorical: list[int]
    parameters: dict[str, Any]

    def dataset(self, index: Any, reference: Any = None) -> Any:
        """LightGBM's data of these rows. A row of several probable classes becomes a row for each, with its share of weight."""
        weight = self.weight[index]
        label = self.target[index]
        if label.ndim == 2 and label.shape[1] == 2:
            label = label[:, 1]
        elif label.ndim == 2:
            at, of = np.nonzero(label > 1e-3)
            weight, index, label = weight[at] * label[at, of], index[at], of
        return lightgbm.Dataset(
            self.values[index],
            label,
            weight=weight,
            reference=reference,
            categorical_feature=self.categorical,
            params=self.parameters,
        )

    def booster(self, index: Any) -> Any:
        return lightgbm.Booster(self.parameters, self.dataset(index))


def _find_rounds(rows: _Rows, rate: float, seed: int, deadline: float | None) -> int:
    """How many rounds to fit: where the loss of rows that are set aside was lowest."""
    order = np.random.default_rng(seed).permutation(len(rows.weight))
    aside = np.sort(order[: min(len(order) // 6, 5_000)])
    train = rows.dataset(np.setdiff1d(order, aside))
    booster = lightgbm.Booster(rows.parameters, train)
    booster.add_valid(rows.dataset(aside, train), "aside")
    best, lowest, least = 1, np.inf, 0.0
    for taken in range(1, _MOST_ROUNDS + 1):
        finished = booster.update()
        with phase("evaluate"):
            loss = booster.eval_valid()[0][2]
        if loss < lowest - least:
            best, lowest, least = taken, loss, least or 1e-4 * loss
        # Patience of 30 rounds at a rate of 0.1, of 100 at 0.03.
        if finished or taken - best > 3 / rate or (deadline is not None and time.monotonic() > deadline):
            break
    return best


def _parameters(settings: Settings, data: Data, seed: int) -> dict[str, Any]:
    classes = data.classes
    # Cross-entropy is the logistic loss that also takes probable labels.
    objective, metric = ("regression", "l2") if not classes else ("cross_entropy", "cross_entropy")
    if classes > 2:
        objective, metric = "multiclass", "multi_logloss"
    return {
        "objective": objective,
        "metric": metric,
        "num_class": classes if classes > 2 else 1,
        "learning_rate": settings["rate"],
        "num_leaves": settings["leaves"],
        "min_data_in_leaf": max(1, min(settings["least"], data.n // 20)),
        "feature_fraction": settings["columns"],
        "bagging_fraction": settings["rows"],
        "bagging_freq": int(settings["rows"] < 1),
        "lambda_l2": settings["l2"],
        "extra_trees": settings["extra"],
        "min_data_per_group": max(1, min(100, data.n // 20)),
        "max_bin": settings.get("bins", 255),
        "min_data_in_bin": 1 if data.n < 1000 else 3,
        "cat_smooth": 10.0,
        "feature_pre_filter": False,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": _threads(data.n),
        "seed": seed,
        "verbosity": -1,
    }


def _threads(n: int) -> int:
    """Threads for n rows: on few rows they only wait for each other."""
    return 1 if n < _SMALL else threads()
