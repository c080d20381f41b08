"""Token vectors keep what the encoder knows of words, with less weight on frequent ones."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import tokenizers
import torch

from tacit.errors import BudgetError
from tacit.learners.deep.bert import Bert, Shape, save_bert
from tacit.learners.deep.distill import distill, distilling_seconds
from tacit.learners.encoders import text_encoder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny BERT in which "good" and "fine" are the same."""
    torch.manual_seed(0)
    net = Bert(Shape(8, 16, 2, 4, 24, max_position_embeddings=12))
    with torch.no_grad():
        net.words.weight[:] = torch.randn(8, 16)
        net.words.weight[4] = net.words.weight[5]
    save_bert(net, tmp_path)
    words = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "good": 4, "fine": 5, "bad": 6, "film": 7}
    cut = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="[UNK]"))
    cut.post_processor = tokenizers.processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    cut.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def test_a_table_has_a_row_for_each_token(folder: Path) -> None:
    table = distill(text_encoder(str(folder)), width=3, deadline=None).astype(np.float64)
    assert table.shape == (8, 3)
    assert (table[:4] == 0).all()  # they stand for no text
    good, fine, bad = table[4:7] / np.linalg.norm(table[4:7], axis=1, keepdims=True)
    assert good @ fine > 0.99 > good @ bad
    assert np.linalg.norm(table[4]) < np.linalg.norm(table[5])  # the one that is more frequent


def test_time_is_told_and_kept(folder: Path) -> None:
    assert distilling_seconds(text_encoder(str(folder))) > 0
    with pytest.raises(BudgetError):
        distill(text_encoder(str(folder)), width=3, deadline=time.monotonic() - 1)
