"""One run of a benchmark, as one line of the ledger."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from tacit.benchmarking.policies import PHASES, counted
from tacit.metrics import higher_is_better
from tacit.stability import time_to

__all__ = ["Point", "Record"]


@dataclass(frozen=True)
class Point:
    """A better model: its score, and the seconds of each phase until it could be used."""

    score: float
    phases: Mapping[str, float]


@dataclass(frozen=True)
class Record:
    """One run.

    Attributes:
        id: Who wrote it, 8 hexadecimal digits, and its number: "0badcafe-12". The numbers of a writer have no gaps unless a run
            ended without a word.
        benchmark, arm: What it is a run of: a name for the question, and one for what was tried.
        session, turn: Arms with the same session and turn ran one right after the other.
        at: When it began, UTC, ISO 8601.
        task, metric, target, budget, seed: What was asked of `train`; the target is None where there was none.
        options: What else was asked: learners, and whether it stopped at the target.
        status: "target", "portfolio", "budget", "interrupt" as of a `Run`; "failed" with a `reason`.
        seconds: From the start of the process to the last model, by the clock.
        phases: Seconds of each of `PHASES` until then.
        details: Seconds of what learners name inside training: forward, backward, ...
        curve: Each better model.
        score: On rows that were held out of the training by itself: the benchmark's own evaluation set; None if it failed.
        own: How many rows that are.
        fresh, fresh_rows: The score on the test rows of the store, which no training sees, and how many they are.
        rows: How many rows the model was fitted on.
        labels: The fewest rows that a scored model that reached the target was fitted on, or None.
        learner: Of the model.
        price: USD an hour, with "source" and "date", or None.
        latency: Milliseconds of one answer: see `tacit.benchmarking.latencies`.
        energy: Joules and how they were measured, or why they are unknown.
        memory_mb: The most that the process held.
        others: The share of all processors that other processes used meanwhile, 0 to 1, or None where the system does not say.
        data, test: Hashes of what was learned from, and of the test rows.
        machine, versions, commit: Where, with what, and the commit of the project, with "+" where files had changed since.
        reason: Why it failed.
        after: A hash of the line that the same writer wrote before.
    """

    id: str
    benchmark: str
    arm: str
    session: str
    turn: int
    at: str
    task: str
    metric: str
    target: float | None
    budget: float
    seed: int
    options: Mapping[str, Any]
    status: str
    seconds: float
    phases: Mapping[str, float]
    details: Mapping[str, float]
    curve: tuple[Point, ...]
    score: float | None
    own: int
    fresh: float | None
    fresh_rows: int
    rows: int
    labels: int | None
    learner: str | None
    price: Mapping[str, Any] | None
    latency: Mapping[str, Any] | None
    energy: Mapping[str, Any] | None
    memory_mb: float | None
    others: float | None
    data: str
    test: str
    machine: Mapping[str, Any]
    versions: Mapping[str, str]
    commit: str | None
    reason: str | None = None
    after: str = ""

    @property
    def name(self) -> str:
        """Benchmark and arm, as `compare` takes them."""
        return f"{self.benchmark}/{self.arm}"

    def points(self, policy: str) -> list[tuple[float, float]]:
        """(seconds that count, score) of each better model."""
        return [(counted(point.phases, policy), point.score) for point in self.curve]

    def seconds_to(self, target: float, policy: str, *, strict: bool = False) -> float | None:
        """Seconds that count until a model reached a target, or None."""
        return time_to(self.points(policy), target, higher=higher_is_better(self.metric), strict=strict)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, line: Mapping[str, Any]) -> Record:
        """The record that `to_dict` was asked of. Raises ValueError, which says what is wrong, if it cannot be one."""
        names = [f.name for f in fields(cls)]
        missing = [name for name in names if name not in line]
        unknown = [name for name in line if name not in names]
        if missing or unknown:
            raise ValueError(f"it has no {missing[0]}" if missing else f"it has {unknown[0]}, which is none of its fields")
        if not isinstance(line["curve"], list) or not all(
            isinstance(p, dict) and _is_number(p.get("score")) and _are_phases(p.get("phases")) for p in line["curve"]
        ):
            raise ValueError("curve is a list of scores with the seconds of each phase")
        if not _are_phases(line["phases"]) or not _is_number(line["seconds"]):
            raise ValueError("seconds and phases are numbers, 0 or more")
        for name in ("target", "score", "fresh"):
            if line[name] is not None and not _is_number(line[name]):
                raise ValueError(f"{name} is a number or null")
        for name in ("id", "benchmark", "arm", "task", "metric", "session", "status"):
            if not isinstance(line[name], str):
                raise ValueError(f"{name} is text")
        return cls(**{**line, "curve": tuple(Point(p["score"], p["phases"]) for p in line["curve"])})

    def line(self) -> str:
        """As it stands in the ledger: JSON without spaces, keys in order."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _are_phases(value: object) -> bool:
    return isinstance(value, dict) and all(name in PHASES and _is_number(s) and s >= 0 for name, s in value.items())
