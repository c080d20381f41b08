"""Votes of labeling functions -> labels: accuracy, Brier score and seconds, beside the majority vote and Snorkel's LabelModel.

    python benchmarks/label_models.py
    python benchmarks/label_models.py --votes DATA/ws_*/votes.parquet

Without --votes, drawn votes: 100,000 rows by 50 functions. A file of votes has a column `label` (a class from 0, or empty), columns
`lf_...` (-1 abstains), and `split` if only its test rows are scored. Scored are rows with a label and a vote; of a tie for the
majority each class has its share. Snorkel is measured where it is installed (it brings torch), with 500 epochs as its tutorials write and
else its defaults; in the same process, one after the other. Imports are not timed.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tacit.labels import aggregate

Votes = NDArray[np.int64]


def drawn(n: int, m: int, k: int, share: float, *, one_class: bool) -> tuple[Votes, Votes, NDArray[np.bool_]]:
    """Votes of functions that err independently, right 55 to 85 times in 100."""
    draw = np.random.default_rng(0)
    truth = draw.integers(0, k, n)
    votes = np.where(
        draw.random((n, m)) < draw.uniform(0.55, 0.85, m), truth[:, None], (truth[:, None] + draw.integers(1, k, (n, m))) % k
    )
    if one_class:
        votes = np.where(votes == np.arange(m) % k, votes, -1)
    votes[draw.random((n, m)) > share] = -1
    return votes, truth, np.ones(n, bool)


def read(path: str) -> tuple[Votes, Votes, NDArray[np.bool_]]:
    import pandas

    frame = pandas.read_parquet(path)
    truth = frame["label"].fillna(-1).to_numpy(int)
    rows = (
        (frame["split"] == "test").to_numpy()
        if "split" in frame and (frame["split"] == "test").any()
        else np.ones(len(frame), bool)
    )
    return frame[[c for c in frame if c.startswith("lf_")]].to_numpy(int), truth, rows


def snorkel(votes: Votes, k: int) -> NDArray[np.float64]:
    from snorkel.labeling.model import LabelModel

    model = LabelModel(cardinality=k, verbose=False)
    model.fit(votes, n_epochs=500, seed=1, progress_bar=False)
    return model.predict_proba(votes)


def installed() -> bool:
    """Whether Snorkel is there; afterwards it is imported and warm."""
    try:
        snorkel(np.array([[0, 1, 1], [1, 1, 0], [0, 0, 1], [1, 0, 0]]), 2)
    except ImportError:
        return False
    return True


def measured(votes: Votes, truth: Votes, rows: NDArray[np.bool_], label: Callable[[], NDArray[np.float64]]) -> str:
    started = time.perf_counter()
    told = label()
    seconds = time.perf_counter() - started
    scored = rows & (truth >= 0) & (votes >= 0).any(1)
    told, truth = told[scored], truth[scored]
    leads = told >= told.max(1, keepdims=True) - 1e-9
    accuracy = (leads[np.arange(len(truth)), truth] / leads.sum(1)).mean()
    brier = ((told - np.eye(told.shape[1])[truth]) ** 2).sum(1).mean()
    return f"accuracy {accuracy * 100:6.2f}  Brier {brier:.3f}  {seconds:8.3f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--votes", nargs="*", default=[], metavar="FILE", help="files of votes (Parquet)")
    parser.add_argument("--no-snorkel", action="store_true", help="leave Snorkel out")
    given = parser.parse_args()
    sets = {path: read(path) for path in given.votes} or {
        "100,000 x 50, 2 classes, all vote": drawn(100_000, 50, 2, 1.0, one_class=False),
        "100,000 x 50, 2 classes, three in ten vote": drawn(100_000, 50, 2, 0.3, one_class=False),
        "100,000 x 50, 2 classes, each says one": drawn(100_000, 50, 2, 0.2, one_class=True),
    }
    print(platform.platform(), platform.processor(), f"numpy {np.__version__}")
    aggregate([[0, 1], [1, 1]], 2)  # imports SciPy
    beside = not given.no_snorkel and installed()
    if not beside:
        print("Snorkel is left out, or not installed: pip install snorkel")
    for name, (votes, truth, rows) in sets.items():
        k = int(max(votes.max(), truth.max())) + 1
        print(f"{name}: {votes.shape[0]:,} rows, {votes.shape[1]} functions, {k} classes")
        for method in ("majority", "auto"):
            say = measured(votes, truth, rows, lambda m=method, v=votes, c=k: aggregate(v, c, method=m).probabilities)
            print(f"  {method:10}{say}")
        if beside:
            print(f"  {'Snorkel':10}{measured(votes, truth, rows, lambda v=votes, c=k: snorkel(v, c))}", flush=True)


if __name__ == "__main__":
    main()
