"""Test rows that are repeated among those to learn from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tacit
from tacit import Text, task
from tacit.datasets import training_set
from tacit.leaking import leaks
from tacit.learners.roles import settle

LONG = "the quick brown fox jumps over the lazy dog and runs far away from all of the farms of the valley number"


@pytest.fixture
def topic(project: Any) -> Any:
    @task
    def topic(text: Text) -> bool:
        """?"""

    tacit.add(topic, [{"text": f"{LONG} {i} {'x' * i}", "l": i % 2 == 0} for i in range(0, 60, 20)], label="l")
    tacit.add(topic, [{"text": f"a row of its own, number {i * 7919}", "l": i % 2 == 0} for i in range(20)], label="l")
    return topic


def found(project: Any, topic: Any) -> list[tuple[str, str]]:
    rows = training_set(project, topic)
    texts = {e.id: e.inputs["text"] for batch in project.store.examples("topic") for e in batch}
    return [(texts[a], texts[b]) for a, b in leaks(project, topic, settle(rows.data), list(rows.ids))]


def test_test_rows_that_are_nearly_learned_are_named_with_what_they_repeat(topic: Any, project: Any) -> None:
    assert found(project, topic) == []
    tests = [f"{LONG.title()}  0 ", "something else altogether, unlike all others"]
    tacit.add(topic, [{"text": t, "l": True} for t in tests], label="l", split="test")
    assert found(project, topic) == [(tests[0], f"{LONG} 0 ")]


def test_where_there_is_no_text_nothing_is_compared(project: Any) -> None:
    @task
    def older(age: float) -> bool:
        """?"""

    tacit.add(older, [{"age": float(i), "l": i > 5} for i in range(12)], label="l")
    tacit.add(older, [{"age": 40.0, "l": True}], label="l", split="test")
    rows = training_set(project, older)
    assert leaks(project, older, rows.data, list(rows.ids)) == ()
    assert np.array(rows.ids).size == 12
