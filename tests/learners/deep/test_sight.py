"""A fitted net answers row by row, and is the same after it was saved and loaded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tacit.learners.deep.convnets import Shape, fold, initial, whitening
from tacit.learners.deep.images import fit_lens
from tacit.learners.deep.sight import Sight, arithmetic, laid_out

IMAGES = [np.random.default_rng(i).integers(256, size=(12, 12, 3), dtype=np.uint8) for i in range(40)]


def net(*, flip: bool, scale: tuple[float, float] | None = None) -> Sight:
    shape = Shape(3, 1 if scale else 4, 1, 8, (8, 8), True)
    lens = fit_lens(IMAGES, 12, False)
    filters, bias = whitening(lens.normal(lens.stack(IMAGES)), shape)
    trained, stats = initial(shape, torch.Generator().manual_seed(0))
    tensors = laid_out({"stem.filters": filters, "stem.bias": bias, **fold(shape, trained, stats)})
    return Sight("convnet", {"side": 12, "flip": flip}, "photo", lens, shape, tensors, scale)


@pytest.mark.parametrize("scale", [None, (5.0, 2.0)])
def test_what_was_saved_answers_the_same(tmp_path: Path, scale: tuple[float, float] | None) -> None:
    model = net(flip=True, scale=scale)
    model.save(tmp_path)
    loaded = Sight.load(tmp_path, "convnet")
    assert {f.name for f in tmp_path.iterdir()} == {"model.json", "net.safetensors"}
    assert (loaded.lens, loaded.shape, loaded.settings) == (model.lens, model.shape, model.settings)
    assert np.array_equal(loaded.predict({"photo": IMAGES}), model.predict({"photo": IMAGES}))


def test_a_row_is_alone() -> None:
    model = net(flip=False)
    whole = model.predict({"photo": IMAGES})
    assert whole.shape == (40, 4)
    assert np.allclose(whole.sum(axis=1), 1)
    for i in (0, 17, 39):
        assert np.allclose(model.predict({"photo": IMAGES[i : i + 1]})[0], whole[i], atol=1e-7)
    assert model.predict({"photo": []}).shape == (0, 4)


def test_where_images_may_be_mirrored_their_mirror_images_get_the_same_answer() -> None:
    mirrored = [image[:, ::-1] for image in IMAGES]
    one, other = (net(flip=True).predict({"photo": images}) for images in (IMAGES, mirrored))
    assert np.allclose(one, other, atol=1e-6)
    assert not np.allclose(*(net(flip=False).predict({"photo": images}) for images in (IMAGES, mirrored)), atol=1e-6)


def test_threads_are_as_before_after_an_error() -> None:
    before = torch.get_num_threads()
    with pytest.raises(KeyError), arithmetic(before + 1):
        raise KeyError
    assert torch.get_num_threads() == before
