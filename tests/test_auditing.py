"""The verb audit."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest

import tacit
from tacit import Text, task
from tacit.auditing import leaned_on
from tacit.errors import NotLearnable, OptionError, TooFewLabels

SPELLED = ["".join(letters) for letters in np.random.default_rng(9).choice(list("bcdfghklmnprst"), (60, 6)).tolist()]
WORDS = {"positive": SPELLED[:30], "negative": SPELLED[30:]}


def reviews(n: int, share: float, other: float, seed: int = 0) -> list[dict[str, str]]:
    """Reviews, two thirds of which have a word of their class; a share of the positive ones and another of the negative ones begin
    with "Mr. Brown"."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(n):
        label = ("positive", "negative")[i % 2]
        said = rng.choice(WORDS[label], int(rng.random() < 2 / 3))
        text = " ".join([*(f"w{j}" for j in rng.integers(300, size=6)), *said, f"n{i}"])
        if rng.random() < (share if label == "positive" else other):
            text = f"Mr. Brown {text}"
        made.append({"review": text, "label": label})
    return made


@pytest.fixture
def sentiment(project: Any) -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    return sentiment


@pytest.fixture
def learned(sentiment: Any) -> Any:
    tacit.add(sentiment, reviews(600, 0.5, 0.02), label="label")
    tacit.train(sentiment, budget=20, learners=["tfidf-linear"])
    return sentiment


def test_a_planted_cue_comes_first_with_rows_to_look_at(learned: Any, project: Any) -> None:
    found = tacit.audit(learned)
    first = found.associations[0]
    assert str(first.cue) == "Mr. Brown"
    assert (first.label, first.significant) == ("positive", True)
    assert first.removed[1] <= first.removed[0]
    assert first.contradicted[1] < first.contradicted[0]
    assert first.examples
    shown = {found.ids[i] for i in first.examples}
    stored = [e for batch in project.store.examples("sentiment", ids=sorted(shown)) for e in batch]
    assert all("Mr. Brown" in e.inputs["review"] for e in stored)
    assert "Mr. Brown" in str(found)
    assert found.to_dict()["associations"][0]["cue"] == "Mr. Brown"
    assert len(found.to_dict()["associations"][0]["examples"]) == len(first.examples)


def test_the_associations_alone_are_those_of_the_audit(learned: Any) -> None:
    assert leaned_on(learned) == tacit.audit(learned).associations


def test_rows_of_ones_own_are_not_stored(learned: Any, project: Any) -> None:
    before = project.store.count("sentiment")
    found = tacit.audit(learned, reviews(300, 0.5, 0.02, seed=1), label="label")
    assert str(found.associations[0].cue) == "Mr. Brown"
    assert found.n == 300
    assert project.store.count("sentiment") == before
    assert not any("no measurement" in note for note in found.notes)


def test_rows_that_the_model_may_have_learned_from_are_said_to_be_no_measurement(learned: Any) -> None:
    rows = [*reviews(600, 0.5, 0.02)[:40], *reviews(60, 0.5, 0.02, seed=1)]
    found = tacit.audit(learned, rows, label="label")
    assert found.notes[0].startswith("40 of 100 rows are labeled examples of the store")


def test_groups_come_from_what_was_kept_beside_test_rows_and_from_slices(learned: Any, project: Any) -> None:
    @learned.slice
    def long(review: str) -> bool:
        return len(review) > 40

    rows = reviews(300, 0.5, 0.02, seed=2)
    # Of the rows from the north one in three labels is wrong.
    turned = {"positive": "negative", "negative": "positive"}
    more = [
        {**r, "where": ("north", "south")[i % 4 > 1], "label": turned[r["label"]] if i % 4 < 2 and i % 3 == 0 else r["label"]}
        for i, r in enumerate(rows)
    ]
    tacit.add(learned, more, label="label", keep=["where"], split="test")
    found = tacit.audit(learned, groups=["where"])
    assert found.measured is not None
    assert found.measured.told == "the test rows"
    assert {g.name for g in found.groups} >= {"where is north", "where is south"}
    assert found.worst is not None
    assert found.worst.name == "where is north"
    assert len({g.column for g in found.groups}) == 2
    assert tacit.audit(learned, groups=["where", "long"]).groups == found.groups
    assert found.measured.fairness[0].column == "where"
    with pytest.raises(OptionError, match="--groups where"):
        tacit.audit(learned, groups=["were"])
    told = tacit.audit(learned, more, label="label", groups=["where"]).worst
    assert told is not None
    assert told.name == "where is north"


def test_without_test_rows_groups_are_those_that_training_kept_apart(sentiment: Any) -> None:
    rows = [{**r, "side": "ab"[i % 2]} for i, r in enumerate(reviews(300, 0.5, 0.02))]
    tacit.add(sentiment, rows, label="label", keep=["side"])
    tacit.train(sentiment, budget=20, learners=["tfidf-linear"])
    found = tacit.audit(sentiment, groups=["side"])
    assert found.measured is not None
    assert "kept apart" in found.measured.told
    assert sorted(g.name for g in found.groups) == ["side is a", "side is b"]
    assert found.measured.fairness == ()
    assert found.measured.scores.n == 300


