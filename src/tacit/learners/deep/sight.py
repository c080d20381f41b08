"""The model of convolutional learners: an image, a net, an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from tacit.learners.contract import Cache, Columns, Floats, Model, Settings, threads
from tacit.learners.deep.convnets import Shape, forward
from tacit.learners.deep.counting import counted
from tacit.learners.deep.images import Lens, decoded, resized

__all__ = ["Sight", "arithmetic", "laid_out"]

_AT_ONCE = 16


@dataclass(frozen=True, eq=False)
class Sight(Model):
    """An image -> scores of a convolutional net -> answers.

    Attributes:
        learner, settings: As in `Model`.
        column: A column of images.
        lens: What is seen of them.
        shape: Of the net.
        tensors: The net, with its normalizations folded in; float32.
        scale: Mean and deviation of a number that is predicted; None for classes.
    """

    learner: str
    settings: Settings
    column: str
    lens: Lens
    shape: Shape
    tensors: dict[str, Tensor]
    scale: tuple[float, float] | None

    def predict(self, columns: Columns) -> Floats:
        values = columns[self.column]
        parts = [self._scores(values[i : i + _AT_ONCE]) for i in range(0, len(values), _AT_ONCE)]
        scores = np.concatenate([np.zeros((0, self.shape.outputs)), *parts])
        if self.scale is not None:
            return np.asarray(self.scale[0] + self.scale[1] * scores[:, 0])
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True))

    def _scores(self, values: Sequence[Any]) -> Floats:
        images = decoded(values, self.lens.side, Cache(), None)
        # Always as many at once: with other numbers of rows, sums are added up in another order.
        seen = self.lens.normal(self.lens.stack([*images, *[None] * (_AT_ONCE - len(images))]))
        with arithmetic(threads()), torch.inference_mode():
            seen = resized(seen, int(self.settings["side"])).contiguous(memory_format=torch.channels_last)
            scores = forward(self.shape, self.tensors, None, seen)
            if self.settings["flip"]:
                scores = (scores + forward(self.shape, self.tensors, None, seen.flip(3))) / 2
        return np.asarray(scores[: len(values)].double().numpy())

    def flops(self, columns: Columns) -> float:
        side = int(self.settings["side"])
        image = torch.zeros(1, self.shape.channels, side, side)
        once = counted(lambda: forward(self.shape, self.tensors, None, image))
        return len(columns[self.column]) * once * (1 + bool(self.settings["flip"]))

    def save(self, folder: Path) -> None:
        plain = {
            **{"settings": dict(self.settings), "column": self.column, "lens": asdict(self.lens), "shape": asdict(self.shape)},
            "scale": self.scale,
        }
        (folder / "model.json").write_text(json.dumps(plain), encoding="utf-8")
        save_file({name: tensor.contiguous() for name, tensor in self.tensors.items()}, folder / "net.safetensors")

    @classmethod
    def load(cls, folder: Path, learner: str) -> Sight:
        """The model that `save` wrote."""
        plain = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        lens, shape = plain["lens"], plain["shape"]
        return cls(
            learner,
            plain["settings"],
            plain["column"],
            Lens(lens["side"], lens["gray"], tuple(lens["mean"]), tuple(lens["scale"])),
            Shape(**{**shape, "widths": tuple(shape["widths"])}),
            laid_out(load_file(folder / "net.safetensors")),
            None if plain["scale"] is None else (plain["scale"][0], plain["scale"][1]),
        )


@contextmanager
def arithmetic(count: int) -> Iterator[None]:
    """Compute with so many threads, and as before afterwards."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def laid_out(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors; filters in the order of memory that is fastest."""
    return {n: t.contiguous(memory_format=torch.channels_last) if t.dim() == 4 else t for n, t in tensors.items()}
