"""`encoder-linear`: softmax and ridge regression over what pretrained encoders make of texts and images."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from tacit.learners.contract import Cache, Data, Learner, Model, Settings
from tacit.learners.encoders import lacks_image, lacks_text
from tacit.learners.roles import IMAGES, ROLES, TEXTS, columns_of, settle
from tacit.types import Category, Kind, Number

__all__ = ["EncoderLinear"]

_FEW = 32
"""Labels a class."""


class EncoderLinear(Learner):
    """A frozen encoder reads each text once; weights are fitted to its vectors, with or without n-grams beside them.

    So does an encoder of images, where the project names one. All other columns join as in `linear`.
    """

    name: ClassVar[str] = "encoder-linear"
    remembers: ClassVar[bool] = True

    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        roles = {k.role for k in kinds.values()}
        return roles <= ROLES and bool(roles & (TEXTS | IMAGES)) and isinstance(output, Category | Number)

    def portfolio(self, data: Data) -> tuple[Settings, ...]:
        if not columns_of(data.kinds, TEXTS):
            return tuple({"scale": 1.0, "strength": strength} for strength in (10.0, 50.0, 2.0))
        alone, joined = ["encoder"], ["encoder", "words", "chars"]
        settings: tuple[Settings, ...] = (
            {"text": joined, "scale": 1.0, "strength": 5.0},
            {"text": alone, "scale": 1.0, "strength": 5.0},
            {"text": joined, "scale": 1.0, "strength": 1.5},
            {"text": joined[:2], "scale": 1.0, "strength": 10.0},
        )
        if data.n >= _FEW * data.classes:
            return settings
        # The names of classes mean something to an encoder: with few labels they are worth a few more.
        return (
            {"text": joined, "scale": 1.0, "strength": 10.0, "names": 2.0},
            {"text": alone, "scale": 1.0, "strength": 10.0, "names": 2.0},
            *settings[:2],
        )

    def lacks(self, data: Data) -> str | None:
        reads = columns_of(data.kinds, TEXTS) or not _sees(data)
        return (lacks_text(data.pretrained) if reads else None) or (lacks_image(data.pretrained) if _sees(data) else None)

    def seconds(self, data: Data, settings: Settings) -> float | None:
        from tacit.learners.frozen import encoding_seconds

        if self.lacks(data):
            return None
        data = settle(data)
        text, image = data.pretrained.get("text", "minilm"), data.pretrained.get("image", "")
        seconds = sum(encoding_seconds(data.columns[name], "text", text) for name in columns_of(data.kinds, TEXTS))
        images = columns_of(data.kinds, IMAGES) if _sees(data) else ()
        return seconds + sum(encoding_seconds(data.columns[name], "image", image) for name in images)

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        from tacit.learners.linear_model import fit_linear

        data = settle(data)
        images = "encoder" if _sees(data) else None
        return fit_linear(self.name, data, settings, images=images, deadline=deadline, cache=cache)

    def load(self, folder: Path) -> Model:
        from tacit.learners.linear_model import LinearModel

        return LinearModel.load(folder, self.name)

    def warm_up(self) -> None:
        import tacit.learners.linear_model

        with contextlib.suppress(ModuleNotFoundError):
            import tacit.learners.deep.text  # noqa: F401


def _sees(data: Data) -> bool:
    """Whether images are seen: beside texts only where an encoder is set for them."""
    return bool(columns_of(data.kinds, IMAGES)) and ("image" in data.pretrained or not columns_of(data.kinds, TEXTS))
