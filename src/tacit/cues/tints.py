"""Cues of an image as a whole: a color that lies over it, and that it is dark or bright."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from tacit.cues.contract import Candidates, Cue, least
from tacit.cues.pictures import Pixels, painted, thumbnails
from tacit.learners import Columns

__all__ = ["Tint", "tints"]

_SHARES = (0.5, 0.75, 0.9)
"""A cue of each color is to have more of it than so many of the images."""

_COLORS = {
    "red": (255, 0, 0), "cyan": (0, 255, 255), "green": (0, 255, 0), "magenta": (255, 0, 255), "blue": (0, 0, 255), "yellow": (255, 255, 0),
    "white": (255, 255, 255), "black": (0, 0, 0),
}  # fmt: skip
_AXES = {
    "red": (1.0, -0.5, -0.5), "cyan": (-1.0, 0.5, 0.5), "green": (-0.5, 1.0, -0.5), "magenta": (0.5, -1.0, 0.5), "blue": (-0.5, -0.5, 1.0),
    "yellow": (0.5, 0.5, -1.0), "white": (1 / 3, 1 / 3, 1 / 3), "black": (-1 / 3, -1 / 3, -1 / 3),
}  # fmt: skip
"""How much of a color a pixel has is its part along an axis, on which its opposite color lies at the other end."""


@dataclass(frozen=True)
class Tint:
    """Much of a color in the whole image, from its opposite color, 0, by gray, .5, to the color itself, 1; of white, brightness.

    Attributes:
        column: Of the images.
        color: "red", "cyan", "green", "magenta", "blue", "yellow", "white" or "black".
        low: At least so much.
        inside, outside: The middle of the images that have it, and of those that lack it, which are put in.
    """

    column: str
    color: str
    low: float
    inside: float
    outside: float

    def __str__(self) -> str:
        named = {"white": "a bright", "black": "a dark"}
        return f"{named[self.color]} {self.column}" if self.color in named else f"{self.column} tinted {self.color}"

    def carried(self, columns: Columns) -> NDArray[np.bool_]:
        small, there = thumbnails(columns[self.column])
        return np.asarray((_amounts(small, self.color) >= self.low) & there)

    def without(self, columns: Columns) -> Columns:
        """The color is taken out of each pixel x as if it had been mixed in: (x - a color) / (1 - a), as far as pixels can be so."""
        return painted(columns, self.column, self.carried(columns), lambda pixels: self._mixed(pixels, self.outside))

    def put(self, columns: Columns) -> Columns:
        """Each pixel x becomes (1 - a) x + a color."""
        return painted(columns, self.column, ~self.carried(columns), lambda pixels: self._mixed(pixels, self.inside))

    def touches(self, other: Cue) -> bool:
        return isinstance(other, Tint) and other.column == self.column

    def to_dict(self) -> dict[str, Any]:
        ends = {"low": self.low, "inside": self.inside, "outside": self.outside}
        return {"kind": "tint", "column": self.column, "color": self.color, **ends}

    def _mixed(self, pixels: Pixels, goal: float) -> Pixels:
        now = float(_amounts(pixels[None], self.color)[0])
        color = np.array(_COLORS[self.color], np.float64)
        if goal >= now:
            part = (goal - now) / max(1 - now, 1e-9)
            mixed = (1 - part) * pixels + part * color
        else:
            part = (now - goal) / max(1 - goal, 1e-9)
            mixed = (pixels - part * color) / max(1 - part, 1e-9)
        return np.asarray(np.clip(np.round(mixed), 0, 255), np.uint8)


def tints(column: str, images: Sequence[Any]) -> Candidates:
    """More of a color than half, three quarters and nine tenths of the images have.

    Arguments:
        column: Its name.
        images: n of them; a missing or damaged one has no color.
    """
    small, there = thumbnails(images)
    n, fewest = len(images), least(len(images))
    cues: list[Tint] = []
    carriers: list[NDArray[np.bool_]] = []
    for color in _COLORS if there.any() else ():
        amounts = _amounts(small, color)
        for low in np.unique(np.quantile(amounts[there], _SHARES, method="higher")).tolist():
            has = (amounts >= low) & there
            if fewest <= has.sum() and (there & ~has).any():
                inside, outside = (float(np.median(amounts[rows])) for rows in (has, there & ~has))
                cues.append(Tint(column, color, low, inside, outside))
                carriers.append(has)
    return Candidates(tuple(cues), csc_matrix(np.column_stack(carriers) if carriers else np.zeros((n, 0), np.bool_)))


def _amounts(images: Pixels, color: str) -> NDArray[np.float64]:
    """(n,) how much of a color images have on the mean, 0 to 1."""
    axis = np.array(_AXES[color])
    ends = [255 * float(axis[sign * axis > 0].sum()) for sign in (-1, 1)]
    along = images.mean(axis=(1, 2), dtype=np.float64) @ axis
    return np.asarray((along - ends[0]) / (ends[1] - ends[0]))
