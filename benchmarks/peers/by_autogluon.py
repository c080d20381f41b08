"""AutoGluon-Tabular with one of its presets; `--budget` is its `time_limit`."""

from __future__ import annotations

import shutil
import tempfile
from typing import Any

from rows import LABEL, Answers, asked, read, show, since_start


def main() -> None:
    a = asked(preset="medium_quality")
    rows = read(a.data)
    notes: dict[str, Any] = {}
    folder = tempfile.mkdtemp(prefix="by-autogluon-")

    def fit() -> Answers:
        from autogluon.tabular import TabularPredictor

        predictor = TabularPredictor(label=LABEL, eval_metric=rows.metric, path=folder, verbosity=0)
        began = since_start()
        predictor.fit(rows.train, time_limit=a.budget, presets=a.preset)
        notes["train_s"] = since_start() - began
        board = predictor.leaderboard()
        notes.update(chosen=predictor.model_best, members=board["model"].tolist()[:40], claimed=float(board["score_val"].max()))
        return lambda test: predictor.predict(test).tolist()

    try:
        show(rows, fit, ("autogluon.tabular", "torch", "lightgbm", "catboost", "xgboost-cpu", "fastai"), notes)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
