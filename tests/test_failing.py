"""Which labeled rows a model fails."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tacit
from tacit import task
from tacit.datasets import training_set
from tacit.errors import OptionError, TooFewLabels
from tacit.failing import cross_fitted, kept_apart
from tacit.learners import Cache, get


@pytest.fixture
def odd(project: Any) -> Any:
    @task
    def odd(x: float, town: str) -> bool:
        """Is it above 50, but in town b below?"""

    rows = [{"x": float(i), "town": "ab"[i % 5 == 0], "l": (i > 50) != (i % 5 == 0)} for i in range(100)]
    tacit.add(odd, rows, label="l")
    return odd


def test_training_tells_which_rows_its_model_fails(odd: Any, project: Any) -> None:
    run = tacit.train(odd, budget=10, learners=["linear"])
    found = kept_apart(project, "odd", run.model)
    truth = {e.id: e.inputs for batch in project.store.examples("odd") for e in batch}
    assert len(found.ids) == len(found.wrong) == len(found.classes) == 100
    assert {bool(c) for c in found.classes} == {False, True}
    in_b = np.array([truth[id]["town"] == "b" for id in found.ids])
    assert found.wrong[in_b].mean() > found.wrong[~in_b].mean() + 0.3


def test_a_proxy_is_tried_on_rows_that_it_did_not_see(odd: Any, project: Any) -> None:
    rows = training_set(project, odd)
    found = cross_fitted(get("linear"), rows, 0, Cache())
    assert found.ids == rows.ids
    assert found.classes.tolist() == rows.data.target.argmax(axis=1).tolist()
    assert set(found.wrong.tolist()) == {0.0, 1.0}


def test_what_is_not_known_says_how_to_know_it(odd: Any, project: Any) -> None:
    with pytest.raises(OptionError, match="--proxy LEARNER"):
        kept_apart(project, "odd", "no model")
    one = training_set(project, odd).take(np.array([0]))
    with pytest.raises(TooFewLabels, match="two or more"):
        cross_fitted(get("linear"), one, 0, Cache())
