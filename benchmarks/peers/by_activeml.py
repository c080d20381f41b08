"""scikit-activeml on arrays of a folder: CoreSet's rows, or the seconds of its uncertainty scores, as JSON on one line."""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import skactiveml
from skactiveml.pool import CoreSet, uncertainty_scores


def core_set(folder: str, n: int) -> dict[str, object]:
    features = np.load(f"{folder}/features.npy")
    labels = np.full(len(features), np.nan)
    labels[0] = 0
    strategy = CoreSet(random_state=0)
    began = time.perf_counter()
    rows = strategy.query(features, labels, batch_size=n)
    return {"first": 0, "rows": [int(row) for row in rows], "seconds": time.perf_counter() - began}


def scores(folder: str) -> dict[str, object]:
    probabilities = np.load(f"{folder}/probabilities.npy")
    took = {}
    for method in ("entropy", "margin_sampling", "least_confident"):
        began = time.perf_counter()
        uncertainty_scores(probabilities, method=method)
        took[method] = time.perf_counter() - began
    return {"seconds": took}


def main() -> None:
    what, folder, n = sys.argv[1:4]
    told = core_set(folder, int(n)) if what == "core-set" else scores(folder)
    print(json.dumps(told | {"version": skactiveml.__version__}))


if __name__ == "__main__":
    main()
