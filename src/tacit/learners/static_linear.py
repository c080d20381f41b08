"""`static-linear`: softmax and ridge regression over token vectors that were distilled from a pretrained encoder."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from tacit.learners.contract import Cache, Data, Learner, Model, Settings
from tacit.learners.encoders import lacks_text
from tacit.learners.roles import ROLES, TEXTS, columns_of, maybe_text, settle
from tacit.types import Category, Kind, Number

__all__ = ["StaticLinear"]

_MANY = 5_000
"""Rows."""


class StaticLinear(Learner):
    """For many texts or little time: the encoder sees its own vocabulary and none of the texts.

    Columns that are no texts join as in `linear`.
    """

    name: ClassVar[str] = "static-linear"
    remembers: ClassVar[bool] = True

    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        usable = all(k.role in ROLES for k in kinds.values()) and any(map(maybe_text, kinds.values()))
        return usable and isinstance(output, Category | Number)

    def portfolio(self, data: Data) -> tuple[Settings, ...]:
        joined = ["static", "words", "chars"]
        first: Settings = {"text": joined, "scale": 1.0, "strength": 5.0}
        if data.n < _MANY:
            return (first,)  # the encoder itself reads so few texts in less time than its vocabulary
        return (first, {**first, "strength": 1.5}, {"text": ["static"], "scale": 1.0, "strength": 30.0})

    def lacks(self, data: Data) -> str | None:
        return lacks_text(data.pretrained)

    def seconds(self, data: Data, settings: Settings) -> float | None:
        from tacit.learners.static import static_seconds

        if self.lacks(data):
            return None
        data = settle(data)
        source = data.pretrained.get("text", "minilm")
        return sum(static_seconds(data.columns[name], source) for name in columns_of(data.kinds, TEXTS))

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        from tacit.learners.linear_model import fit_linear

        return fit_linear(self.name, settle(data), settings, images=None, deadline=deadline, cache=cache)

    def load(self, folder: Path) -> Model:
        from tacit.learners.linear_model import LinearModel

        return LinearModel.load(folder, self.name)

    def warm_up(self) -> None:
        import tacit.learners.linear_model

        with contextlib.suppress(ModuleNotFoundError):
            import tacit.learners.deep.text  # noqa: F401
