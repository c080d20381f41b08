"""Growing a forest: its arrays predict what scikit-learn predicts, and a deadline leaves the trees that were grown."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from sklearn.tree import DecisionTreeClassifier, ExtraTreeRegressor

from tacit.learners import Cache, Data
from tacit.learners.growing import _below, fit_woods, planted
from tacit.types import Category, Maybe, Number

THREE = Category(("a", "b", "c"), "Literal['a', 'b', 'c']")
SETTINGS = {"extra": False, "trees": 20, "least": 1, "columns": 1.0}


def holes(n: int, p: int, *, share: float = 0.2) -> np.ndarray:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(n, p)).astype(np.float32)
    values[rng.random((n, p)) < share] = np.nan
    return values


def grid(n: int = 300) -> Data:
    values = holes(n, 3)
    target = np.eye(3)[np.nan_to_num(values[:, 0]).round().astype(int).clip(-1, 1) + 1]
    columns = {f"c{j}": [None if np.isnan(v) else float(v) for v in values[:, j]] for j in range(3)}
    return Data({name: Maybe(Number()) for name in columns}, columns, THREE, target, np.ones(n))


@pytest.mark.parametrize("share", [0.0, 0.2])
@pytest.mark.parametrize("grower", [DecisionTreeClassifier, ExtraTreeRegressor])
def test_walking_the_arrays_gives_what_scikit_learn_gives(grower: Any, share: float) -> None:
    values = holes(500, 4, share=share)
    target = (np.nan_to_num(values[:, 0]) + np.isnan(values[:, 1])).round().astype(int).clip(0, 2)
    trees = [grower(random_state=i, max_features=0.5).fit(values, target) for i in range(3)]
    classes = 3 if grower is DecisionTreeClassifier else 0
    grove, held = planted(trees, classes)
    fresh = holes(200, 4, share=0.3) if share else holes(200, 4, share=0)
    found = held[grove.leaves(fresh).ravel()].toarray().reshape(200, 3, -1)
    for i, tree in enumerate(trees):
        wanted = tree.predict_proba(fresh) if classes else tree.predict(fresh)[:, None]
        assert np.allclose(found[:, i], wanted, atol=1e-6)


def test_values_that_were_never_missing_may_be_missing_later() -> None:
    values = holes(300, 2, share=0)
    grove, held = planted([DecisionTreeClassifier().fit(values, values[:, 0] > 1)], 2)
    found = held[grove.leaves(np.full((1, 2), np.nan, np.float32)).ravel()].toarray()
    assert np.isfinite(found).all()


def test_thresholds_in_32_bits_part_the_same_rows() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=1000).astype(np.float32)
    thresholds = (values[:-1].astype(np.float64) + values[1:]) / 2
    narrow = _below(thresholds)
    assert narrow.dtype == np.float32
    assert np.array_equal(values[:, None] <= thresholds, values[:, None] <= narrow)


def test_a_probable_class_counts_as_its_share_of_a_row() -> None:
    data = grid()
    soft = data.target * 0.7 + 0.1
    settings = {**SETTINGS, "trees": 60, "least": 10, "columns": 0.4}
    found = fit_woods("forest", data, settings, seed=0, deadline=None, cache=Cache()).predict(data.columns)
    softer = Data(data.kinds, data.columns, data.output, soft, data.weight)
    other = fit_woods("forest", softer, settings, seed=0, deadline=None, cache=Cache()).predict(data.columns)
    assert np.corrcoef(found.ravel(), other.ravel())[0, 1] > 0.8
    assert found.min() < 0.02
    assert other.min() > 0.07
    assert other.max() < found.max()


def test_weights_count() -> None:
    data = grid()
    heavy = Data(data.kinds, data.columns, THREE, data.target, np.where(data.target[:, 2] > 0, 1e6, 1e-6))
    model = fit_woods("forest", heavy, {**SETTINGS, "least": 200}, seed=0, deadline=None, cache=Cache())
    assert model.predict(data.columns)[:, 2].mean() > 0.9


def test_a_deadline_leaves_the_trees_that_were_grown() -> None:
    data = grid(2_000)
    settings = {**SETTINGS, "trees": 100_000}
    began = time.monotonic()
    model = fit_woods("forest", data, settings, seed=0, deadline=began + 0.5, cache=Cache())
    assert time.monotonic() - began < 2.5
    assert 1 <= model.settings["trees"] < 100_000
    again = fit_woods("forest", data, model.settings, seed=0, deadline=None, cache=Cache())
    assert np.array_equal(model.predict(data.columns), again.predict(data.columns))
