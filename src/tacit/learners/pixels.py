"""Image columns -> pixels of one size, and the directions of their edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tacit.learners.contract import Cache, Columns, Floats, check_time
from tacit.learners.features import Encoder
from tacit.types import Unfit, open_image

__all__ = ["Pixels", "colored", "fit_pixels", "seen", "thumbnail"]

_SIDE = 32
_SAMPLE = 200
_BINS = 8
_CELLS = 8

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Pixels(Encoder):
    """Images as pixels around the mean image, with or without histograms of their edges' directions.

    Attributes:
        column: A column of images.
        side: Images are resized to side x side pixels.
        gray: Whether color is left out.
        edges: Whether the directions of edges are added (Dalal and Triggs, 2005).
        mean: (features,) of the training rows.
        scale: (features,) what features are divided by.
    """

    column: str
    side: int
    gray: bool
    edges: bool
    mean: Floats
    scale: Floats

    def encode(self, columns: Columns) -> Floats:
        values = columns[self.column]
        return self._scaled([seen(v, self.side) for v in values])

    def _scaled(self, images: Sequence[Bytes | None]) -> Floats:
        features = np.zeros((len(images), len(self.mean)), dtype=np.float32)
        there = [i for i, image in enumerate(images) if image is not None]
        for start in range(0, len(there), 1000):
            some = there[start : start + 1000]
            plain = _features(np.stack([images[i] for i in some]), self.gray, self.edges)  # type: ignore[misc]
            features[some] = (plain - self.mean) / self.scale
        return features


def fit_pixels(
    column: str, values: Sequence[Any], *, side: int = _SIDE, edges: bool = False, cache: Cache, deadline: float | None
) -> tuple[Pixels, Floats]:
    """The size and the scale of a column of images, and its features. A damaged image counts as missing.

    Arguments:
        column: A column of images.
        values: The training rows.
        side: The most pixels a side may have; images that are smaller set a smaller one.
        edges: As in `Pixels`.
        cache: Keeps decoded images, and is told which are damaged.
        deadline: In seconds of `time.monotonic`.

    Raises:
        BudgetError: The deadline passed while the images were decoded.
    """
    there = [v for v in values if v is not None]
    sample = there[:: max(1, len(there) // _SAMPLE)]
    sizes = [max(size) for size in map(_size, sample) if size is not None]
    side = min(side, int(np.median(sizes))) if sizes else 1
    decoded = cache.of_values(("thumbnails", side))
    images: list[Bytes | None] = []
    for value in values:
        # The image is kept beside its thumbnail, so that no other object takes over its identity.
        if value is not None and id(value) not in decoded:
            decoded[id(value)] = (value, seen(value, side))
            if len(decoded) % 64 == 0:
                check_time(deadline)
        images.append(None if value is None else decoded[id(value)][1])
        if value is not None and images[-1] is None:
            cache.damaged[id(value)] = value
    present = [image for image in images if image is not None]
    gray = all(bool((image == image[..., :1]).all()) for image in present)
    encoder = _fit_scale(Pixels(column, side, gray, edges, np.zeros(0), np.ones(0)), present)
    return encoder, encoder._scaled(images)


def _fit_scale(encoder: Pixels, images: Sequence[Bytes]) -> Pixels:
    width = _features(np.zeros((1, encoder.side, encoder.side, 3), np.uint8), encoder.gray, encoder.edges).shape[1]
    total, squares = np.zeros(width), np.zeros(width)
    for start in range(0, len(images), 1000):
        features = _features(np.stack(images[start : start + 1000]), encoder.gray, encoder.edges).astype(np.float64)
        total += features.sum(axis=0)
        squares += (features * features).sum(axis=0)
    n = max(1, len(images))
    mean = total / n
    variance = np.maximum(squares / n - mean**2, 0)
    # One scale for all pixels and one for all edges: a pixel that hardly ever changes must not be blown up.
    scale = np.empty(width)
    pixels = encoder.side**2 * (1 if encoder.gray else 3)
    for part in (slice(0, pixels), slice(pixels, width)):
        scale[part] = np.sqrt(max(float(variance[part].mean()), 1e-6)) if width > pixels or part.start == 0 else 1
    return Pixels(encoder.column, encoder.side, encoder.gray, encoder.edges, mean.astype(np.float32), scale.astype(np.float32))


def _size(value: Any) -> tuple[int, int] | None:
    if not isinstance(value, bytes):
        return value.shape[1], value.shape[0]
    try:
        image = open_image(value, size=64)
    except Unfit:
        return None
    return image.width, image.height


def seen(value: Any, side: int) -> Bytes | None:
    """An image as (side, side, 3) uint8; None if it is missing or its file is damaged."""
    if value is None:
        return None
    try:
        return thumbnail(value, side)
    except (Unfit, OSError, ValueError):
        return None


def thumbnail(value: Any, side: int) -> Bytes:
    """An image as (side, side, 3) uint8. Transparent parts become white."""
    from PIL import Image

    image = colored(value, side)
    if image.size != (side, side):
        image = image.resize((side, side), Image.Resampling.BOX if min(image.size) >= side else Image.Resampling.BILINEAR)
    return np.asarray(image, dtype=np.uint8)


def colored(value: Any, side: int) -> Any:
    """An image of any mode as a `PIL.Image` of red, green and blue, with no fewer pixels than `side` needs."""
    from PIL import Image

    image = (
        open_image(value, size=side)
        if isinstance(value, bytes)
        else Image.fromarray(value[..., 0] if value.shape[2:] == (1,) else value)
    )
    if image.mode.startswith(("I", "F")):  # more than 8 bits: the range of the image becomes 0 to 255
        levels = np.asarray(image, dtype=np.float64)
        top = 65535.0 if image.mode.startswith("I;16") else max(float(levels.max()), 1.0)
        image = Image.fromarray((np.clip(levels / top, 0, 1) * 255).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")


def _features(images: Bytes, gray: bool, edges: bool) -> Floats:
    """(n, side, side, 3) -> (n, features), float32."""
    pixels = images[..., :1].astype(np.float32) / 255 if gray else images.astype(np.float32) / 255
    flat = pixels.reshape(len(images), -1)
    return np.hstack([flat, _edges(pixels.mean(axis=3))]) if edges else flat


def _edges(pixels: Floats) -> Floats:
    """How strong edges of each of 8 directions are in each cell of the image: histograms of oriented gradients."""
    n, side, _ = pixels.shape
    dy, dx = np.zeros_like(pixels), np.zeros_like(pixels)
    dy[:, 1:-1] = pixels[:, 2:] - pixels[:, :-2]
    dx[:, :, 1:-1] = pixels[:, :, 2:] - pixels[:, :, :-2]
    strength = np.hypot(dx, dy)
    # An edge's share goes to the two directions beside its own.
    angle = np.mod(np.arctan2(dy, dx) / np.pi, 1.0) * _BINS
    low = np.minimum(np.floor(angle), _BINS - 1)
    upper = angle - low
    cells = np.minimum(np.arange(side) * _CELLS // max(side, 1), _CELLS - 1)
    starts = np.flatnonzero(np.r_[True, cells[1:] != cells[:-1]])
    found = []
    for direction in range(_BINS):
        share = np.where(low == direction, 1 - upper, 0) + np.where((low + 1) % _BINS == direction, upper, 0)
        rows = np.add.reduceat(strength * share, starts, axis=1)
        found.append(np.add.reduceat(rows, starts, axis=2))
    cellwise = np.stack(found, axis=-1)
    # Each cell is compared with the cells around it, which takes out how bright the picture is there.
    around = np.pad((cellwise**2).sum(axis=-1), ((0, 0), (1, 1), (1, 1)), mode="edge")
    k = cellwise.shape[1]
    block = sum(around[:, i : i + k, j : j + k] for i in range(3) for j in range(3))
    return (np.sqrt(cellwise / np.sqrt(block + 1e-2)[..., None])).reshape(n, -1).astype(np.float32)
