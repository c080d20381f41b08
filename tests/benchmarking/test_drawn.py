"""Runs drawn."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tacit.benchmarking.drawn import DRAWINGS, draw
from tacit.benchmarking.records import Point
from tacit.benchmarking.results import Benchmark
from tacit.errors import OptionError
from tests.benchmarking.runs import phases, record


def texts(svg: str) -> list[str]:
    return [text for node in ET.fromstring(svg).iter() if (text := (node.text or "").strip())]


@pytest.mark.parametrize("kind", DRAWINGS)
def test_each_kind_is_an_svg_that_names_the_arms(kind: str) -> None:
    runs = (record(), record(arm="new", at="2026-11-29T12:00:00+00:00", curve=(Point(0.95, phases(train=2.0)),)))

    found = texts(draw(Benchmark(runs), kind))

    assert any("all" in text for text in found)
    assert any("new" in text for text in found)


def test_who_is_beaten_in_cost_and_time_is_not_on_the_frontier() -> None:
    fast = record(arm="fast", curve=(Point(0.95, phases(train=2.0)),), price={"usd_per_hour": 36.0})
    cheap = record(arm="cheap", curve=(Point(0.95, phases(train=20.0)),), price={"usd_per_hour": 0.36})
    neither = record(arm="neither", curve=(Point(0.95, phases(train=30.0)),), price={"usd_per_hour": 0.36})

    found = texts(draw(Benchmark((fast, cheap, neither)), "frontier"))

    assert {"tone/fast, on the frontier", "tone/cheap, on the frontier", "tone/neither"} <= set(found)


def test_a_profile_scores_arms_over_benchmarks() -> None:
    runs = [
        record(benchmark=benchmark, arm=arm, curve=(Point(0.95, phases(train=seconds)),))
        for benchmark, arm, seconds in (("a", "x", 10.0), ("a", "y", 20.0), ("b", "x", 30.0), ("b", "y", 15.0))
    ]

    # Each is best once and needs twice the time once: (3 + 2) / 2 / 3.
    assert {"x, 0.83", "y, 0.83"} <= set(texts(draw(Benchmark(tuple(runs)), "profile")))


@pytest.mark.parametrize(
    ("kind", "changed", "said"),
    [
        ("frontier", {"price": None}, "runs have reached their target and have a price"),
        ("history", {"curve": ()}, "nothing to draw as history"),
        ("profile", {"curve": ()}, "nothing to draw as profile"),
        ("curves", {"curve": ()}, "nothing to draw as curves"),
        ("pie", {}, 'no drawing "pie"'),
    ],
)
def test_what_cannot_be_drawn_says_why(kind: str, changed: dict[str, object], said: str) -> None:
    with pytest.raises(OptionError, match=said):
        draw(Benchmark((record(**changed),)), kind)


def test_scores_of_two_metrics_are_not_on_one_axis() -> None:
    with pytest.raises(OptionError, match="the runs have accuracy and r2"):
        draw(Benchmark((record(), record(metric="r2"))), "curves")
