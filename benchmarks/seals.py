"""A rare class in a large pool: SEALS beside a scan of everything and beside random rows, at equal labels.

    python benchmarks/seals.py [made|texts] [DATA_FOLDER] [--rows 2000000] [--seeds 3] [--keep FOLDER]

"made" is a pool of 64 normal numbers a row, a file that is mapped into memory: 60 clusters, and half a percent of a class that is
spread over five clusters of its own, of which the first labels know two. "texts" is the pool of short texts, where the spam of
`sms_spam` is rare, seen by the vectors of static-linear. What is looked for first is what a linear model of all labels so far
finds most likely; then again with a layer of 256 units, which is dearer to ask. Selection is everything but the fit of that
model, which all ways do alike: scores, the choice, and the neighbors of what was labeled. With --keep the features stay in that
folder: a run that was stopped goes on with the block that is missing.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse

from tacit.featurefiles import kept_features
from tacit.files.pools import open_pool
from tacit.learners import Cache
from tacit.learners.solver import Design, softmax
from tacit.learners.static import fit_static
from tacit.selection import Pool
from tacit.selection.frontier import frontier
from tacit.selection.inverted import inverted
from tacit.selection.neighbors import Index, exact
from tacit.selection.remaining import remaining
from tacit.selection.seals import Seals, likely
from tacit.selection.unsure import RANDOM

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"
BLOCK = 1 << 16
ROUNDS, BATCH = 10, 100
HIDDEN = 256
"""Units of the model that is dearer to ask than a linear one."""


@dataclass
class Outcome:
    """One run: seconds of selection in each round, rows of the class that were labeled, clusters of it, and what is left."""

    seconds: list[float]
    found: int
    reached: int
    said: str = ""


class Anonymous:
    """The most anonymous memory of this process, looked at every 20 ms."""

    def __init__(self) -> None:
        self.most, self.going = 0.0, True
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self) -> None:
        while self.going:
            line = next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("RssAnon"))
            self.most = max(self.most, int(line.split()[1]) / 1e6)
            time.sleep(0.02)


def made(folder: Path, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """(n, 64) features on the disk, and (n,) the cluster of the rare class that each row is in, or -1."""
    rng = np.random.default_rng(7)
    centers = rng.normal(size=(65, 64)) * 0.8
    kind = np.full(rows, -1, np.int8)
    rare = rng.choice(rows, rows // 200, replace=False)
    kind[rare] = rng.integers(5, size=len(rare))

    def blocks(start: int) -> Iterator[np.ndarray]:
        for at in range(start, rows, BLOCK):
            some = np.random.default_rng([7, at])
            mine = kind[at : at + BLOCK]
            where = np.where(mine >= 0, 60 + mine, some.integers(60, size=len(mine)))
            yield centers[where].astype(np.float32) + some.normal(size=(len(mine), 64)).astype(np.float32)

    return kept_features(folder, rows, 64, blocks, of="made, 7"), kind


def texts(folder: Path, data: Path) -> tuple[np.ndarray, np.ndarray]:
    """The same of the pool of texts, where the class is one cluster."""
    pool = open_pool(data / "text_pool" / "pool.parquet")
    first = next(pool.batches(["text"]))["text"]
    static, _ = fit_static("text", first, "minilm", scale=1.0, cache=Cache(folder), deadline=None)

    def blocks(start: int) -> Iterator[np.ndarray]:
        return (static.encode(batch) for batch in pool.batches(["text"], start=start))

    features = kept_features(folder, pool.size, len(static.center), blocks, of=f"{pool.fingerprint}, static of minilm")
    kind = [
        0 if (source, label) == ("sms_spam", "spam") else -1
        for batch in pool.batches(["source", "label"])
        for source, label in zip(batch["source"], batch["label"], strict=True)
    ]
    return features, np.array(kind, np.int8)


def fitted(features: np.ndarray, truth: np.ndarray, rows: np.ndarray, hidden: int) -> Callable[[np.ndarray], np.ndarray]:
    """(n, d) features -> (n, 2) probabilities, by a linear model of the labeled rows, over a layer of random units if asked."""
    layer = np.random.default_rng(3).normal(size=(features.shape[1], hidden)).astype(np.float32) / features.shape[1] ** 0.5

    def lifted(some: np.ndarray) -> np.ndarray:
        return np.maximum(some @ layer, 0) if hidden else np.asarray(some, np.float32)

    table = lifted(features[rows])
    center = table.mean(axis=0)
    design = Design(scipy.sparse.csr_matrix((len(rows), 0), dtype=np.float32), table - center)
    model = softmax(design, np.eye(2)[truth[rows].astype(int)], np.ones(len(rows)), penalty=1.0)
    weights = (model.weights[:, 1] - model.weights[:, 0]).astype(np.float32)
    bias = np.float32(model.bias[1] - model.bias[0])

    def probabilities(some: np.ndarray) -> np.ndarray:
        p = 1 / (1 + np.exp(-np.clip(lifted(some) @ weights - center @ weights + bias, -50, 50)))
        return np.column_stack([1 - p, p])

    return probabilities


def begin(kind: np.ndarray, seed: int) -> np.ndarray:
    """Five rows of the class, of its first two clusters, and 45 of any."""
    rng = np.random.default_rng([seed, 5])
    known = rng.choice(np.flatnonzero((kind >= 0) & (kind < 2)), 5, replace=False)
    return np.unique(np.concatenate([known, rng.choice(len(kind), 45, replace=False)]))


def by_seals(features: np.ndarray, kind: np.ndarray, index: Index, seed: int, share: float, hidden: int = 0) -> Outcome:
    truth, began = kind >= 0, time.perf_counter()
    state, strategy = frontier(len(kind), k=100).grow(index, begin(kind, seed)), Seals(likely(1), k=100, share=share)
    spent = [time.perf_counter() - began]
    for turn in range(ROUNDS):
        model = fitted(features, truth, state.labeled, hidden)
        began = time.perf_counter()
        step = strategy.step(state, BATCH, lambda rows: Pool(len(rows), probabilities=model(features[rows])), 100 * seed + turn)  # noqa: B023
        state = step.frontier.grow(index, step.pick.rows)
        spent.append(time.perf_counter() - began)
    outside = np.ones(len(kind), bool)
    outside[state.rows] = outside[state.labeled] = False
    left = int((truth & outside).sum())
    found, parts = state.labeled[truth[state.labeled]], 0
    parts = int(state.components(found).max()) + 1
    told = remaining(state, truth[state.drawn]) if share else None
    said = f"frontier {len(state.rows):,}, {parts} components of the class, {left:,} of it outside"
    said += f", bound {told.most:,}, about {told.estimate:,.0f}" if told else ""
    return Outcome(spent[1:], len(found), len(np.unique(kind[found])), said)


def by_scan(features: np.ndarray, kind: np.ndarray, seed: int, *, anything: bool = False, hidden: int = 0) -> Outcome:
    truth, labeled, spent = kind >= 0, begin(kind, seed), []
    for turn in range(ROUNDS):
        model = None if anything else fitted(features, truth, labeled, hidden)
        began = time.perf_counter()
        free = np.ones(len(kind), bool)
        free[labeled] = False
        left = np.flatnonzero(free)
        if model is None:
            pick = RANDOM.pick(Pool(len(left)), BATCH, 100 * seed + turn)
        else:
            p = np.concatenate([model(features[at : at + BLOCK]) for at in range(0, len(kind), BLOCK)])
            pick = likely(1).pick(Pool(len(left), probabilities=p[left]), BATCH, 100 * seed + turn)
        labeled = np.concatenate([labeled, left[pick.rows]])
        spent.append(time.perf_counter() - began)
    found = labeled[truth[labeled]]
    return Outcome(spent, len(found), len(np.unique(kind[found])))


def show(name: str, runs: list[Outcome], total: int) -> None:
    seconds = [s for run in runs for s in run.seconds]
    found = [run.found for run in runs]
    line = f"{name:<26}{statistics.median(seconds):>9.4f}{min(seconds):>9.4f}{max(seconds):>9.4f}"
    share = statistics.mean(found) / total
    print(
        f"{line}{statistics.mean(found):>9.1f}{min(found):>7}{max(found):>7}{share:>8.3f}  {[r.reached for r in runs]}",
        flush=True,
    )
    for run in runs:
        if run.said:
            print(f"    {run.said}", flush=True)


def compare(features: np.ndarray, kind: np.ndarray, seeds: int, cells: int) -> None:
    memory, total = Anonymous(), int((kind >= 0).sum())
    print(f"{len(kind):,} rows x {features.shape[1]}, {total:,} of the class; {seeds} seeds, {ROUNDS} rounds of {BATCH} labels")
    print(f"{os.cpu_count()} logical processors, load {os.getloadavg()[0]:.1f}")
    began = time.perf_counter()
    plain = exact(features)
    print(f"exact index: {time.perf_counter() - began:.1f} s")
    ways: list[tuple[str, Index, int]] = [("seals, exact", plain, seeds)]
    if importlib.util.find_spec("faiss"):
        began = time.perf_counter()
        quick = inverted(features, cells=cells, probes=32)
        print(f"faiss, {cells:,} cells: {time.perf_counter() - began:.1f} s, then {memory.most:.2f} GB anonymous")
        asked = np.random.default_rng(1).choice(len(kind), 200, replace=False)
        near, right = (i.near(features[np.sort(asked)], 100).rows for i in (quick, plain))
        both = [len(np.intersect1d(a, b)) / 100 for a, b in zip(near, right, strict=True)]
        print(f"of 100 true neighbors it finds {statistics.mean(both):.3f} (of 200 rows, sd {statistics.stdev(both):.3f})")
        ways = [("seals, faiss", quick, seeds), ("seals, exact", plain, 1)]
    print(
        f"\n{'way':<26}{'s/round':>9}{'min':>9}{'max':>9}{'found':>9}{'min':>7}{'max':>7}{'share':>8}  clusters of the class, by seed"
    )
    show("random", [by_scan(features, kind, seed, anything=True) for seed in range(seeds)], total)
    show("likely, all rows", [by_scan(features, kind, seed) for seed in range(seeds)], total)
    for name, index, times in ways:
        show(f"{name}, share .1", [by_seals(features, kind, index, seed, 0.1) for seed in range(times)], total)
    show(f"{ways[0][0]}, share 0", [by_seals(features, kind, ways[0][1], seed, 0.0) for seed in range(seeds)], total)
    show(f"{HIDDEN} units, all rows", [by_scan(features, kind, seed, hidden=HIDDEN) for seed in range(seeds)], total)
    name, index, _ = ways[0]
    show(f"{HIDDEN} units, {name}", [by_seals(features, kind, index, seed, 0.1, HIDDEN) for seed in range(seeds)], total)
    memory.going = False
    print(f"\nat most {memory.most:.2f} GB of anonymous memory\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["made", "texts", "both"], default="both")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = asked.keep or Path(temporary)
        if asked.what != "texts":
            features, kind = made(home, asked.rows)
            compare(features, kind, asked.seeds, max(16, int(1.45 * asked.rows**0.5)))
        if asked.what != "made" and (asked.folder / "text_pool" / "pool.parquet").is_file():
            features, kind = texts(home, asked.folder)
            compare(features, kind, asked.seeds, 1024)


if __name__ == "__main__":
    sys.exit(main())
