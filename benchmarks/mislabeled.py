"""Planted label noise beside a planted minority: what each witness finds, and how much of the minority it would have deleted.

    python benchmarks/mislabeled.py [--rows 20000] [--seeds 5]

Three classes; one label in ten is another class, whoever has it. A strong cue tells the class of 95 % of the rows and another class of
the others, so that a linear model is wrong about these; weaker features tell the class of everybody. Where the features of neighbors are
the cue alone, rows of the minority lie among those of another class, and only groups tell them apart.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from tacit.audits import mislabeled
from tacit.provenance import machine


def planted(seed: int, n: int, k: int = 3) -> tuple[np.ndarray, ...]:
    """Out-of-fold probabilities, labels, features, who is of the minority, and whose label is wrong."""
    rng = np.random.default_rng(seed)
    truth, minority, wrong = rng.integers(k, size=n), rng.random(n) < 0.05, rng.random(n) < 0.1
    cue = 3 * np.eye(k)[np.where(minority, (truth + 1) % k, truth)] + 0.3 * rng.normal(size=(n, k))
    core = 1.5 * np.eye(k)[truth] + 0.3 * rng.normal(size=(n, k))
    labels = np.where(wrong, (truth + rng.integers(1, k, size=n)) % k, truth)
    model = LogisticRegression(C=0.01)
    p = cross_val_predict(model, np.hstack([cue, 0.2 * core]), labels, cv=5, method="predict_proba")
    return p, labels, np.hstack([cue, core]), minority, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, default=5)
    asked = parser.parse_args()
    print(machine())
    told: dict[str, list[tuple[float, ...]]] = {}
    for seed in range(asked.seeds):
        p, labels, x, minority, wrong = planted(seed, asked.rows)
        groups = minority.astype(int)
        for name, features, of in (
            ("with neighbors", x, None),
            ("neighbors and groups", x, groups),
            ("neighbors by the cue alone", x[:, :3], None),
            ("neighbors by the cue alone, and groups", x[:, :3], groups),
        ):
            began = time.perf_counter()
            found = mislabeled(p, labels, features, of)
            seconds = time.perf_counter() - began
            arms = {name: found.rows[found.kind == "mislabeled"]}
            if name == "with neighbors":
                arms = {"confident learning alone": found.rows} | arms
            for arm, rows in arms.items():
                said = np.isin(np.arange(len(p)), rows)
                figures = wrong[said].mean(), said[wrong & ~minority].mean(), said[minority & ~wrong].mean(), seconds
                told.setdefault(arm, []).append(figures)
    for arm, figures in told.items():
        columns = zip(
            ("precision", "recall outside the minority", "right labels of the minority flagged", "seconds"),
            zip(*figures, strict=True),
            strict=True,
        )
        print(arm + ": " + ", ".join(f"{name} {np.mean(v):.3f} ({min(v):.3f} to {max(v):.3f})" for name, v in columns))


if __name__ == "__main__":
    main()
