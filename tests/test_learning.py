"""Rows through the ladder, with whoever keeps the models, and whoever holds a stopwatch."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Literal

import tacit
from tacit import Text, task
from tacit.datasets import training_set
from tacit.learners import Cache
from tacit.learning import learn
from tacit.phases import stopwatch


@task
def tone(text: Text) -> Literal["glad", "sad"]:
    """Is it glad or sad?"""


def test_each_better_model_is_handed_over_and_nothing_is_kept_elsewhere(tmp_path: Path) -> None:
    project = tacit.open(tmp_path)
    words = {"glad": "fine good lovely warm", "sad": "grim cold awful bleak"}
    rows = [
        {"text": f"{word} day number {i}", "tone": name}
        for i in range(30)
        for name, some in words.items()
        for word in some.split()
    ]
    tacit.add(tone, rows, label="tone")
    kept: list[tuple[Any, float]] = []

    with stopwatch() as watch:
        learned = learn(
            training_set(project, tone),
            task="tone",
            began=time.monotonic(),
            budget_s=10,
            target=None,
            metric=None,
            learners=["tfidf-linear"],
            seed=0,
            cache=Cache(),
            keep=lambda model, trial, measured: kept.append((model, measured.value)),
        )

    assert kept
    assert kept[-1][1] == learned.climb.score
    assert kept[-1][0].predict({"text": ["a grim thing"]}).argmax() == 1
    assert project.store.models("tone") == []
    assert project.store.live("tone") is None
    assert {"train", "train/eval", "train/save"} <= set(watch.seconds)
