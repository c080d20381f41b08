"""Convolutional nets that learn from scratch in seconds to minutes, as plain functions over named tensors.

What makes them fast was found by others: a first layer that whitens patches and is not trained, and residual or plain pairs of
convolutions behind it (Page, 2019; Jordan, 2024, arXiv 2404.00498).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["Shape", "fold", "forward", "initial", "whitening"]

_PATCHES = 200_000
_FLOOR = 5e-4
_EPS = 1e-5
_SCALE = 1 / 9
_PACE = 0.4
"""By how much the means and variances that normalize follow each batch."""


@dataclass(frozen=True)
class Shape:
    """The sizes of a net.

    Attributes:
        channels: 1 for gray images, 3 for color.
        outputs: Classes, or 1 for a number.
        stride: Pixels from one patch of the first layer to the next; a patch is twice as wide.
        stem: Patterns that the first layer finds; each is there twice, with either sign.
        widths: Filters of each block. A block halves the sides.
        residual: Whether each block has a third convolution, which adds to what comes in.
    """

    channels: int
    outputs: int
    stride: int
    stem: int
    widths: tuple[int, ...]
    residual: bool

    @property
    def convolutions(self) -> list[tuple[str, int, int]]:
        """Name, channels in and channels out of every trained convolution."""
        found = []
        before = 2 * self.stem
        for i, width in enumerate(self.widths):
            found += [(f"{i}.a", before, width), (f"{i}.b", width, width)]
            if self.residual:
                found.append((f"{i}.c", width, width))
            before = width
        return found


def whitening(images: Tensor, shape: Shape) -> tuple[Tensor, Tensor]:
    """Filters (2 stem, channels, p, p) and bias (2 stem,) of a first layer whose outputs are uncorrelated and of unit variance.

    Arguments:
        images: (n, channels, side, side) float32, a sample of the training images, normalized.
        shape: Of the net.
    """
    width = 2 * shape.stride
    patches = F.unfold(images, width, stride=max(1, shape.stride)).transpose(1, 2).reshape(-1, shape.channels * width**2)
    patches = patches[:: max(1, len(patches) // _PATCHES)].double()
    covariance = patches.T @ patches / len(patches)
    values, vectors = torch.linalg.eigh(covariance)
    values, vectors = values.flip(0)[: shape.stem], vectors.flip(1)[:, : shape.stem]
    # eigh leaves the sign of a vector open; both signs are used below, so that only their order has to be settled.
    vectors = vectors * torch.where(vectors.sum(0) < 0, -1.0, 1.0)
    filters = (vectors / torch.sqrt(values.clamp(min=0) + _FLOOR)).T.reshape(-1, shape.channels, width, width).float()
    return torch.cat([filters, -filters]).contiguous(memory_format=torch.channels_last), torch.zeros(2 * len(filters))


def initial(shape: Shape, generator: torch.Generator) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The tensors to train, and the means and variances that normalize."""
    trained: dict[str, Tensor] = {}
    stats: dict[str, Tensor] = {}
    for name, before, width in shape.convolutions:
        bound = (1 / (before * 9)) ** 0.5
        filters = (torch.rand(width, before, 3, 3, generator=generator) * 2 - 1) * bound
        # The first filters hand on what comes in.
        same = torch.arange(min(width, before))
        filters[same] = 0.0
        filters[same, same, 1, 1] = 1.0
        trained[f"{name}.filters"] = filters.contiguous(memory_format=torch.channels_last)
        trained[f"{name}.bias"] = torch.zeros(width)
        stats[f"{name}.mean"], stats[f"{name}.variance"] = torch.zeros(width), torch.ones(width)
    width = shape.widths[-1]
    head = torch.randn(shape.outputs, width, generator=generator)
    trained["head"] = head / head.std(correction=0).clamp(min=1e-3) if shape.outputs > 1 else head
    return trained, stats


def forward(shape: Shape, fixed: Mapping[str, Tensor], stats: Mapping[str, Tensor] | None, images: Tensor) -> Tensor:
    """Scores (n, outputs) of images (n, channels, side, side).

    Arguments:
        shape: Of the net.
        fixed: Its tensors.
        stats: Means and variances, which are brought up to date; None if they were folded into the filters.
        images: Normalized, float32.
    """

    def settled(x: Tensor, name: str) -> Tensor:
        if stats is not None:
            mean, variance = stats[f"{name}.mean"], stats[f"{name}.variance"]
            x = F.batch_norm(x, mean, variance, None, fixed[f"{name}.bias"], training=True, momentum=_PACE, eps=_EPS)
        return F.gelu(x)

    def convolved(x: Tensor, name: str) -> Tensor:
        return F.conv2d(x, fixed[f"{name}.filters"], None if stats is not None else fixed[f"{name}.bias"], padding=1)

    x = F.gelu(F.conv2d(images, fixed["stem.filters"], fixed["stem.bias"], stride=shape.stride))
    for i in range(len(shape.widths)):
        x = convolved(x, f"{i}.a")
        x = settled(F.max_pool2d(x, 2) if min(x.shape[2:]) > 1 else x, f"{i}.a")
        if shape.residual:
            y = settled(convolved(x, f"{i}.b"), f"{i}.b")
            x = x + settled(convolved(y, f"{i}.c"), f"{i}.c")
        else:
            x = settled(convolved(x, f"{i}.b"), f"{i}.b")
    return F.linear(x.amax(dim=(2, 3)).float(), fixed["head"]) * _SCALE


def fold(shape: Shape, trained: Mapping[str, Tensor], stats: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The same net without normalizations: they become part of the filters and biases."""
    folded = {"head": trained["head"].detach().clone()}
    for name, _, _ in shape.convolutions:
        scale = torch.rsqrt(stats[f"{name}.variance"] + _EPS)
        folded[f"{name}.filters"] = (trained[f"{name}.filters"].detach() * scale[:, None, None, None]).contiguous()
        folded[f"{name}.bias"] = trained[f"{name}.bias"].detach() - stats[f"{name}.mean"] * scale
    return folded
