"""Facility location: seconds and memory beside the textbook loop, and whether it chooses the same rows.

    python benchmarks/facility_location.py [--rows 4000 8000 16000] [--width 64] [--choose 100] [--times 3]

The textbook loop keeps all similarities and computes the gain of every row for each choice, in float64; it runs once, and not where they
would take more than 1 GB. All arms run in one process, with the threads that NumPy takes. The data are made up: 500 clusters, and a normal
cloud, where all rows are about as good.
"""

from __future__ import annotations

import argparse
import statistics
import time
import tracemalloc

import numpy as np

from tacit.provenance import machine
from tacit.selection import cost, facility_location


def made_up(kind: str, rows: int, width: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((rows, width), dtype=np.float32)
    if kind == "clusters":
        x += 3 * rng.standard_normal((500, width), dtype=np.float32)[rng.integers(500, size=rows)]
    return x


def textbook(x: np.ndarray, n: int) -> list[int]:
    units = x.astype(float) / np.linalg.norm(x.astype(float), axis=1, keepdims=True)
    similar, covered, rows = (1 + units @ units.T) / 2, np.zeros(len(x)), list[int]()
    for _ in range(n):
        gains = np.maximum(similar - covered, 0).sum(axis=1)
        gains[rows] = -np.inf
        rows.append(int(gains.argmax()))
        covered = np.maximum(covered, similar[rows[-1]])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[4000, 8000, 16_000])
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--choose", type=int, default=100)
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    print(machine())
    for kind in ("clusters", "cloud"):
        for n in asked.rows:
            x, took = made_up(kind, n, asked.width), []
            for _ in range(asked.times):
                began = time.perf_counter()
                found = facility_location(x, asked.choose)
                took.append(time.perf_counter() - began)
            tracemalloc.start()
            facility_location(x, 3)
            peak = tracemalloc.get_traced_memory()[1] / 1e6
            tracemalloc.stop()
            line = (
                f"{kind}, {n:,} x {asked.width}, {asked.choose} chosen: tacit {statistics.median(took):.2f} s "
                f"({min(took):.2f} to {max(took):.2f}, n = {asked.times}), {peak:.0f} MB"
            )
            if 8 * n * n <= 1e9:
                began = time.perf_counter()
                right = textbook(x, asked.choose)
                slow = time.perf_counter() - began
                line += (
                    f"; textbook {slow:.1f} s, {slow / statistics.median(took):.0f} times, all similarities {8 * n * n / 1e6:,.0f} MB; "
                    f"the same rows: {right == found.tolist()}"
                )
            estimate = cost(n, asked.width, 0, asked.choose, strategy="facility-location").seconds
            print(f"{line}; estimated {estimate:.2f} s", flush=True)


if __name__ == "__main__":
    main()
