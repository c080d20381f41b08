"""Encoders that are no BERT come by way of transformers, and only from safe files."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import tokenizers
import torch
import transformers

from tacit.errors import FileError, MissingExtra
from tacit.learners.deep.text import load
from tacit.learners.deep.text_other import load_other
from tacit.learners.encoders import text_encoder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny DistilBERT with weights at random."""
    torch.manual_seed(0)
    config = transformers.DistilBertConfig(
        vocab_size=30, dim=16, n_layers=2, n_heads=2, hidden_dim=32, max_position_embeddings=20
    )
    transformers.DistilBertModel(config).save_pretrained(tmp_path)
    words = {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "good": 3, "bad": 4}
    cut = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="[UNK]"))
    cut.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    cut.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def test_hidden_states_are_those_of_the_library(folder: Path) -> None:
    ids = torch.randint(30, (3, 7))
    with torch.inference_mode():
        found = load_other(folder, torch.float32)(ids)
        expected = transformers.AutoModel.from_pretrained(folder).eval()(ids).last_hidden_state
    assert torch.allclose(found, expected, atol=1e-6)


def test_texts_are_encoded_by_any_kind_of_encoder(folder: Path) -> None:
    net = load(text_encoder(str(folder)))
    found = {
        i: v for positions, vectors in net.encode(["good", "bad bad", "bad"]) for i, v in zip(positions, vectors, strict=True)
    }
    assert net.width == 16
    assert not np.allclose(found[0].astype(float), found[2].astype(float), atol=1e-2)


def test_weights_in_pickles_are_refused(folder: Path) -> None:
    torch.save({}, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    with pytest.raises(FileError):
        load_other(folder, torch.float32)


def test_without_the_library_the_error_says_what_to_type(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra):
        load_other(folder, torch.float32)
