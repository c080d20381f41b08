"""A glance at images tells their size and whether they have color."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from tacit.learners.looks import Look, look


def file(width: int, height: int, color: tuple[int, int, int], kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), color).save(out, kind)
    return out.getvalue()


def test_the_longer_side_in_the_middle_counts() -> None:
    assert look([file(10, 20, (3, 3, 3)), None, file(30, 5, (9, 9, 9)), file(300, 200, (0, 0, 0), "JPEG")]) == Look(30, True)


def test_one_image_with_color_is_enough() -> None:
    gray = np.full((9, 7), 3, np.uint8)
    assert look([gray] * 5) == Look(9, True)
    assert look([gray] * 5 + [file(9, 9, (200, 0, 0))]) == Look(9, False)


def test_damaged_files_and_missing_images_tell_nothing() -> None:
    assert look([]) == look([None, b"no image", file(40, 40, (1, 2, 3))[:30]]) == Look(1, True)
