"""Choosing through a proxy beside a plain fine-tuning loop that chooses by itself: seconds, over the same rounds.

    python benchmarks/via_proxy.py DATA_FOLDER [--sets sst2,ag_news] [--rows 2500] [--rounds 100,300,600] [--proxy tfidf-linear] [--seeds 3]

`simulate` tells what the proxy takes. The loop (`benchmarks/peers/by_finetuning.py`: all layers of the same encoder, bfloat16, batches
of 32, three epochs, in its own environment) is fitted on as many rows, and asked about all that are left, for each choice; importing
its libraries and loading the encoder, which it does once, is measured apart and taken off. It does not depend on how fast the learners
of tacit are.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import pandas as pd

import tacit
from simulate import SETS, rows_of, task_of
from tacit.provenance import machine

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".peers" / "torch" / "bin" / "python"
LOOP = ROOT / "benchmarks" / "peers" / "by_finetuning.py"
LOADS = "import torch, transformers, encoder; encoder.load()"


def loop_seconds(pool: pd.DataFrame, labels: int, folder: Path, seed: int) -> float:
    """One choice by the loop: fit on so many rows, ask about the others."""
    pool[:labels].to_parquet(folder / "train.parquet")
    pool[labels:].to_parquet(folder / "test.parquet")
    (folder / "facts.json").write_text(json.dumps({"kind": "text", "metric": "accuracy"}), encoding="utf-8")
    command = [str(PYTHON), str(LOOP), "--data", str(folder), "--budget", "0", "--seed", str(seed), "--epochs", "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    line = json.loads(done.stdout.strip().splitlines()[-1])
    return float(line["fit_s"] + line["predict_s"])


def loading_seconds() -> float:
    """Importing what the loop imports, and loading the encoder."""
    began = time.perf_counter()
    subprocess.run([str(PYTHON), "-c", LOADS], cwd=LOOP.parent, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", type=lambda text: text.split(","), default=["sst2", "ag_news"])
    parser.add_argument("--rows", type=int, default=2500)
    parser.add_argument("--rounds", type=lambda text: [int(n) for n in text.split(",")], default=[100, 300, 600])
    parser.add_argument("--proxy", default="tfidf-linear")
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    if not PYTHON.is_file():
        raise SystemExit("the loop runs in the environment of a peer, which is not there.  next: make .peers/torch/made")
    tacit.open(tempfile.mkdtemp(prefix="via-proxy-"))
    print(
        f"{machine()}\n\n| set | {options.proxy}, s | plain loop, s | loading it, s | times | seeds |\n| --- | --- | --- | --- | --- | --- |"
    )
    for name in options.sets:
        frame = pd.read_parquet(options.data / SETS[name].file)[["text", "label"]]
        frame["label"] = frame["label"].astype(str)
        task, proxy, loop, loading = task_of(SETS[name], frame["label"]), [], [], []
        for seed in range(options.seeds):
            drawn = frame.sample(options.rows + 500, random_state=seed)
            pool, test = drawn[: options.rows], drawn[options.rows :]
            found = tacit.simulate(
                task, rows_of(SETS[name], pool), label="label", test=rows_of(SETS[name], test), rounds=options.rounds,
                strategy="margin", proxy=options.proxy, learner=options.proxy, seed=seed,
            )  # fmt: skip
            proxy.append(sum(r.selection_seconds for r in found.rounds))
            loading.append(loading_seconds())
            with tempfile.TemporaryDirectory() as folder:
                whole = sum(loop_seconds(pool, n, Path(folder), seed) for n in options.rounds[:-1])
            loop.append(whole - loading[-1] * len(options.rounds[:-1]))
        times = statistics.mean(loop) / statistics.mean(proxy)
        low, high = min(loop), max(loop)
        print(
            f"| {name} | {statistics.mean(proxy):.2f} ({min(proxy):.2f} to {max(proxy):.2f}) | {statistics.mean(loop):.1f} ({low:.1f} to {high:.1f})"
            f" | {statistics.mean(loading):.1f} | {times:.0f} | {options.seeds} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
