"""An encoder is trained further, on labels of any kind, as far as time allows."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tacit.errors import BudgetError, FileError, TrainingError
from tacit.learners import Data
from tacit.learners.deep import finetuning
from tacit.learners.deep.finetuning import counts, fit_finetuned, forward, training_seconds
from tacit.learners.deep.token_batches import padded
from tacit.learners.deep.tuned import Tuned, stack
from tacit.learners.encoders import text_encoder
from tacit.phases import phase, stopwatch
from tests.learners.deep.small import rows, small_encoder

SETTINGS = {"layers": None, "epochs": 20, "rate": 5e-3, "batch": 16, "smooth": 0.05}


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_encoder(tmp_path_factory.mktemp("encoders") / "small")


def fit(data: Data, deadline: float | None = None, seed: int = 0, **more: Any) -> Tuned:
    return fit_finetuned("encoder-finetune", data, {**SETTINGS, **more}, seed=seed, deadline=deadline)


@pytest.mark.parametrize("layers", [None, 2, 9])
def test_it_learns_classes(encoder: Path, layers: int | None) -> None:
    data = rows(encoder)
    found = fit(data, layers=layers).predict(data.columns)
    assert (found.argmax(axis=1) == data.target.argmax(axis=1)).mean() > 0.9


def test_it_learns_numbers(encoder: Path) -> None:
    data = rows(encoder, number=True)
    found = fit(data, epochs=30).predict(data.columns)
    assert np.corrcoef(found, data.target)[0, 1] > 0.9
    assert abs(found.mean() - data.target.mean()) < 1


def test_heavy_rows_and_soft_labels_count(encoder: Path) -> None:
    data = rows(encoder)
    turned = np.arange(data.n) % 2 == 1
    target = np.where(turned[:, None], data.target[:, ::-1], data.target)
    weight = np.where(turned, 1e-6, 1.0)
    found = fit(replace(data, target=target, weight=weight)).predict(data.columns)
    assert (found.argmax(axis=1) == data.target.argmax(axis=1)).mean() > 0.75
    unsure = fit(replace(data, target=data.target * 0.4 + 0.3)).predict(data.columns)
    assert 0.55 < unsure.max(axis=1).mean() < 0.85


def test_seeds_tell_models_apart_and_the_global_one_is_left_alone(encoder: Path) -> None:
    data = rows(encoder)
    torch.manual_seed(3)
    before = torch.random.get_rng_state()
    one, again, other = (fit(data, seed=s, epochs=2).predict(data.columns) for s in (0, 0, 1))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert torch.equal(before, torch.random.get_rng_state())


def test_the_pretrained_encoder_is_not_changed(encoder: Path) -> None:
    before = [p.clone() for p in stack(text_encoder(str(encoder)), 0).base.parameters()]
    fit(rows(encoder), epochs=2)
    after = stack(text_encoder(str(encoder)), 0).base.parameters()
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))


def test_a_deadline_ends_it_and_its_settings_repeat_it(encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = rows(encoder)
    began = time.monotonic()
    model = fit(data, deadline=began + 1.0, epochs=100_000)
    assert time.monotonic() - began < 2.5
    assert "plan" in model.settings
    again = fit_finetuned("encoder-finetune", data, model.settings, seed=0, deadline=None)
    assert np.array_equal(model.predict(data.columns), again.predict(data.columns))
    assert again.settings == model.settings


@pytest.mark.parametrize("ahead", [-1.0, 0.05])
def test_no_time_gives_no_model(encoder: Path, ahead: float) -> None:
    with pytest.raises(BudgetError):
        fit(rows(encoder), deadline=time.monotonic() + ahead)


def test_a_loss_that_is_not_finite_ends_it(encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = rows(encoder)
    exact, calls = finetuning.mean_pool, [0]

    def broken(hidden: Any, mask: Any) -> Any:
        calls[0] += 1
        return exact(hidden, mask) * (np.nan if calls[0] > after else 1.0)

    monkeypatch.setattr(finetuning, "mean_pool", broken)
    after = 3
    model = fit(data)
    assert np.isfinite(model.predict(data.columns)).all()
    after = 0
    with pytest.raises(TrainingError, match="infinite"):
        fit(data)


def test_another_kind_of_net_is_refused(encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    net = finetuning.load_net(text_encoder(str(encoder)))
    monkeypatch.setattr("tacit.learners.deep.tuned.load_net", lambda p: replace(net, run=lambda ids: ids))
    with pytest.raises(FileError, match="only a BERT"):
        fit(rows(encoder))


def test_training_computes_what_predicting_computes(encoder: Path) -> None:
    net = stack(text_encoder(str(encoder)), None)
    base, ids = net.base.float(), [[2, 8, 3], [2, 9, 5, 6, 3]]
    some = padded(ids)
    found = forward(net.upper.float(), base.embed(some.ids), some.mask)
    for i, alone in enumerate(ids):
        assert torch.allclose(found[i, : len(alone)], base(torch.tensor([alone]))[0], atol=1e-5)
    base.to(torch.bfloat16 if finetuning.load_net(text_encoder(str(encoder))).kept == np.float16 else torch.float32)


def test_fewer_layers_and_texts_take_less_time(encoder: Path) -> None:
    some, many = rows(encoder), rows(encoder, 600)
    assert 0 < training_seconds(some, SETTINGS) < training_seconds(many, SETTINGS)
    assert training_seconds(many, {**SETTINGS, "layers": 1}) < training_seconds(many, SETTINGS)
    assert training_seconds(many, {"layers": None, "steps": 5}) < training_seconds(many, SETTINGS)


def test_all_processors_are_tried_on_an_idle_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finetuning.os, "cpu_count", lambda: 8)
    monkeypatch.setattr(finetuning.os, "getloadavg", lambda: (20.0, 0.0, 0.0), raising=False)
    assert counts() == [4]
    monkeypatch.setattr(finetuning.os, "getloadavg", lambda: (1.0, 0.0, 0.0), raising=False)
    assert counts() == [4, 8]


def test_the_time_of_its_steps_is_told_by_phase(encoder: Path) -> None:
    with stopwatch() as watch, phase("train"):
        fit(rows(encoder), epochs=1)
    assert set(watch.seconds) == {"", "train", "train/data", "train/forward", "train/backward", "train/optimizer"}
