"""The model of `ensemble`, and the learner itself."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tacit.errors import BudgetError
from tacit.learners import Cache, Data, Model, get, load_model, save_model
from tacit.learners.blend import Blend, blend, tempered
from tacit.types import Category, Kind, Number

KINDS: dict[str, Kind] = {"x": Number(), "y": Number()}


def data(output: Kind) -> Data:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 120))
    target = np.eye(2)[(x + y > 0).astype(int)] if isinstance(output, Category) else x + y
    return Data(KINDS, {"x": x.tolist(), "y": y.tolist()}, output, target, np.ones(120))


def fitted(output: Kind) -> tuple[Data, list[Model]]:
    rows = data(output)
    names = ("linear", "gbdt")
    return rows, [get(n).fit(rows, get(n).portfolio(rows)[0], seed=0, cache=Cache()) for n in names]


def members(models: list[Model], weights: tuple[float, ...]) -> list[dict[str, Any]]:
    return [{"learner": m.learner, "settings": dict(m.settings), "weight": w} for m, w in zip(models, weights, strict=True)]


@pytest.mark.parametrize("output", [Category((False, True), "bool"), Number()])
def test_a_blend_says_the_weighted_mean_and_comes_back_from_its_folder(output: Kind, tmp_path: Path) -> None:
    rows, models = fitted(output)
    both = blend("ensemble", models, members(models, (3.0, 1.0)), 1.0)
    found = both.predict(rows.columns)
    assert np.allclose(found, 0.75 * models[0].predict(rows.columns) + 0.25 * models[1].predict(rows.columns))
    save_model(both, tmp_path / "model")
    loaded = load_model(tmp_path / "model")
    assert isinstance(loaded, Blend)
    assert np.array_equal(loaded.predict(rows.columns), found)
    assert loaded.settings == both.settings
    empty = rows.take(np.arange(0))
    assert loaded.predict(empty.columns).shape == ((0, 2) if isinstance(output, Category) else (0,))


def test_a_temperature_changes_how_sure_answers_are_and_not_which() -> None:
    given = np.array([[0.9, 0.1, 0.0], [0.4, 0.35, 0.25], [1.0, 0.0, 0.0]])
    for temperature in (0.25, 0.8, 2.0, 4.0):
        found = tempered(given, temperature)
        assert np.allclose(found.sum(1), 1)
        assert (found >= 0).all()
        assert found.argmax(1).tolist() == given.argmax(1).tolist()
        assert (found[0, 0] > 0.9) == (temperature < 1)
    assert tempered(given, 1.0) is given
    assert tempered(given[1:2], 2.0)[0, 0] == pytest.approx(0.4**0.5 / (0.4**0.5 + 0.35**0.5 + 0.25**0.5))


def test_an_ensemble_takes_two_learners() -> None:
    ensemble = get("ensemble")
    assert ensemble.accepts(KINDS, Number())
    rows = data(Number())
    (settings,) = ensemble.portfolio(rows)
    assert len(settings["members"]) == 2


def test_an_ensemble_keeps_a_deadline_and_what_was_fitted_before_it() -> None:
    ensemble, rows = get("ensemble"), data(Number())
    (settings,) = ensemble.portfolio(rows)
    whole = ensemble.fit(rows, settings, seed=0, cache=Cache())
    again = ensemble.fit(rows, whole.settings, seed=0, cache=Cache())
    assert np.array_equal(whole.predict(rows.columns), again.predict(rows.columns))
    try:
        short = ensemble.fit(rows, settings, seed=0, deadline=time.monotonic() - 1, cache=Cache())
    except BudgetError:
        return
    assert len(short.settings["members"]) >= 1
