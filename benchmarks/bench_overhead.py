"""What `tacit bench run` adds to a training: its parts timed one by one, as a share of a run of 60 s.

python benchmarks/bench_overhead.py
python benchmarks/bench_overhead.py --runs 2 --budget 5

- number, commit, versions, machine, price: what the parent process does before a run; line: what it writes after it, into a ledger of
  1,000 lines.
- watching: starting and ending what measures energy and other processes.
- progress: 5 lines a second, from the child through a pipe to whoever watches.
- phases: a stopwatch, as often as the steps of `mlp` and `linear` on a small table name a phase, which are the shortest.

The start of the process is in the seconds of a run, as the phase "init", and is told apart. So is all that a call of `bench` takes beyond
the clock of its run, measured as a whole; there are no test rows, whose score and answers are measured there, for up to 10 s.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

import tacit
from tacit.benchmarking import Arm, bench
from tacit.benchmarking.ledger import ledger_of
from tacit.benchmarking.others import Others
from tacit.benchmarking.prices import price_of
from tacit.hardware import measured
from tacit.phases import phase, stopwatch
from tacit.progress import Progress
from tacit.provenance import commit, machine, versions

SECONDS, LINES, TRIES, A_SECOND = 60.0, 1_000, 15, 5

TASK = """from typing import Literal
from tacit import task


@task
def side({inputs}) -> Literal["in", "out"]:
    \"\"\"Is it inside?\"\"\"
"""


def started(folder: Path) -> None:
    names = [f"x{i}" for i in range(6)]
    (folder / "tasks").mkdir()
    (folder / "tasks" / "side.py").write_text(TASK.format(inputs=", ".join(f"{name}: float" for name in names)))
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=b", "-c", "user.email=b@example.org", "commit", "-qm", "tasks"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)
    tacit.open(folder)
    rows = np.random.default_rng(0).normal(size=(3_000, len(names)))
    told = [
        {**dict(zip(names, row, strict=True)), "side": "in" if sum(x * x for x in row) < 5 else "out"} for row in rows.tolist()
    ]
    tacit.add("side", told, label="side")


def timed(work: Callable[[], object], times: int = 1) -> list[float]:
    """Seconds of so many repetitions, several tries."""
    took = []
    for _ in range(TRIES):
        began = time.perf_counter()
        for _ in range(times):
            work()
        took.append(time.perf_counter() - began)
    return took


def watching() -> None:
    others = Others()
    with measured():
        pass
    others.share()


def through_a_pipe() -> None:
    line = json.dumps({"progress": asdict(Progress("training side (mlp)", 1.0, 60.0, "accuracy 0.912 (mlp)", timed=True))}) + "\n"
    os.write(PIPE[1], line.encode())
    Progress(**json.loads(os.read(PIPE[0], 65_536))["progress"])


def named_phase() -> None:
    with phase("forward", rows=1, operations=1.0):
        pass


def main() -> None:
    read = argparse.ArgumentParser()
    read.add_argument("--runs", type=int, default=5)
    read.add_argument("--budget", type=float, default=20.0)
    asked = read.parse_args()
    with tempfile.TemporaryDirectory(prefix="tacit-bench-") as name:
        folder = Path(name)
        started(folder)
        with stopwatch() as watch:
            tacit.train("side", budget=asked.budget, learners=["linear", "mlp"])
        named = sum(watch.times.values()) / sum(watch.seconds.values())
        whole, inside, init = [], [], []
        for seed in range(asked.runs):
            began = time.perf_counter()
            (run,) = bench(
                "side", target=2.0, runs=1, budget=asked.budget, arms=[Arm("fast", ("linear", "mlp"))], seed=seed
            ).records
            whole.append(time.perf_counter() - began)
            inside.append(run.seconds)
            init.append(run.phases["init"])
        project = tacit.open(folder)
        ledger = ledger_of(project)
        with open(ledger.file, "a", encoding="utf-8") as out:
            out.writelines(replace(run, id=f"{run.id.partition('-')[0]}-{n}").line() + "\n" for n in range(100, 100 + LINES))
        costs = {
            "number": timed(ledger.number),
            "commit": timed(lambda: commit(project.root, but="bench")),
            "versions, machine, price": timed(lambda: (versions(), machine(), price_of(project, None))),
            "line": timed(lambda: ledger.append(run)),
            "watching": timed(watching),
            "progress": timed(through_a_pipe, round(SECONDS * A_SECOND)),
        }
        with stopwatch():
            costs[f"phases, {named:,.0f} a second"] = timed(named_phase, round(SECONDS * named))
    print(f"machine: {machine()}")
    print(f"of a run of {SECONDS:g} s: median seconds (min to max), n = {TRIES}")
    for what, took in costs.items():
        print(f"{what}: {statistics.median(took):.4f} ({min(took):.4f} to {max(took):.4f})")
    total, most = (sum(map(of, costs.values())) for of in (statistics.median, max))
    print(f"sum: {total:.3f} s, {total / SECONDS:.2%} (with the largest of each {most / SECONDS:.2%}); asked: under 1 %")
    print(f"the start of the process, in the phase init: {spelled(init)}, n = {asked.runs}")
    around = [w - i for w, i in zip(whole, inside, strict=True)]
    share = f"{statistics.median(around) / SECONDS:.2%} (at most {max(around) / SECONDS:.2%})"
    print(f"around the clock of a run, as a whole: {spelled(around)}, {share}, n = {asked.runs}")


def spelled(took: list[float]) -> str:
    return f"{statistics.median(took):.2f} s ({min(took):.2f} to {max(took):.2f})"


PIPE = os.pipe()

if __name__ == "__main__":
    main()
