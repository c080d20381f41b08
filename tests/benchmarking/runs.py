"""Runs to show a ledger with, made up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tacit.benchmarking.policies import PHASES
from tacit.benchmarking.records import Point, Record

__all__ = ["phases", "record"]


def phases(**seconds: float) -> dict[str, float]:
    return dict.fromkeys(PHASES, 0.0) | seconds


_RUN = Record(
    id="0badcafe-1",
    benchmark="tone",
    arm="all",
    session="5e551044",
    turn=0,
    at="2026-11-28T12:00:00+00:00",
    task="tone",
    metric="accuracy",
    target=0.9,
    budget=60.0,
    seed=0,
    options={"learners": None, "to_target": True},
    status="target",
    seconds=10.0,
    phases=phases(init=2.0, load=1.0, train=5.0, eval=1.5, save=0.5),
    details={"train/forward": 2.0},
    curve=(Point(0.8, phases(init=2.0, load=1.0, train=1.0)), Point(0.91, phases(init=2.0, load=1.0, train=4.0, eval=1.0))),
    score=0.91,
    own=100,
    fresh=0.89,
    fresh_rows=200,
    rows=400,
    labels=400,
    learner="tfidf-linear",
    price={"machine": "small", "usd_per_hour": 0.36, "source": "a page", "date": "2026-11-01"},
    latency={
        "n": 100,
        "whole": {"p50": 1.0, "p90": 2.0, "p99": 3.0, "mean": 1.2},
        "model": {"p50": 0.5, "p90": 1.0, "p99": 1.5, "mean": 0.6},
    },
    energy=None,
    memory_mb=300.0,
    others=0.01,
    data="d",
    test="t",
    machine={"processor": "one", "cores": 2},
    versions={"tacit": "0.1.0"},
    commit="abc",
)


def record(**changed: Any) -> Record:
    return replace(_RUN, **changed)
