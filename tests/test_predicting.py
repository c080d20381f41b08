"""The verb predict, and calling a task."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pytest

import tacit
from tacit import Between, Text, task
from tacit.errors import ArtifactError, ColumnError, NoModel, RowsError
from tacit.predicting import answers
from tacit.types import Category, Number


@dataclass
class Cup:
    height: float
    width: float


@pytest.fixture
def sentiment(project: Any, tiny_reviews: list[dict[str, str]]) -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    tacit.add(sentiment, tiny_reviews, label="label")
    tacit.train(sentiment, budget=10, learners=["tfidf-linear"])
    return sentiment


def test_a_prediction_has_value_confidence_scores_release_and_an_id_of_its_own(sentiment: Any) -> None:
    first, second = tacit.predict(sentiment, ["great fun", "awful, boring"])
    assert (first.value, second.value) == ("positive", "negative")
    assert first.confidence == max(first.scores.values())
    assert sum(first.scores.values()) == pytest.approx(1)
    assert list(first.scores) == ["positive", "negative"]
    assert first.release == 1
    assert first.id != second.id


def test_files_frames_and_dicts_are_answered_in_their_order(sentiment: Any, folder: Path, tiny_reviews: list[Any]) -> None:
    import pandas as pd
    import polars as pl

    texts = [r["review"] for r in tiny_reviews]
    pd.DataFrame({"review": texts}).to_csv(folder / "r.csv", index=False)
    want = [p.value for p in tacit.predict(sentiment, texts)]
    for rows in (
        folder / "r.csv",
        pd.DataFrame({"review": texts}),
        pl.DataFrame({"review": texts}),
        [{"review": t} for t in texts],
    ):
        assert [p.value for p in tacit.predict(sentiment, rows)] == want


def test_no_rows_have_no_answers(sentiment: Any) -> None:
    assert tacit.predict(sentiment, []) == []


def test_a_row_that_does_not_fit_is_an_error_that_names_it(sentiment: Any) -> None:
    with pytest.raises(RowsError, match=r"row 2 review is empty|row 2 review is missing"):
        tacit.predict(sentiment, ["fine", None, "good"])
    with pytest.raises(ColumnError, match="review"):
        tacit.predict(sentiment, [{"text": "fine"}])
    with pytest.raises(RowsError, match="not text"):
        sentiment(7)


def test_calling_with_the_wrong_arguments_is_what_python_says(sentiment: Any) -> None:
    with pytest.raises(TypeError):
        sentiment("a", "b")


def test_a_task_without_a_model_says_what_it_has_and_what_comes_next(project: Any) -> None:
    @task
    def mood(review: Text) -> bool:
        """Glad?"""

    with pytest.raises(NoModel, match="mood has no trained model yet: 0 examples, 0 labeling functions, 0 labels"):
        mood("hello")
    with pytest.raises(NoModel, match="no model nonsense"):
        tacit.predict(mood, ["hello"], model="nonsense")


def test_a_damaged_model_is_an_error_not_a_wrong_answer(sentiment: Any, project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from tacit import predicting

    monkeypatch.setattr(predicting, "_loaded", {})  # another process has not loaded it yet
    folder = project.hidden / project.store.model(project.store.live("sentiment").model).folder
    file = max((f for f in folder.rglob("*") if f.is_file()), key=lambda f: f.stat().st_size)
    file.write_bytes(file.read_bytes()[:-10] + b"0123456789")
    with pytest.raises(ArtifactError, match="next:"):
        sentiment("great")


def test_a_model_that_was_trained_for_other_types_does_not_answer(sentiment: Any) -> None:
    @task(name="sentiment")
    def changed(review: Text, stars: int) -> Literal["positive", "negative", "neutral"]:
        """Glad or sad?"""

    with pytest.raises(NoModel, match=r"stars: none is now int; -> .* is now .*neutral.*tacit train sentiment"):
        changed("fine", 3)


def test_numbers_stay_in_the_range_of_their_type_and_whole_ones_are_whole() -> None:
    assert [p.value for p in answers(Number(low=0, high=5), np.array([-1.0, 2.5, 9.0]), None)] == [0, 2.5, 5]
    (whole,) = answers(Number(whole=True), np.array([2.6]), 1)
    assert (whole.value, type(whole.value), whole.confidence, whole.scores) == (3, int, None, {})


def test_a_bool_is_answered_as_a_bool() -> None:
    (said,) = answers(Category((False, True), "bool"), np.array([[0.2, 0.8]]), None)
    assert said.value is True
    assert said.scores == {"False": 0.2, "True": 0.8}


def test_a_record_and_a_bounded_number_work_from_call_to_answer(project: Any) -> None:
    @task
    def volume(cup: Cup) -> Annotated[float, Between(0, 100)]:
        """How much fits?"""

    draw = np.random.default_rng(0)
    rows = [{"height": h, "width": w, "v": min(100.0, h * w)} for h, w in draw.uniform(1, 10, (80, 2)).tolist()]
    tacit.add(volume, rows, label="v")
    tacit.train(volume, budget=10)
    assert 0 <= volume(Cup(9.5, 9.5)) <= 100
    assert volume(Cup(9.0, 9.0)) > volume(Cup(2.0, 2.0))
