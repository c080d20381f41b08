"""What the harness of `tacit bench run` costs beside a run of a minute: inside the seconds that it reports, and around them.

    python benchmarks/bench_overhead.py [--data ../shared/data] [--runs 3] [--budget 60]

Inside: phases that are entered, at what entering one costs, and the snapshots at better models. Around: number, folder, process, pipe and
line of the ledger, which is all that a call of `bench` takes beyond its worker's own clock; scoring fresh rows and asking for single
answers comes after that clock, is wanted, and is told apart.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median

import pandas as pd

import tacit
from tacit.benchmarking import Arm
from tacit.benchmarking.orders import Order
from tacit.benchmarking.worker import run
from tacit.phases import Stopwatch, phase, stopwatch
from tacit.provenance import machine

TASK = """from typing import Literal
from tacit import Text, task

@task
def trec(text: Text) -> Literal["ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM"]:
    "What is asked for?"
"""


def one_phase() -> float:
    """Seconds of entering and leaving a phase while a stopwatch is held."""
    with stopwatch():
        began = time.perf_counter()
        for _ in range(100_000):
            with phase("train"):
                pass
        return (time.perf_counter() - began) / 100_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--budget", type=float, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tasks").mkdir()
        (folder / "tasks" / "trec.py").write_text(TASK, encoding="utf-8")
        project = tacit.open(folder)
        tacit.add("trec", pd.read_parquet(asked.data / "trec" / "train.parquet")[["text", "label"]], label="label")
        arm = Arm("all", to_target=False)
        around, timed = [], []
        for seed in range(asked.runs):  # without test rows nothing comes after the worker's clock but its end
            began = time.perf_counter()
            (record,) = tacit.bench("trec", target=0.99, runs=1, budget=asked.budget, arms=[arm], seed=seed).records
            around.append(time.perf_counter() - began - record.seconds)
            timed.append(record.seconds)
        entered = 0
        enter = Stopwatch.enter

        def counted(self: Stopwatch, name: str) -> None:
            nonlocal entered
            entered += 1
            enter(self, name)

        Stopwatch.enter = counted  # type: ignore[method-assign]
        count = project.store.count("trec")
        work = folder / "once"
        work.mkdir()
        order = Order(
            root=str(folder),
            folder=str(work),
            began=time.monotonic(),
            task="trec",
            budget=asked.budget,
            target=None,
            metric=None,
            learners=None,
            seed=0,
            upto=count.last_label_seq,
            last=count.last_example_seq,
        )
        seconds = float(run(order)["seconds"])
        Stopwatch.enter = enter  # type: ignore[method-assign]
    inside = entered * one_phase()
    print(machine())
    print(f"timed {median(timed):.1f} s ({min(timed):.1f} to {max(timed):.1f}, n = {len(timed)})")
    print(f"inside: {entered} phases, {1000 * inside:.2f} ms of {seconds:.1f} s, {inside / seconds:.4%}")
    shares = [a / t for a, t in zip(around, timed, strict=True)]
    print(
        f"around: {median(around):.2f} s ({min(around):.2f} to {max(around):.2f}), "
        f"{median(shares):.2%} ({min(shares):.2%} to {max(shares):.2%}) of a run"
    )


if __name__ == "__main__":
    main()
