"""Comparing models row by row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tacit import metrics
from tacit.errors import ArtifactError
from tacit.types import Category, Number
from tacit.validation import Validation, compare, validation_of

KIND = Category(("a", "b"), "Literal['a', 'b']")


def made(right: list[float], ids: str = "abcd") -> Validation:
    return Validation(tuple(ids[: len(right)]), np.arange(len(right)) % 2, {"right": np.array(right)})


def test_scores_come_back_as_they_were_written(tmp_path: Path) -> None:
    written = validation_of(KIND, ("a" * 32, "b" * 32), np.array([[0.9, 0.1], [0.6, 0.4]]), np.eye(2))
    written.write(tmp_path, "m1")
    read = Validation.read(tmp_path, "m1")
    assert read.ids == written.ids
    assert read.truth.tolist() == [0, 1]
    for name, values in written.scores.items():
        np.testing.assert_array_equal(read.scores[name], values)


def test_missing_or_damaged_scores_are_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="next:"):
        Validation.read(tmp_path, "none")
    made([1.0]).write(tmp_path, "m1")
    file = tmp_path / "validation" / "m1.npz"
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(ArtifactError, match="next:"):
        Validation.read(tmp_path, "m1")


def test_only_rows_that_both_were_scored_on_are_compared() -> None:
    assert compare(made([1, 1, 0], "abc"), made([1, 0, 1], "cbd"), "accuracy").tolist() == [1, -1]
    assert compare(made([1]), made([]), "balanced").tolist() == []


@pytest.mark.parametrize("metric", ["accuracy", "balanced", "log_loss", "brier", "mae"])
def test_the_mean_difference_is_the_difference_of_the_metric(metric: str) -> None:
    draw = np.random.default_rng(0)
    output = Number() if metric == "mae" else KIND
    truth = draw.choice(2, 60, p=[0.8, 0.2])
    target = draw.normal(size=60) if metric == "mae" else np.eye(2)[truth]
    said = [draw.normal(size=60) if metric == "mae" else draw.dirichlet(np.ones(2), 60) for _ in range(2)]
    ids = tuple(map(str, range(60)))
    new, old = (validation_of(output, ids, p, target) for p in said)
    up = 1 if metrics.higher_is_better(metric) else -1
    want = up * (metrics.score(metric, said[0], target) - metrics.score(metric, said[1], target))
    assert compare(new, old, metric).mean() == pytest.approx(want)


def test_groups_that_a_training_was_to_be_good_at_weigh_the_same(tmp_path: Path) -> None:
    new = Validation(tuple("abcd"), np.zeros(4, np.int64), {"right": np.array([0.0, 1, 1, 1])}, np.array([1, 0, 0, 0]))
    new.write(tmp_path, "m1")
    read = Validation.read(tmp_path, "m1")
    assert read.strata is not None
    assert read.strata.tolist() == [1, 0, 0, 0]
    old = Validation(tuple("abcd"), np.zeros(4, np.int64), {"right": np.array([1.0, 0, 0, 1])})
    assert compare(read, old, "accuracy").mean() == pytest.approx((-1 + 2 / 3) / 2)
    assert compare(old, read, "accuracy").mean() == pytest.approx(-1 / 4)
