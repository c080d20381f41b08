"""The verb train: from stored labels to a live model."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

import tacit
from tacit import Image, Text, task
from tacit.errors import ArtifactError, BudgetError, NotLearnable, OptionError, OutsideType, TooFewLabels
from tacit.training import repeat, seconds_of
from tacit.types import pictures
from tacit.validation import Validation


def reviews() -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    return sentiment


def test_a_text_task_learns_and_its_run_tells_how(project: Any, tiny_reviews: list[dict[str, str]]) -> None:
    sentiment = reviews()
    tacit.add(sentiment, tiny_reviews, label="label")
    run = tacit.train(sentiment, budget=8)
    assert run.metric == "accuracy"
    assert run.score > 0.9
    assert run.interval[0] <= run.score <= run.interval[1]
    assert (run.labels["gold"], run.labels["voted"]) == (60, 0)
    assert run.learner in tacit.choices(sentiment)
    assert run.trials[run.made]["reason"] is None
    assert run.ece is not None
    assert f"ece {run.ece:.3f}" in str(run)
    assert run.curve[-1][2] == pytest.approx(run.score)
    assert run.seconds_to(0.5) is not None
    assert run.seconds_to(1.5) is None
    assert {"learner", "settings", "seed", "rows", "score", "seconds"} <= run.trials[0].keys()
    assert run.versions["tacit"] == tacit.__version__
    assert run.machine["cores"]
    assert run.release == 1
    assert "accuracy" in str(run)
    json.dumps(run.to_dict())
    assert sentiment("a great evening, superb from start to end") == "positive"
    assert sentiment(review="an awful bore, refund") == "negative"


def test_the_run_comes_back_from_the_store_as_it_was(project: Any, tiny_reviews: list[dict[str, str]]) -> None:
    sentiment = reviews()
    tacit.add(sentiment, tiny_reviews, label="label")
    run = tacit.train(sentiment, budget=8)
    (stored,) = project.store.runs("sentiment")
    assert json.dumps(tacit.Run.from_dict(stored.record).to_dict()) == json.dumps(run.to_dict())
    assert str(tacit.Run.from_dict(stored.record)) == str(run)


def test_records_with_gaps_categories_and_moments_learn_categories_numbers_and_bools(
    project: Any, tiny_table: list[dict[str, Any]]
) -> None:
    @task
    def price(size: float, town: str, age: int | None) -> float:
        """How much?"""

    @task
    def is_dear(size: float, town: Literal["north", "south"], age: int | None) -> bool:
        """Dear?"""

    tacit.add(price, tiny_table, label="price")
    run = tacit.train(price, budget=8)
    assert run.metric == "r2"
    assert run.score > 0.8
    assert isinstance(price(size=100.0, town="north", age=None), float)
    tacit.add(is_dear, tiny_table, label="label", values={"dear": True, "cheap": False})
    assert tacit.train(is_dear, budget=8).score > 0.8
    assert is_dear(size=190.0, town="north", age=3) is True


def test_images_learn(project: Any, tiny_pictures: list[dict[str, Any]]) -> None:
    @task
    def side(photo: Image) -> Literal["left", "right"]:
        """Which side is bright?"""

    tacit.add(side, tiny_pictures, label="label")
    assert tacit.train(side, budget=8).score > 0.9
    assert side(tiny_pictures[0]["photo"]) == tiny_pictures[0]["label"]


@pytest.mark.parametrize("learner", ["pixels-linear", "convnet-small"])
def test_pictures_that_are_damaged_in_the_store_are_told(
    project: Any, tiny_pictures: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, learner: str
) -> None:
    @task
    def side(photo: Image) -> Literal["left", "right"]:
        """Which side is bright?"""

    with monkeypatch.context() as blind:
        blind.setattr(pictures, "open_image", lambda data, size=None: None)
        bad = [{"photo": b"cut", "label": "left"}, {"photo": b"torn", "label": "right"}]
        tacit.add(side, [*tiny_pictures, *bad], label="label")
    run = tacit.train(side, budget=8, learners=[learner])
    (note,) = [note for note in run.notes if "cannot be read" in note]
    assert note.startswith("2 examples have pictures that cannot be read, and that taught nothing: ")
    ids = [e.id[:8] for batch in project.store.examples("side") for e in batch][-2:]
    assert set(note.rpartition(": ")[2].split(", ")) == set(ids)


def test_votes_alone_are_enough_and_test_rows_are_never_trained_on(project: Any, tiny_reviews: list[dict[str, str]]) -> None:
    sentiment = reviews()

    @sentiment.labeling_function
    def glad(review: str) -> str | None:
        return "positive" if any(w in review for w in ("great", "lovely", "superb")) else None

    @sentiment.labeling_function
    def sad(review: str) -> str | None:
        return "negative" if any(w in review for w in ("awful", "boring", "refund")) else None

    tacit.add(sentiment, [r["review"] for r in tiny_reviews[:40]])
    tacit.add(sentiment, tiny_reviews[40:], label="label", split="test")
    run = tacit.train(sentiment, budget=8)
    assert run.labels["gold"] == 0
    assert 20 < run.labels["voted"] <= 40
    assert any("votes" in note for note in run.notes)
    assert tacit.evaluate(sentiment).metrics["accuracy"] > 0.8


def test_a_handful_of_labels_beside_many_votes_is_too_few_to_score_on(project: Any, tiny_reviews: list[dict[str, str]]) -> None:
    sentiment = reviews()
    sentiment.labeling_function(
        lambda review: "positive" if any(w in review for w in ("great", "lovely", "superb")) else "negative"
    )
    tacit.add(sentiment, tiny_reviews[:4], label="label")
    tacit.add(sentiment, [r["review"] for r in tiny_reviews[4:]])
    run = tacit.train(sentiment, budget=8)
    assert (run.labels["gold"], run.labels["voted"]) == (4, 56)
    assert any("only 4 examples are labeled" in note for note in run.notes)


def test_a_label_that_somebody_gave_overrules_the_votes(project: Any) -> None:
    from tacit.datasets import training_set

    sentiment = reviews()
    sentiment.labeling_function(lambda review: "positive")
    tacit.add(sentiment, [{"review": "one", "l": "negative"}], label="l")
    tacit.add(sentiment, ["two"])
    rows = training_set(project, sentiment)
    assert rows.is_gold.tolist() == [True, False]
    np.testing.assert_allclose(rows.data.target, [[0, 1], [0.682, 0.318]], atol=0.001)  # it was wrong once


def test_training_on_a_selection_uses_its_examples_and_weights(project: Any, tiny_reviews: list[dict[str, str]]) -> None:
    sentiment = reviews()
    tacit.add(sentiment, tiny_reviews, label="label")
    examples = [e for batch in project.store.examples("sentiment") for e in batch][:40]
    chosen = tacit.Selection(
        "sentiment",
        tuple(tacit.Example(e.id, e.inputs) for e in examples),
        (0.0,) * 40,
        (1.0,) * 40,
        tuple(np.linspace(0.5, 1.5, 40).tolist()),
        0.0,
        "by hand",
    )
    assert tacit.train(sentiment, budget=8, on=chosen).labels["gold"] == 40


def test_the_same_seed_gives_the_same_predictions_and_a_second_run_needs_the_gate(
    project: Any, tiny_reviews: list[dict[str, str]]
) -> None:
    sentiment = reviews()
    tacit.add(sentiment, tiny_reviews, label="label")
    first, second = (tacit.train(sentiment, budget=8, seed=3, learners=["tfidf-linear"]) for _ in range(2))
    asked = [r["review"] + "!" for r in tiny_reviews]
    scores = [[p.scores for p in tacit.predict(sentiment, asked, model=run.model)] for run in (first, second)]
    assert scores[0] == scores[1]
    assert first.gate == "the first model goes live by itself"
    assert "against release 1 on 60 rows" in second.gate
    assert second.release == 2


def test_a_run_from_the_store_can_be_repeated_to_the_same_predictions_after_more_was_added(
    project: Any, tiny_reviews: list[dict[str, str]]
) -> None:
    sentiment = reviews()
    sentiment.labeling_function(lambda review: "positive" if "superb" in review else None)
    tacit.add(sentiment, tiny_reviews[:40], label="label")
    tacit.add(sentiment, [r["review"] for r in tiny_reviews[40:50]])
    done = tacit.train(sentiment, budget=8)
    asked = [r["review"] for r in tiny_reviews]
    want = [list(p.scores.values()) for p in tacit.predict(sentiment, asked, model=done.model)]
    tacit.add(sentiment, tiny_reviews[50:], label="label")
    tacit.add(sentiment, ["superb, superb"])
    (stored,) = project.store.runs("sentiment")
    model = repeat(sentiment, tacit.Run.from_dict(stored.record))
    assert model.predict({"review": asked}).tolist() == want
    sentiment.labeling_functions.clear()
    sentiment.labeling_function(lambda review: "negative" if "superb" in review else None)
    with pytest.raises(ArtifactError, match="other rows, labels or votes"):
        repeat(sentiment, done)


def test_slow_labeling_functions_leave_half_of_the_budget_for_learning(project: Any, tiny_reviews: list[dict[str, str]]) -> None:
    sentiment = reviews()

    @sentiment.labeling_function
    def slow(review: str) -> str | None:
        time.sleep(0.02)
        return "positive" if any(w in review for w in ("great", "lovely", "superb", "fun")) else "negative"

    tacit.add(sentiment, [f"{r['review']} {i}" for i in range(20) for r in tiny_reviews])
    began = time.monotonic()
    run = tacit.train(sentiment, budget=4)
    assert time.monotonic() - began < 7
    assert any("were asked about" in note for note in run.notes)
    assert run.labels["voted"] < 1200


@pytest.mark.parametrize(
    ("rows", "error", "said"),
    [
        ([], TooFewLabels, "tacit add sentiment FILE"),
        ([{"review": "a"}], TooFewLabels, "0 labels"),
        ([{"review": f"text {i}", "l": "positive"} for i in range(20)], TooFewLabels, "positive"),
        ([{"review": "a", "l": "positive"}, {"review": "b", "l": "negative"}], TooFewLabels, "2 "),
    ],
)
def test_nothing_to_learn_from_is_said_with_the_next_step(project: Any, rows: list[Any], error: type, said: str) -> None:
    sentiment = reviews()
    if rows:
        tacit.add(sentiment, rows, label="l" if "l" in rows[0] else None)
    with pytest.raises(error, match=said) as caught:
        tacit.train(sentiment, budget=10)
    assert caught.value.next


def test_a_class_that_was_removed_is_an_error_until_it_is_relabeled_or_put_back(
    project: Any, tiny_reviews: list[dict[str, str]]
) -> None:
    @task(name="sentiment")
    def before(review: Text) -> Literal["positive", "negative", "neutral"]:
        """Glad or sad?"""

    tacit.add(before, [*tiny_reviews, {"review": "so so", "label": "neutral"}], label="label")
    with pytest.raises(OutsideType, match='1 label of sentiment is "neutral"'):
        tacit.train(reviews(), budget=10)
    assert project.store.count("sentiment").labeled == 61
    from tacit.keeping import relabel

    relabel("sentiment", "neutral", "negative")
    assert tacit.train(reviews(), budget=10).labels["gold"] == 61


def test_a_renamed_task_is_told_where_its_examples_are(project: Any, tiny_reviews: list[dict[str, str]]) -> None:
    tacit.add(reviews(), tiny_reviews, label="label")

    @task
    def mood(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    with pytest.raises(TooFewLabels, match="tacit db rename sentiment mood"):
        tacit.train(mood, budget=10)


def test_a_type_that_cannot_be_learned_yet_says_so_at_train(project: Any) -> None:
    @task
    def tags(text: Text) -> set[Literal["a", "b"]]:
        """Which?"""

    tacit.add(tags, [{"text": "x", "tags": ["a"]}, {"text": "y", "tags": []}], label="tags")
    with pytest.raises(NotLearnable, match="set"):
        tacit.train(tags, budget=10)


@pytest.mark.parametrize(("given", "seconds"), [(60, 60), ("60", 60), ("90s", 90), ("5m", 300), ("1.5h", 5400), (0.5, 0.5)])
def test_a_budget_is_seconds(given: Any, seconds: float) -> None:
    assert seconds_of(given) == seconds


@pytest.mark.parametrize("given", [0, -1, "soon", "5 days", "", None, float("nan"), "1e9"])
def test_what_is_no_budget_is_refused(given: Any) -> None:
    with pytest.raises(BudgetError, match="next:"):
        seconds_of(given)


def test_unknown_learners_and_metrics_are_refused_with_the_nearest(project: Any, tiny_reviews: list[dict[str, str]]) -> None:
    sentiment = reviews()
    tacit.add(sentiment, tiny_reviews, label="label")
    with pytest.raises(OptionError, match="tfidf-linear"):
        tacit.train(sentiment, learners=["tfidf-liner"])
    with pytest.raises(OptionError, match="accuracy"):
        tacit.train(sentiment, metric="acuracy")


PROGRAM = """
import sys, time
from typing import Literal
import numpy as np
import tacit
from tacit import Text, task

