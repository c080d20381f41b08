"""Images of examples: decoded here and written anew as small PNGs, so that nothing that was stored reaches a browser."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from fastapi.responses import Response

from tacit.errors import UnknownExample, quote
from tacit.freezing import thaw_columns
from tacit.pages.example_pages import find
from tacit.pages.shell import HEADERS, Shell
from tacit.tasks import Task
from tacit.types import Unfit, open_image

if TYPE_CHECKING:
    import PIL.Image

__all__ = ["SIDE", "add", "thumbnail"]

SIDE = 256
"""The longest side of a picture on a page, in pixels."""


def add(routes: APIRouter, shell: Shell) -> None:
    """The images `/tasks/NAME/examples/ID/image/PLACE`; the place is that of the column."""

    @routes.get("/tasks/{name}/examples/{id}/image/{place}")
    def image(name: str, id: str, place: str) -> Response:
        task = shell.project.task(name)
        example = find(shell, task, id)
        column = _column(task, place)
        value = thaw_columns(task.signature, [example], shell.project.store)[column][0]
        if value is None:
            raise UnknownExample(f"example {id[:8]} has no {column}", next=f"open /tasks/{task.name}/examples/{example.id}")
        try:
            png = thumbnail(value)
        except Unfit as error:
            raise UnknownExample(f"{column} of example {id[:8]} {error.reason}", next="tacit add it again") from None
        kept = {"Cache-Control": "private, max-age=86400"}
        return Response(png, media_type="image/png", headers=HEADERS | kept)


def thumbnail(value: Any, side: int = SIDE) -> bytes:
    """A PNG of an image, turned as its camera said, no larger than `side`, without anything else the file held.

    Arguments:
        value: Bytes of an image file, or an array (H, W[, C]) of uint8.

    Raises:
        Unfit: It cannot be decoded.
    """
    from PIL import Image, ImageOps

    if isinstance(value, bytes):
        picture = open_image(value, size=side)
    else:
        picture = Image.fromarray(value[..., 0] if value.ndim == 3 and value.shape[2] == 1 else value)
    try:
        picture = _plain(ImageOps.exif_transpose(picture))
        picture.thumbnail((side, side))
        clean = Image.frombytes(picture.mode, picture.size, picture.tobytes())
        out = io.BytesIO()
        clean.save(out, "PNG")
    except (OSError, ValueError, MemoryError) as error:
        raise Unfit(f"cannot be shown ({error})") from None
    return out.getvalue()


def _plain(picture: PIL.Image.Image) -> PIL.Image.Image:
    if picture.mode in ("L", "RGB", "RGBA"):
        return picture
    clear = picture.mode in ("LA", "PA", "RGBa", "La") or "transparency" in picture.info
    return picture.convert("RGBA" if clear else "RGB")


def _column(task: Task[..., Any], place: str) -> str:
    columns = list(task.signature.columns.items())
    if place.isascii() and place.isdigit() and len(place) < 6 and int(place) < len(columns):
        name, kind = columns[int(place)]
        if kind.role == "image":
            return name
    raise UnknownExample(f"{task.name} has no image {quote(place)}", next=f"open /tasks/{task.name}/examples")
