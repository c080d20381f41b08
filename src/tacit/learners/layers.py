"""A network of a few layers, forward and backward, in NumPy: on batches of tables it is as fast as torch, without its import."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tacit.learners.contract import Floats
from tacit.phases import phase

__all__ = ["Shape", "begin", "forward", "gradient"]

_WAVES, _MIXED = 16, 3
"""A number becomes 16 waves, which are mixed to 3 features."""

_SLOW = 0.1
"""The deviation of the first frequencies: little more than a turn over the range of a scaled number."""

_LAYERS = 3


@dataclass(frozen=True)
class Shape:
    """How wide a network is.

    Attributes:
        numbers: How many inputs are numbers, which also come as waves; none of them if this is 0.
        inputs: How many inputs there are in all, numbers first.
        width: Of each hidden layer.
        outputs: Of the last layer.
    """

    numbers: int
    inputs: int
    width: int
    outputs: int

    @property
    def parts(self) -> dict[str, tuple[int, ...]]:
        """The parameters by name, with their shapes."""
        d, wide = self.numbers, [self.inputs + self.numbers * _MIXED, *[self.width] * _LAYERS, self.outputs]
        waves = {"frequency": (d, 1, _WAVES), "phase": (d, 1, _WAVES), "mix": (d, _WAVES, _MIXED), "shift": (d, 1, _MIXED)}
        found: dict[str, tuple[int, ...]] = dict(waves) if d else {}
        for i, (before, after) in enumerate(itertools.pairwise(wide)):
            found |= {f"weight{i}": (before, after), f"bias{i}": (after,)}
        return found

    @property
    def size(self) -> int:
        """How many parameters there are."""
        return sum(math.prod(part) for part in self.parts.values())

    def views(self, flat: npt.NDArray[Any]) -> dict[str, npt.NDArray[Any]]:
        """The parts of one vector of all parameters, as views of it."""
        found, at = {}, 0
        for name, shape in self.parts.items():
            found[name] = flat[at : at + math.prod(shape)].reshape(shape)
            at += math.prod(shape)
        return found


def begin(shape: Shape, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Parameters to start from (He et al., 2015); the last layer begins at 0, so that all answers are alike."""
    flat = np.zeros(shape.size, dtype=np.float32)
    parts = shape.views(flat)
    for i in range(_LAYERS):
        weight = parts[f"weight{i}"]
        weight[:] = rng.standard_normal(weight.shape, dtype=np.float32) * math.sqrt(2 / max(1, len(weight)))
    if shape.numbers:
        parts["frequency"][:] = rng.standard_normal(parts["frequency"].shape, dtype=np.float32) * _SLOW * 2 * math.pi
        parts["phase"][:] = rng.uniform(-math.pi, math.pi, parts["phase"].shape)
        parts["mix"][:] = rng.standard_normal(parts["mix"].shape, dtype=np.float32) / math.sqrt(_WAVES)
    return flat


def forward(parts: Mapping[str, npt.NDArray[Any]], inputs: Floats) -> Floats:
    """(n, inputs) -> (n, outputs), in the precision of the parameters."""
    hidden = _with_waves(parts, inputs)[0]
    for i in range(_LAYERS):
        hidden = _mish(hidden @ parts[f"weight{i}"] + parts[f"bias{i}"])[0]
    return np.asarray(hidden @ parts[f"weight{_LAYERS}"] + parts[f"bias{_LAYERS}"])


