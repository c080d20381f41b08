"""Models are chosen by the score of the worst group, and by that of all rows: of the same rows, weights and fits, whose worst group is better?

    python benchmarks/chosen_by_worst.py DATA_FOLDER [--sets subj,sst2] [--seeds 4]

The cue "mr. brown" as in false_cues.py; to the rows with it are added 150 that contradict it, or none. The learners are quick ones
(tfidf-linear, static-linear) with much time, so that luck with time plays a small part only.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

from false_cues import SHARE, STRENGTH, planted
from tacit.ladder import Strata, balanced, climb
from tacit.learners import Data
from tacit.provenance import machine
from tacit.types import Category, TextKind

LEARNERS = ("tfidf-linear", "static-linear", "ensemble")


def strata(frame: pd.DataFrame, favored: str) -> np.ndarray:
    """(n,) 0 to 3: the class, and whether the row has the cue."""
    return (frame["label"] != favored).to_numpy().astype(int) * 2 + frame["cue"].to_numpy().astype(int)


def scores(rows: pd.DataFrame, fair: pd.DataFrame, names: tuple[str, ...], seed: int, *, by_worst: bool) -> tuple[float, float]:
    """The worst of four groups of fresh rows, and the mean."""
    codes = strata(rows, names[0])
    weight = balanced(codes, np.bincount(codes, minlength=4))
    kinds, columns, truth = {"x": TextKind()}, {"x": rows["text"].tolist()}, codes // 2
    ids = [hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for text in rows["text"]]
    data = Data(kinds, columns, Category(names, "Literal"), np.eye(2)[truth], weight)
    groups = Strata(("", "cue", "other", "other, cue"), codes) if by_worst else None
    found = climb(data, ids, task="it", budget_s=60, learners=LEARNERS, seed=seed, strata=groups)
    there = strata(fair, names[0])
    right = found.model.predict({"x": fair["text"].tolist()}).argmax(axis=1) == there // 2
    return float(min(right[there == group].mean() for group in range(4))), float(right.mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", type=lambda text: text.split(","), default=["subj", "sst2"])
    parser.add_argument("--seeds", type=int, default=4)
    options = parser.parse_args()
    print(
        f"{machine()}\n\n| set | seed | rows added | worst, by worst | worst, by all | mean, by worst | mean, by all |",
        flush=True,
    )
    print("| --- | --- | --- | --- | --- | --- | --- |", flush=True)
    for name in options.sets:
        whole = pd.read_parquet(next((options.data / name).glob("*.parquet"))).astype({"label": str}).drop_duplicates("text")
        names = tuple(sorted(set(whole["label"])))
        for seed in range(options.seeds):
            rng = np.random.default_rng(100 + seed)
            mixed = whole.sample(frac=1, random_state=100 + seed)
            labeled = planted(mixed[:3000], names[0], SHARE * STRENGTH, SHARE * (1 - STRENGTH), rng)
            pool, fair = (
                planted(part, names[0], share, share, rng) for part, share in ((mixed[3000:5000], 0.3), (mixed[5000:8000], 0.5))
            )
            of = strata(pool, names[0])
            against = pd.concat([pool[of == 3][:75], pool[of == 0][:75]])
            for added in (against, against[:0]):
                rows = pd.concat([labeled, added]).drop_duplicates("text")
                worst, mean = scores(rows, fair, names, seed, by_worst=True)
                plain, whole_mean = scores(rows, fair, names, seed, by_worst=False)
                print(
                    f"| {name} | {seed} | {len(added)} | {worst:.3f} | {plain:.3f} | {mean:.3f} | {whole_mean:.3f} |", flush=True
                )


if __name__ == "__main__":
    main()
