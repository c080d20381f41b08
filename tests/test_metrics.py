"""Metrics: the values of scikit-learn, with intervals that hold."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn import metrics as peer

from tacit import metrics
from tacit.errors import OptionError
from tacit.types import Category, Number

KIND = Category(("a", "b", "c"), "Literal['a', 'b', 'c']")


def made(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    truth = draw.choice(3, n, p=[0.6, 0.3, 0.1])
    scores = draw.dirichlet(np.ones(3), n) + 0.7 * np.eye(3)[truth]
    return scores / scores.sum(1, keepdims=True), truth


def test_metrics_of_classes_are_those_of_scikit_learn_for_positions_and_for_soft_targets() -> None:
    p, truth = made(400)
    said, soft = p.argmax(1), np.eye(3)[truth] * 0.8 + 0.2 / 3
    want = {
        "accuracy": peer.accuracy_score(truth, said),
        "balanced": peer.balanced_accuracy_score(truth, said),
        "macro_f1": peer.f1_score(truth, said, average="macro"),
        "log_loss": peer.log_loss(truth, p),
        "brier": float(((p - np.eye(3)[truth]) ** 2).sum(1).mean()),
    }
    assert list(want) == list(metrics.names(KIND))
    for name, value in want.items():
        assert metrics.score(name, p, truth) == pytest.approx(value), name
        assert metrics.score(name, p, soft) == pytest.approx(value), name


def test_metrics_of_numbers_are_those_of_scikit_learn() -> None:
    draw = np.random.default_rng(0)
    truth = draw.normal(size=300)
    said = truth + draw.normal(size=300) / 2
    assert metrics.score("r2", said, truth) == pytest.approx(peer.r2_score(truth, said))
    assert metrics.score("mae", said, truth) == pytest.approx(peer.mean_absolute_error(truth, said))
    assert metrics.score("rmse", said, truth) == pytest.approx(peer.root_mean_squared_error(truth, said))


def test_the_interval_of_accuracy_is_wilsons() -> None:
    p, truth = made(57)
    found = metrics.measure("accuracy", p, truth)
    want = binomtest(int((p.argmax(1) == truth).sum()), 57).proportion_ci(method="wilson")
    assert found.interval == pytest.approx((want.low, want.high), abs=1e-9)


@pytest.mark.parametrize("name", ["balanced", "macro_f1", "log_loss", "brier"])
def test_bootstrap_intervals_hold_the_truth_about_as_often_as_they_say(name: str) -> None:
    p, truth = made(50_000, seed=9)
    real = metrics.score(name, p, truth)
    held = 0
    for seed in range(100):
        low, high = metrics.measure(name, *made(300, seed=seed + 100), seed=seed).interval
        held += low <= real <= high
    assert 86 <= held <= 100  # 95 expected; 86 is four standard deviations below


@pytest.mark.parametrize("name", [*metrics.names(KIND)[1:], *metrics.names(Number())])
def test_intervals_of_many_rows_are_those_of_the_bootstrap(name: str) -> None:
    p, truth = made(2_400, seed=4)
    if name in metrics.names(Number()):
        truth = np.random.default_rng(1).normal(3, 2, 2_400)
        p = truth + np.random.default_rng(2).standard_t(8, 2_400)
    draw = np.random.default_rng(3)
    drawn = [metrics.score(name, p[i], truth[i]) for i in (draw.integers(2_400, size=2_400) for _ in range(600))]
    low, high = metrics.measure(name, p, truth).interval
    assert high - low == pytest.approx(2 * 1.96 * np.std(drawn), rel=0.15)
    assert (low + high) / 2 == pytest.approx(metrics.score(name, p, truth))


def test_many_rows_that_are_all_right_or_all_alike_have_intervals_too() -> None:
    truth = np.arange(3_000) % 3
    for name in metrics.names(KIND):
        found = metrics.measure(name, np.eye(3)[truth], truth)
        assert found.interval[0] <= found.value <= found.interval[1]
        assert found.interval[0] < 1 or name in ("log_loss", "brier")
    for name in metrics.names(Number()):
        found = metrics.measure(name, np.full(3_000, 2.0), np.full(3_000, 2.0))
        assert found.interval == (found.value, found.value)


def test_the_value_lies_in_its_interval_also_at_the_ends() -> None:
    truth = np.zeros(10, int)
    for p in (np.eye(3)[truth], np.eye(3)[truth + 1]):
        found = metrics.measure("accuracy", p, truth)
        assert found.interval[0] <= found.value <= found.interval[1]


def test_one_row_has_metrics_too() -> None:
    for name in metrics.names(KIND):
        assert np.isfinite(metrics.measure(name, np.array([[0.2, 0.7, 0.1]]), np.array([1])).value)
    for name in metrics.names(Number()):
        assert np.isfinite(metrics.measure(name, np.array([1.0]), np.array([2.0])).value)


def test_calibration_is_zero_where_confidence_is_right_and_large_where_it_boasts() -> None:
    draw = np.random.default_rng(0)
    share = draw.uniform(0.5, 1, 20_000)
    truth = (draw.random(20_000) > share).astype(int)
    honest = np.column_stack([share, 1 - share])
    assert metrics.calibration(honest, truth).ece < 0.015
    boasting = np.column_stack([np.full(20_000, 0.99), np.full(20_000, 0.01)])
    found = metrics.calibration(boasting, truth)
    assert found.ece == pytest.approx(0.99 - (truth == 0).mean(), abs=1e-9)
    assert sum(b.n for b in found.bins) == 20_000


def test_defaults_directions_and_unknown_names() -> None:
    assert metrics.default(KIND) == "accuracy"
    assert metrics.default(Number()) == "r2"
    assert metrics.higher_is_better("macro_f1")
    assert not metrics.higher_is_better("rmse")
    with pytest.raises(OptionError, match="accuracy"):
        metrics.check("acuracy", KIND)
    with pytest.raises(OptionError, match="r2"):
        metrics.check("accuracy", Number())
