"""Pixels of images, where some are missing or damaged."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from tacit.learners.contract import Cache
from tacit.learners.pixels import fit_pixels, seen


def png(level: int) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(level).integers(256, size=(12, 12, 3), dtype=np.uint8)).save(out, "PNG")
    return out.getvalue()


def test_a_damaged_image_is_like_a_missing_one() -> None:
    values = [png(1), None, png(2)[:60], b"nothing", png(3)]
    cache = Cache()
    encoder, features = fit_pixels("photo", values, cache=cache, deadline=None)
    assert list(cache.damaged.values()) == values[2:4]
    assert (features[1:4] == 0).all()
    assert np.abs(features[[0, 4]]).sum() > 0
    assert np.array_equal(encoder.encode({"photo": values}), features)
    assert seen(values[2], 8) is None


def test_a_column_of_damaged_images_has_features_of_nothing() -> None:
    _, features = fit_pixels("photo", [b"nothing", None], cache=Cache(), deadline=None)
    assert not features.any()


def test_any_mode_becomes_eight_bits_of_red_green_and_blue() -> None:
    deep = np.linspace(0, 65535, 100).reshape(10, 10).astype(np.uint16)
    out = io.BytesIO()
    Image.fromarray(deep).save(out, "PNG")
    found = seen(out.getvalue(), 10)
    assert found is not None
    assert (found[0, 0] == 0).all()
    assert (found[-1, -1] == 255).all()
    clear = np.zeros((4, 4, 4), np.uint8)
    white = seen(clear, 4)
    assert white is not None
    assert (white == 255).all()
