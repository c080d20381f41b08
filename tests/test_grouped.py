"""Rows that a model is measured on by group."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest

import tacit
from tacit import metrics, task
from tacit.errors import ColumnError, OptionError
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
    apart = stored_rows(project, older, model, live.model, ["town"], "accuracy")
    assert apart is not None
    assert not apart.exact
    assert len(apart.truth) == 97  # each age once
    assert set(np.unique(apart.prediction)) <= {0.0, 1.0}
    tacit.add(older, [{"age": 200.5, "l": True, "town": "x"}], label="l", keep=["town"], split="test")
    tests = stored_rows(project, older, model, live.model, ["town"], "accuracy")
    assert tests is not None
    assert (tests.exact, tests.values) == (True, {"town": ["x"]})


def test_a_model_that_kept_no_rows_apart_has_none(older: Any, project: Any) -> None:
    model, _ = model_of(project, older, None)
    assert stored_rows(project, older, model, "nothing", [], "accuracy") is None


@pytest.mark.parametrize("metric", ["accuracy", "balanced", "macro_f1", "log_loss", "brier"])
def test_what_training_kept_apart_gives_each_metric_that_was_measured_then(older: Any, project: Any, metric: str) -> None:
    run = tacit.train(older, budget=20, learners=["linear"], metric=metric)
    model, _ = model_of(project, older, run.model)
    apart = stored_rows(project, older, model, run.model, [], metric)
    assert apart is not None
    assert metrics.score(metric, apart.prediction, apart.truth) == pytest.approx(run.score)


@pytest.mark.parametrize("metric", ["r2", "mae", "rmse"])
def test_so_it_does_of_numbers(project: Any, metric: str) -> None:
    @task
    def price(size: float) -> float:
        """What does it cost?"""

    tacit.add(price, [{"size": float(i), "l": 3.0 * i + (i * 7919) % 11} for i in range(80)], label="l")
    run = tacit.train(price, budget=20, learners=["linear"], metric=metric)
    model, _ = model_of(project, price, run.model)
    apart = stored_rows(project, price, model, run.model, [], metric)
    assert apart is not None
    assert metrics.score(metric, apart.prediction, apart.truth) == pytest.approx(run.score)


def test_which_wrong_class_was_said_is_not_known_of_three(project: Any) -> None:
    @task
    def third(age: float) -> Literal["young", "middle", "old"]:
        """How old?"""

    names = ("young", "middle", "old")
    tacit.add(third, [{"age": float(i), "l": names[i // 30]} for i in range(90)], label="l")
    run = tacit.train(third, budget=20, learners=["linear"])
    model, _ = model_of(project, third, run.model)
    with pytest.raises(OptionError, match="--metric balanced"):
        stored_rows(project, third, model, run.model, [], "macro_f1")
