"""What every arm shares: the rows that the runner prepared, one clock, one arithmetic, one line of JSON at the end.

It runs in every peer's environment, so it needs numpy and pandas only.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib.metadata
import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

LABEL = "label"


def since_start() -> float:
    """Seconds since this process began, its own imports included."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    began = float(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - began


@dataclasses.dataclass(frozen=True)
class Rows:
    """`train` and `test` with the column `label`; `kind` is "text", "record" or "image", `metric` "accuracy" or "r2"."""

    train: pd.DataFrame
    test: pd.DataFrame
    kind: str
    metric: str

    @property
    def inputs(self) -> list[str]:
        return [c for c in self.train if c != LABEL]

    @property
    def number(self) -> bool:
        return self.metric == "r2"


def read(folder: Path) -> Rows:
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    return Rows(
        pd.read_parquet(folder / "train.parquet"), pd.read_parquet(folder / "test.parquet"), facts["kind"], facts["metric"]
    )


def score(metric: str, said: Sequence[Any], truth: Sequence[Any]) -> float:
    """Accuracy, or r2 = 1 - squared error / squared deviation from the mean."""
    if len(said) != len(truth):
        raise ValueError(f"{len(said)} answers for {len(truth)} rows")
    if metric == "accuracy":
        return float(np.mean([str(a) == str(b) for a, b in zip(said, truth, strict=True)]))
    y, p = np.asarray(truth, float), np.asarray(said, float)
    return float(1 - np.sum((y - p) ** 2) / np.sum((y - y.mean()) ** 2))


def asked(**more: Any) -> argparse.Namespace:
    """The command line of every arm; `more` adds options of one arm: name=default."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--budget", type=float, required=True)
    parser.add_argument("--seed", type=int, default=0)
    for name, default in more.items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    return parser.parse_args()


Answers = Callable[[pd.DataFrame], Sequence[Any]]


def show(rows: Rows, fit: Callable[[], Answers], packages: Sequence[str], notes: dict[str, Any] | None = None) -> None:
    """Fit, answer the test rows, and print the figures on the last line.

    `seconds` is from the start of the process to the end of fitting, imports and reading included; `fit_s` is the call of
    `fit`; `train_s` the one call that a budget was given to, where `fit` put it into `notes`, and `fit_s` where it did not.
    """
    began = since_start()
    answers = fit()
    fitted = since_start()
    said = answers(rows.test[rows.inputs])
    done = since_start()
    notes = notes or {}
    line = {
        "metric": rows.metric,
        "score": round(score(rows.metric, list(said), rows.test[LABEL].tolist()), 6),
        "seconds": round(fitted, 2),
        "fit_s": round(fitted - began, 2),
        "train_s": round(notes.pop("train_s", fitted - began), 2),
        "predict_s": round(done - fitted, 2),
        "train_rows": len(rows.train),
        "test_rows": len(rows.test),
        "notes": notes,
        "versions": {p: importlib.metadata.version(p) for p in packages},
    }
    print("\n" + json.dumps(line), flush=True)