def gradient(
    parts: Mapping[str, npt.NDArray[np.float32]],
    slopes: Mapping[str, npt.NDArray[np.float32]],
    inputs: npt.NDArray[np.float32],
    error: Any,
    dropout: float,
    rng: np.random.Generator,
) -> None:
    """Write the gradient of the mean loss of a batch into `slopes`.

    Arguments:
        parts: The parameters.
        slopes: Views of the same shapes.
        inputs: (n, inputs).
        error: Gives the gradient of the mean loss by the outputs (n, outputs), from the outputs.
        dropout: The share of hidden units that are left out (Srivastava et al., 2014).
        rng: Draws them.
    """
    n, ahead, back = len(inputs), *_products(parts)
    with phase("forward", rows=n, operations=2.0 * n * ahead):
        hidden, waves, sines = _with_waves(parts, inputs)
        kept: list[tuple[Floats, Floats]] = []
        for i in range(_LAYERS):
            after, slope = _mish(hidden @ parts[f"weight{i}"] + parts[f"bias{i}"])
            if dropout:
                drawn = np.frombuffer(rng.bytes(after.size), dtype=np.uint8).reshape(after.shape)
                mask = (drawn >= dropout * 256) * np.float32(1 / (1 - dropout))
                after *= mask
                slope *= mask
            kept.append((hidden, slope))
            hidden = after
        turned = error(hidden @ parts[f"weight{_LAYERS}"] + parts[f"bias{_LAYERS}"])
    with phase("backward", rows=n, operations=2.0 * n * back):
        for i in range(_LAYERS, -1, -1):
            np.matmul(hidden.T, turned, out=slopes[f"weight{i}"])
            turned.sum(axis=0, out=slopes[f"bias{i}"])
            if i:
                hidden, slope = kept[i - 1]
                turned = turned @ parts[f"weight{i}"].T
                turned *= slope
        if "mix" in parts:
            d = len(parts["mix"])
            back = turned @ parts["weight0"][: d * _MIXED].T
            mixed = np.ascontiguousarray(back.reshape(len(inputs), d, _MIXED).transpose(1, 0, 2))
            np.matmul(waves.transpose(0, 2, 1), mixed, out=slopes["mix"])
            mixed.sum(axis=1, keepdims=True, out=slopes["shift"])
            angle = mixed @ parts["mix"].transpose(0, 2, 1)
            angle *= sines
            np.negative(angle.sum(axis=1, keepdims=True), out=slopes["phase"])
            np.matmul(-inputs[:, :d].T[:, None, :], angle, out=slopes["frequency"])


def _products(parts: Mapping[str, npt.NDArray[Any]]) -> tuple[int, int]:
    """Multiplications that products take for each row: ahead, and back, where the gradients of inputs that are no waves are not needed."""
    weights = [parts[f"weight{i}"] for i in range(_LAYERS + 1)]
    ahead = back = sum(w.size for w in weights)
    back += ahead - weights[0].size
    if "mix" in parts:
        mix = parts["mix"]
        ahead += mix.size
        back += len(mix) * _MIXED * weights[0].shape[1] + 2 * mix.size + parts["frequency"].size
    return ahead, back


def _with_waves(parts: Mapping[str, npt.NDArray[Any]], inputs: Floats) -> tuple[Floats, Any, Any]:
    """Inputs with the waves of their numbers before them, and what their gradient needs: (d, n, waves) cosines and sines.

    Periodic features with a bias and a linear layer each: PBLD of Holzmueller et al. (2024).
    """
    inputs = inputs.astype(parts["bias0"].dtype, copy=False)
    if "mix" not in parts:
        return inputs, None, None
    d = len(parts["mix"])
    angle = inputs[:, :d].T[:, :, None] * parts["frequency"] + parts["phase"]
    waves = np.cos(angle)
    mixed = (waves @ parts["mix"] + parts["shift"]).transpose(1, 0, 2).reshape(len(inputs), d * _MIXED)
    return np.hstack([mixed, inputs]), waves, np.sin(angle)


def _mish(x: Floats) -> tuple[Floats, Floats]:
    """x tanh(log(1 + e^x)) and its slope (Misra, 2020)."""
    grown = np.exp(np.minimum(x, 20))
    whole = grown * (grown + 2)
    below = 1 / (whole + 2)
    share = whole * below
    slope = share + x * (4 * grown * (grown + 1) * below * below)
    return x * share, slope
