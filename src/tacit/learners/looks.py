"""What a column of images looks like at a glance: how large, and whether in color."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tacit.learners.pixels import seen

__all__ = ["Look", "look"]

_SAMPLE = 48
_GLANCE = 16


@dataclass(frozen=True)
class Look:
    """What a sample of images shows.

    Attributes:
        side: The median of their longer sides, in pixels; 1 without any image.
        gray: Whether none has color.
    """

    side: int
    gray: bool


def look(values: Sequence[Any]) -> Look:
    """Look at a few images of a column, spread over its rows."""
    there = [v for v in values if v is not None]
    sample = there[:: max(1, len(there) // _SAMPLE)]
    sizes = [size for size in map(_longer, sample) if size]
    small = [image for image in (seen(v, _GLANCE) for v in sample) if image is not None]
    gray = all(bool((image == image[..., :1]).all()) for image in small)
    return Look(int(np.median(sizes)) if sizes else 1, gray)


def _longer(value: Any) -> int:
    """The longer side, from an image's header; 0 if that is damaged."""
    if not isinstance(value, bytes):
        return int(max(value.shape[:2]))
    from PIL import Image

    try:
        with Image.open(io.BytesIO(value)) as image:
            return int(max(image.size))
    except (OSError, ValueError, SyntaxError):
        return 0
