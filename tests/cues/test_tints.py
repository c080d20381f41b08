"""Tints of images as cues."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tacit.cues import Tint, associations, cue_of, tints
from tacit.cues.tints import _amounts
from tacit.planted import Tint as PlantedTint
from tacit.planting import plant
from tacit.types import ImageKind
from tests.cues.planted import labeled, leaning

MAGENTA = (255, 0, 255)


def pictures(n: int, seed: int = 0) -> list[np.ndarray]:
    """Soft ones, each with a color of its own, not far from gray."""
    rng = np.random.default_rng(seed)
    return [np.clip(rng.normal(rng.normal(120, 12, 3), 30, (24, 24, 3)), 0, 255).astype(np.uint8) for _ in range(n)]


@pytest.mark.parametrize(("color", "opposite"), [("red", "cyan"), ("green", "magenta"), ("blue", "yellow"), ("white", "black")])
def test_a_color_has_all_of_itself_gray_half_and_the_opposite_nothing(color: str, opposite: str) -> None:
    named = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}
    full = np.broadcast_to(np.array(named[color], np.uint8), (1, 4, 4, 3))
    assert _amounts(full, color) == pytest.approx([1])
    assert _amounts(full, opposite) == pytest.approx([0])
    assert _amounts(255 - full, color) == pytest.approx([0])
    assert _amounts(np.full((1, 4, 4, 3), 127.5), color) == pytest.approx([0.5])  # type: ignore[arg-type]


def test_a_tint_that_is_in_many_is_found() -> None:
    has = np.arange(80) % 2 == 0
    images = [PlantedTint(MAGENTA, 0.3).put(image) if there else image for image, there in zip(pictures(80), has, strict=True)]
    found = tints("image", images)
    (best,) = [i for i, cue in enumerate(found.cues) if str(cue) == "image tinted magenta" and found.carried[:, [i]].sum() == 40]
    assert found.carried[:, [best]].toarray().ravel().tolist() == has.tolist()
    assert cue_of(found.cues[best].to_dict()) == found.cues[best]
    assert {"a dark image", "a bright image"} <= {str(cue) for cue in found.cues}


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(["red", "cyan", "green", "magenta", "blue", "yellow", "white", "black"]), st.integers(0, 50))
def test_as_much_is_put_in_and_taken_out_as_others_have(color: str, seed: int) -> None:
    cue = Tint("image", color, 0.6, 0.7, 0.5)
    rows = {"image": pictures(4, seed)}
    there = cue.put(rows)
    assert _amounts(np.stack(there["image"]), color) == pytest.approx([0.7] * 4, abs=0.01)
    assert _amounts(np.stack(cue.without(there)["image"]), color) == pytest.approx([0.5] * 4, abs=0.03)


def test_what_cannot_be_seen_has_no_color() -> None:
    assert tints("image", [None] * 20).cues == ()
    assert tints("image", []).cues == ()
    assert tints("image", [np.full((4, 4), 9, np.uint8)] * 20).cues == ()
    assert Tint("image", "red", 0.0, 1.0, 0.0).carried({"image": [None, b"damaged"]}).tolist() == [False, False]


def test_a_planted_tint_comes_first() -> None:
    rows = [{"image": image, "l": f"c{i % 2}"} for i, image in enumerate(pictures(300))]
    planted = plant(rows, PlantedTint(MAGENTA, 0.3), label="l", strength=0.95, favored="c1")
    columns, truth = labeled(planted, "image")
    ask = leaning("image", lambda image: float(_amounts(image[None], "magenta")[0]) > 0.58)
    first = associations(columns, {"image": ImageKind()}, truth, ["c0", "c1"], ask)[0]
    assert (str(first.cue), first.label, first.significant) == ("image tinted magenta", "c1", True)
