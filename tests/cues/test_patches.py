"""Patches of images as cues."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tacit.cues import associations, cue_of
from tacit.cues.patches import Patch, patches
from tacit.types import ImageKind

MAGENTA = (255, 0, 255)


def pictures(n: int, side: int = 32, seed: int = 0) -> list[np.ndarray]:
    return list(np.random.default_rng(seed).integers(0, 256, (n, side, side, 3), dtype=np.uint8))


def marked(images: list[np.ndarray], where: np.ndarray, at: int = 2) -> list[np.ndarray]:
    for image, there in zip(images, where, strict=True):
        if there:
            wide = image.shape[0] // 8
            image[at : at + wide, at : at + wide] = MAGENTA
    return images


def test_a_patch_that_is_in_many_is_found_at_its_place() -> None:
    has = np.arange(60) % 3 == 0
    found = patches("image", marked(pictures(60), has))
    (best,) = [i for i, cue in enumerate(found.cues) if isinstance(cue, Patch) and (cue.top, cue.left, cue.size) == (2, 2, 4)]
    cue = found.cues[best]
    assert str(cue) == "magenta at the top left of image"
    assert np.asarray(found.carried[:, [best]].toarray()).ravel().tolist() == has.tolist()
    assert cue.carried({"image": marked(pictures(60), has)}).tolist() == has.tolist()
    assert cue_of(cue.to_dict()) == cue


@pytest.mark.parametrize("side", [16, 32, 96])
def test_it_is_taken_out_and_put_in_at_any_size(side: int) -> None:
    cue = Patch("image", 4, 4, 8, (3, 0, 3) * 4, MAGENTA * 4)
    rows = {"image": pictures(10, side)}
    there = cue.put(rows)
    assert cue.carried(there).all()
    assert not cue.carried(cue.without(there)).any()
    for before, after in zip(rows["image"], there["image"], strict=True):
        changed = (before != after).any(axis=2)
        down, across = np.nonzero(changed)
        assert down.min() >= side // 8
        assert across.max() < 3 * side // 8
    assert cue.without(rows)["image"][0] is rows["image"][0]


@pytest.mark.parametrize("mode", ["L", "RGBA", "P"])
def test_files_of_any_mode_are_read_and_damaged_ones_have_nothing(mode: str) -> None:
    out = io.BytesIO()
    Image.fromarray(pictures(1)[0]).convert(mode).save(out, "PNG")
    cue = Patch("image", 0, 0, 4, (0, 0, 0) * 4, (0, 0, 0) * 4)
    rows: dict[str, list[Any]] = {"image": [out.getvalue(), b"damaged", None]}
    assert cue.carried(rows).tolist() == [False, False, False]
    there = cue.put(rows)
    assert cue.carried(there).tolist() == [True, False, False]
    assert there["image"][1:] == [b"damaged", None]


def test_gray_arrays_are_images_too() -> None:
    cue = Patch("image", 0, 0, 4, (3, 3, 3) * 4, (255, 255, 255) * 4)
    rows = {"image": [np.zeros((28, 28), np.uint8), np.zeros((28, 28, 1), np.uint8)]}
    assert cue.carried(cue.put(rows)).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 28), st.integers(0, 28), st.integers(0, 28), st.integers(0, 28))
def test_touching_is_mutual(a: int, b: int, c: int, d: int) -> None:
    one, two = (Patch("image", top, left, 4, (0,) * 12, (0,) * 12) for top, left in ((a, b), (c, d)))
    assert one.touches(two) == two.touches(one) == (abs(a - c) < 4 and abs(b - d) < 4)


def test_what_a_model_makes_of_it_is_told() -> None:
    truth = np.arange(300) % 2
    images = marked(pictures(300), np.random.default_rng(0).random(300) < np.where(truth, 0.9, 0.1))

    def ask(columns: Any) -> np.ndarray:
        p = np.array([0.9 if (image[3, 3] == MAGENTA).all() else 0.2 for image in columns["image"]])
        return np.column_stack([1 - p, p])

    found = associations({"image": images}, {"image": ImageKind()}, truth, ["a", "b"], ask)
    assert [(str(a.cue), a.label, round(a.reliance, 6)) for a in found] == [("magenta at the top left of image", "b", 0.7)]
    assert found[0].contradicted == (1.0, 0.0)


def test_no_images_have_no_patches() -> None:
    assert patches("image", []).cues == ()
    assert patches("image", [None] * 20).cues == ()
