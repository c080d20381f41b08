"""What a training is to be good at."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tacit
from tacit import Text, task
from tacit.cues import Phrase
from tacit.datasets import training_set
from tacit.errors import NotLearnable, OptionError
from tacit.examples import canonical
from tacit.ladder import balanced
from tacit.objectives import aimed, hard_rows, tail_weights


@pytest.fixture
def sentiment(project: Any, tiny_reviews: list[dict[str, str]]) -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    rows = [{**r, "review": f"mr. brown: {r['review']}"} if i % 8 == 0 else r for i, r in enumerate(tiny_reviews)]
    tacit.add(sentiment, rows, label="label")
    return sentiment


@given(st.lists(st.integers(1, 60), min_size=1, max_size=6))
def test_groups_count_the_same_unless_one_is_tiny(sizes: list[int]) -> None:
    inside = np.repeat(np.arange(len(sizes)), sizes)
    weight = balanced(inside, np.array(sizes))
    assert weight.mean() == pytest.approx(1)
    assert (weight > 0).all()
    if sum(sizes) / (len(sizes) * min(sizes)) <= 20:
        sums = np.bincount(inside, weight)
        assert sums == pytest.approx(np.full(len(sizes), sums[0]))
    assert weight.max() / weight.min() <= 20 * len(sizes)


def test_on_the_mean_nothing_changes(sentiment: Any, project: Any) -> None:
    rows = training_set(project, sentiment)
    assert aimed("average", project, sentiment, rows) == (rows, None)


def test_classes_are_crossed_with_false_cues_and_slices(sentiment: Any, project: Any) -> None:
    rows = training_set(project, sentiment)
    plain, said = aimed("worst-group", project, sentiment, rows)
    assert said is not None
    assert "2 groups, the classes alone" in said
    assert "tacit audit finds" in said
    classes = rows.data.target.argmax(axis=1)
    assert np.ptp(np.bincount(classes, plain.data.weight)) == pytest.approx(0, abs=1e-9)
    project.store.judge_cue("sentiment", canonical(Phrase("review", "mr. brown").to_dict()), "positive", "false")
    project.store.judge_cue("sentiment", canonical(Phrase("review", "w1").to_dict()), "positive", "true")

    @sentiment.slice
    def short(review: str) -> bool:
        return len(review) < 20

    crossed, said = aimed("worst-group", project, sentiment, rows)
    assert said is not None
    assert 'crossed with "mr. brown" and slice short' in said
    has = Phrase("review", "mr. brown").carried(rows.data.columns)
    small = np.array([len(text) < 20 for text in rows.data.columns["review"]])
    groups = np.unique(np.column_stack([classes, has, small]), axis=0, return_inverse=True)[1].ravel()
    assert np.ptp(np.bincount(groups, crossed.data.weight)) == pytest.approx(0, abs=1e-9)


def test_a_run_says_what_it_was_for_and_can_be_repeated(sentiment: Any, project: Any) -> None:
    run = tacit.train(sentiment, budget=10, learners=["tfidf-linear"], objective="worst-group")
    assert run.objective == "worst-group"
    assert any(note.startswith("worst-group: 2 groups") for note in run.notes)
    from tacit.training import repeat

    again = repeat(sentiment, run).predict({"review": ["good", "bad"]})
    assert again.tolist() == [list(p.scores.values()) for p in tacit.predict(sentiment, ["good", "bad"], model=run.model)]


def test_other_objectives_and_numbers_are_refused(sentiment: Any, project: Any) -> None:
    with pytest.raises(OptionError, match=r"average or worst-group or cvar.*--objective worst-group"):
        tacit.train(sentiment, objective="worst-grup")

    @task
    def length(text: Text) -> float:
        """How long?"""

    tacit.add(length, [{"text": "w" * i, "n": i} for i in range(30)], label="n")
    with pytest.raises(NotLearnable, match="--objective average"):
        tacit.train(length, objective="worst-group")


def test_the_score_is_that_of_the_worst_group_and_the_run_says_which(sentiment: Any, project: Any) -> None:
    project.store.judge_cue("sentiment", canonical(Phrase("review", "mr. brown").to_dict()), "positive", "false")
    run = tacit.train(sentiment, budget=10, learners=["tfidf-linear"], objective="worst-group")
    assert run.worst is not None
    assert run.worst["of"] == 3  # one class alone has the cue
    assert run.worst["group"].split(", ")[1] in ('"mr. brown"', 'not "mr. brown"')
    assert run.score <= run.worst["whole"]
    assert f"of the worst of 3 groups, {run.worst['group']}" in str(run)
    assert tacit.runs.Run.from_dict(run.to_dict()) == run
    assert tacit.train(sentiment, budget=10, learners=["tfidf-linear"]).worst is None


@given(st.lists(st.floats(0, 20), min_size=5, max_size=50), st.integers(0, 5))
def test_under_the_weights_of_the_tail_the_mean_is_half_mean_and_half_cvar(losses: list[float], seed: int) -> None:
    loss = np.array(losses)
    given = np.random.default_rng(seed).uniform(0.1, 2, len(loss))
    weight = tail_weights(loss, given)
    assert weight.mean() == pytest.approx(1)
    share = given / given.sum()
    # CVaR as Rockafellar and Uryasev (2000) define it: the least over eta of eta + E (loss - eta)+ / .2, at one of the losses.
    cvar = min(eta + share @ np.maximum(loss - eta, 0) / 0.2 for eta in loss)
    mixed = given * weight
    assert mixed @ loss / mixed.sum() == pytest.approx((share @ loss + cvar) / 2)


def test_the_tail_needs_no_groups_and_holds_what_a_fit_without_the_row_finds_hard(sentiment: Any, project: Any) -> None:
    rows = training_set(project, sentiment)
    learner, losses = hard_rows(rows)
    assert learner == "tfidf-linear"
    hard, said = aimed("cvar", project, sentiment, rows)
    assert said is not None
    assert "20% of the rows that tfidf-linear finds hardest" in said
    order = np.argsort(losses)
    assert hard.data.weight[order[-5:]].min() > 3 * hard.data.weight[order[:5]].max()
    assert hard.strata is not None
    assert hard.strata.names == ("positive", "negative")


def test_a_run_for_the_tail_can_be_repeated(sentiment: Any, project: Any) -> None:
    from tacit.training import repeat

    run = tacit.train(sentiment, budget=10, learners=["tfidf-linear"], objective="cvar", seed=3)
    assert run.worst is not None
    assert run.worst["of"] == 2
    again = repeat(sentiment, run).predict({"review": ["good", "bad"]})
    assert again.tolist() == [list(p.scores.values()) for p in tacit.predict(sentiment, ["good", "bad"], model=run.model)]
