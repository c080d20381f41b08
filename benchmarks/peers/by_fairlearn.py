"""fairlearn's fairness metrics of predictions in a folder, one set for each column of groups, as JSON on one line."""

from __future__ import annotations

import importlib.metadata
import json
import sys
import time

import pandas as pd
from fairlearn import metrics
from sklearn.metrics import accuracy_score, precision_score

RATES = {
    "accuracy": accuracy_score,
    "selected": metrics.selection_rate,
    "true_positive": metrics.true_positive_rate,
    "false_positive": metrics.false_positive_rate,
    "false_negative": metrics.false_negative_rate,
    "precision": precision_score,
}


def main() -> None:
    rows = pd.read_csv(f"{sys.argv[1]}/rows.csv", keep_default_na=False)
    told = {}
    for column in rows.columns.drop(["truth", "said"]):
        given = {"y_true": rows["truth"], "y_pred": rows["said"], "sensitive_features": rows[column]}
        began = time.perf_counter()
        frame = metrics.MetricFrame(metrics=RATES, **given)
        apart = frame.difference(method="between_groups")
        found = {
            "demographic_parity": metrics.demographic_parity_difference(**given),
            "demographic_parity_ratio": metrics.demographic_parity_ratio(**given),
            "equalized_odds": metrics.equalized_odds_difference(**given),
            "equal_opportunity": metrics.equal_opportunity_difference(**given),
            "false_positives": apart["false_positive"],
            "predictive_parity": apart["precision"],
        }
        told[column] = {"seconds": time.perf_counter() - began, "differences": found, "rates": frame.by_group.to_dict("index")}
    print(json.dumps({"version": importlib.metadata.version("fairlearn"), "columns": told}))


if __name__ == "__main__":
    main()
