"""Borders of images as cues."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.cues import Border, associations, borders, cue_of
from tacit.planted import Border as PlantedBorder
from tacit.planting import plant
from tacit.types import ImageKind
from tests.cues.planted import labeled, leaning

BLUE = (20, 40, 220)


def pictures(n: int, side: int = 32, seed: int = 0) -> list[np.ndarray]:
    return list(np.random.default_rng(seed).integers(0, 256, (n, side, side, 3), dtype=np.uint8))


def framed(images: list[np.ndarray], where: np.ndarray, width: int = 2) -> list[np.ndarray]:
    return [PlantedBorder(width, BLUE).put(image) if there else image for image, there in zip(images, where, strict=True)]


def test_a_border_that_is_in_many_is_found_with_its_color() -> None:
    has = np.arange(60) % 3 == 0
    found = borders("image", framed(pictures(60), has))
    assert {str(cue) for cue in found.cues} == {"a blue border of image"}
    assert [cue.width for cue in found.cues if isinstance(cue, Border)] == [2, 1]
    assert found.carried.toarray().T.tolist() == [has.tolist()] * 2
    assert [cue_of(cue.to_dict()) for cue in found.cues] == list(found.cues)


def test_what_all_images_have_is_no_cue_and_what_cannot_be_seen_has_none() -> None:
    assert borders("image", framed(pictures(20), np.ones(20, bool))).cues == ()
    assert borders("image", [None, b"damaged"] * 10).cues == ()
    assert borders("image", []).cues == ()


@pytest.mark.parametrize("side", [3, 32, 100])
def test_it_is_taken_out_and_put_in_at_any_size_and_what_is_inside_stays(side: int) -> None:
    cue = Border("image", 2, (0, 0, 3), BLUE)
    rows = {"image": pictures(8, side)}
    there = cue.put(rows)
    if side > 3:
        assert cue.carried(there).all()
        assert not cue.carried(cue.without(there)).any()
    wide = -(-2 * side // 32)
    for before, after, out in zip(rows["image"], there["image"], cue.without(there)["image"], strict=True):
        assert (before[wide:-wide, wide:-wide] == after[wide:-wide, wide:-wide]).all()
        assert (before[wide:-wide, wide:-wide] == out[wide:-wide, wide:-wide]).all()
    assert cue.without(rows)["image"][0] is rows["image"][0]


def test_a_planted_border_comes_first() -> None:
    rows = [{"image": image, "l": f"c{i % 2}"} for i, image in enumerate(pictures(300))]
    planted = plant(rows, PlantedBorder(2, BLUE), label="l", strength=0.95, favored="c1")
    columns, truth = labeled(planted, "image")
    ask = leaning("image", lambda image: (image[:2] == BLUE).all())
    first = associations(columns, {"image": ImageKind()}, truth, ["c0", "c1"], ask)[0]
    assert (str(first.cue), first.label, first.significant) == ("a blue border of image", "c1", True)
