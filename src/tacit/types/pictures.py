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
from tacit.types.contract import Kind, Unfit, is_missing, shown

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

__all__ = ["MAX_BYTES", "MAX_PIXELS", "ImageKind", "open_image"]

MAX_PIXELS = 50_000_000
"""The most pixels an image may have. A small file can name far more, and fill the memory when it is decoded."""

MAX_BYTES = 100_000_000
"""The largest image file that is read, in bytes."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF")
"""What is decoded. Pillow knows more formats; one of them runs another program."""

_NPY = b"\x93NUMPY"


@dataclass(frozen=True)
class ImageKind(Kind):
    """An image: a path, bytes, a `PIL.Image`, or an array (H, W[, C]) of uint8.

    Bytes and arrays stay what they are. A path becomes the bytes of its file and a `PIL.Image` those of a PNG, since
    what is stored has to outlive the file.
    """

    role: ClassVar[str] = "image"

    def parse(self, value: Any) -> Any:
        if self.missing(value):
            raise Unfit("is missing")
        if type(value).__module__ == "numpy":
            return _checked_array(value)
        path = value if isinstance(value, str | os.PathLike) else None
        if isinstance(value, dict) and "bytes" in value:  # the image column of Hugging Face's Parquet files
            path = value.get("path") if isinstance(value["bytes"], bytes | None) else None
            value = value["bytes"] or path
        try:
            return self._of_file(value)
        except Unfit as error:
            name = _shown(path) if isinstance(path, str | os.PathLike) else ""
            raise Unfit(error.reason if not name or name in error.reason else f"{error.reason}: {name}") from None

    def _of_file(self, value: Any) -> Any:
        """A path, bytes or a `PIL.Image` as the bytes of a file that was decoded to its end, since a cut one has a fine header."""
        if isinstance(value, str | os.PathLike):
            value = _read(value)
        elif isinstance(value, bytearray | memoryview):
            value = bytes(value)
        elif type(value).__module__.startswith("PIL."):
            value = _png(value)
        if not isinstance(value, bytes):
            raise Unfit(f"is {shown(value)}; an image is a path, bytes, a PIL.Image or an array")
        if value.startswith(_NPY):
            return _array(value)
        if len(value) > MAX_BYTES:
            raise Unfit(f"has {len(value):,} bytes; at most {MAX_BYTES:,} are read")
        open_image(value, size=64)
        return value

    def missing(self, value: Any) -> bool:
        return is_missing(value) or (isinstance(value, bytes) and not value)

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
            decoded = base64.b64decode(data, validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise Unfit("is not base64") from None
        return self.from_bytes(decoded)

    def to_cell(self, value: Any) -> bytes:
        return self.to_bytes(value)

    def from_cell(self, cell: bytes) -> Any:
        return self.from_bytes(cell)

    def arrow_type(self) -> pa.DataType:
        import pyarrow as pa

        return pa.binary()

    def __str__(self) -> str:
        return "Image"


def _shown(path: str | os.PathLike[str]) -> str:
    """A path as a message shows it; of a long one the end, which tells files apart."""
    text = str(path)
    return quote(text if len(text) <= 56 else f"...{text[-53:]}")


def _read(path: str | os.PathLike[str]) -> bytes:
    try:
        file = Path(path)
        size = file.stat().st_size
        if file.exists() and not file.is_file():
            raise OSError("it is no file")  # a device has no end
        data = file.read_bytes() if size <= MAX_BYTES else b""
    except (OSError, ValueError, TypeError) as error:
        raise Unfit(f"is {_shown(path)}, which cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if not data:
        raise Unfit(f"is a file of {size:,} bytes; from 1 to {MAX_BYTES:,} are read")
    return data


def _png(image: Any) -> bytes:
    _check_size(image.width, image.height)
    out = io.BytesIO()
    try:
        (image if image.mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16") else image.convert("RGB")).save(out, "PNG")
    except Exception as error:  # an image that was opened but not read yet may be damaged in any way
        raise Unfit(f"is a damaged image ({error})") from None
    return out.getvalue()


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise Unfit(f"has {width * height / 1e6:.0f} megapixels; at most {MAX_PIXELS / 1e6:.0f} are decoded")


def _array(data: bytes) -> Any:
    import numpy as np

    try:
        array = np.load(io.BytesIO(data), allow_pickle=False)
    except Exception as error:  # the header can claim anything, more than there is memory for too
        raise Unfit(f"is not a readable array ({error})") from None
    return _checked_array(array)


def _checked_array(array: np.ndarray[Any, Any]) -> Any:
    shape = "x".join(map(str, array.shape))
    channels = array.shape[2] if array.ndim == 3 else 1
    if array.ndim not in (2, 3) or channels not in (1, 3, 4) or array.size == 0:
        raise Unfit(f"is an array of shape ({shape}); an image is (height, width) or (height, width, 1, 3 or 4)")
    if array.dtype.name != "uint8":
        raise Unfit(f"is an array of {array.dtype}; an image is uint8, 0 to 255")
    _check_size(array.shape[1], array.shape[0])
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
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            _check_size(image.width, image.height)
            if size is not None:
                image.draft(None, (size, size))
            image.load()
            return image
    except Unfit:
        raise
    except UnidentifiedImageError:
        raise Unfit(f"is {len(data):,} bytes that are no image file of {', '.join(FORMATS)}") from None
    except Image.DecompressionBombError:
        raise Unfit(f"has far more than the {MAX_PIXELS / 1e6:.0f} megapixels that are decoded") from None
    except Exception as error:  # decoders raise whatever a damaged file leads them to
        raise Unfit(f"is a damaged image file ({error})") from None
