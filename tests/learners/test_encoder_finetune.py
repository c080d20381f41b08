"""`encoder-finetune` says which tasks it takes, what to try and what it needs."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tacit.learners import Data, check_learner
from tacit.learners.encoder_finetune import EncoderFinetune
from tacit.types import Category, Maybe, MultiCategory, Number, TextKind, Words

BOOL = Category((False, True), "bool")


def labeled(n: int) -> Data:
    return Data({"text": TextKind()}, {"text": ["a"] * n}, BOOL, np.eye(2)[np.arange(n) % 2], np.ones(n))


def test_it_takes_texts_alone() -> None:
    learner = EncoderFinetune()
    assert learner.accepts({"text": TextKind()}, BOOL)
    assert learner.accepts({"title": Maybe(TextKind("str")), "said": Words()}, Number())
    assert not learner.accepts({"text": TextKind(), "size": Number()}, BOOL)
    assert not learner.accepts({}, BOOL)
    assert not learner.accepts({"text": TextKind()}, MultiCategory(BOOL))


def test_few_labels_are_compared_and_many_are_not() -> None:
    learner = EncoderFinetune()
    assert "steps" in learner.portfolio(labeled(40))[0]
    assert not any("steps" in settings for settings in learner.portfolio(labeled(64)))


def test_it_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    learner, data = EncoderFinetune(), labeled(40)
    monkeypatch.setattr("tacit.learners.encoder_finetune.lacks_text", lambda pretrained: "pip install this")
    assert learner.lacks(data) == "pip install this"
    assert learner.seconds(data, learner.portfolio(data)[0]) is None


def test_declaring_it_imports_nothing_heavy() -> None:
    code = "import sys, tacit.learners.encoder_finetune; assert not {'torch', 'tokenizers', 'safetensors'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_it_keeps_the_contract_with_a_small_encoder(tmp_path: Path) -> None:
    from tests.learners.deep.small import small_encoder

    check_learner(EncoderFinetune(), pretrained={"text": str(small_encoder(tmp_path / "small"))})


def test_rows_with_votes_are_seen_once_since_their_mistakes_would_be_learned_too() -> None:
    learner, certain = EncoderFinetune(), labeled(600)
    assert learner.portfolio(certain)[0]["epochs"] == 3
    voted = replace(certain, target=np.clip(certain.target, 0.1, 0.9))
    assert learner.portfolio(voted)[0]["epochs"] == 1
