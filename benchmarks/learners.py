"""What the ladder reaches on real data: score on held-out rows, seconds, and the latency of one row.

    python benchmarks/learners.py DATA_FOLDER [--budget 60] [--only trec,adult]

Each set is split 70/30 at random, the way a user would who has one file; the 30 % are never seen by the search.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tacit import metrics
from tacit.examples import content_id
from tacit.ladder import climb
from tacit.learners import Data
from tacit.types import Category, ImageKind, Kind, Maybe, Number, TextKind


def text(file: str, label: str = "label") -> Callable[[Path], Data]:
    def load(folder: Path) -> Data:
        frame = pd.read_parquet(folder / file)
        return _data({"text": TextKind()}, {"text": frame["text"].tolist()}, frame[label])

    return load


def table(file: str, label: str, *, drop: tuple[str, ...] = (), number: bool = False) -> Callable[[Path], Data]:
    def load(folder: Path) -> Data:
        frame = pd.read_csv(folder / file).drop(columns=list(drop))
        inputs = frame.drop(columns=label)
        numeric = {c: pd.api.types.is_numeric_dtype(inputs[c]) for c in inputs}
        kinds: dict[str, Kind] = {c: Maybe(Number() if numeric[c] else TextKind("str")) for c in inputs}
        columns = {c: [None if pd.isna(v) else float(v) if numeric[c] else str(v) for v in inputs[c].tolist()] for c in inputs}
        return _data(kinds, columns, frame[label], number=number)

    return load


def digits(folder: Path) -> Data:
    frame = pd.read_parquet(folder / "mnist_10k/digits.parquet")
    images = [np.frombuffer(p, np.uint8).reshape(28, 28) for p in frame["pixels"]]
    return _data({"image": ImageKind()}, {"image": images}, frame["label"])


def photos(folder: Path) -> Data:
    frame = pd.read_parquet(folder / "flowers5/train.parquet")
    return _data({"image": ImageKind()}, {"image": frame["image"].tolist()}, frame["label"])


def _data(kinds: dict[str, Kind], columns: dict[str, list[Any]], label: pd.Series, *, number: bool = False) -> Data:
    n = len(label)
    if number:
        return Data(kinds, columns, Number(), label.to_numpy(np.float64), np.ones(n))
    codes, names = pd.factorize(label, sort=True)
    return Data(kinds, columns, Category(tuple(map(str, names)), "Literal"), np.eye(len(names))[codes], np.ones(n))


SETS: dict[str, Callable[[Path], Data]] = {
    "trec": text("trec/train.parquet"),
    "sms_spam": text("sms_spam/train.parquet"),
    "subj": text("subj/all.parquet"),
    "rt_polarity": text("rt_polarity/train.parquet"),
    "clickbait": text("clickbait/train.parquet"),
    "imdb": text("imdb/all.parquet"),
    "clinc150": text("clinc150/train.parquet", "intent"),
    "bank_marketing": table("bank_marketing/all.csv.gz", "y", drop=("duration",)),
    "adult": table("adult/train.csv.gz", "income"),
    "letter": table("letter/all.csv.gz", "class"),
    "phoneme": table("phoneme/all.csv.gz", "label"),
    "titanic": table("titanic/all.csv.gz", "survived", drop=("passengerid",)),
    "california_housing": table("california_housing/train.csv.gz", "median_house_value", number=True),
    "wine_quality": table("wine_quality/all.csv.gz", "quality", number=True),
    "mnist_10k": digits,
    "flowers5": photos,
}


def run(data: Data, budget_s: float, seed: int) -> dict[str, Any]:
    order = np.random.default_rng(seed).permutation(data.n)
    cut = int(0.7 * data.n)
    train, test = data.take(np.sort(order[:cut])), data.take(np.sort(order[cut:]))
    ids = [content_id(f"{i}") for i in range(train.n)]
    found = climb(train, ids, task="it", budget_s=budget_s, seed=seed)
    score = metrics.score(found.metric, found.model.predict(test.columns), test.target)
    rows = [{name: [values[i]] for name, values in test.columns.items()} for i in range(min(50, test.n))]
    took = []
    for row in rows:
        began = time.perf_counter()
        found.model.predict(row)
        took.append(time.perf_counter() - began)
    return {
        "rows": train.n,
        "metric": found.metric,
        "held out": f"{score:.4f}",
        "claimed": f"{found.score:.4f} ({found.interval[0]:.4f} to {found.interval[1]:.4f})",
        "seconds": f"{found.seconds:.1f}",
        "first": f"{found.curve[0][0]:.1f}",
        "one row, ms": f"{np.median(took) * 1000:.2f}",
        "learner": found.trial.learner,
        "settings": {k: v for k, v in found.trial.settings.items() if v},
        "stopped": found.stopped,
        "trials": sum(t.reason is None for t in found.trials),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    data = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("folder", type=Path, nargs="?", default=data)
    parser.add_argument("--budget", type=float, default=60)
    parser.add_argument("--only", default=",".join(SETS))
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    for name in arguments.only.split(","):
        print(name, run(SETS[name](arguments.folder), arguments.budget, arguments.seed), flush=True)


if __name__ == "__main__":
    sys.exit(main())