@task
def topic(text: Text) -> Literal["a", "b", "c", "d"]:
    "Which?"

draw = np.random.default_rng(0)
words = np.array([f"w{i}" for i in range(20000)])
rows = []
for i in range(20000):
    k = int(draw.integers(4))
    mix = np.concatenate([draw.integers(0, 20000, 30), k * 5000 + draw.integers(0, 5000, 8)])
    rows.append({"text": " ".join(words[mix]), "k": "abcd"[k]})
tacit.open(sys.argv[1])
tacit.add(topic, rows, label="k")
seen = []
def tell(p):
    if p.best and not seen:
        seen.append(p)
        print("best", flush=True)
with tacit.watch(tell):
    run = tacit.train(topic, budget=120)
print("stopped", run.stopped, run.release, topic("w1 w2 w3"), flush=True)
"""


def started(folder: Path) -> subprocess.Popen[str]:
    program = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "best\n"
    return program


def test_a_training_that_was_cut_short_does_not_replace_one_that_had_all_rows_unless_it_is_better(folder: Path) -> None:
    program = textwrap.dedent(PROGRAM).replace("budget=120", "budget=sys.argv[2], learners=['tfidf-linear']")
    for budget in ("60", "2"):
        done = subprocess.run([sys.executable, "-c", program, str(folder), budget], capture_output=True, text=True, check=True)
    tacit.open(folder)
    first, second = (tacit.Run.from_dict(r.record) for r in tacit.project.current().store.runs("topic"))
    assert first.rows == 20000
    assert second.rows < 20000
    assert f"fitted on {second.rows:,} of them" in str(second)
    assert (first.release, second.release) == (1, None), done.stdout
    assert 0.2 < first.baseline < 0.3


def test_ctrl_c_keeps_the_best_so_far(folder: Path) -> None:
    with started(folder) as program:
        for again in range(4):
            program.send_signal(signal.SIGINT)
            try:
                out, err = program.communicate(timeout=20)
                break
            except subprocess.TimeoutExpired:  # some library swallows an interrupt while it is imported
                assert again < 3
    assert out.startswith("stopped interrupt 1 "), err


def test_a_kill_leaves_the_best_so_far_live(folder: Path) -> None:
    with started(folder) as program:
        time.sleep(0.2)
        program.kill()
        program.communicate()
    tacit.open(folder)

    @task
    def topic(text: Text) -> Literal["a", "b", "c", "d"]:
        """Which?"""

    assert topic("w1 w2 w3") in ("a", "b", "c", "d")


def visits(project: Any) -> Any:
    """A task whose rows tell who came, and each of 30 people always says the same."""

    @task
    def stays(person: str, hour: int) -> bool:
        """?"""

    rows = [{"person": f"p{i % 30}", "hour": i % 7, "l": i % 30 < 15, "day": f"2026-03-{i // 12 + 1:02}"} for i in range(300)]
    tacit.add(stays, rows, label="l", keep=["day"])
    return stays


def test_with_groups_nobody_who_is_scored_on_was_learned_from(project: Any) -> None:
    stays = visits(project)
    easy = tacit.train(stays, budget=10, learners=["linear"])
    run = tacit.train(stays, budget=10, learners=["linear"], groups="person")
    assert easy.score > 0.95
    assert run.score < 0.75
    assert (run.groups, run.time, run.release) == ("person", None, 2)
    assert "scored on each person only by models that had no example of it" in str(run)
    assert tacit.Run.from_dict(json.loads(json.dumps(run.to_dict()))) == run
    asked = [{"person": f"p{i}", "hour": 3} for i in range(40)]
    again = repeat(stays, run).predict({name: [row[name] for row in asked] for name in ("person", "hour")})
    assert again.tolist() == [list(p.scores.values()) for p in tacit.predict(stays, asked, model=run.model)]
    assert tacit.train(stays, budget=10, learners=["linear"]).release is None  # its score is flattered


def test_with_time_the_newest_are_scored_on(project: Any) -> None:
    run = tacit.train(visits(project), budget=10, learners=["linear"], time="day")
    validation = Validation.read(project.hidden, run.model)
    days = {e.id: e.extra["day"] for batch in project.store.examples("stays") for e in batch}
    assert sorted({days[i] for i in validation.ids}) == ["2026-03-15", "2026-03-16", "2026-03-17", "2026-03-18"]
    assert max(days.values()) == "2026-03-18"
    assert "scored on the newest by day" in str(run)


def test_a_wrong_column_of_groups_is_said_before_anything_is_learned(project: Any) -> None:
    stays = visits(project)
    with pytest.raises(OptionError, match="--groups person"):
        tacit.train(stays, groups="persn")
    with pytest.raises(OptionError, match="--time day"):
        tacit.train(stays, time="days")


def test_what_is_odd_about_the_rows_is_said(project: Any) -> None:
    @task
    def renews(customer: str, plan: str, canceled_on: str | None, visits: int) -> bool:
        """?"""

    rows = [
        {
            "customer": f"C{i:04}",
            "plan": "basic",
            "canceled_on": None if i % 3 else "2026-01-01",
            "visits": i * 7919 % 31,
            "l": bool(i % 3),
        }
        for i in range(120)
    ]
    tacit.add(renews, rows, label="l")
    run = tacit.train(renews, budget=10, learners=["tfidf-linear"])
    assert [note.split(" ")[0] for note in run.notes] == ['"canceled_on"', '"customer"', '"plan"']
    assert 'note: "canceled_on" alone tells 100.0% of the answers' in str(run)


def test_labels_tell_how_votes_are_learned_from_and_the_run_says_what_they_are_worth(
    project: Any, tiny_reviews: list[dict[str, str]]
) -> None:
    sentiment = reviews()
    sentiment.labeling_function(lambda review: "positive" if any(w in review for w in ("great", "lovely")) else None)
    tacit.add(sentiment, tiny_reviews[:30], label="label")
    tacit.add(sentiment, [r["review"] for r in tiny_reviews[30:]])
    run = tacit.train(sentiment, budget=10, learners=["tfidf-linear"])
    assert run.mix is not None
    assert (run.mix["judge"], run.mix["n"], set(run.mix["scores"])) == ("tfidf-linear", 30, {"both", "labels", "votes"})
    assert any("30 held-out labels tell by tfidf-linear" in note for note in run.notes)
    asked = [r["review"] for r in tiny_reviews]
    want = [list(p.scores.values()) for p in tacit.predict(sentiment, asked, model=run.model)]
    (stored,) = project.store.runs("sentiment")
    assert repeat(sentiment, tacit.Run.from_dict(stored.record)).predict({"review": asked}).tolist() == want


def test_without_votes_there_is_no_mix(project: Any, tiny_reviews: list[dict[str, str]]) -> None:
    sentiment = reviews()
    tacit.add(sentiment, tiny_reviews, label="label")
    assert tacit.train(sentiment, budget=5, learners=["tfidf-linear"]).mix is None
