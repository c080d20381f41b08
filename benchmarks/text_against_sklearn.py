"""Texts to classes within a budget, beside the pipeline that most people would write: TF-IDF + logistic regression.

    python benchmarks/text_against_sklearn.py [DATA_FOLDER] [--budget 60] [--seeds 3]

The same 70/30 splits for both, in one run, in turn.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline

import tacit
from tacit import Text
from tacit.provenance import machine

SETS = ("trec", "sms_spam", "clickbait", "rt_polarity")


def by_tacit(train: pd.DataFrame, test: pd.DataFrame, budget: float, seed: int) -> tuple[float, float]:
    def answer(text: Any) -> Any: ...

    answer.__annotations__ = {"text": Text, "return": Literal[tuple(sorted(set(train.label)))]}
    tacit.open(tempfile.mkdtemp(prefix="tacit-bench-"))
    learned = tacit.task(answer)
    tacit.add(learned, train[["text", "label"]], label="label")
    began = time.perf_counter()
    tacit.train(learned, budget=budget, seed=seed)
    took = time.perf_counter() - began
    said = [p.value for p in tacit.predict(learned, test[["text"]])]
    return float(np.mean([s == t for s, t in zip(said, test.label, strict=True)])), took


def by_sklearn(train: pd.DataFrame, test: pd.DataFrame) -> tuple[float, float]:
    began = time.perf_counter()
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=10, max_iter=1000))
    model.fit(train.text, train.label)
    return float(model.score(test.text, test.label)), time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", default=str(Path(__file__).resolve().parents[2] / "shared" / "data"))
    parser.add_argument("--budget", type=float, default=60)
    parser.add_argument("--seeds", type=int, default=3)
    asked = parser.parse_args()
    if not Path(asked.data).is_dir():
        sys.exit(f"{asked.data} is no folder; the data sets are not on this machine.  next: give their folder")
    print(machine())
    for name in SETS:
        frame = pd.read_parquet(Path(asked.data) / name / "train.parquet").assign(label=lambda f: f.label.astype(str))
        found: dict[str, list[tuple[float, float]]] = {"tacit": [], "sklearn": []}
        for seed in range(asked.seeds):
            train, test = train_test_split(frame, test_size=0.3, random_state=seed, stratify=frame.label)
            found["sklearn"].append(by_sklearn(train, test))
            found["tacit"].append(by_tacit(train, test, asked.budget, seed))
        for who, runs in found.items():
            scores, took = zip(*runs, strict=True)
            print(
                f"{name:12} {who:8} accuracy {np.mean(scores):.4f} (sd {np.std(scores, ddof=1):.4f})  {np.mean(took):6.1f} s  n={len(runs)}"
            )


if __name__ == "__main__":
    main()
