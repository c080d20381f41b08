"""`gbdt`: gradient-boosted decision trees, by LightGBM."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from tacit.learners.contract import Cache, Data, Learner, Model, Settings
from tacit.learners.roles import CATEGORIES, NUMBERS, ROLES, maybe_text, settle, surely_text
from tacit.types import Category, Kind, Number

__all__ = ["Gbdt"]

_WIDE = 100


class Gbdt(Learner):
    """Trees over numbers, categories and moments; texts join as topics, images as a few gray pixels."""

    name: ClassVar[str] = "gbdt"

    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        tabular = NUMBERS | CATEGORIES
        usable = any(k.role in tabular or (maybe_text(k) and not surely_text(k)) for k in kinds.values())
        return usable and all(k.role in ROLES for k in kinds.values()) and isinstance(output, Category | Number)

    def portfolio(self, data: Data) -> tuple[Settings, ...]:
        plain = {"rate": 0.1, "leaves": 31, "least": 20, "columns": 1.0, "rows": 1.0, "l2": 0.0, "extra": False}
        # On very many columns the first try looks at each in fewer steps, and is done in a fifth of the time.
        first = {**plain, "bins": 63} if len(data.kinds) > _WIDE else plain
        return (
            first,
            {**plain, "rate": 0.05, "leaves": 63, "columns": 0.5, "rows": 0.8, "l2": 1.0},
            {**plain, "rate": 0.05, "leaves": 8, "least": 10, "columns": 0.7, "rows": 0.8, "l2": 1.0},
            {**plain, "extra": True},
            {**plain, "rate": 0.03, "leaves": 127, "least": 30, "columns": 0.5, "rows": 0.8, "l2": 5.0},
        )

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        from tacit.learners.trees import fit_trees

        return fit_trees(self.name, settle(data), settings, seed=seed, deadline=deadline, cache=cache)

    def load(self, folder: Path) -> Model:
        from tacit.learners.trees import Trees

        return Trees.load(folder, self.name)

    def warm_up(self) -> None:
        import tacit.learners.trees  # noqa: F401
