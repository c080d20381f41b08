"""`convnet`: a convolutional net, from scratch in minutes."""

from __future__ import annotations

from typing import ClassVar

from tacit.learners.convnet_small import ConvnetSmall

__all__ = ["Convnet"]


class Convnet(ConvnetSmall):
    """`convnet-small` with more and wider layers, for longer."""

    name: ClassVar[str] = "convnet"
    widths: ClassVar[tuple[int, ...]] = (32, 128, 128)
    epochs: ClassVar[int] = 60
