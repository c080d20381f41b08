"""FLAML's AutoML with its own estimators and search; `--budget` is its `time_budget`."""

from __future__ import annotations

from typing import Any

import pandas as pd
from rows import LABEL, Answers, asked, read, show, since_start


def main() -> None:
    a = asked()
    rows = read(a.data)
    notes: dict[str, Any] = {}

    def table(frame: pd.DataFrame) -> pd.DataFrame:
        # Its transformer looks for "object" and "category"; pandas 3 calls text "str".
        return frame.astype({c: object for c in rows.inputs if not pd.api.types.is_numeric_dtype(frame[c])})

    def fit() -> Answers:
        from flaml import AutoML

        found = AutoML()
        task = "regression" if rows.number else "classification"
        y = rows.train[LABEL] if rows.number else rows.train[LABEL].astype(object)
        began = since_start()
        found.fit(table(rows.train[rows.inputs]), y, task=task, metric=rows.metric, time_budget=a.budget, seed=a.seed, verbose=0)
        notes["train_s"] = since_start() - began
        notes.update(chosen=found.best_estimator, claimed=1 - found.best_loss, tried=len(found.config_history))
        return lambda test: found.predict(table(test)).tolist()

    show(rows, fit, ("FLAML", "lightgbm", "xgboost", "scikit-learn"), notes)


if __name__ == "__main__":
    main()
