"""Images reach a browser as small PNGs that were made here, and in no other way."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from tacit.pages.pictures import SIDE, thumbnail
from tacit.types import Unfit
from tests.pages.site import Site

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def test_an_image_of_an_example_is_a_png_that_is_nothing_else(site: Site) -> None:
    example = next(site.project.store.examples("side"))[0]
    answer = site.get(f"/tasks/side/examples/{example.id}/image/0")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert opened(answer.body).size == (16, 16)


@pytest.mark.parametrize("place", ["1", "x", "-1", "photo", "99999999"])
def test_a_place_without_an_image_is_not_found(site: Site, place: str) -> None:
    example = next(site.project.store.examples("side"))[0]
    assert site.get(f"/tasks/side/examples/{example.id}/image/{place}").status == 404


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "YCbCr", "F"])
def test_every_mode_comes_out_small_and_plain(mode: str) -> None:
    kind = "TIFF"
    png = opened(thumbnail(saved(Image.new(mode, (900, 300)), kind)))
    assert png.format == "PNG"
    assert png.size == (SIDE, round(SIDE / 3))
    assert png.mode in ("L", "RGB", "RGBA")


@pytest.mark.parametrize("shape", [(40, 30), (40, 30, 1), (40, 30, 3), (40, 30, 4)])
def test_arrays_are_pictures_too(shape: tuple[int, ...]) -> None:
    assert opened(thumbnail(np.zeros(shape, np.uint8))).size == (30, 40)


def test_what_a_file_holds_beside_its_pixels_is_left_behind() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010E] = "<script>alert(1)</script>"
    data = saved(Image.new("RGB", (40, 20)), "JPEG", exif=exif, comment=b"<script>alert(2)</script>", icc_profile=b"<script>")
    png = thumbnail(data)
    assert b"<script>" not in png
    assert opened(png).size == (20, 40)
    assert opened(png).info == {}


@pytest.mark.parametrize(
    "data", [SVG, b"<html><script>alert(1)</script>", b"GIF89a<script>", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50]
)
def test_what_is_no_image_is_never_served(data: bytes) -> None:
    with pytest.raises(Unfit):
        thumbnail(data)
