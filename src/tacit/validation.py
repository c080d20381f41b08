"""How each model did on single rows that it was not trained on: what two models are compared by."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.errors import ArtifactError
from tacit.types import Category, Kind

__all__ = ["Validation", "compare", "row_score", "validation_of"]


@dataclass(frozen=True)
class Validation:
    """Scores of a model on rows that it was not trained on.

    Attributes:
        ids: The example of each row.
        truth: (n,) position of the true class; zeros for numbers.
        scores: Name -> (n,) float64, higher is better: "right" (1 or 0), "log" (ln of the probability of the true class)
            and "brier" (minus the squared distance) for classes, "square" and "absolute" (minus the error) for numbers.
        strata: (n,) the group of each row, where the training was to be good at the worst of them; else None.
    """

    ids: tuple[str, ...]
    truth: NDArray[np.int64]
    scores: Mapping[str, NDArray[np.float64]]
    strata: NDArray[np.intp] | None = None

    def write(self, folder: Path, model: str) -> None:
        """Keep it beside the models of a project."""
        file = _file(folder, model)
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial.npz")
        arrays: dict[str, Any] = {"ids": np.array(self.ids, "S32"), "truth": self.truth, **self.scores}
        arrays |= {} if self.strata is None else {"strata": self.strata}
        np.savez(partial, **arrays)
        os.replace(partial, file)

    @classmethod
    def read(cls, folder: Path, model: str) -> Validation:
        """What `write` kept. Raises `ArtifactError`."""
        try:
            with np.load(io.BytesIO(_file(folder, model).read_bytes()), allow_pickle=False) as arrays:
                scores = {name: arrays[name] for name in arrays.files if name not in ("ids", "truth", "strata")}
                strata = arrays["strata"] if "strata" in arrays.files else None
                return cls(tuple(i.decode("ascii") for i in arrays["ids"]), arrays["truth"], scores, strata)
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise ArtifactError(
                f"the validation scores of model {model} cannot be read ({error})", next="tacit train, or release with --force"
            ) from None


def validation_of(
    output: Kind, ids: tuple[str, ...], predicted: NDArray[Any], target: NDArray[Any], strata: NDArray[np.intp] | None = None
) -> Validation:
    """How well each row was predicted.

    Arguments:
        ids: The example of each row.
        predicted: (n, n_classes) probabilities, or (n,) numbers.
        target: Of the same shape.
        strata: (n,) the group of each row, where there are some.
    """
    if not isinstance(output, Category):
        error = predicted - target
        return Validation(ids, np.zeros(len(ids), np.int64), {"square": -(error**2), "absolute": -np.abs(error)})
    truth = target.argmax(1)
    given = np.take_along_axis(predicted, truth[:, None], 1)[:, 0]
    distance = (predicted**2).sum(1) - 2 * given + 1
    scores = {
        "right": (predicted.argmax(1) == truth).astype(float),
        "log": np.log(np.clip(given, 1e-15, None)),
        "brier": -distance,
    }
    return Validation(ids, truth, scores, strata)


_ROW_SCORES = {"log_loss": "log", "brier": "brier", "mae": "absolute", "r2": "square", "rmse": "square"}
"""Metric -> what single rows are compared by; the others, which count right answers, by "right"."""


def row_score(metric: str) -> str:
    """The score of single rows that goes with a metric: one of `Validation.scores`."""
    return _ROW_SCORES.get(metric, "right")


def compare(new: Validation, old: Validation, metric: str) -> NDArray[np.float64]:
    """How much better `new` did on each row that both were scored on, higher is better.

    For "balanced" and "macro_f1" the rows of each class weigh the same together, whatever their number; so do those of each group, where
    the training of `new` was to be good at the worst of them.
    """
    name = row_score(metric)
    before = dict(zip(old.ids, old.scores[name].tolist(), strict=True))
    shared = [i for i, id in enumerate(new.ids) if id in before]
    difference = np.array([new.scores[name][i] - before[new.ids[i]] for i in shared])
    even = new.strata if new.strata is not None else new.truth if metric in ("balanced", "macro_f1") else None
    if even is not None and shared:
        of = even[shared]
        sizes = np.bincount(of)
        difference *= len(of) / (np.count_nonzero(sizes) * sizes[of])
    return difference


def _file(folder: Path, model: str) -> Path:
    return folder / "validation" / f"{model}.npz"
