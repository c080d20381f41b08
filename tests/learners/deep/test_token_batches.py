"""Batches have texts of like length, and what lower layers made of a text is made once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tacit.learners.deep import token_batches
from tacit.learners.deep.token_batches import Lower, epoch, padded
from tacit.learners.deep.tuned import Stack, stack
from tacit.learners.encoders import text_encoder
from tests.learners.deep.small import small_encoder


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_encoder(tmp_path_factory.mktemp("encoders") / "small")


def test_what_lower_layers_made_is_remembered(encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    net = stack(text_encoder(str(encoder)), 1)
    ids = [[2, 8, 3], [2, 9, 5, 6, 3], [2, 3]]
    lengths = np.array([len(i) for i in ids])
    lower = Lower(net, ids, lengths)
    made, mask = lower.of([1, 0])
    monkeypatch.setattr(Stack, "lower", None)  # it cannot be asked again
    held, again = lower.of([0, 1])
    assert mask is not None
    assert again is not None
    assert torch.equal(held[1], made[0])
    assert torch.equal(held[0][again[0]], made[1][mask[1]])
    alone, none = lower.of([0])
    assert none is None
    assert torch.equal(alone[0], made[1][:3])


def test_what_would_be_too_much_is_made_again(encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_batches, "_HELD", 0)
    net = stack(text_encoder(str(encoder)), 1)
    lower = Lower(net, [[2, 8, 3]], np.array([3]))
    assert lower.held is None
    assert torch.equal(lower.of([0])[0], lower.of([0])[0])


def test_texts_are_filled_up() -> None:
    some = padded([[2, 8, 3], [2, 3]])
    assert some.ids.tolist() == [[2, 8, 3], [2, 3, 0]]
    assert some.mask is not None
    assert some.mask.tolist() == [[True, True, True], [True, True, False]]
    assert padded([[2, 3], [2, 3]]).mask is None


def test_an_epoch_has_each_row_once_in_batches_of_like_length() -> None:
    lengths = np.random.default_rng(0).integers(1, 200, size=3_000)
    made = epoch(lengths, 32, np.random.default_rng(0))
    assert sorted(i for some in made for i in some) == list(range(3_000))
    assert all(len(some) * lengths[some].max() <= 3072 and len(some) <= 32 for some in made)
    waste = sum(len(some) * lengths[some].max() for some in made) / lengths.sum()
    assert waste < 1.05
    assert epoch(np.array([5_000, 3]), 32, np.random.default_rng(0)) in ([[0], [1]], [[1], [0]])
