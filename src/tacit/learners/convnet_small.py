"""`convnet-small`: a small convolutional net, from scratch in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

from tacit.learners.contract import Cache, Data, Learner, Model, Settings, bare
from tacit.types import Category, ImageKind, Kind, Number

__all__ = ["ConvnetSmall"]

_PHOTO = 64
"""Images of more than 40 pixels are seen at this size."""

_SMALL = 40
_LEAST = 8
_FLOPS = 1.5e11
"""Operations a second of one processor of 2024, in bfloat16."""

_START = 0.5
"""Seconds before the first step."""


class ConvnetSmall(Learner):
    """Some 100,000 weights that are trained on one column of images, which it turns, shifts and mirrors."""

    name: ClassVar[str] = "convnet-small"
    widths: ClassVar[tuple[int, ...]] = (16, 32, 64)
    residual: ClassVar[bool] = False
    epochs: ClassVar[int] = 12

    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        return [type(bare(k)) for k in kinds.values()] == [ImageKind] and isinstance(output, Category | Number)

    def portfolio(self, data: Data) -> tuple[Settings, ...]:
        from tacit.learners.looks import look

        (values,) = data.columns.values()
        seen = look(values)
        n = data.n
        plain = {
            "widths": list(self.widths),
            "residual": self.residual,
            "stem": 24 if seen.side > _SMALL else 12,
            "gray": seen.gray,
            "smooth": 0.1,
            "decay": 2.5e-4,
            "rate": 1.5,
            "batch": 128 if n > 3_000 else 64 if n > 500 else 32,
            # Few images are seen more often, but very few teach nothing more.
            "epochs": max(8, min(n // 4, round(self.epochs * max(1.0, min(4.0, (8_000 / n) ** 0.5))))),
        }
        return tuple({**plain, **views} for views in _views(seen.side, seen.gray))

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        from tacit.learners.deep.seeing import fit_convnet

        return fit_convnet(self.name, data, settings, seed=seed, deadline=deadline, cache=cache)

    def load(self, folder: Path) -> Model:
        from tacit.learners.deep.sight import Sight

        return Sight.load(folder, self.name)

    def lacks(self, data: Data) -> str | None:
        missing = [name for name in ("torch", "safetensors") if find_spec(name) is None]
        return 'pip install "tacit[deep]"' if missing else None

    def seconds(self, data: Data, settings: Settings) -> float | None:
        return _START + operations(settings) * float(settings["epochs"]) * data.n / _FLOPS

    def warm_up(self) -> None:
        import tacit.learners.deep.seeing  # noqa: F401


def _views(seen: int, gray: bool) -> tuple[dict[str, Any], ...]:
    """How images are shown to the net and varied: drawings and digits, small pictures, photographs. First what is likely right."""
    if gray:
        drawn = {"turn": 10, "shear": 0.1, "zoom": [0.9, 1.1], "shift": 0.06, "edge": "border"}
        side = _PHOTO if seen > _SMALL else max(_LEAST, seen)
        return {"side": side, "flip": False, "vary": drawn}, {"side": side, "flip": True, "vary": drawn}
    if seen <= _SMALL:
        small = {"side": max(_LEAST, seen), "vary": {"shift": 0.0625}}
        return {**small, "flip": True}, {**small, "flip": False}
    photo = {"side": _PHOTO, "vary": {"turn": 10, "zoom": [0.6, 1.0], "stretch": 0.2, "light": 0.2}}
    return {**photo, "flip": True}, {**photo, "flip": False}


def operations(settings: Settings) -> float:
    """Multiplications and additions of one image's step, forward and back."""
    stride = max(1, round(settings["side"] / 32))
    side, before = settings["side"] // stride - 1, 2 * settings["stem"]
    total = side**2 * (1 if settings["gray"] else 3) * 4 * stride**2 * before
    for width in settings["widths"]:
        total += 9 * before * width * side**2
        side = max(1, side // 2)
        total += 9 * width * width * side**2 * (2 if settings["residual"] else 1)
        before = width
    return 6.0 * float(total)
