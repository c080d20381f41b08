"""What the cues of images share: thumbnails to look at, copies of pixels to paint on, and names of colors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tacit.learners import Columns
from tacit.learners.pixels import seen
from tacit.types import Unfit, open_image

__all__ = ["SIDE", "Pixels", "color_name", "painted", "thumbnails"]

SIDE = 32
"""Cues are looked for on thumbnails of 32 x 32 pixels."""

_COLORS = {
    "black": (0, 0, 0), "gray": (128, 128, 128), "white": (255, 255, 255), "red": (220, 40, 40), "green": (40, 160, 40),
    "blue": (40, 60, 200), "yellow": (235, 220, 50), "magenta": (255, 0, 255), "cyan": (60, 210, 220), "orange": (240, 140, 30),
    "brown": (120, 75, 40),
}  # fmt: skip

Pixels: TypeAlias = NDArray[np.uint8]


def thumbnails(images: Sequence[Any]) -> tuple[Pixels, NDArray[np.bool_]]:
    """(n, 32, 32, 3) pixels, and (n,) which images can be seen: none that is missing or damaged."""
    small = [None if image is None else seen(image, SIDE) for image in images]
    black = np.zeros((SIDE, SIDE, 3), np.uint8)
    shown = np.stack([black if image is None else image for image in small]) if small else black[None][:0]
    return shown, np.array([image is not None for image in small], np.bool_)


def painted(columns: Columns, column: str, where: NDArray[np.bool_], paint: Callable[[Pixels], Pixels]) -> Columns:
    """The rows with some images (n,) bool painted: `paint` is given a copy of (H, W, 3) pixels. Those that cannot be seen stay as they are."""
    cells = []
    for image, there in zip(columns[column], where, strict=True):
        pixels = _pixels(image) if there else None
        cells.append(image if pixels is None else paint(pixels))
    return {**columns, column: cells}


def color_name(rgb: Sequence[float] | NDArray[Any]) -> str:
    """The nearest of eleven colors to red, green and blue, 0 to 255."""
    return min(_COLORS, key=lambda known: float(np.abs(np.asarray(rgb) - _COLORS[known]).sum()))


def _pixels(image: Any) -> Pixels | None:
    """A copy of (H, W, 3) pixels; None of an image that cannot be seen."""
    if image is None:
        return None
    if isinstance(image, bytes):
        try:
            return np.array(open_image(image).convert("RGB"))
        except Unfit:
            return None
    array = np.asarray(image)
    array = array[..., None] if array.ndim == 2 else array
    return np.array(np.broadcast_to(array[..., :3], (*array.shape[:2], 3)) if array.shape[2] == 1 else array[..., :3])
