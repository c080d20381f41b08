"""The model of `forest`: stored as arrays, and loaded without scikit-learn."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from tacit.learners import Cache, get
from tacit.learners.woods import Grove, Woods
from tests.learners.test_growing import grid


def test_rows_walk_to_their_leaves() -> None:
    # One tree: x0 <= 1 ? (x1 <= 0 ? leaf 0 : leaf 1) : leaf 2; what is missing goes left at the first node, right at the second.
    grove = Grove(
        np.array([0], np.int32),
        np.array([0, 1, -1, -2, -3], np.int32),
        np.array([1, 0, 0, 0, 0], np.float32),
        np.array([[1, 4], [2, 3], [-1, -1], [-1, -1], [-1, -1]], np.int32),
        np.array([True, False, False, False, False]),
    )
    values = np.array([[1, 0], [1, 1], [2, 0], [np.nan, 0], [np.nan, np.nan]], np.float32)
    assert grove.leaves(values)[:, 0].tolist() == [0, 1, 2, 0, 1]


def test_a_stored_forest_answers_a_row_within_three_milliseconds_and_needs_no_scikit_learn(tmp_path: Path) -> None:
    data = grid(3_000)
    model = get("forest").fit(data, get("forest").portfolio(data)[0], seed=0, cache=Cache())
    model.save(tmp_path)
    loaded = Woods.load(tmp_path, "forest")
    took = []
    for i in range(40):
        row = {name: [values[i]] for name, values in data.columns.items()}
        began = time.perf_counter()
        loaded.predict(row)
        took.append(time.perf_counter() - began)
    assert np.min(took) < 0.003
    code = f"import sys; from pathlib import Path; from tacit.learners import get; get('forest').load(Path({str(tmp_path)!r}))"
    found = subprocess.run(
        [sys.executable, "-c", f"{code}; print('sklearn' in sys.modules)"], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "False"
