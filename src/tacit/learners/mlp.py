"""`mlp`: a small neural network over numbers and categories, in NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from tacit.learners.contract import Cache, Data, Learner, Model, Settings
from tacit.learners.roles import CATEGORIES, NUMBERS, ROLES, maybe_text, settle, surely_text
from tacit.types import Category, Kind, Number

__all__ = ["Mlp"]

_FEW = 1_000
_SEEN = 300_000
"""Rows, each time that one is seen."""


class Mlp(Learner):
    """Smooth where trees have steps: what it gets wrong differs from what they get wrong."""

    name: ClassVar[str] = "mlp"

    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        tabular = NUMBERS | CATEGORIES
        usable = any(k.role in tabular or (maybe_text(k) and not surely_text(k)) for k in kinds.values())
        return usable and all(k.role in ROLES for k in kinds.values()) and isinstance(output, Category | Number)

    def portfolio(self, data: Data) -> tuple[Settings, ...]:
        long = {"epochs": 40, "width": 128, "dropout": 0.1, "rate": 0.01, "smooth": 0.1, "decay": 0.03}
        short = {**long, "epochs": 8, "dropout": 0.3, "rate": 0.005, "smooth": 0.0, "decay": 0.3}
        if data.classes == 2:
            # Two classes tell little about each row: a network that sees a row often learns it by heart.
            return (short, {**long, "epochs": max(8, min(80, _SEEN // data.n))})
        if data.n < _FEW:
            return (short, long)
        return (long, {**long, "width": 256}) if data.classes else (long,)

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        from tacit.learners.perceptron import fit_perceptron

        return fit_perceptron(self.name, settle(data), settings, seed=seed, deadline=deadline, cache=cache)

    def load(self, folder: Path) -> Model:
        from tacit.learners.perceptron import Perceptron

        return Perceptron.load(folder, self.name)

    def warm_up(self) -> None:
        import tacit.learners.perceptron  # noqa: F401
