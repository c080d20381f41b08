"""Labels that a strategy needs for the score of all labels minus a point, and what choosing them takes.

    python benchmarks/simulate.py DATA_FOLDER [--sets trec,clickbait] [--strategies margin,random] [--seeds 3] [--rows 3000]

Of each set so many rows are drawn, 70 % to be labeled and 30 % to score on, one draw for each seed. The final learner never chooses;
the proxy does. Everything that was run is printed.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

import tacit
from tacit.comparisons import Comparison, needed
from tacit.provenance import machine
from tacit.simulating import compare

POINT = 0.01


@dataclass(frozen=True)
class Set:
    """A data set, who chooses from it and who learns it."""

    file: str
    column: str = "text"
    proxy: str = "tfidf-linear"
    learner: str = "encoder-linear"


SETS = {
    "trec": Set("trec/train.parquet"),
    "ag_news": Set("ag_news/train.parquet"),
    "clickbait": Set("clickbait/train.parquet"),
    "sst2": Set("sst2/train.parquet"),
    "mnist_10k": Set("mnist_10k/digits.parquet", "pixels", proxy="pixels-linear", learner="convnet-small"),
}


def task_of(one: Set, labels: pd.Series) -> Any:
    """A task of one input."""

    def answer(x: Any) -> Any:
        """What is it?"""

    kind = tacit.Image if one.column == "pixels" else tacit.Text
    answer.__annotations__ = {"x": kind, "return": Literal[tuple(sorted(set(labels)))]}
    return tacit.task(answer)


def rows_of(one: Set, frame: pd.DataFrame) -> list[dict[str, Any]]:
    values = frame[one.column]
    if one.column == "pixels":
        values = [np.frombuffer(pixels, np.uint8).reshape(28, 28) for pixels in values]
    return [{"x": x, "label": y} for x, y in zip(values, frame["label"], strict=True)]


def replayed(one: Set, folder: Path, options: argparse.Namespace, proxy: str) -> Comparison:
    """All strategies with all seeds, each seed on its own draw of rows."""
    frame = pd.read_parquet(folder / one.file)
    frame["label"] = frame["label"].astype(str)
    task, done = task_of(one, frame["label"]), []
    for seed in range(options.seeds):
        drawn = frame.sample(min(options.rows, len(frame)), random_state=seed)
        cut = round(0.7 * len(drawn))
        pool, test = rows_of(one, drawn[:cut]), rows_of(one, drawn[cut:])
        # Rows of equal inputs are labeled once, and what the test set has is left out: so many are left at the least.
        distinct = drawn[:cut].drop_duplicates(one.column)
        whole = int((~distinct[one.column].isin(drawn[cut:][one.column])).sum())
        rounds = [n for n in options.rounds if n < whole] + [whole]
        found = compare(
            task, pool, label="label", test=test, rounds=rounds, strategies=options.strategies, seeds=1, seed=seed,
            proxy=proxy, learner=options.learner or one.learner,
        )  # fmt: skip
        done += found.simulations
    return Comparison(tuple(done))


def spread(values: list[float], digits: int) -> str:
    """Mean (sd)."""
    deviation = f" (sd {np.std(values, ddof=1):,.{digits}f})" if len(values) > 1 else ""
    return f"{np.mean(values):,.{digits}f}{deviation}"


def report(name: str, proxy: str, found: Comparison) -> None:
    """One line for each strategy."""
    for strategy in found.strategies:
        runs = [s for s in found.simulations if s.strategy == strategy]
        full = [s.rounds[-1].score for s in runs]
        labels = [needed([(r.labels, r.score) for r in s.rounds], s.rounds[-1].score - POINT) or float("nan") for s in runs]
        # What choosing took until the last round before all labels: the choice of all that is left is none.
        choosing = [sum(r.selection_seconds for r in s.rounds[:-1]) for s in runs]
        before = [s.rounds[-2].score for s in runs]
        print(
            f"| {name} | {strategy}{f' via {proxy}' if runs[0].proxy else ''} | {runs[0].learner} | {spread(full, 4)} | {runs[0].rounds[-1].labels:,}"
            f" | {spread(labels, 0)} | {spread(before, 4)} at {runs[0].rounds[-2].labels:,} | {spread(choosing, 2)} | {len(runs)} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", type=lambda text: text.split(","), default=list(SETS))
    parser.add_argument("--strategies", type=lambda text: text.split(","), default=["margin", "random"])
    parser.add_argument(
        "--proxies", type=lambda text: text.split(","), help="in place of the one of the set, one after the other"
    )
    parser.add_argument("--learner", help="in place of the one of the set")
    parser.add_argument("--rounds", type=lambda text: [int(n) for n in text.split(",")], default=[100, 200, 400, 800, 1600])
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    tacit.open(tempfile.mkdtemp(prefix="simulate-"))
    began = time.monotonic()
    print(f"{machine()}\n")
    print(
        "| set | strategy | learner | all labels | labels | needed for a point less | score of the round before | choosing, s | seeds |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    for name in options.sets:
        for proxy in options.proxies or [SETS[name].proxy]:
            found = replayed(SETS[name], options.data, options, proxy)
            report(name, proxy, found)
            # Of the rounds before all labels, where there is still something to choose.
            chosen = Comparison(tuple(replace(s, rounds=s.rounds[:-1]) for s in found.simulations))
            for saved in chosen.saved:
                print(f"<!-- {name}, {proxy}: {saved} -->", flush=True)
    print(f"\n{time.monotonic() - began:,.0f} s altogether")


if __name__ == "__main__":
    main()
