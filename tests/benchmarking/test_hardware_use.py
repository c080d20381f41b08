"""What work made of a machine: figures with known results."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from tacit.benchmarking.hardware_use import PARTS, HardwareUse, Work, shares
from tacit.hardware import Peaks

PEAKS = Peaks(float32=100e9, float64=50e9, bfloat16=None, bandwidth=10e9, threads=1)
# 4e9 operations in .1 s are 40 GFLOP/s; 1 operation a byte lets memory give 10 GFLOP/s, of which it has 5.
TRAINED = Work("a fit", 1_000, 0.1, 4e9, "float32")
ANSWERED = Work("10 answers", 10, 0.001, 5e6, "float64", 5e6)
UNKNOWN = Work("one answer", 10, 0.1, why="operations of trees are unknown")

USE = HardwareUse(
    task="tone",
    learner="linear",
    metric="accuracy",
    score=0.9,
    seconds=10.0,
    phases=dict.fromkeys(PARTS, 0.0) | {"forward": 7.0, "rest": 3.0},
    members=1,
    rows=100,
    steps=10,
    works=(TRAINED, ANSWERED, UNKNOWN),
    peaks=PEAKS,
    others=0.3,
)


def test_phases_go_by_their_innermost_name_and_the_rest_has_no_name() -> None:
    found = shares(
        {"": 1.0, "train": 2.0, "train/eval": 3.0, "train/eval/forward": 4.0, "train/evaluate": 5.0, "train/fold": 6.0}
    )

    assert {name: spent for name, spent in found.items() if spent} == {"forward": 4.0, "eval": 8.0, "rest": 9.0}


def test_work_is_held_against_the_peak_of_its_own_precision() -> None:
    assert (TRAINED.per_row, TRAINED.rate, TRAINED.used(PEAKS)) == (4e6, pytest.approx(40e9), pytest.approx(0.4))
    assert ANSWERED.used(PEAKS) == pytest.approx(0.1)
    assert replace(TRAINED, precision="bfloat16").used(PEAKS) is None


def test_work_whose_bytes_are_known_has_a_place_under_the_roof() -> None:
    (point,) = USE.roofs["float64"].points

    assert (point.intensity, USE.roofs["float64"].share(point), USE.roofs["float64"].bound(point)) == (1.0, 0.5, "memory")


def test_what_is_unknown_says_so_and_why_and_a_busy_machine_is_told_of() -> None:
    said = str(USE)

    assert "unknown: operations of trees are unknown" in said
    assert "40.00% float32" in said
    assert "50.00%, memory" in said
    assert "70.0%" in said
    assert "30% of the machine did other work" in said


def test_the_drawing_has_a_roof_and_the_work_under_it() -> None:
    texts = [t.text for t in ET.fromstring(USE.draw()).iter("{http://www.w3.org/2000/svg}text")]

    assert {"roof, float64", "10 answers", "operations a byte"} <= set(texts)
    assert {"0.1", "1", "10", "100"} <= set(texts)
