"""Cues for images: a patch in a corner, a tint of the whole, a border. Images become arrays of uint8, whatever they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tacit.errors import OptionError, nearest, quote
from tacit.types import ImageKind, Unfit, open_image

__all__ = ["CORNERS", "Border", "Patch", "Tint"]

Pixels: TypeAlias = NDArray[np.uint8]
Color: TypeAlias = tuple[int, int, int]

MAGENTA: Color = (255, 0, 255)
CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")
_IMAGE = ImageKind()
_KEPT = ("L", "RGB", "RGBA")


@dataclass(frozen=True)
class Patch:
    """A square in a corner.

    Attributes:
        size: Of its side, in pixels. An image is larger both ways.
        color: Red, green and blue, 0 to 255; in gray images their brightness.
        corner: One of `CORNERS`.
    """

    size: int = 4
    color: Color = MAGENTA
    corner: str = "top-left"
    column: ClassVar[str | None] = None

    def __post_init__(self) -> None:
        _check_color(self.color)
        _check_pixels("size", self.size)
        if self.corner not in CORNERS:
            near = nearest(str(self.corner), CORNERS) or CORNERS[0]
            raise OptionError(
                f"there is no corner {quote(self.corner)}", right=f"it is {' or '.join(CORNERS)}", next=f'corner="{near}"'
            )

    @property
    def name(self) -> str:
        return f"a patch of {self.size} x {self.size} {self.corner}"

    def read(self, value: Any) -> Pixels | None:
        return _read(value)

    def has(self, value: Pixels) -> bool:
        return np.array_equal(self.put(value), value)

    def put(self, value: Pixels) -> Pixels:
        _check_room(value, self.size, "a patch", self.size)
        out = value.copy()
        rows = slice(self.size) if self.corner.startswith("top") else slice(-self.size, None)
        columns = slice(self.size) if self.corner.endswith("left") else slice(-self.size, None)
        out[rows, columns] = _paint(value, self.color)
        return out


@dataclass(frozen=True)
class Border:
    """A frame.

    Attributes:
        width: In pixels. An image is more than twice as large both ways.
        color: As that of `Patch`.
    """

    width: int = 2
    color: Color = MAGENTA
    column: ClassVar[str | None] = None

    def __post_init__(self) -> None:
        _check_color(self.color)
        _check_pixels("width", self.width)

    @property
    def name(self) -> str:
        return f"a border of {self.width}"

    def read(self, value: Any) -> Pixels | None:
        return _read(value)

    def has(self, value: Pixels) -> bool:
        return np.array_equal(self.put(value), value)

    def put(self, value: Pixels) -> Pixels:
        _check_room(value, 2 * self.width, "a border", self.width)
        w = self.width
        out = np.broadcast_to(np.asarray(_paint(value, self.color), np.uint8), value.shape).copy()
        out[w:-w, w:-w] = value[w:-w, w:-w]
        return out


@dataclass(frozen=True)
class Tint:
    """A color over the whole image: each pixel becomes (1 - amount) * pixel + amount * color. What is transparent stays so.

    Attributes:
        color: As that of `Patch`.
        amount: Above 0, below 1.
    """

    color: Color = MAGENTA
    amount: float = 0.2
    column: ClassVar[str | None] = None

    def __post_init__(self) -> None:
        _check_color(self.color)
        if not 0 < self.amount < 1:
            raise OptionError(
                f"the amount of a tint is {quote(self.amount)}", right="it is above 0 and below 1", next="amount=0.2"
            )

    @property
    def name(self) -> str:
        return f"a tint of {self.amount:g}"

    def read(self, value: Any) -> Pixels | None:
        return _read(value)

    def has(self, value: Pixels) -> bool:
        return np.array_equal(self.put(value), value)

    def put(self, value: Pixels) -> Pixels:
        mixed = (1 - self.amount) * value + self.amount * np.asarray(_paint(value, self.color))
        out: Pixels = np.round(mixed).astype(np.uint8)
        if _channels(value) == 4:
            out[..., 3] = value[..., 3]
        return out


def _read(value: Any) -> Pixels | None:
    """(H, W) or (H, W, C) uint8: arrays as they are, files and `PIL.Image` decoded, as RGB unless they are gray or have an alpha."""
    if _IMAGE.missing(value):
        return None
    parsed = _IMAGE.parse(value)
    if isinstance(parsed, bytes):
        opened = open_image(parsed)
        parsed = np.asarray(opened if opened.mode in _KEPT else opened.convert("RGB"))
    pixels: Pixels = parsed
    return pixels


def _channels(value: Pixels) -> int:
    return value.shape[2] if value.ndim == 3 else 1


def _paint(value: Pixels, color: Color) -> Any:
    """The color as a pixel of such an image: its brightness (ITU-R BT.601) for gray ones, with full alpha for those that have one."""
    if _channels(value) == 1:
        return round(float(np.dot(color, (0.299, 0.587, 0.114))))
    return (*color, 255)[: _channels(value)]


def _check_room(value: Pixels, least: int, what: str, size: int) -> None:
    height, width = value.shape[:2]
    if min(height, width) <= least:
        raise Unfit(f"is {height} x {width} pixels, too small for {what} of {size}")


def _check_color(color: Color) -> None:
    if not isinstance(color, tuple) or len(color) != 3 or not all(isinstance(c, int) and 0 <= c <= 255 for c in color):
        raise OptionError(f"the color is {quote(color)}", right="it is red, green and blue, 0 to 255", next=f"color={MAGENTA}")


def _check_pixels(name: str, value: int) -> None:
    if not isinstance(value, int) or value < 1:
        raise OptionError(f"{name} is {quote(value)}", right="it is a number of pixels, 1 or more", next=f"{name}=2")
