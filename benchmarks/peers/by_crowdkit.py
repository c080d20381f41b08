"""crowd-kit's majority vote and Dawid-Skene (its defaults) on a folder of answers: what they say of each item, as JSON on one line."""

from __future__ import annotations

import json
import sys
import time

import pandas as pd
from crowdkit.aggregation import DawidSkene, MajorityVote


def main() -> None:
    answers = pd.read_parquet(f"{sys.argv[1]}/answers.parquet").rename(columns={"item": "task"})[["task", "worker", "label"]]
    told = {}
    for name, model in (("majority vote", MajorityVote()), ("Dawid-Skene", DawidSkene(n_iter=100))):
        began = time.perf_counter()
        found = model.fit_predict(answers)
        told[name] = {"seconds": time.perf_counter() - began, "labels": {str(k): str(v) for k, v in found.items()}}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
