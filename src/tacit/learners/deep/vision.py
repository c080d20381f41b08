"""Features of images from a pretrained encoder of the transformers library."""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from tacit.errors import FileError, MissingExtra
from tacit.learners.deep.counting import counted
from tacit.learners.deep.sight import arithmetic
from tacit.learners.encoders import Pretrained, config_of
from tacit.learners.pixels import colored
from tacit.types import ImageKind, Unfit

__all__ = ["Net", "load", "prepared"]

_AT_ONCE = 16
_SIDE = 224
_HALF = (0.5, 0.5, 0.5)


@dataclass(frozen=True, eq=False)
class Net:
    """An encoder of images that is ready.

    Attributes:
        model: Of the transformers library.
        settings: Those of `preprocessor_config.json`.
        width: The length of its vectors.
    """

    model: Any
    settings: Mapping[str, Any]
    width: int

    def encode(self, contents: Sequence[bytes]) -> Iterator[tuple[list[int], npt.NDArray[Any]]]:
        """Batches of positions and their vectors (b, d) of length 1; zeros where an image is damaged.

        Arguments:
            contents: As `ImageKind.to_bytes` gives them.
        """
        for start in range(0, len(contents), _AT_ONCE):
            some = [prepared(ImageKind().from_bytes(data), self.settings) for data in contents[start : start + _AT_ONCE]]
            yield list(range(start, start + len(some))), self.vectors(some)

    def vectors(self, images: Sequence[npt.NDArray[np.float32] | None]) -> npt.NDArray[np.float32]:
        """(b, d) of a batch of at most 16 images."""
        blank = np.zeros((3, *_size(self.settings)[1]), np.float32)
        # Always as many at once: with other numbers of rows, sums are added up in another order.
        batch = np.stack([blank if x is None else x for x in [*images, *[None] * (_AT_ONCE - len(images))]])
        with arithmetic(os.cpu_count() or 1), torch.inference_mode():
            found = F.normalize(_pooled(self.model(pixel_values=torch.from_numpy(batch))).float())[: len(images)].numpy()
        there = np.array([x is not None for x in images], dtype=bool)
        return np.nan_to_num(np.where(there[:, None], found, np.float32(0)))

    def seconds_for(self, contents: Sequence[bytes]) -> float:
        """What encoding them will take on this machine, measured on a made-up batch."""
        return -(-len(contents) // _AT_ONCE) * _seconds_a_batch(self) if contents else 0.0

    def flops_for(self, contents: Sequence[bytes]) -> float:
        """Floating-point operations of encoding them; all images take the same."""
        return len(contents) * counted(lambda: self.vectors([None])) / _AT_ONCE if contents else 0.0


@lru_cache(maxsize=4)
def _seconds_a_batch(net: Net) -> float:
    began = time.perf_counter()
    net.vectors([None])
    return time.perf_counter() - began


@lru_cache(maxsize=2)
def load(pretrained: Pretrained) -> Net:
    """The encoder, loaded once for each process.

    Raises:
        FileError: Its files cannot be read, or do not fit together.
        MissingExtra: It needs a library that is not installed.
    """
    if importlib.util.find_spec("transformers") is None:
        raise MissingExtra("encoders of images need transformers", next='pip install "tacit[deep]"')
    from transformers import AutoConfig, AutoModel

    settings = config_of(pretrained.folder, "preprocessor_config.json", "image")
    try:
        config = AutoConfig.from_pretrained(pretrained.folder, local_files_only=True, trust_remote_code=False)
        # Encoders of images with texts, such as CLIP: the half that sees.
        config = getattr(config, "vision_config", config)
        model = AutoModel.from_pretrained(
            pretrained.folder, config=config, local_files_only=True, use_safetensors=True, trust_remote_code=False
        ).eval()
        width = Net(model, settings, 0).vectors([None]).shape[1]
    except (OSError, ValueError, KeyError, RuntimeError, TypeError, AttributeError) as error:
        told = (str(error).splitlines() or [type(error).__name__])[0][:150]
        raise FileError(f"it is no encoder of images ({told})", where=str(pretrained.folder), next="tacit train TASK") from None
    return Net(model, settings, width)


def prepared(image: Any, settings: Mapping[str, Any]) -> npt.NDArray[np.float32] | None:
    """(3, height, width) as the model was trained to see it; None where an image is missing or damaged.

    Resized to the size that `preprocessor_config.json` names, or so that the shorter edge has that many pixels, and cut to the
    crop size from the middle.
    """
    from PIL import Image

    if image is None:
        return None
    (height, width), crop = _size(settings)
    try:
        pixels = colored(image, max(height, width))
    except (Unfit, OSError, ValueError):
        return None
    if "shortest_edge" in _edges(settings):
        factor = height / min(pixels.size)
        height, width = max(crop[0], round(pixels.height * factor)), max(crop[1], round(pixels.width * factor))
    pixels = pixels.resize((width, height), Image.Resampling(int(settings.get("resample", Image.Resampling.BILINEAR))))
    top, left = (height - crop[0]) // 2, (width - crop[1]) // 2
    pixels = pixels.crop((left, top, left + crop[1], top + crop[0]))
    mean, deviation = (np.array(settings.get(key, _HALF), np.float32) for key in ("image_mean", "image_std"))
    scaled = np.asarray(pixels, np.float32) * np.float32(settings.get("rescale_factor", 1 / 255))
    return np.ascontiguousarray(((scaled - mean) / deviation).transpose(2, 0, 1))


def _edges(settings: Mapping[str, Any]) -> dict[str, int]:
    """The size that images are resized to; old files have one number for both sides."""
    size = settings.get("size", _SIDE)
    return size if isinstance(size, dict) else {"height": size, "width": size}


def _size(settings: Mapping[str, Any]) -> tuple[tuple[int, int], tuple[int, int]]:
    """(height, width) to resize to and to cut to; with `shortest_edge` that of the shorter edge, twice."""
    edges = _edges(settings)
    shortest = edges.get("shortest_edge", _SIDE)
    size = edges.get("height", shortest), edges.get("width", shortest)
    crop = settings.get("crop_size") if settings.get("do_center_crop") else None
    if crop is None:
        return size, size
    return size, (crop["height"], crop["width"]) if isinstance(crop, dict) else (crop, crop)


def _pooled(output: Any) -> Tensor:
    """One vector for each image: the first token beside the mean of the others, or the mean over the places of a convolution."""
    last: Tensor = output.last_hidden_state
    if last.dim() == 4:
        return last.mean(dim=(2, 3))
    return torch.cat([last[:, 0], last[:, 1:].mean(dim=1)], dim=1)
