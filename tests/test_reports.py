"""What a measurement found."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score, r2_score

from tacit.reports import report_on
from tacit.types import Category, Number

KIND = Category(("a", "b", "c"), "Literal['a', 'b', 'c']")


def test_figures_are_those_of_scikit_learn_whole_and_by_slice() -> None:
    draw = np.random.default_rng(0)
    truth = draw.integers(0, 3, 300)
    predicted = draw.dirichlet(np.ones(3), 300) + np.eye(3)[truth]
    predicted /= predicted.sum(1, keepdims=True)
    some = draw.random(300) < 0.3
    report = report_on("t", "m", KIND, predicted, np.eye(3)[truth], {"some": some, "none": np.zeros(300, bool)}, ())
    said = predicted.argmax(1)
    assert report.metrics["accuracy"] == pytest.approx(accuracy_score(truth, said))
    assert report.metrics["balanced"] == pytest.approx(balanced_accuracy_score(truth, said))
    assert report.metrics["macro_f1"] == pytest.approx(f1_score(truth, said, average="macro"))
    assert report.slices["some"].metrics["accuracy"] == pytest.approx(accuracy_score(truth[some], said[some]))
    assert (report.slices["none"].n, report.slices["none"].metrics) == (0, {})
    assert 0 <= report.metrics["ece"] <= 1
    for name, (low, high) in report.intervals.items():
        assert low <= report.metrics[name] <= high
    json.dumps(report.to_dict())
    assert "none" in str(report)


def test_numbers_have_no_calibration() -> None:
    truth = np.arange(20.0)
    report = report_on("t", "m", Number(), truth + 0.5, truth, {}, ("a note",))
    assert report.metrics["r2"] == pytest.approx(r2_score(truth, truth + 0.5))
    assert report.metrics["mae"] == pytest.approx(0.5)
    assert report.calibration is None
    assert "note: a note" in str(report)


def test_a_quarter_of_a_million_rows_take_no_time_to_speak_of() -> None:
    draw = np.random.default_rng(0)
    truth = draw.integers(0, 3, 250_000)
    predicted = draw.dirichlet(np.ones(3), 250_000)
    slices = {f"slice {i}": truth % 4 == i for i in range(4)}
    began = time.monotonic()
    report_on("t", "m", KIND, predicted, np.eye(3)[truth], slices, ())
    assert time.monotonic() - began < 5  # the bootstrap took 30
