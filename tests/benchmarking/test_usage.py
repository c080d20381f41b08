"""Where the hardware goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

import tacit
from tacit import Image, Text, task
from tacit.benchmarking import usage
from tacit.errors import OptionError

pytest.importorskip("torch")


@task
def tone(text: Text) -> Literal["glad", "sad"]:
    """Is it glad or sad?"""


@task
def bright(photo: Image) -> bool:
    """Is it bright?"""


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    tacit.open(tmp_path)
    words = {"glad": "fine good lovely warm", "sad": "grim cold awful bleak"}
    tacit.add(
        tone,
        [{"text": f"{w} day {i}", "l": name} for i in range(40) for name, some in words.items() for w in some.split()],
        label="l",
    )
    rng = np.random.default_rng(0)
    photos = [rng.integers(0, 100, (16, 16, 3), dtype=np.uint8) + np.uint8(100 * (i % 2)) for i in range(80)]
    tacit.add(bright, [{"photo": p, "l": bool(i % 2)} for i, p in enumerate(photos)], label="l")
    return tmp_path


def test_operations_of_a_linear_model_are_two_for_each_weight_that_is_used(filled: Path) -> None:
    found = usage(tone, learner="tfidf-linear")

    assert (found.rows, [a.rows for a in found.answers]) == (240, [1, 40])
    one, many = found.answers
    # A few words and pairs, with two operations for each and each of two classes' (or one class's) weights: a small whole number.
    assert one.flops is not None
    assert 4 <= one.flops <= 400
    assert many.flops == pytest.approx(40 * one.flops, rel=0.5)
    assert found.flops is None
    assert "unknown: only those of torch are counted" in str(found)
    assert sum(found.phases.values()) == pytest.approx(found.seconds, rel=0.2)


def test_what_torch_computes_is_counted_in_learning_too(filled: Path) -> None:
    found = usage(bright, learner="convnet-small")

    assert found.flops is not None
    assert found.flops > 0
    assert {"forward", "backward", "optimizer"} <= set(found.phases)
    answer = found.answers[-1]
    assert answer.flops is not None
    # Learning passes forward and backward over each row at least once: at least twice an answer.
    assert found.flops / found.rows > 2 * answer.flops / answer.rows
    assert "<svg" in found.svg()
    json.dumps(found.to_dict())


def test_nothing_is_kept(filled: Path) -> None:
    usage(tone)

    assert tacit.open(filled).store.models("tone") == []


def test_a_learner_that_does_not_fit_is_named_with_those_that_do(filled: Path) -> None:
    with pytest.raises(OptionError, match=r'no learner "gbdt" for tone; it can be tfidf-linear.*--learner'):
        usage(tone, learner="gbdt")
