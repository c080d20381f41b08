"""`tfidf-linear`: softmax and ridge regression over the n-grams of texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from tacit.learners.contract import Cache, Data, Learner, Model, Settings
from tacit.learners.roles import ROLES, maybe_text, settle
from tacit.types import Category, Kind, Number

__all__ = ["TfidfLinear"]


class TfidfLinear(Learner):
    """One weight for each n-gram of a text; other columns but images join as in `linear`."""

    name: ClassVar[str] = "tfidf-linear"

    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        usable = all(k.role in ROLES for k in kinds.values()) and any(map(maybe_text, kinds.values()))
        return usable and isinstance(output, Category | Number)

    def portfolio(self, data: Data) -> tuple[Settings, ...]:
        words, both = ["words"], ["words", "chars"]
        return (
            {"text": words, "strength": 10.0},
            {"text": both, "strength": 10.0},
            {"text": both, "strength": 2.0},
            {"text": both, "strength": 50.0},
            {"text": words, "strength": 2.0},
        )

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        from tacit.learners.linear_model import fit_linear

        return fit_linear(self.name, settle(data), settings, images=None, deadline=deadline, cache=cache)

    def load(self, folder: Path) -> Model:
        from tacit.learners.linear_model import LinearModel

        return LinearModel.load(folder, self.name)

    def warm_up(self) -> None:
        import tacit.learners.linear_model  # noqa: F401
