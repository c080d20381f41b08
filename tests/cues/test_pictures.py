"""What the cues of images share."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.cues.pictures import SIDE, color_name, painted, thumbnails


def test_what_cannot_be_seen_is_said_and_never_painted() -> None:
    images = [np.zeros((5, 9, 3), np.uint8), None, b"damaged"]
    small, there = thumbnails(images)
    assert small.shape == (3, SIDE, SIDE, 3)
    assert there.tolist() == [True, False, False]
    rows = painted({"image": images, "n": [1, 2, 3]}, "image", np.ones(3, np.bool_), lambda pixels: pixels + np.uint8(7))
    assert rows["image"][0].tolist() == np.full((5, 9, 3), 7).tolist()
    assert rows["image"][1:] == [None, b"damaged"]
    assert rows["n"] == [1, 2, 3]
    assert images[0].max() == 0


def test_no_image_is_no_thumbnail() -> None:
    small, there = thumbnails([])
    assert (small.shape, there.shape) == ((0, SIDE, SIDE, 3), (0,))


@pytest.mark.parametrize(("rgb", "name"), [((250, 5, 240), "magenta"), ((10, 10, 10), "black"), ((130, 120, 125), "gray")])
def test_colors_are_named_by_the_nearest(rgb: tuple[int, ...], name: str) -> None:
    assert color_name(rgb) == name
