"""Cues of an image: a border of one color."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from tacit.cues.contract import Candidates, Cue, least
from tacit.cues.pictures import SIDE, Pixels, color_name, painted, thumbnails
from tacit.learners import Columns

__all__ = ["Border", "borders"]

_WIDTHS = (4, 2, 1)
"""In 32nds of the sides."""

_LEVELS = 4
"""Colors are told apart by four levels of each channel."""

_EVEN = 40
"""So far from the mean color of the border no channel of its pixels is, of 255; thumbnails mix a thin one with what is beside it."""


@dataclass(frozen=True)
class Border:
    """A frame of one color.

    Attributes:
        column: Of the images.
        width: In 32nds of the sides.
        levels: Three numbers from 0 to 3: red, green and blue.
        color: Three numbers from 0 to 255, the mean of those images that have it, which is put in.
    """

    column: str
    width: int
    levels: tuple[int, ...]
    color: tuple[int, ...]

    def __str__(self) -> str:
        return f"a {color_name(self.color)} border of {self.column}"

    def carried(self, columns: Columns) -> NDArray[np.bool_]:
        small, there = thumbnails(columns[self.column])
        colors, even = _frames(small, self.width)
        return np.asarray((_levels(colors) == np.array(self.levels)).all(axis=1) & even & there)

    def without(self, columns: Columns) -> Columns:
        """Each pixel of the border becomes the nearest one inside."""
        return painted(columns, self.column, self.carried(columns), self._cut)

    def put(self, columns: Columns) -> Columns:
        return painted(columns, self.column, ~self.carried(columns), self._framed)

    def touches(self, other: Cue) -> bool:
        return isinstance(other, Border) and other.column == self.column

    def to_dict(self) -> dict[str, Any]:
        look = {"levels": list(self.levels), "color": list(self.color)}
        return {"kind": "border", "column": self.column, "width": self.width, **look}

    def _cut(self, pixels: Pixels) -> Pixels:
        high, wide = self._inside(pixels)
        inner = pixels[high, wide]
        ends = ((high.start, pixels.shape[0] - high.stop), (wide.start, pixels.shape[1] - wide.stop), (0, 0))
        return np.pad(inner, ends, mode="edge")

    def _framed(self, pixels: Pixels) -> Pixels:
        high, wide = self._inside(pixels)
        framed = np.broadcast_to(np.array(self.color, np.uint8), pixels.shape).copy()
        framed[high, wide] = pixels[high, wide]
        return framed

    def _inside(self, pixels: Pixels) -> tuple[slice, slice]:
        """What the border leaves, one pixel at least."""
        ends = [(-(-self.width * length // SIDE), length) for length in pixels.shape[:2]]
        high, wide = (slice(min(w, (length - 1) // 2), length - min(w, (length - 1) // 2)) for w, length in ends)
        return high, wide


def borders(column: str, images: Sequence[Any]) -> Candidates:
    """The frames of one color that enough images have, but not all; the widest first.

    Arguments:
        column: Its name.
        images: n of them; a missing or damaged one has no border.
    """
    small, there = thumbnails(images)
    n, fewest = len(images), least(len(images))
    cues: list[Border] = []
    carriers: list[NDArray[np.bool_]] = []
    for width in _WIDTHS:
        colors, even = _frames(small, width)
        codes = np.where(even & there, _levels(colors) @ (_LEVELS ** np.arange(3)), -1)
        found, often = np.unique(codes, return_counts=True)
        for code in found[(often >= fewest) & (often < n) & (found >= 0)].tolist():
            has = codes == code
            mean = tuple(int(x) for x in np.round(colors[has].mean(axis=0)))
            cues.append(Border(column, width, tuple(int(x) for x in _levels(colors[has][:1])[0]), mean))
            carriers.append(has)
    return Candidates(tuple(cues), csc_matrix(np.column_stack(carriers) if carriers else np.zeros((n, 0), np.bool_)))


def _frames(small: Pixels, width: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """(n, 3) the mean colors of the outermost pixels of thumbnails, and (n,) in which of them these are all alike."""
    inside = np.zeros((SIDE, SIDE), np.bool_)
    inside[width:-width, width:-width] = True
    frame = small[:, ~inside].astype(np.float64)
    colors = frame.mean(axis=1)
    return colors, np.asarray((np.abs(frame - colors[:, None]) <= _EVEN).all(axis=(1, 2)))


def _levels(colors: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.asarray((colors * (_LEVELS / 256)).astype(np.int64))
