"""Rows that a model is measured on by group."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tacit
from tacit import task
from tacit.errors import ColumnError
from tacit.grouped import given_rows, parts, stored_rows
from tacit.predicting import model_of


@pytest.fixture
def older(project: Any) -> Any:
    @task
    def older(age: float) -> bool:
        """Over fifty?"""

    rows = [{"age": float(i % 97), "l": i % 97 > 50, "town": f"t{i % 3}"} for i in range(300)]
    tacit.add(older, rows, label="l", keep=["town"])
    tacit.train(older, budget=20, learners=["linear"])
    return older


def test_the_columns_of_crossings_come_once_each() -> None:
    assert list(parts(["sex", "sex*race", "race * age"])) == ["sex", "race", "age"]


def test_rows_of_a_file_bring_columns_that_are_no_inputs(older: Any, project: Any) -> None:
    model, _ = model_of(project, older, None)
    rows = [{"age": 20.0, "l": False, "town": "x"}, {"age": 90.0, "l": True, "town": None}, {"age": 3.0, "l": None, "town": "y"}]
    found = given_rows(older, rows, "l", model, ["town", "age"], renamed=None, values=None)
    assert found.values == {"town": ["x", None], "age": [20.0, 90.0]}
    assert found.truth.tolist() == [0, 1]
    assert found.prediction.argmax(axis=1).tolist() == [0, 1]
    with pytest.raises(ColumnError, match='no column "city"'):
        given_rows(older, rows, "l", model, ["city"], renamed=None, values=None)


def test_of_the_store_test_rows_come_first_then_those_that_training_kept_apart(older: Any, project: Any) -> None:
    live = project.store.live("older")
    model, _ = model_of(project, older, None)
    apart = stored_rows(project, older, model, live.model, ["town"])
    assert apart is not None
    assert not apart.exact
    assert len(apart.truth) == 97  # each age once
    assert set(np.unique(apart.prediction)) <= {0.0, 1.0}
    tacit.add(older, [{"age": 200.5, "l": True, "town": "x"}], label="l", keep=["town"], split="test")
    tests = stored_rows(project, older, model, live.model, ["town"])
    assert tests is not None
    assert (tests.exact, tests.values) == (True, {"town": ["x"]})


def test_a_model_that_kept_no_rows_apart_has_none(older: Any, project: Any) -> None:
    model, _ = model_of(project, older, None)
    assert stored_rows(project, older, model, "nothing", []) is None
