"""Rows as points that lie within 1 of each other where they are alike: numbers nearly the same, images too, the rest equal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.learners import Columns
from tacit.learners.features import fit_raw, length, levels_of
from tacit.learners.pixels import seen
from tacit.learners.roles import CATEGORIES, IMAGES, TEXTS, as_text, columns_of
from tacit.types import Kind

__all__ = ["fingerprints"]

_NEAR = 0.01
"""Numbers are nearly the same within so many standard deviations."""

_SIDE = 8
_SHADE = 0.02
"""Images are nearly the same where thumbnails of 8 x 8 pixels differ by so much of the range from black to white, by the root of the mean of
squares: a photograph that was compressed again, or made smaller, does by less than half of it."""

_APART, _WIDTH = 30.0, 16
"""Rows whose other values differ lie at random points of a sphere of this radius; in 16 dimensions no two of a million come within 1."""

Floats = NDArray[np.float64]


def fingerprints(columns: Columns, kinds: Mapping[str, Kind]) -> Floats | None:
    """(n, d) points. None where there are neither numbers nor images: rows that are alike are equal then.

    Arguments:
        columns: n rows.
        kinds: The kind of each column, settled.
    """
    images = columns_of(kinds, IMAGES)
    raw = fit_raw(kinds).encode(columns)
    spread = np.array([np.std(column[np.isfinite(column)]) if np.isfinite(column).any() else 0.0 for column in raw.T])
    raw = raw[:, spread > 0] / (_NEAR * spread[spread > 0])
    if not raw.shape[1] and not images:
        return None
    lacking = np.isnan(raw)
    parts = [np.where(lacking, 0.0, raw - np.where(lacking, 0.0, raw).mean(axis=0))]
    unseen = []
    for name in images:
        small = [seen(image, _SIDE) for image in columns[name]]
        # What is damaged is like nothing, what is missing like what is missing.
        unseen.append(
            [image is None and (cell is None or i) for i, (image, cell) in enumerate(zip(small, columns[name], strict=True))]
        )
        flat = np.stack([np.zeros((_SIDE, _SIDE, 3), np.uint8) if image is None else image for image in small])
        shades = flat.reshape(len(flat), -1) / 255
        parts.append(shades / (_SHADE * shades.shape[1] ** 0.5))
    exact = columns_of(kinds, TEXTS | CATEGORIES)
    keys = [
        repr((*(_plain(columns[name][i]) for name in exact), lacking[i].tolist(), [missing[i] for missing in unseen]))
        for i in range(length(columns))
    ]
    return np.hstack([*parts, _spread(keys)])


def _plain(value: Any) -> Any:
    """A text without case and spaces, or the levels of a category."""
    return " ".join(as_text(value).casefold().split()) if isinstance(value, str) else [str(level) for level in levels_of(value)]


def _spread(keys: Sequence[str]) -> Floats:
    """(n, 16) a point for each key, the same for equal ones."""
    made: dict[str, Floats] = {}
    for key in keys:
        if key not in made:
            seed = int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
            drawn = np.random.default_rng(seed).standard_normal(_WIDTH)
            made[key] = _APART * drawn / np.linalg.norm(drawn)
    return np.array([made[key] for key in keys]).reshape(-1, _WIDTH)
