"""`forest`: many decision trees, each drawn at random, by scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from tacit.learners.contract import Cache, Data, Learner, Model, Settings
from tacit.learners.roles import CATEGORIES, NUMBERS, ROLES, maybe_text, settle, surely_text
from tacit.types import Category, Kind, Number

__all__ = ["Forest"]


class Forest(Learner):
    """The mean of many trees: they err in other places than boosted ones, and one tree serves all classes."""

    name: ClassVar[str] = "forest"

    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        tabular = NUMBERS | CATEGORIES
        usable = any(k.role in tabular or (maybe_text(k) and not surely_text(k)) for k in kinds.values())
        return usable and all(k.role in ROLES for k in kinds.values()) and isinstance(output, Category | Number)

    def portfolio(self, data: Data) -> tuple[Settings, ...]:
        extra = {"extra": True, "trees": 100, "least": 1, "columns": 0.5}
        random = {"extra": False, "trees": 100, "least": 5, "columns": 0.5}
        fine = {**random, "least": 1, "columns": 0.3}
        return (extra, fine, random) if data.classes else (random, extra)

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        from tacit.learners.growing import fit_woods

        return fit_woods(self.name, settle(data), settings, seed=seed, deadline=deadline, cache=cache)

    def load(self, folder: Path) -> Model:
        from tacit.learners.woods import Woods

        return Woods.load(folder, self.name)

    def warm_up(self) -> None:
        import tacit.learners.growing  # noqa: F401
