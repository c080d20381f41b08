"""A tiny encoder of texts that knows few words, so that training takes no time; and rows to train it on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

from tacit.learners import Data
from tacit.learners.deep.bert import Bert, Shape, save_bert
from tacit.types import Category, Number, TextKind

__all__ = ["rows", "small_encoder"]

_WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "the", "it", "is", "red", "blue", "warm", "cold", "day", "very", "so", "here"]


def small_encoder(folder: Path, *, layers: int = 3) -> Path:
    """Write one with weights at random."""
    folder.mkdir()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        net = Bert(Shape(len(_WORDS), 16, layers, 2, 32, max_position_embeddings=32))
    save_bert(net, folder)
    tokens = Tokenizer(WordPiece({word: i for i, word in enumerate(_WORDS)}, unk_token="[UNK]"))
    tokens.pre_tokenizer = Whitespace()
    tokens.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    tokens.save(str(folder / "tokenizer.json"))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 24}))
    return folder


def rows(encoder: Path, n: int = 60, *, number: bool = False) -> Data:
    """Texts of 3 to 9 words, of which one tells the answer."""
    rng = np.random.default_rng(1)
    hidden = rng.integers(2, size=n)
    texts = []
    for h in hidden.tolist():
        words = rng.choice(_WORDS[4:8] + _WORDS[12:], size=int(rng.integers(2, 9))).tolist()
        words.insert(int(rng.integers(len(words))), str(rng.choice([["red", "warm"], ["blue", "cold"]][h])))
        texts.append(" ".join(words))
    output = Number() if number else Category(("warm", "cold"), "Literal['warm', 'cold']")
    target = 10.0 + 5 * hidden if number else np.eye(2)[hidden]
    return Data({"text": TextKind()}, {"text": texts}, output, target, np.ones(n), pretrained={"text": str(encoder)})
