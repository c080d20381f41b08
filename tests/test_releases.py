"""The live pointer and its gate."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest

import tacit
from tacit import Text, task
from tacit.errors import GateError, NoModel
from tacit.releases import gate
from tacit.validation import Validation


@pytest.fixture
def sentiment(project: Any, tiny_reviews: list[dict[str, str]]) -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    tacit.add(sentiment, tiny_reviews, label="label")
    tacit.train(sentiment, budget=10, learners=["tfidf-linear"])
    return sentiment


def scored(project: Any, model: str, scores: list[float]) -> None:
    ids = tuple(f"{i:032x}" for i in range(len(scores)))
    Validation(ids, np.arange(len(scores)) % 2, {"right": np.array(scores)}).write(project.hidden, model)


def test_a_worse_model_does_not_pass_and_force_releases_it_all_the_same(sentiment: Any, project: Any) -> None:
    live = project.store.live("sentiment").model
    scored(project, live, [1.0] * 30)
    run = tacit.train(sentiment, budget=10, seed=1, learners=["tfidf-linear"])
    scored(project, run.model, [1.0] * 20 + [0.0] * 10)
    project.store.set_live("sentiment", 1)
    assert gate(project, sentiment, run.model, "accuracy") == (
        False,
        "-0.3333 (95 %: -0.5049 to -0.1618) a row against release 1 on 30 rows that neither was trained on",
    )
    with pytest.raises(GateError, match="--force"):
        tacit.release(sentiment)
    released = tacit.release(sentiment, force=True)
    assert released.version == project.store.live("sentiment").version
    assert "forced" in released.why


def test_a_difference_within_the_noise_passes(sentiment: Any, project: Any) -> None:
    scored(project, project.store.live("sentiment").model, [1.0] * 30)
    scored(project, "other", [1.0] * 29 + [0.0])
    assert gate(project, sentiment, "other", "accuracy")[0]
    assert not gate(project, sentiment, "other", "accuracy", partial=True)[0]


def test_a_handful_of_shared_rows_is_too_few_to_refuse(sentiment: Any, project: Any) -> None:
    scored(project, project.store.live("sentiment").model, [1.0] * 19)
    scored(project, "other", [0.0] * 19)
    passes, why = gate(project, sentiment, "other", "accuracy")
    assert passes
    assert "only 19 rows" in why


def test_a_live_model_that_a_killed_training_left_is_no_obstacle(sentiment: Any, project: Any) -> None:
    live = project.store.live("sentiment").model
    (project.hidden / "validation" / f"{live}.npz").unlink()
    run = tacit.train(sentiment, budget=10, seed=1, learners=["tfidf-linear"])
    assert run.release == 2
    assert "did not end" in run.gate


def test_after_the_types_changed_the_new_model_goes_live(sentiment: Any, tiny_reviews: list[dict[str, str]]) -> None:
    @task(name="sentiment")
    def turned(review: Text) -> Literal["negative", "positive"]:
        """Glad or sad?"""

    with pytest.raises(NoModel, match="before the types of sentiment changed"):
        turned("great")
    run = tacit.train(turned, budget=10, learners=["tfidf-linear"])
    assert (run.release, run.gate) == (2, "release 1 was trained for other types")
    assert turned("great, superb, lovely") == "positive"


def test_the_gate_looks_at_the_metric_that_was_asked_for(sentiment: Any, project: Any) -> None:
    truth = np.array([0] * 95 + [1] * 5)
    ids = tuple(f"{i:032x}" for i in range(100))
    always = Validation(ids, truth, {"right": (truth == 0).astype(float)})
    better = Validation(ids, truth, {"right": np.r_[np.ones(65), np.zeros(30), np.ones(5)]})
    always.write(project.hidden, project.store.live("sentiment").model)
    better.write(project.hidden, "other")
    assert not gate(project, sentiment, "other", "accuracy")[0]
    assert gate(project, sentiment, "other", "balanced")[0]


def test_releasing_what_is_live_changes_nothing(sentiment: Any, project: Any) -> None:
    assert tacit.release(sentiment).version == 1
    assert len(project.store.releases("sentiment")) == 1


def test_back_and_forth(sentiment: Any) -> None:
    tacit.train(sentiment, budget=10, seed=1, learners=["tfidf-linear"])
    tacit.release(sentiment, force=True)
    assert tacit.rollback(sentiment).version == 1
    assert tacit.predict(sentiment, ["fine"])[0].release == 1
    assert tacit.release(sentiment, 2).version == 2
    assert tacit.predict(sentiment, ["fine"])[0].release == 2


def test_there_is_no_way_back_from_the_first_and_no_release_without_a_model(sentiment: Any) -> None:
    with pytest.raises(NoModel, match="no release before 1"):
        tacit.rollback(sentiment)
    with pytest.raises(NoModel, match="has no release 7"):
        tacit.release(sentiment, 7)

    @task
    def other(text: Text) -> bool:
        """?"""

    with pytest.raises(NoModel, match="tacit train other"):
        tacit.release(other)


def test_models_that_were_scored_on_other_splits_are_not_compared(sentiment: Any, project: Any) -> None:
    def run(id: str, groups: str | None) -> None:
        project.store.save_run(id, "sentiment", 0.0, "portfolio", {"groups": groups, "time": None})
        scored(project, id, [1.0] * 30)

    live = project.store.live("sentiment").model
    scored(project, live, [1.0] * 30)
    run("grouped", "who")
    assert gate(project, sentiment, "grouped", "accuracy") == (
        True,
        "release 1 was scored on splits that respected less, so that nothing compares",
    )
    run(live, "who")
    run("plain", None)
    assert gate(project, sentiment, "plain", "accuracy") == (
        False,
        "release 1 was scored with --groups who, this one without, which flatters it",
    )
    assert "30 rows that neither" in gate(project, sentiment, "grouped", "accuracy")[1]
