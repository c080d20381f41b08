"""One run of a benchmark, in a process of its own: trained from nothing, and nothing of it is kept in the project.

It reads an order from its input, one line of JSON, and writes lines of JSON: {"progress": ...} while it works, {"done": ...} at its end.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from tacit import metrics
from tacit.benchmarking.latencies import Latency, latency_of
from tacit.benchmarking.orders import Order
from tacit.benchmarking.others import Others
from tacit.benchmarking.policies import PHASES, folded
from tacit.datasets import training_set
from tacit.errors import TacitError
from tacit.evaluating import stored_tests
from tacit.hardware import Energy, measured
from tacit.ladder import Climb, Trial
from tacit.learners import Cache, Model, save_model
from tacit.learning import learn
from tacit.metrics import Metric
from tacit.phases import Stopwatch, phase, stopwatch
from tacit.progress import Progress, watch
from tacit.project import Project, open
from tacit.tasks import Task
from tacit.validation import validation_of

__all__ = ["main", "run"]

_EVERY = 0.2


class _Kept:
    """The best model so far, on the disk, and when it was there."""

    def __init__(self, folder: Path, since: Mapping[str, float], clock: Stopwatch) -> None:
        self._folder, self._since, self._clock = folder, since, clock
        self.model: Model | None = None
        self.rows = 0
        self.curve: list[dict[str, Any]] = []

    def keep(self, model: Model, trial: Trial, measured: Metric) -> None:
        target = self._folder / f"model-{len(self.curve)}"
        save_model(model, target)
        shutil.rmtree(self._folder / f"model-{len(self.curve) - 1}", ignore_errors=True)
        self.model, self.rows = model, trial.rows
        self._clock.stop()
        self.curve.append({"score": measured.value, "phases": _phases(self._clock.seconds, self._since)})


def run(order: Order) -> dict[str, Any]:
    """Train as ordered, then measure what came of it. The figures of a `Record` that only this process knows."""
    folder, others = Path(order.folder), Others()
    since = {"init": time.monotonic() - order.began}
    with stopwatch() as clock, measured() as energy:
        project = open(order.root)
        task = project.task(order.task)
        with phase("load"):
            rows = training_set(project, task, upto=order.upto, last=order.last)
        kept = _Kept(folder, since, clock)
        learned = learn(
            rows,
            task=task.name,
            began=order.began,
            budget_s=order.budget,
            target=order.target,
            metric=order.metric,
            learners=order.learners,
            seed=order.seed,
            cache=Cache(folder / "features"),
            keep=kept.keep,
        )
    took, alone = time.monotonic() - order.began, others.share()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    assert kept.model is not None
    climbed, data = learned.climb, learned.rows.data
    own = validation_of(
        data.output, tuple(learned.rows.ids[i] for i in climbed.rows), climbed.predicted, data.target[climbed.rows]
    )
    own.write(folder, "own")
    fresh, n, test, latency = _fresh(project, task, kept.model, climbed, folder)
    for left in (folder / "features", *folder.glob("model-*")):
        shutil.rmtree(left, ignore_errors=True)
    return {
        "metric": climbed.metric,
        "status": climbed.stopped,
        "seconds": took,
        "phases": _phases(clock.seconds, since),
        "details": {name: s for name, s in clock.seconds.items() if name.rpartition("/")[2] not in (*PHASES, "")},
        "curve": kept.curve,
        "score": climbed.score,
        "own": len(climbed.rows),
        "fresh": fresh,
        "fresh_rows": n,
        "rows": kept.rows,
        "labels": _labels(climbed, order.target),
        "learner": climbed.trial.learner,
        "latency": None if latency is None else latency.to_dict(),
        "energy": _joules(energy),
        "memory_mb": round(memory, 1),
        "others": None if alone is None else round(alone, 4),
        "data": rows.digest,
        "test": test,
    }


def _phases(seconds: Mapping[str, float], since: Mapping[str, float]) -> dict[str, float]:
    return {name: round(spent + since.get(name, 0.0), 6) for name, spent in folded(seconds).items()}


def _joules(energy: Energy) -> dict[str, Any]:
    """What the run took, as far as it is known; what is unknown is None, and not 0."""
    known = [reading.joules for reading in (energy.processor, energy.gpu) if reading.joules is not None]
    return {"joules": sum(known) if known else None, "processor": str(energy.processor), "gpu": str(energy.gpu)}


def _labels(climbed: Climb, target: float | None) -> int | None:
    """The fewest rows that a scored model that reached the target was fitted on."""
    if target is None:
        return None
    up = 1 if metrics.higher_is_better(climbed.metric) else -1
    return min((t.rows for t in climbed.trials if t.score is not None and up * t.score >= up * target), default=None)


def _fresh(
    project: Project, task: Task[..., Any], model: Model, climbed: Climb, folder: Path
) -> tuple[float | None, int, str, Latency | None]:
    """The score on the test rows, how many they are, a hash of them, and how long one answer takes."""
    predicted, targets, ids = [], [], []
    latency: Latency | None = None
    for columns, inputs, some, target, _ in stored_tests(project, task):
        if not some:
            continue
        latency = latency or latency_of(task, model, inputs, columns)
        predicted.append(model.predict(columns))
        targets.append(target)
        ids += some
    digest = hashlib.blake2b("\n".join(ids).encode(), digest_size=16).hexdigest()
    if not ids:
        return None, 0, digest, latency
    output, truth = task.signature.output, np.concatenate(targets)
    given = np.concatenate(predicted)
    validation_of(output, tuple(ids), given, truth).write(folder, "fresh")
    return metrics.score(climbed.metric, given, truth), len(ids), digest, latency


def main() -> None:
    """Do what the input orders, and say on the output how it went."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # labeling functions may print; that is not part of the talk
    order = Order(**json.loads(sys.stdin.readline()))
    told = 0.0

    def tell(progress: Progress) -> None:
        nonlocal told
        if time.monotonic() - told > _EVERY:
            told = time.monotonic()
            out.write(json.dumps({"progress": asdict(progress)}) + "\n")

    try:
        with watch(tell):
            done = {"done": run(order)}
    except TacitError as error:
        done = {"failed": error.to_dict()}
    out.write(json.dumps(done) + "\n")


if __name__ == "__main__":
    main()
