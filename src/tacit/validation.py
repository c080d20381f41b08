"""How each model did on single rows that it was not trained on: what two models are compared by."""

from __future__ import annotations

import io
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.errors import ArtifactError
from tacit.types import Category, Kind

__all__ = ["Validation", "compare", "row_scores"]


@dataclass(frozen=True)
class Validation:
    """Scores of a model on rows that it was not trained on.

    Attributes:
        ids: The example of each row.
        scores: (n,) float64, higher is better: 1 for right and 0 for wrong, or minus the squared error.
    """

    ids: tuple[str, ...]
    scores: NDArray[np.float64]

    def write(self, folder: Path, model: str) -> None:
        """Keep it beside the models of a project."""
        file = _file(folder, model)
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial.npz")
        np.savez(partial, ids=np.array(self.ids, "S32"), scores=self.scores)
        os.replace(partial, file)

    @classmethod
    def read(cls, folder: Path, model: str) -> Validation:
        """What `write` kept. Raises `ArtifactError`."""
        try:
            with np.load(io.BytesIO(_file(folder, model).read_bytes()), allow_pickle=False) as arrays:
                return cls(tuple(i.decode("ascii") for i in arrays["ids"]), arrays["scores"])
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise ArtifactError(
                f"the validation scores of model {model} cannot be read ({error})", next="tacit train, or release with --force"
            ) from None


def row_scores(output: Kind, predicted: NDArray[Any], target: NDArray[Any]) -> NDArray[np.float64]:
    """How well each row was predicted.

    Arguments:
        predicted: (n, n_classes) probabilities, or (n,) numbers.
        target: Of the same shape.
    """
    if isinstance(output, Category):
        return np.asarray(predicted.argmax(1) == target.argmax(1), float)
    return np.asarray(-((predicted - target) ** 2))


def compare(new: Validation, old: Validation) -> tuple[list[str], NDArray[np.float64]]:
    """Ids that both were scored on, and (n,) how much better `new` did on each."""
    before = dict(zip(old.ids, old.scores, strict=True))
    shared = [(i, s - before[i]) for i, s in zip(new.ids, new.scores, strict=True) if i in before]
    return [i for i, _ in shared], np.array([d for _, d in shared])


def _file(folder: Path, model: str) -> Path:
    return folder / "validation" / f"{model}.npz"