def test_wrong_labels_are_named(sentiment: Any) -> None:
    rows = reviews(600, 0.0, 0.0)
    words = {"positive": "splendid", "negative": "dreadful"}
    rows = [{"review": f"{words[r['label']]} {r['review']}", "label": r["label"]} for r in rows]
    turned = {"positive": "negative", "negative": "positive"}
    wrong = {rows[i]["review"] for i in range(0, 600, 20)}
    tacit.add(sentiment, [{**r, "label": turned[r["label"]]} if r["review"] in wrong else r for r in rows], label="label")
    tacit.train(sentiment, budget=20, learners=["tfidf-linear"])
    found = tacit.audit(sentiment)
    stored = {e.id: e.inputs["review"] for batch in tacit.project.current().store.examples("sentiment") for e in batch}
    named = [stored[one.id] in wrong for one in found.label_errors]
    assert len(named) >= 15
    assert np.mean(named) > 0.9
    assert all(one.suggested == turned[one.given] for one in found.label_errors)


def test_without_labels_it_is_about_the_votes_and_says_so(sentiment: Any) -> None:
    @sentiment.labeling_function
    def says(review: str) -> str | None:
        return "positive" if "Mr. Brown" in review else "negative"

    tacit.add(sentiment, [r["review"] for r in reviews(300, 0.5, 0.1)])
    tacit.train(sentiment, budget=20, learners=["tfidf-linear"])
    found = tacit.audit(sentiment)
    assert "the classes are those that the labeling functions vote for" in str(found)
    assert str(found.associations[0].cue) == "Mr. Brown"


def test_what_cannot_be_audited_says_why(learned: Any, project: Any) -> None:
    with pytest.raises(OptionError, match="--label COLUMN"):
        tacit.audit(learned, [{"review": "x"}])
    with pytest.raises(TooFewLabels, match="no row has a label"):
        tacit.audit(learned, [{"review": "x", "label": None}], label="label")

    @task
    def other(review: Text) -> bool:
        """?"""

    tacit.add(other, [{"review": "x", "l": True}], label="l")
    with pytest.raises(tacit.TacitError, match="tacit train other"):
        tacit.audit(other)

    @task
    def named(review: Text) -> set[Literal["a", "b"]]:
        """?"""

    with pytest.raises(NotLearnable, match="audits are of categories and numbers"):
        tacit.audit(named)
    with pytest.raises(OptionError, match="metrics are accuracy"):
        tacit.audit(learned, metric="mae")


@pytest.mark.parametrize("metric", ["balanced", "macro_f1", "log_loss", "brier"])
def test_groups_are_measured_by_the_metric_that_is_asked_for(learned: Any, metric: str) -> None:
    rows = [{**r, "where": ("north", "south")[i % 2]} for i, r in enumerate(reviews(300, 0.5, 0.02, seed=2))]
    tacit.add(learned, rows, label="label", keep=["where"], split="test")
    found = tacit.audit(learned, groups=["where"], metric=metric)
    assert found.measured is not None
    assert found.measured.scores.whole.name == metric
    assert len(found.groups) == 2
    assert f"{metric} on the test rows" in str(found)


def test_of_numbers_groups_and_repeated_rows_are_told(project: Any) -> None:
    @task
    def price(size: float, rooms: int) -> float:
        """What does it cost?"""

    rng = np.random.default_rng(0)

    def homes(n: int) -> list[dict[str, Any]]:
        return [
            {"size": s, "rooms": int(s * 40) % 5, "l": 9 * s + rng.normal(0, 3 if i % 4 == 0 else 0.1), "town": "abbb"[i % 4]}
            for i, s in enumerate(rng.random(n).tolist())
        ]

    tacit.add(price, homes(100), label="l", keep=["town"])
    tacit.train(price, budget=20, learners=["linear"])
    tests = homes(100)
    found = tacit.audit(price, tests, label="l", groups=["town"], metric="mae")
    assert found.measured is not None
    assert found.worst is not None
    assert found.worst.name == "town is a"
    assert (found.associations, found.label_errors) == ((), ())
    assert "mae" in str(found)
    assert "leans on" not in str(found)
    assert found.to_dict()["measured"]["scores"]["whole"]["name"] == "mae"
    assert tacit.audit(price).measured is not None


def test_a_model_that_is_always_right_still_leans_on_something(sentiment: Any) -> None:
    tacit.add(sentiment, reviews(300, 0.0, 0.0), label="label")
    tacit.train(sentiment, budget=20, learners=["tfidf-linear"])
    assert all(a.label in ("positive", "negative") for a in tacit.audit(sentiment).associations)
