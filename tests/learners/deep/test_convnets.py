"""The net's first layer whitens, and folding changes nothing."""

from __future__ import annotations

import pytest
import torch

from tacit.learners.deep.convnets import Shape, fold, forward, initial, whitening

SHAPES = [Shape(3, 5, 1, 12, (8, 16), False), Shape(1, 1, 1, 4, (8,), True), Shape(3, 2, 2, 24, (8, 8, 8, 8), True)]


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("shape", SHAPES)
def test_folding_in_the_normalization_changes_no_score(shape: Shape) -> None:
    images = torch.randn(256, shape.channels, 24, 24, generator=chance())
    trained, stats = initial(shape, chance())
    filters, bias = whitening(images, shape)
    fixed = {"stem.filters": filters, "stem.bias": bias}
    for name in trained:
        if name.endswith("bias"):
            trained[name].uniform_(-1, 1, generator=chance(2))
    for _ in range(60):  # the averages come to be those of these images
        scores = forward(shape, fixed | trained, stats, images)
    folded = forward(shape, fixed | fold(shape, trained, stats), None, images)
    assert scores.shape == (256, shape.outputs)
    # Averages of the variance are of n - 1 values, those within a batch of n.
    assert torch.allclose(scores, folded, atol=0.05 * float(scores.abs().max()))


def test_the_first_layer_makes_patches_uncorrelated() -> None:
    images = torch.randn(200, 1, 12, 12, generator=chance()).cumsum(3)
    shape = Shape(1, 2, 1, 4, (8,), False)
    filters, bias = whitening(images, shape)
    found = torch.nn.functional.conv2d(images, filters, bias)[:, :4].transpose(0, 1).reshape(4, -1)
    # The images' mean is taken to be 0.
    covariance = found @ found.T / found.shape[1]
    assert torch.allclose(covariance, torch.eye(4), atol=0.05)
    assert torch.equal(filters[:4], -filters[4:])


def test_the_same_generator_gives_the_same_net_and_the_global_one_is_left_alone() -> None:
    before = torch.get_rng_state()
    one, other = initial(SHAPES[0], chance(3))[0], initial(SHAPES[0], chance(3))[0]
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert torch.equal(before, torch.get_rng_state())


def test_the_smallest_images_pass() -> None:
    shape = Shape(1, 3, 1, 4, (8, 8, 8), False)
    images = torch.randn(4, 1, 2, 2, generator=chance())
    trained, stats = initial(shape, chance())
    filters, bias = whitening(images, shape)
    fixed = {"stem.filters": filters, "stem.bias": bias} | fold(shape, trained, stats)
    assert forward(shape, fixed, None, images).isfinite().all()
