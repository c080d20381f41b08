"""How long one answer takes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

import tacit
from tacit import Text, task
from tacit.benchmarking.latencies import cost_per_million, latency_of
from tacit.learners import Model


@task
def tone(text: Text) -> Literal["glad", "sad"]:
    """Is it glad or sad?"""


class Slow(Model):
    """Takes 3 ms an answer, and counts how many it was asked for."""

    learner, settings, asked = "slow", {}, 0

    def predict(self, columns: Any) -> Any:
        time.sleep(0.003)
        self.asked += len(columns["text"])
        return np.full((len(columns["text"]), 2), 0.5)

    def save(self, folder: Path) -> None: ...


def test_each_example_is_asked_alone_after_a_warm_up(tmp_path: Path) -> None:
    tacit.open(tmp_path)
    model, texts = Slow(), [f"text {i}" for i in range(20)]

    found = latency_of(tone, model, [{"text": t} for t in texts], {"text": texts})

    assert found is not None
    assert found.n == 20
    assert model.asked == 2 * (20 + 10)
    assert 3.0 <= found.model.p50 <= found.model.p90 <= found.model.p99
    assert found.whole.mean >= 3.0


def test_nothing_is_said_of_no_example(tmp_path: Path) -> None:
    tacit.open(tmp_path)

    assert latency_of(tone, Slow(), [], {"text": []}) is None


def test_a_million_answers_cost_what_the_machine_costs_meanwhile() -> None:
    # 0.90 USD an hour, 29.24 ms: the sample of the benchmark note, definition 8.
    assert cost_per_million(29.24, 0.90) == pytest.approx(7.31, abs=0.005)
