"""There is always one thing to do next, and a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pytest

import tacit
from tacit import Text
from tacit.pages.steps import next_step
from tacit.runs import Run
from tacit.store import Counts

RUN = Run(
    "ab", "t", "accuracy", 0.9, (0.8, 1.0), 1.0, None, (), (), "tfidf-linear", {}, 5, 0.5, "budget", 0, "00", {"gold": 5, "voted": 0, "upto": 9}, {}, {}, (), 1, "first"
)  # fmt: skip


@pytest.fixture
def task() -> Any:
    @tacit.task
    def t(text: Text) -> Literal["a", "b"]: ...

    return t


def counts(examples: int, labeled: int) -> Counts:
    return Counts(examples, labeled, examples - labeled, {}, examples, labeled)


def test_rows_come_first_then_labels_then_a_model(task: Any) -> None:
    assert next_step(task, counts(0, 0), None, 0).command == "tacit add t FILE --label COLUMN"
    assert next_step(task, counts(10, 0), None, 0).command == "tacit add t FILE --label COLUMN"
    assert next_step(task, counts(10, 5), None, 0).command == "tacit train t"


def test_labeling_functions_are_something_to_learn_from(task: Any) -> None:
    task.labeling_function(lambda text: None)
    assert next_step(task, counts(10, 0), None, 0).command == "tacit train t"


def test_new_labels_call_for_training_and_a_better_model_for_release(task: Any) -> None:
    step = next_step(task, counts(10, 10), RUN, 3)
    assert (step.command, step.why) == ("tacit train t", "3 labels came in since it was trained.")
    held = next_step(task, counts(10, 10), replace(RUN, release=None, gate="it is worse"), 0)
    assert held.command == "tacit release t"
    assert "it is worse" in held.why


def test_then_it_is_labels_for_those_that_would_teach_most(task: Any) -> None:
    assert next_step(task, counts(100, 50), RUN, 0).command == "tacit select t 20"
    assert next_step(task, counts(52, 50), RUN, 0).command == "tacit select t 2"
    assert next_step(task, counts(50, 50), RUN, 0).command == "tacit add t FILE"
