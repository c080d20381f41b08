"""The network of `mlp`: it learns what is smooth, and plans its steps so that they end in time."""

from __future__ import annotations

import time

import numpy as np

from tacit.learners import Cache, Data, get
from tacit.learners.perceptron import fit_perceptron
from tacit.phases import stopwatch
from tacit.types import Key, Kind, Number


def wave(n: int = 1_500) -> Data:
    rng = np.random.default_rng(0)
    x, y = rng.uniform(-3, 3, n), rng.uniform(-3, 3, n)
    who = rng.integers(3, size=n)
    kinds: dict[str, Kind] = {"x": Number(), "y": Number(), "who": Key()}
    columns = {"x": x.tolist(), "y": y.tolist(), "who": [f"u{i}" for i in who.tolist()]}
    return Data(kinds, columns, Number(), 1e6 + 50 * (np.sin(2 * x) * y + who), np.ones(n))


def test_a_smooth_number_is_learned() -> None:
    data = wave()
    train, test = data.take(np.arange(1_000)), data.take(np.arange(1_000, 1_500))
    model = get("mlp").fit(train, {**get("mlp").portfolio(train)[0], "epochs": 60}, seed=0, cache=Cache())
    assert 1 - np.mean((model.predict(test.columns) - test.target) ** 2) / np.var(test.target) > 0.95


def test_steps_are_planned_to_end_in_time_and_are_repeated() -> None:
    data = wave()
    settings = {**get("mlp").portfolio(data)[0], "epochs": 10_000}
    began = time.monotonic()
    model = fit_perceptron("mlp", data, settings, seed=0, deadline=began + 1.5, cache=Cache())
    assert time.monotonic() - began < 3.5
    assert 10 < model.settings["steps"] < 10_000
    again = fit_perceptron("mlp", data, model.settings, seed=0, deadline=None, cache=Cache())
    assert np.array_equal(model.predict(data.columns), again.predict(data.columns))


def test_weights_count() -> None:
    data = wave(400)
    target = np.where(np.arange(400) % 2, 1.0, -1.0)
    heavy = Data(data.kinds, data.columns, Number(), target, np.where(target > 0, 1.0, 1e-6))
    model = get("mlp").fit(heavy, get("mlp").portfolio(heavy)[0], seed=0, cache=Cache())
    assert model.predict(data.columns).mean() > 0.8


def test_the_time_of_its_steps_is_told_by_phase() -> None:
    data = wave(200)
    with stopwatch() as watch:
        get("mlp").fit(data, {**get("mlp").portfolio(data)[0], "epochs": 1}, seed=0, cache=Cache())
    assert set(watch.seconds) == {"", "data", "forward", "backward", "optimizer"}
