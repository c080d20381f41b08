"""Rows with labels, read and stored nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

import tacit
from tacit import Text, task
from tacit.errors import ColumnError, OutsideType, RowsError
from tacit.labeled import labeled_rows


@pytest.fixture
def sentiment(project: Any) -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    return sentiment


def test_rows_come_with_ids_and_targets_and_nothing_is_stored(sentiment: Any, project: Any) -> None:
    rows = [
        {"text": "good", "l": "pos"},
        {"text": "bad", "l": "negative"},
        {"text": "?", "l": None},
        {"text": "good", "l": "pos"},
    ]
    (found,) = labeled_rows(sentiment, rows, "l", columns={"text": "review"}, values={"pos": "positive"})
    assert found.columns == {"review": ["good", "bad", "good"]}
    np.testing.assert_array_equal(found.target, [[1, 0], [0, 1], [1, 0]])
    assert found.ids[0] == found.ids[2] != found.ids[1]
    assert found.without == 1
    assert project.store.count("sentiment").examples == 0


def test_the_id_of_a_row_is_that_of_the_example_it_would_be(sentiment: Any, project: Any) -> None:
    tacit.add(sentiment, ["good"])
    (found,) = labeled_rows(sentiment, [{"review": "good", "l": "positive"}], "l")
    assert [e.id for batch in project.store.examples("sentiment") for e in batch] == found.ids


def test_numbers_have_numbers_for_targets(project: Any) -> None:
    @task
    def length(text: Text) -> float:
        """How long?"""

    (found,) = labeled_rows(length, [{"text": "abc", "n": "3"}, {"text": "b", "n": 0.5}], "n")
    assert found.target.tolist() == [3.0, 0.5]


def test_what_does_not_fit_is_said_with_its_row(sentiment: Any, folder: Path) -> None:
    (folder / "r.csv").write_text("review,l\ngood,positive\nbad,negatve\n", encoding="utf-8")
    with pytest.raises(OutsideType, match=r'row 2 .*did you mean "negative".*next: --values negatve=negative'):
        list(labeled_rows(sentiment, "r.csv", "l"))
    with pytest.raises(ColumnError, match="stars"):
        list(labeled_rows(sentiment, "r.csv", "stars"))
    with pytest.raises(RowsError, match="row 1 review is missing"):
        list(labeled_rows(sentiment, [{"review": None, "l": "positive"}], "l"))
