"""Scores of 20 million logits, in reads of the array: entropy, margin and least confidence beside the plain formulas.

    python benchmarks/uncertainty_speed.py [--logits 20000000] [--times 5]

One read is `x.max()`, the fastest way for NumPy to look at each number once. Ways take their turns in one run. The plain way makes the
softmax and then the score, as libraries do; if the peers are installed (`make peers`), scikit-activeml's scores are computed from the
same probabilities in its own environment.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from scipy.special import softmax
from scipy.stats import entropy

from tacit.selection import uncertainty

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / ".peers" / "activeml" / "bin" / "python"


def plain(x: np.ndarray) -> np.ndarray:
    return entropy(softmax(x, axis=1), axis=1)


def peak(work: Callable[[], object]) -> float:
    """Megabytes that were allocated at once."""
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return most


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--logits", type=int, default=20_000_000)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} logical processors, numpy {np.__version__}, n = {asked.times} turns")
    for classes in (10, 100, 1000):
        x = 3 * np.random.default_rng(0).standard_normal((asked.logits // classes, classes), dtype=np.float32)
        ways: dict[str, Callable[[], object]] = {"one read": x.max}
        for kind in ("entropy", "margin", "least-confidence"):
            ways[kind] = partial(uncertainty, x, kind, logits=True)
        ways["plain entropy"] = partial(plain, x)
        took: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(asked.times):
            for name, way in ways.items():
                began = time.perf_counter()
                way()
                took[name].append(time.perf_counter() - began)
        read = statistics.median(took["one read"])
        print(f"{len(x):,} x {classes}:")
        for name, way in ways.items():
            ratios = sorted(t / r for t, r in zip(took[name], took["one read"], strict=True))
            print(
                f"  {name:17}{statistics.median(took[name]) * 1000:8.1f} ms  {statistics.median(took[name]) / read:6.1f} reads "
                f"({ratios[0]:.1f} to {ratios[-1]:.1f})  {peak(way):7.1f} MB more",
                flush=True,
            )
        if PEER.exists():
            with tempfile.TemporaryDirectory() as folder:
                np.save(f"{folder}/probabilities.npy", softmax(x, axis=1))
                script = ROOT / "benchmarks" / "peers" / "by_activeml.py"
                said = subprocess.run(
                    [PEER, script, "uncertainty", folder, "1"], check=True, capture_output=True, text=True
                ).stdout
            for name, seconds in json.loads(said)["seconds"].items():
                print(f"  scikit-activeml {name}, from probabilities: {seconds * 1000:.1f} ms, {seconds / read:.1f} reads")
    if not PEER.exists():
        print("scikit-activeml is not installed: make peers")


if __name__ == "__main__":
    main()
