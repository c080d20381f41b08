"""The kind of images: bytes of an image file, or an array of pixels."""

from __future__ import annotations

import base64
import binascii
import io
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from tacit.errors import quote
from tacit.types.contract import Kind, Unfit, is_missing

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

__all__ = ["MAX_BYTES", "MAX_PIXELS", "ImageKind", "open_image"]

MAX_PIXELS = 50_000_000
"""The most pixels an image may have. A small file can name far more, and fill the memory when it is decoded."""

MAX_BYTES = 100_000_000
"""The largest image file that is read, in bytes."""

_NPY = b"\x93NUMPY"


@dataclass(frozen=True)
class ImageKind(Kind):
    """An image: a path, bytes, a `PIL.Image`, or an array (H, W[, C]) of uint8.

    Bytes and arrays stay what they are. A path becomes the bytes of its file and a `PIL.Image` those of a PNG, since
    what is stored has to outlive the file.
    """

    role: ClassVar[str] = "image"

    def parse(self, value: Any) -> Any:
        if is_missing(value) or value == b"":
            raise Unfit("is missing")
        if isinstance(value, bytearray | memoryview):
            value = bytes(value)
        if isinstance(value, str | os.PathLike):
            value = _read(value)
        elif type(value).__module__.startswith("PIL."):
            value = _png(value)
        elif isinstance(value, dict) and "bytes" in value:  # the image column of Hugging Face's Parquet files
            value = value["bytes"] or _read(value.get("path") or "")
        if isinstance(value, bytes):
            if value.startswith(_NPY):
                return _array(value)
            check_file(value)
            return value
        if type(value).__module__ == "numpy":
            return _checked_array(value)
        raise Unfit(f"is {quote(value)}, a {type(value).__name__}; an image is a path, bytes, a PIL.Image or an array")

    def to_bytes(self, value: Any) -> bytes:
        """The image as stored: the bytes of its file, or an array in NumPy's own format."""
        if isinstance(value, bytes):
            return value
        import numpy as np

        out = io.BytesIO()
        np.save(out, value, allow_pickle=False)
        return out.getvalue()

    def from_bytes(self, data: bytes) -> Any:
        """The image that `to_bytes` was given."""
        return _array(data) if data.startswith(_NPY) else data

    def to_json(self, value: Any) -> str:
        return base64.b64encode(self.to_bytes(value)).decode("ascii")

    def from_json(self, data: Any) -> Any:
        try:
            return self.from_bytes(base64.b64decode(data, validate=True))
        except (binascii.Error, TypeError, ValueError):
            raise Unfit("is not base64") from None

    def to_cell(self, value: Any) -> bytes:
        return self.to_bytes(value)

    def from_cell(self, cell: bytes) -> Any:
        return self.from_bytes(cell)

    def arrow_type(self) -> pa.DataType:
        import pyarrow as pa

        return pa.binary()

    def __str__(self) -> str:
        return "Image"


def _read(path: str | os.PathLike[str]) -> bytes:
    file = Path(path)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise Unfit(f"is a file of {file.stat().st_size:,} bytes; at most {MAX_BYTES:,} are read")
        return file.read_bytes()
    except (OSError, ValueError) as error:
        raise Unfit(f"is {quote(str(path))}, which cannot be read ({getattr(error, 'strerror', None) or error})") from None


def _png(image: Any) -> bytes:
    out = io.BytesIO()
    (image if image.mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16") else image.convert("RGB")).save(out, "PNG")
    return out.getvalue()


def _array(data: bytes) -> Any:
    import numpy as np

    try:
        return _checked_array(np.load(io.BytesIO(data), allow_pickle=False))
    except (ValueError, EOFError) as error:
        raise Unfit(f"is not a readable array ({error})") from None


def _checked_array(array: np.ndarray[Any, Any]) -> Any:
    shape = "x".join(map(str, array.shape))
    channels = array.shape[2] if array.ndim == 3 else 1
    if array.ndim not in (2, 3) or channels not in (1, 3, 4) or array.size == 0:
        raise Unfit(f"is an array of shape ({shape}); an image is (height, width) or (height, width, 1, 3 or 4)")
    if array.dtype.name != "uint8":
        raise Unfit(f"is an array of {array.dtype}; an image is uint8, 0 to 255")
    if array.shape[0] * array.shape[1] > MAX_PIXELS:
        raise Unfit(f"has {array.shape[0] * array.shape[1] / 1e6:.0f} megapixels; at most {MAX_PIXELS / 1e6:.0f} are decoded")
    return array


def open_image(data: bytes, *, size: int | None = None) -> Any:
    """Decode the bytes of an image file to a loaded `PIL.Image`. Raises `Unfit`.

    Arguments:
        data: A whole image file.
        size: The side, in pixels, that the caller needs: a JPEG is decoded no finer than that, which is faster.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large images; the limit here is stricter
            image = Image.open(io.BytesIO(data))
            if image.width * image.height > MAX_PIXELS:
                pixels = image.width * image.height / 1e6
                raise Unfit(f"has {pixels:.0f} megapixels; at most {MAX_PIXELS / 1e6:.0f} are decoded")
            if size is not None:
                image.draft(None, (size, size))
            image.load()
            return image
    except UnidentifiedImageError:
        raise Unfit(f"is {len(data):,} bytes that are no image file") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unfit(f"is a damaged image file ({error})") from None


def check_file(data: bytes) -> None:
    """Raise `Unfit` unless `data` is a whole image file of a size that may be decoded."""
    if len(data) > MAX_BYTES:
        raise Unfit(f"has {len(data):,} bytes; at most {MAX_BYTES:,} are read")
    open_image(data, size=64)
