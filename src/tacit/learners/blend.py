"""The model of `ensemble`: several models whose weighted answers are averaged, and one temperature for how sure they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tacit.learners.artifacts import read_parts, write_parts
from tacit.learners.contract import Columns, Floats, Model, Settings
from tacit.learners.registry import get

__all__ = ["Blend", "blend", "tempered"]

_SMALLEST = 1e-15


@dataclass(frozen=True, eq=False)
class Blend(Model):
    """The weighted mean of what its members say; of classes, made more or less sure by a temperature.

    Attributes:
        learner: "ensemble".
        settings: `members`, each with its `learner`, `settings` and `weight`, and the `temperature`. Members that did not
            have all rows also name their `part` of the rows and how many `rows` of it they had; those of another
            seed, how much `more` it was.
        members: In the order of the settings.
        weights: (members,) float64, summing to 1.
        temperature: See `tempered`; 1 for numbers.
    """

    learner: str
    settings: Settings
    members: tuple[Model, ...]
    weights: npt.NDArray[np.float64]
    temperature: float

    def predict(self, columns: Columns) -> Floats:
        found = sum(w * m.predict(columns) for w, m in zip(self.weights.tolist(), self.members, strict=True))
        mean = np.asarray(found, dtype=np.float64)
        return tempered(mean, self.temperature) if mean.ndim == 2 else mean

    def flops(self, columns: Columns) -> float | None:
        each = [m.flops(columns) for m in self.members]
        known = [f for f in each if f is not None]
        return sum(known) if len(known) == len(each) else None

    def save(self, folder: Path) -> None:
        write_parts(folder, {"settings": dict(self.settings), "learners": [m.learner for m in self.members]}, {})
        for i, member in enumerate(self.members):
            (folder / str(i)).mkdir()
            member.save(folder / str(i))

    @classmethod
    def load(cls, folder: Path, learner: str) -> Blend:
        """The model that `save` wrote. Raises `OptionError` or `MissingExtra` where a member's learner is not installed."""
        plain, _ = read_parts(folder)
        members = [get(name).load(folder / str(i)) for i, name in enumerate(plain["learners"])]
        return blend(learner, members, plain["settings"]["members"], plain["settings"]["temperature"])


def blend(learner: str, models: Sequence[Model], members: Sequence[Mapping[str, Any]], temperature: float) -> Blend:
    """A blend of models.

    Arguments:
        learner: The name of the learner.
        models: One or more.
        members: Of each what the blend's settings say: at least its `weight`, positive.
        temperature: Positive.
    """
    weights = np.array([m["weight"] for m in members], dtype=np.float64)
    settings = {"members": [dict(m) for m in members], "temperature": temperature}
    return Blend(learner, settings, tuple(models), weights / weights.sum(), temperature)


def tempered(probabilities: Floats, temperature: float) -> Floats:
    """Probabilities p^(1 / T), scaled to sum to 1 (Guo et al., 2017). Above 1 they are less sure; the likeliest class stays.

    Arguments:
        probabilities: (n, k) float64.
        temperature: Positive.

    Returns:
        (n, k) float64.
    """
    if temperature == 1 or not len(probabilities):
        return probabilities
    scores = np.log(np.maximum(probabilities, _SMALLEST)) / temperature
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))
