"""Tests of what a machine is good for."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from tacit.hardware import Peaks, peaks
from tacit.hardware.peaks import _cache


@pytest.fixture(scope="module")
def here() -> Peaks:
    return peaks()


def test_figures_are_those_of_a_machine_that_exists(here: Peaks) -> None:
    # From a tenth of a slow processor to the fastest server there is.
    assert 1e8 < here.float64 < 1e14
    assert 1e8 < here.float32 < 1e14
    assert 1e8 < here.bandwidth < 1e13
    assert here.threads >= 1
    assert (here.bfloat16 is None) == (find_spec("torch") is None)


def test_it_prints_as_one_line_and_is_plain_json() -> None:
    made = Peaks(2e11, 1e11, None, 1.55e10, 1)
    assert str(made) == "GFLOP/s: float32 200, float64 100; memory 15.5 GB/s (1 thread)"
    assert "bfloat16 400;" in str(Peaks(2e11, 1e11, 4e11, 1.55e10, 2))
    assert made.to_dict()["bfloat16"] is None


def test_the_largest_cache_is_what_arrays_must_not_fit_into(tmp_path: Path) -> None:
    for i, size in enumerate(["32K", "1024K", "30M", ""]):
        (tmp_path / f"index{i}").mkdir()
        (tmp_path / f"index{i}" / "size").write_text(f"{size}\n", encoding="ascii")
    assert _cache(tmp_path) == 30 << 20
    assert _cache(tmp_path / "nothing") == 0
