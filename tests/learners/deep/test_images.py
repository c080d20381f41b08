"""Images as tensors, and their variations."""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch

from tacit.errors import BudgetError
from tacit.learners.contract import Cache
from tacit.learners.deep.images import decoded, fit_lens, stored, varied


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def photo(level: int, side: int = 10) -> np.ndarray:
    return np.random.default_rng(level).integers(256, size=(side, side, 3), dtype=np.uint8)


def test_images_are_decoded_once_and_damaged_ones_are_none() -> None:
    cache, values = Cache(), [photo(1), None, b"no image"]
    first = decoded(values, 8, cache, None)
    assert [image is None for image in first] == [False, True, True]
    assert list(cache.damaged.values()) == values[2:]
    assert decoded(values, 8, cache, None)[0] is first[0]
    with pytest.raises(BudgetError):
        decoded(values, 8, cache, time.monotonic() - 1)


def test_what_is_missing_looks_like_the_mean() -> None:
    images = [photo(i) for i in range(20)]
    lens = fit_lens(images, 10, False)
    normal = lens.normal(lens.stack([*images, None]))
    assert normal.shape == (21, 3, 10, 10)
    assert normal[:20].mean().abs() < 1e-4
    assert normal[:20].std() == pytest.approx(1, abs=0.01)
    assert normal[20].abs().max() < 0.01


def test_gray_images_have_one_channel_and_no_image_at_all_is_fine() -> None:
    lens = fit_lens([None], 4, True)
    assert lens.normal(lens.stack([None])).shape == (1, 1, 4, 4)


def test_without_variation_images_stay_as_they_are_or_are_mirrored() -> None:
    images = torch.randn(4, 3, 8, 8, generator=chance())
    mirrored = torch.tensor([False, True, False, True])
    out = varied(images, {}, 8, mirrored, chance())
    assert torch.allclose(out[0], images[0], atol=1e-5)
    assert torch.allclose(out[1], images[1].flip(2), atol=1e-5)


def test_shifts_are_by_whole_pixels() -> None:
    images = torch.randn(30, 1, 8, 8, generator=chance())
    out = varied(images, {"shift": 0.25}, 8, torch.zeros(30, dtype=torch.bool), chance(1))
    moved = 0
    for before, after in zip(images, out, strict=True):
        fits = [
            torch.allclose(before[0, 2 + y : 6 + y, 2 + x : 6 + x], after[0, 2:6, 2:6], atol=1e-4)
            for y in range(-2, 3)
            for x in range(-2, 3)
        ]
        assert any(fits)
        moved += not torch.allclose(before, after, atol=1e-4)
    assert moved > 15


def test_every_variation_gives_the_wanted_size_and_the_same_seed_the_same_images() -> None:
    images = torch.randn(6, 3, 20, 20, generator=chance())
    vary = {"turn": 20, "shear": 0.2, "zoom": [0.5, 1.2], "stretch": 0.3, "shift": 0.1, "light": 0.3, "cut": 0.3}
    flipped = torch.zeros(6, dtype=torch.bool)
    one, other = (varied(images, vary, 12, flipped, chance(5)) for _ in range(2))
    assert one.shape == (6, 3, 12, 12)
    assert torch.equal(one, other)
    assert one.isfinite().all()
    assert not torch.equal(one, varied(images, vary, 12, flipped, chance(6)))


def test_photographs_are_kept_larger_than_they_are_seen_unless_there_are_too_many() -> None:
    assert stored(28, 1_000) == 28
    assert stored(64, 1_000) == 80
    assert 8 <= stored(64, 200_000) < 40
    assert stored(64, 10**9) == 8
