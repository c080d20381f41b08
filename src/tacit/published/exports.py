"""Own results in the formats of others: a DAWNBench entry, or an MLPerf log of v0.7 and later."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tacit.published.entries import TASKS

__all__ = ["Measured", "dawnbench_entry", "mllog", "write_dawnbench", "write_mlperf"]

_UNTIMED = ("init", "compile", "clear")


@dataclass(frozen=True)
class Measured:
    """One run, as it was measured.

    All seconds are on one clock, which is at 0 when the run begins.

    Attributes:
        benchmark: Its name: "CIFAR10", "trec", ...
        metric: The name of the score; higher is better.
        target: The score to reach, in the unit of the curve.
        machine: What it ran on, in words.
        price_per_hour: USD an hour of all of it together; None where that is not known.
        seed: Of what is drawn.
        started: When the clock was at 0: seconds since 1970.
        phases: (name, start, end) in seconds: "init", "load", "compile", "train", "eval", "save"; "clear" if caches were emptied.
        curve: (epoch or step, seconds, score) of each evaluation.
        converged: Whether it reached the target.
        samples: How many rows it learned from; None where that is not known.
    """

    benchmark: str
    metric: str
    target: float
    machine: str
    price_per_hour: float | None
    seed: int
    started: float
    phases: Sequence[tuple[str, float, float]]
    curve: Sequence[tuple[float, float, float]]
    converged: bool
    samples: int | None = None

    @property
    def stopped(self) -> float:
        """When the run ended: at the first evaluation that met the target; of one that failed, at the end of all."""
        if self.converged:
            return min(seconds for _, seconds, score in self.curve if score >= self.target)
        return max([0.0, *(end for _, _, end in self.phases), *(seconds for _, seconds, _ in self.curve)])


def dawnbench_entry(
    run: Measured, *, model: str, framework: str = "tacit", author: str = "tacit", email: str = ""
) -> tuple[str, str]:
    """The JSON and the TSV file of a DAWNBench training entry.

    Hours are those of the whole clock: DAWNBench allows to leave validation out, which is not done here. The score of a task that
    DAWNBench has in percent is written in percent.

    Arguments:
        run: One run.
        model: What was trained.
        framework: What trained it.
        author, email: Who enters; DAWNBench's checker wants both.
    """
    known = TASKS.get(run.benchmark)
    metric = (known.metric if known else None) or run.metric
    scale = 100 if known and known.most == 100 else 1
    fields = {
        "version": "v1.0",
        "author": author,
        "authorEmail": email,
        "framework": framework,
        "model": model,
        "hardware": run.machine,
        "costPerHour": run.price_per_hour,
        "timestamp": dt.datetime.fromtimestamp(run.started, dt.UTC).strftime("%Y-%m-%d"),
        "misc": {
            "seed": run.seed,
            "samples": run.samples,
            "target": run.target,
            "phases": [{"name": name, "start": start, "end": end} for name, start, end in run.phases],
        },
    }
    rows = [f"{at:g}\t{seconds / 3600!r}\t{round(scale * score, 10)!r}" for at, seconds, score in run.curve]
    return json.dumps(fields, indent=2, ensure_ascii=False) + "\n", "\n".join([f"epoch\thours\t{metric}", *rows]) + "\n"


def write_dawnbench(
    run: Measured, folder: Path, *, model: str, framework: str = "tacit", author: str = "tacit", email: str = ""
) -> tuple[Path, Path]:
    """Write the entry as FOLDER/BENCHMARK/train/AUTHOR_MODEL_MACHINE_FRAMEWORK.json and .tsv.

    Arguments:
        run: One run.
        folder: Where entries are; it is made where it is missing.
        model, framework, author, email: As of `dawnbench_entry`.
    """
    place = folder / _slug(run.benchmark) / "train"
    place.mkdir(parents=True, exist_ok=True)
    stem = "_".join(_slug(part) for part in (author, model, run.machine, framework))
    entry, track = place / f"{stem}.json", place / f"{stem}.tsv"
    both = dawnbench_entry(run, model=model, framework=framework, author=author, email=email)
    for path, text in zip((entry, track), both, strict=True):
        path.write_text(text, encoding="utf-8")
    return entry, track


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-.") or "unnamed"


def mllog(run: Measured) -> str:
    """The MLPerf log of a run: lines of `:::MLLOG`.

    The clock of MLPerf starts after the phases "init" and "compile" that come first, and stops with the run, whose later evaluations
    are left out. cache_clear is true only where a phase "clear" says so. The division is "open", the status "research".

    Arguments:
        run: One run.
    """
    return "".join(line + "\n" for line in _lines(run))


def _lines(run: Measured) -> Iterator[str]:
    begin = _untimed(run)
    cleared = any(name == "clear" for name, _, _ in run.phases)
    org = {"org": "tacit", "platform": run.machine, "division": "open", "status": "research", "benchmark": run.benchmark}
    for key, value in org.items():
        yield _line(run, 0.0, f"submission_{key}", value)
    yield _line(run, 0.0, "cache_clear", cleared)
    yield _line(run, 0.0, "init_start", kind="INTERVAL_START")
    yield _line(run, 0.0, "seed", run.seed)
    if run.samples is not None:
        yield _line(run, 0.0, "train_samples", run.samples)
    yield _line(run, begin, "init_stop", kind="INTERVAL_END")
    yield _line(run, begin, "run_start", kind="INTERVAL_START")
    told: list[tuple[float, str]] = []
    for at, seconds, score in run.curve:
        told.append((seconds, _line(run, seconds, "eval_accuracy", score, epoch_num=at)))
    for name, start, end in run.phases:
        if name == "eval":
            told.append((start, _line(run, start, "eval_start", kind="INTERVAL_START")))
            told.append((end, _line(run, end, "eval_stop", kind="INTERVAL_END")))
    for seconds, line in sorted(told, key=lambda both: both[0]):
        if begin <= seconds <= run.stopped:
            yield line
    yield _line(run, run.stopped, "run_stop", kind="INTERVAL_END", status="success" if run.converged else "aborted")


def _untimed(run: Measured) -> float:
    """When the clock of MLPerf starts."""
    begin = 0.0
    for name, _, end in sorted(run.phases, key=lambda phase: phase[1]):
        if name not in _UNTIMED:
            break
        begin = max(begin, end)
    return begin


def _line(run: Measured, seconds: float, key: str, value: Any = None, *, kind: str = "POINT_IN_TIME", **more: Any) -> str:
    said = {
        "namespace": "",
        "time_ms": round((run.started + seconds) * 1000),
        "event_type": kind,
        "key": key,
        "value": value,
        "metadata": {"file": "tacit", "lineno": 0, **more},
    }
    return ":::MLLOG " + json.dumps(said, ensure_ascii=False)


def write_mlperf(runs: Sequence[Measured], folder: Path) -> list[Path]:
    """Write the logs of the runs of one benchmark as FOLDER/result_0.txt, result_1.txt, ...

    Arguments:
        runs: In the order in which they were made; all of them, also those that failed.
        folder: It is made where it is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"result_{number}.txt" for number in range(len(runs))]
    for path, run in zip(paths, runs, strict=True):
        path.write_text(mllog(run), encoding="utf-8")
    return paths
