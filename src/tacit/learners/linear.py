"""`linear`: softmax and ridge regression over numbers and categories."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from tacit.learners.contract import Cache, Data, Learner, Model, Settings
from tacit.learners.roles import ROLES, settle, surely_text
from tacit.types import Category, Kind, Number

__all__ = ["Linear"]


class Linear(Learner):
    """One weight for each scaled number and each category."""

    name: ClassVar[str] = "linear"

    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        plain = all(k.role in ROLES and k.role != "image" and not surely_text(k) for k in kinds.values())
        return plain and isinstance(output, Category | Number)

    def portfolio(self, data: Data) -> tuple[Settings, ...]:
        return ({"strength": 1.0, "ranks": False}, {"strength": 1.0, "ranks": True}, {"strength": 0.03, "ranks": True})

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        from tacit.learners.linear_model import fit_linear

        return fit_linear(self.name, settle(data), settings, images=None, deadline=deadline, cache=cache)

    def load(self, folder: Path) -> Model:
        from tacit.learners.linear_model import LinearModel

        return LinearModel.load(folder, self.name)

    def warm_up(self) -> None:
        import tacit.learners.linear_model  # noqa: F401
