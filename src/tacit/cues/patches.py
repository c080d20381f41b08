"""Cues of an image: a patch at a place that looks the same in many."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from tacit.cues.contract import Candidates, Cue, least
from tacit.cues.pictures import SIDE, Pixels, color_name, painted, thumbnails
from tacit.learners import Columns

__all__ = ["Patch", "patches"]

_WINDOWS = ((4, 1), (8, 4))
"""Patches are looked for on thumbnails: so large, and so many pixels from each other."""

_QUARTERS = 2
_LEVELS = 4
"""A patch is told by the colors of its 2 x 2 quarters, each channel in 4 levels."""


@dataclass(frozen=True)
class Patch:
    """A place, and the colors that are there.

    Attributes:
        column: Of the images.
        top, left, size: Where it is, in 32nds of the sides.
        levels: Twelve numbers from 0 to 3: red, green and blue of the quarters, row by row.
        colors: Twelve numbers from 0 to 255, the mean of those images that have it, which are put in.
    """

    column: str
    top: int
    left: int
    size: int
    levels: tuple[int, ...]
    colors: tuple[int, ...]

    def __str__(self) -> str:
        rgb = np.array(self.colors).reshape(-1, 3).mean(axis=0)
        return f"{color_name(rgb)} at the {_place(self.top + self.size / 2, self.left + self.size / 2)} of {self.column}"

    def carried(self, columns: Columns) -> NDArray[np.bool_]:
        small, there = thumbnails(columns[self.column])
        found = _levels(_quarters(small, self.top, self.left, self.size))
        return np.asarray((found == np.array(self.levels)).all(axis=1) & there)

    def without(self, columns: Columns) -> Columns:
        """The patch gets the mean color of what is around it."""
        return painted(columns, self.column, self.carried(columns), lambda pixels: self._paint(pixels, None))

    def put(self, columns: Columns) -> Columns:
        colors = np.array(self.colors, np.uint8).reshape(_QUARTERS, _QUARTERS, 3)
        return painted(columns, self.column, ~self.carried(columns), lambda pixels: self._paint(pixels, colors))

    def touches(self, other: Cue) -> bool:
        if not isinstance(other, Patch) or other.column != self.column:
            return False
        apart = ((self.top, self.size, other.top, other.size), (self.left, self.size, other.left, other.size))
        return all(one < two + wide and two < one + size for one, size, two, wide in apart)

    def to_dict(self) -> dict[str, Any]:
        place = {"top": self.top, "left": self.left, "size": self.size}
        return {"kind": "patch", "column": self.column, **place, "levels": list(self.levels), "colors": list(self.colors)}

    def _paint(self, pixels: Pixels, colors: Pixels | None) -> Pixels:
        height, width = pixels.shape[:2]
        down, across = _ends(height, self.top, self.size), _ends(width, self.left, self.size)
        place = pixels[down, across]
        if colors is None:
            ring = pixels[_wider(down, height), _wider(across, width)].astype(np.float64)
            rest = ring.sum(axis=(0, 1)) - place.sum(axis=(0, 1))
            number = ring.shape[0] * ring.shape[1] - place.shape[0] * place.shape[1]
            pixels[down, across] = np.round(rest / max(number, 1)).astype(np.uint8)
        else:
            high = np.minimum(np.arange(place.shape[0]) * _QUARTERS // max(place.shape[0], 1), _QUARTERS - 1)
            wide = np.minimum(np.arange(place.shape[1]) * _QUARTERS // max(place.shape[1], 1), _QUARTERS - 1)
            pixels[down, across] = colors[high][:, wide]
        return pixels


def patches(column: str, images: Sequence[Any]) -> Candidates:
    """The patches that look the same in enough images, but not in all.

    Arguments:
        column: Its name.
        images: n of them; a missing or damaged one has no patches.
    """
    small, there = thumbnails(images)
    n, fewest = len(images), least(len(images))
    cues: list[Patch] = []
    carriers: list[NDArray[np.intp]] = []
    weights = _LEVELS ** np.arange(_QUARTERS * _QUARTERS * 3, dtype=np.int64)
    for size, step in _WINDOWS:
        for top, left in itertools.product(range(0, SIDE - size + 1, step), repeat=2):
            quarters = _quarters(small, top, left, size)
            codes = np.where(there, _levels(quarters).astype(np.int64) @ weights, -1)
            found, often = np.unique(codes, return_counts=True)
            for code in found[(often >= fewest) & (often < n) & (found >= 0)].tolist():
                rows = np.flatnonzero(codes == code)
                colors = quarters[rows]
                levels = tuple(int(x) for x in _levels(colors[0]))
                cues.append(Patch(column, top, left, size, levels, tuple(int(x) for x in np.round(colors.mean(axis=0)))))
                carriers.append(rows)
    places = np.repeat(np.arange(len(cues)), [len(rows) for rows in carriers])
    at = np.concatenate(carriers) if carriers else np.zeros(0, np.intp)
    return Candidates(tuple(cues), csc_matrix((np.ones(len(at), np.bool_), (at, places)), shape=(n, len(cues))))


def _quarters(small: Pixels, top: int, left: int, size: int) -> NDArray[np.float32]:
    """(n, 12) the mean colors of the quarters of a window."""
    window = small[:, top : top + size, left : left + size].astype(np.float32)
    half = size // _QUARTERS
    parts = window.reshape(len(window), _QUARTERS, half, _QUARTERS, half, 3)
    return np.asarray(parts.mean(axis=(2, 4)).reshape(len(window), _QUARTERS * _QUARTERS * 3))


def _levels(colors: NDArray[np.float32]) -> NDArray[np.int8]:
    return np.asarray((colors * (_LEVELS / 256)).astype(np.int8))


def _ends(length: int, start: int, size: int) -> slice:
    first = start * length // SIDE
    return slice(first, -(-(start + size) * length // SIDE))


def _wider(part: slice, length: int) -> slice:
    """With half as much again on each side."""
    more = max((part.stop - part.start) // 2, 1)
    return slice(max(part.start - more, 0), min(part.stop + more, length))


def _place(down: float, across: float) -> str:
    """Where the middle of a patch is, in thirds."""
    names = (("top", "", "bottom")[int(3 * down / SIDE)], ("left", "", "right")[int(3 * across / SIDE)])
    return " ".join(name for name in names if name) or "middle"
