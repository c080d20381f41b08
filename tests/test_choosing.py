"""The verb select."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from PIL import Image as Pictures

import tacit
from tacit import Image, Text, task
from tacit.errors import ColumnError, NotLearnable, OptionError, SelectionError


@pytest.fixture
def sentiment(project: Any, tiny_reviews: list[dict[str, str]]) -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    tacit.add(sentiment, tiny_reviews[:30], label="label")
    tacit.add(sentiment, [r["review"] for r in tiny_reviews[30:]])
    return sentiment


def test_random_examples_weigh_the_same(sentiment: Any) -> None:
    chosen = tacit.select(sentiment, 5, strategy="random")
    assert chosen.strategy == "random"
    assert chosen.probabilities == (5 / 30,) * 5
    assert chosen.weights == (1.0,) * 5


def test_auto_takes_what_is_typical_where_labels_are_few_and_says_so(project: Any) -> None:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    tacit.add(sentiment, [f"{'good' if i % 2 else 'bad'} thing {i}" for i in range(30)])
    chosen = tacit.select(sentiment, 5)
    assert chosen.strategy == "typical, since 0 labels are few for 2 classes (fewer than 20), so typical rows come first"
    assert len(chosen) == 5


def test_without_a_model_auto_covers_the_pool(sentiment: Any) -> None:
    assert tacit.select(sentiment, 5).strategy.startswith("k-center, since no model says of what it is unsure")


def test_with_a_model_auto_is_margin_and_the_least_sure_come_first(sentiment: Any, tiny_reviews: list[dict[str, str]]) -> None:
    tacit.train(sentiment, budget=10, learners=["tfidf-linear"])
    chosen = tacit.select(sentiment, 8)
    assert chosen.strategy == "margin, with release 1"
    assert list(chosen.scores) == sorted(chosen.scores, reverse=True)
    pool = {r["review"] for r in tiny_reviews[30:]}
    assert {e.inputs["review"] for e in chosen.examples} <= pool


def test_what_was_labeled_is_never_chosen_again_and_test_rows_never_at_all(sentiment: Any, tiny_reviews: list[Any]) -> None:
    tacit.add(sentiment, [{"review": "kept for the test"}], split="test")
    asked: list[str] = []
    for _ in range(3):
        for example in tacit.select(sentiment, 10, strategy="random", seed=1).examples:
            asked.append(example.id)
            tacit.label(sentiment, example.id, "positive", by="ana")
    assert len(set(asked)) == 30
    with pytest.raises(SelectionError, match="nothing to choose from"):
        tacit.select(sentiment, 1)


def test_a_named_proxy_is_trained_for_the_choice(sentiment: Any) -> None:
    chosen = tacit.select(sentiment, 4, strategy="entropy", proxy="tfidf-linear")
    assert chosen.strategy == "entropy, with tfidf-linear"
    assert len(chosen) == 4


def test_of_another_pool_only_what_is_chosen_is_stored(
    sentiment: Any, project: Any, folder: Path, tiny_reviews: list[Any]
) -> None:
    tacit.train(sentiment, budget=10, learners=["tfidf-linear"])
    before = project.store.count("sentiment").examples
    lines = [f"another text number {i}" for i in range(50)] + [tiny_reviews[0]["review"], "another text number 3"]
    (folder / "pool.csv").write_text("review\n" + "".join(f'"{t}"\n' for t in lines), encoding="utf-8")
    chosen = tacit.select(sentiment, 7, strategy="margin", pool=folder / "pool.csv")
    assert project.store.count("sentiment").examples == before + 7
    assert all(e.inputs["review"].startswith("another text") for e in chosen.examples)
    assert len({e.id for e in chosen.examples}) == 7
    with pytest.raises(SelectionError, match="50 unlabeled"):
        tacit.select(sentiment, 51, pool=folder / "pool.csv")


@pytest.mark.parametrize(
    "given",
    [
        lambda texts: ({"review": t} for t in texts),
        iter,
        lambda texts: pa.table({"review": texts}).to_reader(),
        lambda texts: pa.table({"review": texts}),
    ],
)
def test_a_pool_may_be_read_once_only(sentiment: Any, given: Any) -> None:
    texts = [f"another text number {i}" for i in range(50)]
    chosen = tacit.select(sentiment, 7, strategy="random", pool=given(texts))
    assert len({e.inputs["review"] for e in chosen.examples} & set(texts)) == 7


def test_of_a_pool_of_images_only_the_chosen_are_held(project: Any, folder: Path) -> None:
    @task
    def bright(image: Image) -> bool:
        """Is it?"""

    (folder / "pool").mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (100, 100, 3), dtype=np.uint8)
    for i in range(500):
        pixels[0, 0, :2] = divmod(i, 256)
        Pictures.fromarray(pixels).save(folder / "pool" / f"{i}.bmp")
    tacit.select(bright, 1, strategy="random", pool=[{"image": folder / "pool" / "0.bmp"}])  # imports what it needs
    tracemalloc.start()
    chosen = tacit.select(bright, 3, strategy="random", pool=folder / "pool")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(chosen) == 3
    assert project.store.count("bright").examples == 3 + 1
    assert peak < 350 * 30_000  # a few batches of 64


def test_where_labeling_functions_differ_comes_first(sentiment: Any) -> None:
    @sentiment.labeling_function
    def says_good(review: str) -> str | None:
        return "positive" if "good" in review or "odd" in review else None

    @sentiment.labeling_function
    def says_bad(review: str) -> str | None:
        return "negative" if "bad" in review or "odd" in review else None

    tacit.add(sentiment, ["an odd thing", "another odd thing"])
    chosen = tacit.select(sentiment, 4, strategy="disagreement")
    assert {e.inputs["review"] for e in chosen.examples[:2]} == {"an odd thing", "another odd thing"}
    assert chosen.scores[:3] == (1.0, 1.0, 0.0)
    with pytest.raises(OptionError, match="select without a pool"):
        tacit.select(sentiment, 1, strategy="disagreement", pool=["x"])


def test_without_labeling_functions_nothing_differs(sentiment: Any) -> None:
    with pytest.raises(OptionError, match="sentiment has none"):
        tacit.select(sentiment, 1, strategy="disagreement")


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"strategy": "margn"}, OptionError, "margin"),
        ({"proxy": "tfidf"}, OptionError, "tfidf-linear"),
        ({"strategy": "margin"}, tacit.TacitError, "tacit train sentiment"),
    ],
)
def test_what_cannot_be_done_says_what_can(sentiment: Any, options: dict[str, str], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        tacit.select(sentiment, 3, **options)  # type: ignore[arg-type]


def test_numbers_are_chosen_at_random_for_now(project: Any) -> None:
    @task
    def length(text: Text) -> float:
        """How long?"""

    tacit.add(length, [f"text {i}" for i in range(10)])
    assert len(tacit.select(length, 3, strategy="random")) == 3
    with pytest.raises(NotLearnable, match="--strategy random"):
        tacit.select(length, 3, strategy="margin")


def test_rows_that_cover_the_pool_need_no_model(sentiment: Any) -> None:
    chosen = tacit.select(sentiment, 6, strategy="k-center")
    assert chosen.strategy == "k-center"
    assert len({e.id for e in chosen.examples}) == 6


def test_strategies_can_be_mixed(sentiment: Any) -> None:
    chosen = tacit.select(sentiment, 6, strategy="margin+random", proxy="tfidf-linear")
    assert len({e.id for e in chosen.examples}) == 6


PLACES = ["north"] * 16 + ["south"] * 8 + ["east"] * 3 + [None] * 3


def placed(rows: list[dict[str, str]], places: list[Any]) -> list[dict[str, Any]]:
    return [{"review": r["review"], "place": place} for r, place in zip(rows, places, strict=True)]


@pytest.fixture
def somewhere(project: Any, tiny_reviews: list[dict[str, str]]) -> Any:
    @task
    def somewhere(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    @somewhere.slice
    def late(review: str) -> bool:
        return int(review.partition("day ")[2].partition(",")[0]) > 50

    labeled = [{**r, "place": ("north", "south")[i % 2]} for i, r in enumerate(tiny_reviews[:30])]
    tacit.add(somewhere, labeled, label="label", keep=["place"])
    tacit.add(somewhere, placed(tiny_reviews[30:], PLACES), keep=["place"])
    return somewhere


@pytest.mark.parametrize("strategy", ["random", "k-center", "margin", "margin+random"])
def test_each_group_gets_as_many_and_what_is_missing_is_a_group(somewhere: Any, strategy: str) -> None:
    chosen = tacit.select(somewhere, 18, strategy=strategy, proxy="tfidf-linear", groups="place")
    assert Counter(chosen.groups) == {"place is north": 6, "place is south": 6, "place is east": 3, "place is missing": 3}
    assert [f"place is {e.extra.get('place') or 'missing'}" for e in chosen.examples] == list(chosen.groups or ())
    assert chosen.strategy.endswith(", by place, of 4 groups, 3 to 6 of each")
    if strategy == "random":
        assert sum(1 / p for p in chosen.probabilities) == pytest.approx(30)


def test_groups_may_be_crossed_with_slices(somewhere: Any) -> None:
    chosen = tacit.select(somewhere, 12, strategy="random", groups=["place*late"])
    assert {"place is north, not in late", "place is south, in late"} <= set(chosen.groups or ())


def test_more_of_the_groups_that_a_model_fails_more_often(project: Any) -> None:
    @task
    def big(x: float) -> bool:
        """Is it?"""

    def rows(n: int) -> list[dict[str, Any]]:
        made = []
        for i in range(n):
            town = "abc"[i % 3]
            made.append({"x": i / n, "l": (i * 7 % 10 < 5) if town == "c" else i / n > 0.5, "town": town})
        return made

    tacit.add(big, rows(300), label="l", keep=["town"])
    tacit.add(big, [{"x": r["x"] + 1e-4, "town": r["town"]} for r in rows(600)], keep=["town"])
    tacit.train(big, budget=10, learners=["linear"])
    for options in ({}, {"proxy": "linear"}):
        chosen = tacit.select(big, 60, strategy="worst-group", groups="town", **options)
        found = Counter(chosen.groups)
        assert found["town is c"] > 2 * max(found["town is a"], found["town is b"])
        assert min(chosen.probabilities) > 0
        assert chosen.strategy.startswith("worst-group, with ")


def test_without_groups_the_slices_are_what_a_model_may_fail(somewhere: Any) -> None:
    chosen = tacit.select(somewhere, 6, strategy="worst-group", proxy="tfidf-linear")
    assert set(chosen.groups or ()) == {"in late", "not in late"}


def test_groups_of_another_pool_are_kept_with_what_is_chosen(somewhere: Any, project: Any, folder: Path) -> None:
    rows = [{"review": f"another text on day {i}", "place": "west" if i < 3 else "north"} for i in range(40)]
    pa.parquet.write_table(pa.Table.from_pylist(rows), folder / "pool.parquet")
    for strategy in ("random", "k-center"):
        chosen = tacit.select(somewhere, 6, strategy=strategy, pool=folder / "pool.parquet", groups="place")
        assert Counter(chosen.groups) == {"place is west": 3, "place is north": 3}
        one = tacit.select(somewhere, 2, strategy=strategy, pool=rows[:3], groups="place")
        assert one.strategy.endswith(", by place, of 1 group, 2 of each")
        assert [f"place is {e.extra['place']}" for e in chosen.examples] == list(chosen.groups or ())
        with pytest.raises(ColumnError, match="--groups place"):
            tacit.select(somewhere, 6, strategy=strategy, pool=folder / "pool.parquet", groups="plac")


def test_groups_that_are_none_say_what_groups_are(somewhere: Any, sentiment: Any) -> None:
    with pytest.raises(OptionError, match=r'no column "town".*review, place, late'):
        tacit.select(somewhere, 6, strategy="random", groups="town")
    with pytest.raises(
        OptionError, match=r"sentiment has no groups; groups are the values of columns, slices, or cues.*--groups COLUMN"
    ):
        tacit.select(sentiment, 6, strategy="worst-group")
