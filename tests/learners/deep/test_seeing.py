"""Nets from scratch: what they learn, and what they do with bad images and little time."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from tacit.errors import BudgetError, TrainingError
from tacit.learners import Cache, Data, get
from tacit.learners.deep import seeing
from tacit.learners.deep.seeing import fit_convnet
from tacit.learners.deep.sight import Sight
from tacit.phases import phase, stopwatch
from tacit.types import Category, ImageKind, Number

SETTINGS: dict[str, Any] = {
    **{"side": 8, "gray": True, "flip": False, "vary": {"shift": 0.1}, "widths": [16, 16], "residual": False, "stem": 4},
    **{"epochs": 4, "batch": 32, "rate": 1.5, "decay": 2.5e-4, "smooth": 0.1},
}


def digits(n: int = 500) -> Data:
    images, labels = load_digits(return_X_y=True)
    values = [np.rint(x.reshape(8, 8) * 15.9).astype(np.uint8) for x in images[:n]]
    return Data({"x": ImageKind()}, {"x": values}, Category(tuple(range(10)), "int"), np.eye(10)[labels[:n]], np.ones(n))


def fit(data: Data, deadline: float | None = None, **more: Any) -> Sight:
    return fit_convnet("convnet", data, {**SETTINGS, **more}, seed=1, deadline=deadline, cache=Cache())


def test_digits_are_learned() -> None:
    data = digits(1500)
    train, rest = data.take(np.arange(1200)), data.take(np.arange(1200, 1500))
    model = fit(train, epochs=8)
    right = model.predict(rest.columns).argmax(axis=1) == rest.target.argmax(axis=1)
    assert right.mean() > 0.93


def test_a_number_is_learned_on_its_own_scale() -> None:
    data = digits()
    dark = np.array([float(image.mean()) for image in data.columns["x"]]) * 1000
    model = fit(replace(data, output=Number(), target=dark), epochs=12, vary={})
    assert np.corrcoef(model.predict(data.columns), dark)[0, 1] > 0.9


def test_a_damaged_image_is_left_out_of_training_and_predicted_as_a_missing_one() -> None:
    data = digits(100)
    values = list(data.columns["x"])
    values[3], values[7] = b"\x89PNG no more", None
    cache = Cache()
    model = fit_convnet("convnet", replace(data, columns={"x": values}), SETTINGS, seed=1, deadline=None, cache=cache)
    assert list(cache.damaged.values()) == [values[3]]
    found = model.predict({"x": [values[3], None]})
    assert np.array_equal(found[0], found[1])
    # The row teaches nothing: what it says makes no difference.
    target = data.target.copy()
    target[3] = np.roll(target[3], 1)
    again = fit(replace(data, columns={"x": values}, target=target)).predict(data.columns)
    assert np.array_equal(again, model.predict(data.columns))


def test_rows_of_no_weight_teach_nothing() -> None:
    data = digits(400)
    wrong = data.target.copy()
    wrong[200:] = np.roll(wrong[200:], 1, axis=1)
    model = fit(replace(data, target=wrong, weight=np.where(np.arange(400) < 200, 1.0, 1e-9)), epochs=20)
    assert (model.predict(data.columns).argmax(axis=1) == data.target.argmax(axis=1)).mean() > 0.8


def test_a_deadline_shortens_the_schedule_and_the_settings_repeat_it() -> None:
    data, began = digits(), time.monotonic()
    model = fit(data, began + 2, epochs=5_000)
    assert time.monotonic() - began < 4
    assert "plan" in model.settings
    again = fit_convnet("convnet", data, model.settings, seed=1, deadline=None, cache=Cache())
    assert np.array_equal(again.predict(data.columns), model.predict(data.columns))


def test_no_time_at_all_is_a_budget_error() -> None:
    with pytest.raises(BudgetError):
        fit(digits(), time.monotonic() - 1)


def test_a_loss_that_explodes_leaves_the_last_finite_net(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def forward(*arguments: Any) -> Any:
        calls.append(1)
        return real(*arguments) * (float("nan") if len(calls) == 15 else 1.0)

    real = seeing.forward
    monkeypatch.setattr(seeing, "forward", forward)
    model = fit(digits())
    assert [piece[:2] for piece in model.settings["plan"]] == [[0, 62], [15, 0]]
    assert np.isfinite(model.predict(digits(20).columns)).all()


def test_memory_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def forward(*arguments: Any) -> Any:
        raise RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 99 bytes")

    monkeypatch.setattr(seeing, "forward", forward)
    with pytest.raises(TrainingError, match="memory"):
        fit(digits())


def test_chance_and_threads_of_the_process_are_left_alone() -> None:
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    fit(digits(100)).predict(digits(3).columns)
    assert torch.equal(state, torch.get_rng_state())
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("name", ["convnet-small", "convnet"])
def test_the_portfolio_follows_the_images(name: str) -> None:
    learner, data = get(name), digits(100)
    first = learner.portfolio(data)[0]
    assert (first["side"], first["gray"], first["flip"]) == (8, True, False)
    photos = [np.random.default_rng(i).integers(256, size=(200, 150, 3), dtype=np.uint8) for i in range(8)]
    first = learner.portfolio(replace(data.take(np.arange(8)), columns={"x": photos}))[0]
    assert (first["side"], first["gray"], first["flip"]) == (64, False, True)


def test_time_is_told_before_and_grows_with_rows() -> None:
    learner, data = get("convnet"), digits(1500)
    settings = learner.portfolio(data)[0]
    few, many = (learner.seconds(data.take(np.arange(n)), settings) for n in (100, 1500))
    assert few is not None
    assert many is not None
    assert 0 < few < many


def test_without_torch_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    data = digits(10)
    assert get("convnet").lacks(data) is None
    monkeypatch.setattr("tacit.learners.convnet_small.find_spec", lambda name: None)
    assert get("convnet").lacks(data) == 'pip install "tacit[deep]"'


def test_the_time_of_its_steps_is_told_by_phase() -> None:
    with stopwatch() as watch, phase("train"):
        fit(digits(100))
    assert set(watch.seconds) == {"", "train", "train/data", "train/forward", "train/backward", "train/optimizer"}
