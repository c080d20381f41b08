"""Looking after the store."""

from __future__ import annotations

from typing import Any, Literal

import pytest

import tacit
from tacit import Text, task
from tacit.errors import OutsideType, TaskNameError, UnknownTask
from tacit.keeping import relabel, rename, status


def test_status_counts_what_each_task_has_and_names_those_that_no_file_declares(project: Any) -> None:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """?"""

    tacit.add(sentiment, [{"review": "a", "l": "positive"}, {"review": "b"}], label="l")
    (held,) = status().tasks
    assert (held.task, held.examples, held.labeled, held.labels) == ("sentiment", 2, 1, {"import": 1})
    assert not held.declared
    assert "tacit db rename sentiment" in str(status())


def test_renaming_moves_everything_and_never_onto_a_task_that_has_something(project: Any) -> None:
    @task
    def mood(review: Text) -> bool:
        """?"""

    @task
    def sentiment(review: Text) -> bool:
        """?"""

    tacit.add(sentiment, [{"review": "a", "l": True}], label="l")
    assert str(rename("sentiment", "mood")) == "1 examples of sentiment belong to mood now."
    assert project.store.count("mood").labeled == 1
    with pytest.raises(UnknownTask, match="did you mean mood|it has mood"):
        rename("moood", "x")
    tacit.add(sentiment, ["b"])
    with pytest.raises(TaskNameError, match="has examples already"):
        rename("sentiment", "mood")


def test_relabeling_takes_only_values_of_the_type(project: Any) -> None:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """?"""

    tacit.add(sentiment, [{"review": "a", "l": "positive"}], label="l")
    assert str(relabel("sentiment", "positive", "negative")).startswith("1 labels")
    assert project.store.labels("sentiment")[0].value == "negative"
    with pytest.raises(OutsideType, match="positive"):
        relabel("sentiment", "negative", "positve")
