"""Tokens of texts in batches to train on: of like length, so that little is padded, and with what lower layers made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from tacit.learners.deep.tuned import Stack

__all__ = ["Lower", "Padded", "epoch", "padded"]

_TOKENS = 3072
"""Of a batch, at most: a step must not take long, nor much memory."""

_CHUNK = 50
"""Of so many batches at a time the texts are sorted by their length."""

_HELD = 1 << 30
"""Bytes for what lower layers made."""


@dataclass(frozen=True)
class Padded:
    """Texts of a batch. `ids` (b, t); `mask` (b, t) True for tokens, or None where all are."""

    ids: Tensor
    mask: Tensor | None


def padded(ids: Sequence[Sequence[int]]) -> Padded:
    """Texts side by side, filled up to the longest."""
    lengths = np.array([len(i) for i in ids])
    found = np.zeros((len(ids), lengths.max()), np.int64)
    there = np.arange(lengths.max()) < lengths[:, None]
    found[there] = np.concatenate(ids)
    return Padded(torch.from_numpy(found), None if there.all() else torch.from_numpy(there))


def epoch(lengths: npt.NDArray[np.int64], batch: int, rng: np.random.Generator) -> list[list[int]]:
    """Each row once, in batches of rows of about the same length."""
    order = rng.permutation(len(lengths))
    found: list[list[int]] = []
    for start in range(0, len(order), _CHUNK * batch):
        chunk = order[start : start + _CHUNK * batch]
        chunk = chunk[np.argsort(lengths[chunk], kind="stable")]
        some: list[int] = []
        for i in chunk.tolist():
            if some and (len(some) == batch or (len(some) + 1) * lengths[i] > _TOKENS):
                found.append(some)
                some = []
            some.append(i)
        found.append(some)
    return [found[i] for i in rng.permutation(len(found))]


class Lower:
    """What the layers that stay as they are make of rows; remembered, where it is not too much."""

    def __init__(self, net: Stack, ids: Sequence[Sequence[int]], lengths: npt.NDArray[np.int64]) -> None:
        self.net, self.ids = net, ids
        shape = (int(lengths.sum()), net.base.shape.hidden_size)
        size = shape[0] * shape[1] * net.base.words.weight.element_size()
        self.held = torch.empty(shape, dtype=net.base.words.weight.dtype) if net.first and size <= _HELD else None
        self.starts = np.concatenate([[0], np.cumsum(lengths)]).tolist()
        self.known = np.zeros(len(ids), dtype=bool)

    def of(self, some: list[int]) -> tuple[Tensor, Tensor | None]:
        """(b, t, d) what the upper layers are given for these rows, and the mask."""
        batch = padded([self.ids[i] for i in some])
        if self.held is None:
            return self.net.lower(batch.ids, batch.mask), batch.mask
        mask = torch.ones(batch.ids.shape, dtype=torch.bool) if batch.mask is None else batch.mask
        places = torch.cat([torch.arange(self.starts[i], self.starts[i + 1]) for i in some])
        if self.known[some].all():
            hidden = torch.zeros((*batch.ids.shape, self.held.shape[1]), dtype=self.held.dtype)
            hidden[mask] = self.held[places]
            return hidden, batch.mask
        hidden = self.net.lower(batch.ids, batch.mask)
        self.held[places] = hidden[mask]
        self.known[some] = True
        return hidden, batch.mask
