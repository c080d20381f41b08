"""Images as tensors: decoded to squares of one size, and turned, shifted and lit anew for every batch."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from tacit.learners.contract import Cache, check_time
from tacit.learners.pixels import seen

__all__ = ["Lens", "decoded", "fit_lens", "resized", "stored", "varied"]

_KEPT = 512 << 20
"""Bytes of decoded images that a training keeps for later fits."""

_ALL = 768 << 20
"""Bytes of all decoded images of a fit."""

_SMALL = 40
_LEAST = 8
_SAMPLE = 5_000

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Lens:
    """How images become what a net sees.

    Attributes:
        side: Images are squeezed to side x side pixels.
        gray: Whether color is left out.
        mean: Of each channel over the training images, 0 to 255.
        scale: Their deviations.
    """

    side: int
    gray: bool
    mean: tuple[float, ...]
    scale: tuple[float, ...]

    @property
    def blank(self) -> Bytes:
        """What is seen where there is no image: (side, side, channels) of the mean color."""
        color = np.rint(np.array(self.mean)).astype(np.uint8)
        return np.broadcast_to(color, (self.side, self.side, len(color)))

    def stack(self, images: Sequence[Bytes | None]) -> Tensor:
        """(n, channels, side, side) uint8 of decoded images, blank where there is none."""
        channels = 1 if self.gray else 3
        out = np.empty((len(images), self.side, self.side, channels), np.uint8)
        for i, image in enumerate(images):
            out[i] = self.blank if image is None else image[..., :channels]
        return torch.from_numpy(out).permute(0, 3, 1, 2)

    def normal(self, images: Tensor) -> Tensor:
        """float32 around 0, of unit deviation."""
        mean, scale = (torch.tensor(v, dtype=torch.float32).view(1, -1, 1, 1) for v in (self.mean, self.scale))
        return (images.float() - mean) / scale


def decoded(values: Sequence[Any], side: int, cache: Cache, deadline: float | None) -> list[Bytes | None]:
    """Images as (side, side, 3) uint8; None where one is missing or damaged, of which the cache is told.

    Raises:
        BudgetError: The deadline passed.
    """
    known = cache.of_values(("squares", side))
    images: list[Bytes | None] = []
    for i, value in enumerate(values):
        if i % 64 == 0:
            check_time(deadline)
        if value is None:
            images.append(None)
        elif id(value) in known:
            images.append(known[id(value)][1])
        else:
            images.append(seen(value, side))
            if len(known) * side * side * 3 < _KEPT:
                # The image is kept beside its pixels, so that no other object takes over its identity.
                known[id(value)] = (value, images[-1])
            if images[-1] is None:
                cache.damaged[id(value)] = value
    return images


def fit_lens(images: Sequence[Bytes | None], side: int, gray: bool) -> Lens:
    """The mean and deviation of each channel of decoded images."""
    there = [image for image in images if image is not None]
    there = there[:: max(1, len(there) // _SAMPLE)]
    channels = 1 if gray else 3
    sums = np.zeros((2, channels))
    for image in there:
        pixels = image[..., :channels].reshape(-1, channels).astype(np.float64)
        sums += [pixels.mean(axis=0), (pixels * pixels).mean(axis=0)]
    mean, squares = sums / max(1, len(there)) if there else np.array([[127.5], [0.0]]).repeat(channels, axis=1)
    scale = np.sqrt(np.maximum(squares - mean**2, 0))
    return Lens(side, gray, tuple(mean.tolist()), tuple(np.maximum(scale, 8.0).tolist()))


def varied(images: Tensor, vary: Mapping[str, Any], side: int, flipped: Tensor, generator: torch.Generator) -> Tensor:
    """Images as they might as well have been taken.

    Arguments:
        images: (n, channels, s, s) float32.
        vary: `turn` in degrees, `shear`, `zoom` (the least and the largest part of a side that is seen), `stretch` (of one
            side against the other), `shift` (part of a side), `light` (brightness and contrast, in deviations), `cut` (part of
            a side that is covered).
        side: The sides of what comes out.
        flipped: (n,) bool, which are mirrored.
        generator: Of chance.
    """
    n, _, s, _ = images.shape

    def chance(low: float, high: float) -> Tensor:
        return torch.rand(n, generator=generator) * (high - low) + low

    turn, shear, light, cut = (float(vary.get(k, 0.0)) for k in ("turn", "shear", "light", "cut"))
    low, high = vary.get("zoom", (1.0, 1.0))
    stretch = math.log(1 + float(vary.get("stretch", 0.0)))
    zoom, aspect = chance(low, high), torch.exp(chance(-stretch, stretch) / 2)
    wide, tall = zoom * aspect, zoom / aspect
    angle = chance(-turn, turn) * (math.pi / 180)
    # A part that is smaller than the image may lie anywhere in it, besides the shift.
    right = chance(-1, 1) * (1 - wide).clamp(min=0) + chance(-1, 1) * 2 * vary.get("shift", 0.0)
    down = chance(-1, 1) * (1 - tall).clamp(min=0) + chance(-1, 1) * 2 * vary.get("shift", 0.0)
    if not (turn or shear or stretch or low != high or side != s):  # only shifted: by whole pixels, which stay sharp
        right, down = (torch.round(v * s / 2) * 2 / s for v in (right, down))
    mirror = 1 - 2 * flipped.float()
    cos, sin, slant = torch.cos(angle), torch.sin(angle), chance(-shear, shear)
    rows = [torch.stack([wide * cos * mirror, wide * (slant * cos - sin), right], 1)]
    rows.append(torch.stack([tall * sin * mirror, tall * (slant * sin + cos), down], 1))
    grid = F.affine_grid(torch.stack(rows, 1), [n, 1, side, side], align_corners=False)
    out = F.grid_sample(images.contiguous(), grid, padding_mode=vary.get("edge", "reflection"), align_corners=False)
    if light:
        out = out * torch.exp(chance(-light, light)).view(n, 1, 1, 1) + chance(-light, light).view(n, 1, 1, 1)
    if cut:
        hole, span = round(cut * side), torch.arange(side)
        top, left = (torch.randint(0, side - hole + 1, (n, 1), generator=generator) for _ in range(2))
        inside = [((span >= start) & (span < start + hole)).float() for start in (top, left)]
        out = out * (1 - inside[0][:, None, :, None] * inside[1][:, None, None, :])
    return out.contiguous(memory_format=torch.channels_last)


def stored(side: int, rows: int) -> int:
    """The side of decoded images: larger than what is seen, where parts of them are seen, unless there are too many of them."""
    wanted = side if side <= _SMALL else side * 5 // 4
    return max(_LEAST, min(wanted, int((_ALL / (3 * max(1, rows))) ** 0.5)))


def resized(images: Tensor, side: int) -> Tensor:
    """Images of that side."""
    if images.shape[-1] == side:
        return images
    return F.interpolate(images, (side, side), mode="bilinear", align_corners=False, antialias=True)
