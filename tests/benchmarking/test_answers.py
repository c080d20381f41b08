"""Answers timed and counted, against counts by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.benchmarking.answers import answers
from tacit.learners import Cache, Data, Model, get
from tacit.types import Category, Key, Number

N = 100
COLUMNS = {"x": np.random.default_rng(0).normal(size=N).tolist(), "who": [f"u{i % 4}" for i in range(N)]}


@pytest.fixture(scope="module")
def model() -> Model:
    data = Data({"x": Number(), "who": Key()}, COLUMNS, Category((0, 1, 2), "int"), np.eye(3)[np.arange(N) % 3], np.ones(N))
    return get("linear").fit(data, get("linear").portfolio(data)[0], seed=0, cache=Cache())


def test_an_answer_of_a_linear_model_takes_its_features_times_its_classes(model: Model) -> None:
    together, alone = answers("linear", model, COLUMNS, None, remembers=False)

    assert (together.name, together.rows, together.per_row) == ("49 answers", 49, 2 * (1 + 1) * 3)  # a number, a level; 3 classes
    assert (alone.rows, alone.per_row, alone.precision) == (49, 2 * (1 + 1) * 3, "float64")
    # One answer reads 6 weights of 8 bytes, a number, and a level of two letters.
    assert alone.moved == 49 * (6 * 8 + 8 + 2)
    assert together.moved is not None
    assert together.moved < alone.moved


def test_a_learner_that_remembers_is_asked_what_it_has_not_seen_or_not_at_all(model: Model) -> None:
    blind = answers("linear", model, COLUMNS, None, remembers=True)
    assert [(w.seconds, w.flops) for w in blind] == [(None, None)] * 2
    assert all("test rows" in (w.why or "") for w in blind)

    asked = answers("linear", model, COLUMNS, COLUMNS, remembers=True)
    assert all(w.seconds for w in asked)
