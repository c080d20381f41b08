"""`pixels-linear`: softmax and ridge regression over the pixels of images."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from tacit.learners.contract import Cache, Data, Learner, Model, Settings
from tacit.learners.roles import ROLES, settle
from tacit.types import Category, Kind, Number

__all__ = ["PixelsLinear"]


class PixelsLinear(Learner):
    """One weight for each pixel of a small copy of the image; other columns join as in `linear` and `tfidf-linear`."""

    name: ClassVar[str] = "pixels-linear"

    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        roles = {k.role for k in kinds.values()}
        return "image" in roles and roles <= ROLES and isinstance(output, Category | Number)

    def portfolio(self, data: Data) -> tuple[Settings, ...]:
        return (
            {"edges": False, "strength": 0.01},
            {"edges": True, "strength": 0.01},
            {"edges": True, "strength": 0.001},
            {"edges": True, "strength": 0.1},
            {"edges": True, "strength": 0.0001},
        )

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        from tacit.learners.linear_model import fit_linear

        return fit_linear(self.name, settle(data), settings, images="pixels", deadline=deadline, cache=cache)

    def load(self, folder: Path) -> Model:
        from tacit.learners.linear_model import LinearModel

        return LinearModel.load(folder, self.name)

    def warm_up(self) -> None:
        import tacit.learners.linear_model  # noqa: F401
