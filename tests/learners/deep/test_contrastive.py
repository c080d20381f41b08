"""Texts of one class are drawn together, and few labels are enough."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tacit.errors import BudgetError, TrainingError
from tacit.learners.deep import contrastive
from tacit.learners.deep.contrastive import _loss, _some, fit_contrastive
from tacit.phases import stopwatch
from tests.learners.deep.small import rows, small_encoder

SETTINGS = {"layers": None, "steps": 60, "rate": 1e-2, "penalty": 0.1}


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_encoder(tmp_path_factory.mktemp("encoders") / "small")


def test_it_learns_from_few_labels(encoder: Path) -> None:
    few, many = rows(encoder, 60), rows(encoder, 200)
    model = fit_contrastive("encoder-finetune", few, SETTINGS, seed=0, deadline=None)
    found = model.predict(many.columns)
    assert (found.argmax(axis=1) == many.target.argmax(axis=1)).mean() > 0.6
    assert (model.predict(few.columns).argmax(axis=1) == few.target.argmax(axis=1)).mean() > 0.8
    assert model.settings == SETTINGS
    again = fit_contrastive("encoder-finetune", few, SETTINGS, seed=0, deadline=None)
    assert np.array_equal(found, again.predict(many.columns))


def test_a_deadline_ends_it_and_its_settings_repeat_it(encoder: Path) -> None:
    few = rows(encoder, 24)
    began = time.monotonic()
    model = fit_contrastive("encoder-finetune", few, {**SETTINGS, "steps": 100_000}, seed=0, deadline=began + 1.0)
    assert time.monotonic() - began < 2.5
    again = fit_contrastive("encoder-finetune", few, model.settings, seed=0, deadline=None)
    assert np.array_equal(model.predict(few.columns), again.predict(few.columns))
    with pytest.raises(BudgetError):
        fit_contrastive("encoder-finetune", few, SETTINGS, seed=0, deadline=time.monotonic() + 0.05)


def test_a_loss_that_is_not_finite_ends_it(encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = rows(encoder, 24)
    monkeypatch.setattr(contrastive, "_HEAT", 0.0)
    with pytest.raises(TrainingError, match="infinite"):
        fit_contrastive("encoder-finetune", few, SETTINGS, seed=0, deadline=None)


def test_one_row_and_rows_of_one_class_are_fine(encoder: Path) -> None:
    few = rows(encoder, 24)
    one = few.take(np.array([0]))
    alike = few.take(np.flatnonzero(few.target[:, 0]))
    for data in (one, alike, replace(few, target=np.full((24, 2), 0.5))):
        found = fit_contrastive("encoder-finetune", data, {**SETTINGS, "steps": 3}, seed=0, deadline=None).predict(few.columns)
        assert np.isfinite(found).all()


def test_the_loss_is_lower_where_classes_lie_apart_and_counts_weights() -> None:
    target, weight = torch.eye(2)[[0, 0, 1, 1]], torch.ones(4)
    apart = torch.eye(2)[[0, 0, 1, 1]]
    mixed = torch.eye(2)[[0, 1, 0, 1]]
    assert _loss(apart, target, weight) < _loss(mixed, target, weight)
    half = torch.tensor([1.0, 1.0, 0.0, 0.0])
    assert _loss(apart, target, half) < _loss(apart, target, weight)
    unsure = torch.full((4, 2), 0.5)
    assert torch.isclose(_loss(apart, unsure, weight), _loss(mixed, unsure, weight))


def test_a_step_has_a_bounded_number_of_texts_and_tokens() -> None:
    rng = np.random.default_rng(0)
    assert len(_some([[1] * 5] * 500, rng)) == 64
    assert len(_some([[1] * 256] * 500, rng)) <= 16
    assert sorted(_some([[1], [1, 2], [1]], rng).tolist()) == [0, 1, 2]


def test_the_time_of_its_steps_is_told_by_phase(encoder: Path) -> None:
    with stopwatch() as watch:
        fit_contrastive("encoder-finetune", rows(encoder, 20), {**SETTINGS, "steps": 2}, seed=0, deadline=None)
    assert {"data", "forward", "backward", "optimizer"} <= set(watch.seconds)
