"""k-center of 50,000 rows of 512 features: seconds beside the textbook loop, and whether it chooses the same rows.

    python benchmarks/k_center.py [--rows 50000] [--width 512] [--choose 1000 4000] [--times 3]

The textbook loop keeps the distance to the nearest center and brings it up to date by one float32 matrix-vector product for each choice;
the plain loop does the same in float64, and says which rows are right. Both run once, for the largest choice, and are read at each
smaller one, since each choice begins the next larger. All arms run in one process, with the threads that NumPy takes. The data are
made up: a normal cloud, where k-center should not be used, and 500 clusters. If the peers are installed (`make peers`), scikit-activeml's
CoreSet chooses beside tacit, from 4,000 rows of 64 features and from all, the smallest choice.
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
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from tacit.selection import cost, exact, k_center, unstructured
from tacit.selection.farthest import cover

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / ".peers" / "activeml" / "bin" / "python"


def made_up(kind: str, rows: int, width: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((rows, width), dtype=np.float32)
    if kind == "clusters":
        x += 3 * rng.standard_normal((500, width), dtype=np.float32)[rng.integers(500, size=rows)]
    return x


def loop(x: np.ndarray, marks: list[int]) -> tuple[np.ndarray, dict[int, float]]:
    """Rows, and the seconds after each of `marks` choices. The first row is the one nearest to the mean, as in tacit."""
    began = time.perf_counter()
    x = x - x.mean(axis=0)
    square = np.einsum("ij,ij->i", x, x)
    rows, took = [int(square.argmin())], {}
    near = np.full(len(x), np.inf, x.dtype)
    while True:
        if len(rows) in marks:
            took[len(rows)] = time.perf_counter() - began
        if len(rows) == max(marks):
            return np.array(rows), took
        center = x[rows[-1]]
        np.minimum(near, square + square[rows[-1]] - 2 * (x @ center), out=near)
        near[rows] = -np.inf
        rows.append(int(near.argmax()))


def rate() -> float:
    """Additions and multiplications a second in a float64 matrix product."""
    a = np.ones((1024, 1024))
    return 2 * 1024**3 / min(timed(lambda: a @ a)[1] for _ in range(5))


def timed(work: Callable[[], object]) -> tuple[object, float]:
    began = time.perf_counter()
    found = work()
    return found, time.perf_counter() - began


def beside(rows: int, width: int, choose: int) -> None:
    x = made_up("clusters", rows, width).astype(float)
    with tempfile.TemporaryDirectory() as folder:
        np.save(f"{folder}/features.npy", x)
        script = ROOT / "benchmarks" / "peers" / "by_activeml.py"
        told = json.loads(
            subprocess.run([PEER, script, "core-set", folder, str(choose)], check=True, capture_output=True, text=True).stdout
        )
    ours = [timed(lambda: k_center(x, choose, chosen=[told["first"]])) for _ in range(3)]
    seconds = statistics.median(took for _, took in ours)
    theirs, mine = told["rows"], np.asarray(ours[0][0])
    apart = lambda some: exact(x[some]).near(x, 1).distances.max()  # noqa: E731
    print(
        f"{rows:,} x {width}, {choose:,}: scikit-activeml {told['version']} CoreSet {told['seconds']:.2f} s, radius {apart([told['first'], *theirs]):.4f}; "
        f"tacit {seconds:.3f} s, radius {apart([told['first'], *mine.tolist()]):.4f}; {len(set(theirs) & set(mine.tolist()))} rows in common",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--choose", type=int, nargs="+", default=[1000, 4000])
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    speed = rate()
    print(
        f"{platform.platform()}, {os.cpu_count()} logical processors, numpy {np.__version__}, float64 product {speed / 1e9:.0f} GFLOP/s"
    )
    for kind in ("clusters", "normal"):
        x = made_up(kind, asked.rows, asked.width)
        print(f"{kind}, {asked.rows:,} x {asked.width}: {unstructured(x) or 'no warning'}", flush=True)
        ours: dict[int, list[float]] = {n: [] for n in asked.choose}
        found = {}
        for _ in range(asked.times):
            for n in asked.choose:
                found[n], took = timed(partial(cover, x, n))
                ours[n].append(took)
        book, slow = loop(x, asked.choose)
        right, _ = loop(x.astype(float), asked.choose)
        for n in asked.choose:
            seconds = statistics.median(ours[n])
            plain = 2 * n * x.size / speed
            estimate = cost(*x.shape, 0, n)
            print(
                f"  {n:,}: tacit {seconds:.2f} s ({min(ours[n]):.2f} to {max(ours[n]):.2f}, n = {asked.times}), textbook {slow[n]:.1f} s (n = 1), "
                f"{slow[n] / seconds:.1f} times; distances computed {found[n].evaluated / n / len(x):.3f} of all; the plain loop's "
                f"arithmetic at the speed of products would take {plain:.2f} s; same order as plain float64: "
                f"{bool((found[n].rows == right[:n]).all())}, textbook {np.mean(book[:n] == right[:n]):.3f} of places; "
                f"estimated {estimate.seconds:.2f} s",
                flush=True,
            )
    if PEER.exists():
        beside(4000, 64, 200)
        beside(asked.rows, asked.width, min(asked.choose))
    else:
        print("scikit-activeml is not installed: make peers")


if __name__ == "__main__":
    main()
