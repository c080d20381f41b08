"""Features from a tiny encoder of images that is made here."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import transformers
from PIL import Image

from tacit.errors import FileError
from tacit.learners.deep.vision import Net, load, prepared
from tacit.learners.encoders import Pretrained
from tacit.types import ImageKind

IMAGES = [np.random.default_rng(i).integers(256, size=(20 + i, 30, 3), dtype=np.uint8) for i in range(20)]
SMALL = {
    "hidden_size": 8,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 8,
    "image_size": 16,
    "patch_size": 8,
}


def made(folder: Path, kind: str) -> Path:
    if kind == "vit":
        model = transformers.ViTModel(transformers.ViTConfig(**SMALL), add_pooling_layer=False)
    elif kind == "convnext":
        model = transformers.ConvNextModel(transformers.ConvNextConfig(hidden_sizes=[8, 8], depths=[1, 1], num_stages=2))
    else:
        text = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
        model = transformers.CLIPModel(transformers.CLIPConfig(text_config=text, vision_config=SMALL, projection_dim=8))
    model.save_pretrained(folder)
    seen = {"size": {"height": 16, "width": 16}, "image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.2, 0.2], "resample": 2}
    (folder / "preprocessor_config.json").write_text(json.dumps(seen), encoding="utf-8")
    return folder


def vectors(net: Net, images: Sequence[Any]) -> np.ndarray:
    out = np.full((len(images), net.width), np.nan, np.float32)
    for positions, found in net.encode([ImageKind().to_bytes(image) for image in images]):
        out[positions] = found
    return out


@pytest.mark.parametrize(("kind", "width"), [("vit", 16), ("convnext", 8), ("clip", 16)])
def test_each_image_has_a_vector_of_its_own(tmp_path: Path, kind: str, width: int) -> None:
    net = load(Pretrained("made", made(tmp_path, kind), "0"))
    whole = vectors(net, [*IMAGES, b"no image"])
    assert net.width == width
    assert np.allclose(np.linalg.norm(whole[:20], axis=1), 1, atol=1e-5)
    assert not whole[20].any()
    assert np.abs(whole[0] - whole[1]).max() > 1e-4
    assert np.allclose(vectors(net, [IMAGES[17]])[0], whole[17], atol=1e-6)
    assert vectors(net, []).shape == (0, width)


def test_the_time_is_measured(tmp_path: Path) -> None:
    net = load(Pretrained("made", made(tmp_path, "vit"), "1"))
    assert net.seconds_for([]) == 0
    assert 0 < net.seconds_for([b""] * 20) < net.seconds_for([b""] * 2_000)
    assert net.flops_for([]) == 0
    assert 0 < 10 * net.flops_for([b""]) == net.flops_for([b""] * 10)


def test_a_folder_without_a_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no encoder of images"):
        load(Pretrained("made", tmp_path, "2"))


def test_images_are_seen_as_the_processor_of_transformers_shows_them() -> None:
    settings = {
        **{"size": {"shortest_edge": 24}, "crop_size": {"height": 16, "width": 16}, "do_center_crop": True, "resample": 3},
        **{"image_mean": [0.1, 0.2, 0.3], "image_std": [0.4, 0.5, 0.6]},
    }
    out = io.BytesIO()
    photo = Image.fromarray(np.random.default_rng(0).integers(256, size=(60, 40, 3), dtype=np.uint8))
    photo.save(out, "PNG")
    found = prepared(out.getvalue(), settings)
    assert found is not None
    assert found.shape == (3, 16, 16)
    by_hand = np.asarray(photo.resize((24, 36), Image.Resampling.BICUBIC).crop((4, 10, 20, 26)), np.float32) / 255
    wanted = (by_hand - np.array(settings["image_mean"], np.float32)) / np.array(settings["image_std"], np.float32)
    assert np.allclose(found, wanted.transpose(2, 0, 1), atol=1e-5)


def test_without_settings_images_become_squares_of_224() -> None:
    found = prepared(IMAGES[0], {})
    assert found is not None
    assert found.shape == (3, 224, 224)
    assert np.abs(found).max() <= 1.0
