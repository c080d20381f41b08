"""An audit of 250,000 rows by 20 columns, and of their crossings: seconds and peak memory.

    python benchmarks/audit_groups.py [--rows 250000] [--columns 20] [--times 3]

The data are made up: columns of 2 to 60 classes, every fourth a number that is cut into ranges, values missing; the model is right less
often on one group, which has to be found, and it alone. One more column has 500 groups.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time

import numpy as np

from tacit.audits import by_group, calibration_by_group, crossings, fairness
from tacit.provenance import machine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=250_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    rng, n = np.random.default_rng(0), asked.rows
    columns: dict[str, list[object]] = {}
    for c in range(asked.columns):
        if c % 4 == 3:
            values: list[object] = rng.normal(size=n).tolist()
        else:
            values = [f"v{i}" for i in rng.geometric(1 / (1 + c), size=n).clip(max=60).tolist()]
        for i in rng.integers(n, size=n // 100).tolist():
            values[i] = None
        columns[f"c{c}"] = values
    many = [f"g{i}" for i in rng.integers(500, size=n).tolist()]
    fails = np.array([v == "v2" for v in columns["c2"]])
    truth = rng.integers(3, size=n)
    right = rng.random(n) < np.where(fails, 0.85, 0.88)
    p = np.eye(3)[np.where(right, truth, (truth + 1) % 3)] + rng.uniform(0.1, 1, (n, 3))
    p /= p.sum(axis=1, keepdims=True)
    print(machine())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    def timed(name: str, work: object, times: int = asked.times) -> object:
        took = []
        for _ in range(times):
            began = time.perf_counter()
            found = work()  # type: ignore[operator]
            took.append(time.perf_counter() - began)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{name}: {statistics.median(took):.2f} s ({min(took):.2f} to {max(took):.2f}, n = {times}); "
            f"peak so far {peak:,.0f} MB, {before:,.0f} MB before",
            flush=True,
        )
        return found

    groupings = timed(f"membership of {n:,} rows, {asked.columns} columns", lambda: crossings(columns))
    crossed = crossings({"c1": columns["c1"], "c2": columns["c2"], "c5": columns["c5"]}, ["c1*c2", "c2*c5"])
    for metric, times in (("accuracy", asked.times), ("log_loss", asked.times), ("balanced", 1)):
        found = timed(f"{metric} by group", lambda m=metric: by_group(m, p, truth, groupings), times)
        worst = found.worst.name if found.worst else None
        print(f"  {len(found.groups)} groups, {sum(g.significant for g in found.groups)} significant, worst: {worst}")
    found = timed("accuracy of two crossings", lambda: by_group("accuracy", p, truth, crossed))
    print(f"  {len(found.groups)} groups")
    found = timed("accuracy of 500 groups", lambda: by_group("accuracy", p, truth, crossings({"g": many}, most=500)))
    print(f"  {len(found.groups)} groups, {sum(g.significant for g in found.groups)} significant")
    timed(f"fairness of {asked.columns} columns", lambda: [fairness(p, truth, g, 1) for g in groupings])
    timed(f"calibration of {asked.columns} columns", lambda: [calibration_by_group(p, truth, g) for g in groupings])


if __name__ == "__main__":
    main()
