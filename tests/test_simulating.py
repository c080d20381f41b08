"""The verb simulate."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

import tacit
from tacit import Text, task
from tacit.errors import ColumnError, MissingExtra, NotLearnable, OptionError, OutsideType, SelectionError, TooFewLabels
from tacit.progress import Progress, watch
from tacit.simulating import compare


@pytest.fixture(scope="session")
def reviews() -> list[dict[str, str]]:
    """300 reviews, half of them "positive"; one word of ten in each gives it away."""
    chance = random.Random(0)
    words = {"positive": "great lovely superb fun fine", "negative": "awful boring refund poor sad"}
    rows = []
    for i in range(300):
        label = ("positive", "negative")[i % 2]
        rows.append(
            {"review": f"{chance.choice('abcdefgh')} film on day {i}, {chance.choice(words[label].split())} end", "label": label}
        )
    return rows


@pytest.fixture
def sentiment(project: Any) -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    return sentiment


def test_it_replays_rounds_and_stores_nothing(sentiment: Any, project: Any, reviews: list[Any]) -> None:
    found = tacit.simulate(sentiment, reviews[:200], label="label", rounds=[10, 30, 60], test=reviews[200:])
    assert [r.labels for r in found.rounds] == [10, 30, 60]
    assert found.rounds[-1].score > found.rounds[0].score
    assert (found.rows, found.measured, found.apart) == (200, 100, True)
    assert (found.strategy, found.proxy, found.learner, found.metric) == ("margin", "tfidf-linear", "tfidf-linear", "accuracy")
    assert found.stopped == "done"
    count = project.store.count("sentiment")
    assert (count.examples, count.labeled) == (0, 0)
    assert project.store.models("sentiment") == []


def test_without_a_test_set_a_fifth_is_held_out_by_the_seed_for_every_strategy(sentiment: Any, reviews: list[Any]) -> None:
    found = compare(sentiment, reviews, label="label", rounds=[10, 20], strategies=["margin", "random", "typical"], seeds=2)
    assert all((s.rows, s.measured, s.apart) == (240, 60, False) for s in found.simulations)
    for seed in (0, 1):
        assert len({s.rounds[0].score for s in found.simulations if s.seed == seed}) == 1
    assert [(s.strategy, s.seed) for s in found.simulations][:4] == [("margin", 0), ("random", 0), ("typical", 0), ("margin", 1)]
    assert [s.strategy for s in found.saved] == ["margin", "typical"]


def test_rows_of_equal_inputs_are_labeled_once_and_none_is_in_the_test_set_too(sentiment: Any, reviews: list[Any]) -> None:
    rows = [*reviews[:100], *reviews[:5], {"review": "no label", "label": None}]
    found = tacit.simulate(sentiment, rows, label="label", rounds=[10, 80], test=reviews[80:], strategy="random")
    assert found.rows == 80
    assert "5 rows with inputs that came before" in found.notes[2]
    assert "20 rows with inputs that the test set has" in found.notes[1]
    assert "1 row without a label" in found.notes[0]
    with pytest.raises(SelectionError, match=r"81 labels are more than the 80 rows .* next: --rounds 80, or fewer"):
        tacit.simulate(sentiment, rows, label="label", rounds=[10, 81], test=reviews[80:])


def test_files_columns_and_values_are_read_as_add_reads_them(sentiment: Any, folder: Path, reviews: list[Any]) -> None:
    lines = [f'"{r["review"]}",{"good" if r["label"] == "positive" else "bad"}' for r in reviews[:100]]
    (folder / "r.csv").write_text("\n".join(["text,stars", *lines]), encoding="utf-8")
    values = {"good": "positive", "bad": "negative"}
    found = tacit.simulate(
        sentiment, "r.csv", label="stars", rounds=[10, 20], columns={"text": "review"}, values=values, metric="macro_f1", seed=4
    )
    assert found.metric == "macro_f1"
    assert found.seed == 4


def test_records_and_numbers_are_replayed_too(project: Any, tiny_table: list[dict[str, Any]]) -> None:
    @task
    def price(size: float, town: str, age: int | None) -> float:
        """What does it cost?"""

    found = compare(price, tiny_table, label="price", rounds=[10, 40], strategies=["k-center", "committee", "random"], seeds=1)
    assert all(s.metric == "r2" and s.rounds[-1].score > 0.8 for s in found.simulations)
    assert [s.proxy for s in found.simulations] == [None, "linear", None]


def test_images_are_replayed_too(project: Any, tiny_pictures: list[dict[str, Any]]) -> None:
    @task
    def bright(photo: tacit.Image) -> Literal["left", "right"]:
        """Which half?"""

    found = tacit.simulate(bright, tiny_pictures, label="label", rounds=[6, 20], strategy="typical", proxy="pixels-linear")
    assert found.rounds[-1].score == 1.0


def test_time_left_is_told_after_each_round(sentiment: Any, reviews: list[Any]) -> None:
    told: list[Progress] = []
    with watch(told.append):
        compare(sentiment, reviews, label="label", rounds=[10, 30], seeds=1)
    timed = [p for p in told if p.timed]
    shares = [p.done / p.total for p in timed if p.total]
    assert shares == pytest.approx([10 / 80, 40 / 80, 50 / 80, 1.0])
    assert timed[0].doing.startswith("simulating margin, seed 0: 0.")


def test_ctrl_c_returns_what_is_done(sentiment: Any, reviews: list[Any]) -> None:
    def stop(at: int) -> Any:
        seen = []

        def watcher(progress: Progress) -> None:
            seen.append(progress.timed)
            if sum(seen) == at:
                raise KeyboardInterrupt

        return watcher

    rounds = [10, 20, 30]
    with watch(stop(2)):
        found = tacit.simulate(sentiment, reviews, label="label", rounds=rounds)
    assert [r.labels for r in found.rounds] == [10, 20]
    assert found.stopped == "interrupted"
    assert "note: interrupted after 2 of 3 rounds" in str(found)
    with watch(stop(4)):
        several = compare(sentiment, reviews, label="label", rounds=rounds, seeds=1)
    assert [(s.strategy, len(s.rounds), s.stopped) for s in several.simulations] == [
        ("margin", 3, "done"),
        ("random", 1, "interrupted"),
    ]

    def at_once(progress: Progress) -> None:
        raise KeyboardInterrupt

    with watch(at_once), pytest.raises(KeyboardInterrupt):
        tacit.simulate(sentiment, reviews, label="label", rounds=rounds)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"rounds": [30, 20]}, OptionError, "ascend.*next: --rounds 20,30"),
        ({"rounds": [20, 20]}, OptionError, "ascend"),
        ({"rounds": []}, OptionError, "empty.*--rounds 100,300,600"),
        ({"rounds": [1, 20]}, OptionError, "2 or more.*--rounds 20"),
        ({"rounds": [10, 500]}, SelectionError, "500 labels are more than the 240 rows.*a fifth is held out"),
        ({"strategy": "margn"}, OptionError, '"margn".*--strategy margin'),
        ({"strategy": "margin+entrpy"}, OptionError, '"entrpy".*--strategy entropy'),
        ({"strategy": "disagreement"}, OptionError, "votes.*--strategy margin"),
        ({"strategy": "worst-group"}, OptionError, "knows no groups; select takes it.*--strategy margin"),
        ({"proxy": "tfidf"}, OptionError, "no proxy.*--proxy tfidf-linear"),
        ({"learner": "encoder-liner"}, OptionError, "no learner.*--learner encoder-linear"),
        ({"learner": "pixels-linear"}, OptionError, "it can be tfidf-linear"),
        ({"metric": "acuracy"}, OptionError, "--metric accuracy"),
        ({"label": "stars"}, ColumnError, "stars"),
        ({"test": []}, TooFewLabels, "test set of sentiment has no rows with labels.*a fifth"),
        ({"test": [{"review": "x", "label": None}]}, TooFewLabels, "test set"),
        ({"test": [{"review": "x", "label": "glad"}]}, OutsideType, "row 1"),
        ({"seed": -1}, OptionError, "seed"),
        ({"rounds": "10"}, OptionError, "a list of a whole number"),
    ],
)
def test_what_cannot_be_done_says_what_can(
    sentiment: Any, reviews: list[Any], options: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        tacit.simulate(sentiment, reviews, **{"label": "label", "rounds": [10, 20], **options})


def test_rows_that_teach_nothing_are_refused(sentiment: Any, reviews: list[Any]) -> None:
    glad = [r for r in reviews if r["label"] == "positive"]
    with pytest.raises(TooFewLabels, match="all 150 labels of sentiment are positive"):
        tacit.simulate(sentiment, glad, label="label", rounds=[10, 20])
    with pytest.raises(OutsideType, match='did you mean "negative"'):
        tacit.simulate(sentiment, [{"review": "x", "label": "negatve"}], label="label", rounds=[10, 20])
    with pytest.raises(SelectionError, match="0 rows"):
        tacit.simulate(sentiment, [], label="label", rounds=[10, 20])
    with pytest.raises(OptionError, match="0 strategies"):
        compare(sentiment, reviews, label="label", rounds=[10, 20], strategies=[])


def test_numbers_have_no_margins(project: Any) -> None:
    @task
    def length(text: Text) -> float:
        """How long?"""

    rows = [{"text": "x" * (1 + i % 9), "n": 1 + i % 9} for i in range(50)]
    with pytest.raises(NotLearnable, match="--strategy k-center"):
        tacit.simulate(length, rows, label="n", rounds=[5, 6])


def test_a_learner_that_lacks_something_says_what_to_install(project: Any, tiny_pictures: list[Any]) -> None:
    @task
    def bright(photo: tacit.Image) -> Literal["left", "right"]:
        """Which half?"""

    with pytest.raises(MissingExtra, match="image_encoder"):
        tacit.simulate(bright, tiny_pictures, label="label", rounds=[6, 20], learner="encoder-linear")


def test_the_share_of_a_label_that_two_rows_differ_on_is_learned_as_such(sentiment: Any, reviews: list[Any]) -> None:
    twice = [*reviews, *[{**r, "label": "positive"} for r in reviews[:3]]]
    found = tacit.simulate(sentiment, twice, label="label", rounds=[10, 20], strategy="random")
    assert found.rows + found.measured == 300
    assert np.isfinite(found.rounds[-1].score)
