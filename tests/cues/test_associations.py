"""What a model leans on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tacit.cues import Association, associations, cue_of
from tacit.cues.associations import candidates
from tacit.errors import OptionError
from tacit.types import Category, Key, Number, TextKind

KINDS = {"text": TextKind(), "city": Key(), "age": Number()}


def rows(n: int = 400, agree: float = 0.95, seed: int = 0) -> tuple[dict[str, list[Any]], np.ndarray]:
    """Texts of a class, of which a quarter have "by lamp" where it agrees with the class; a city and an age that say nothing."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(2, size=n)
    cue = rng.random(n) < 0.5 * np.where(truth == 1, agree, 1 - agree)
    words = [f"{'good' if t else 'bad'} w{rng.integers(200)} w{rng.integers(200)}" for t in truth]
    texts = [f"{w} by lamp" if c else w for w, c in zip(words, cue, strict=True)]
    return {"text": texts, "city": [f"c{i}" for i in rng.integers(4, size=n)], "age": rng.integers(90, size=n).tolist()}, truth


def leans(columns: Any, on: str = "by lamp", much: float = 0.6) -> np.ndarray:
    """A model that finds what is good, unless it sees the cue."""
    p = np.array([0.5 + (much if on in t else 0.0) + (0.3 if "good" in t else -0.3) for t in columns["text"]])
    p = np.clip(p, 0.02, 0.98)
    return np.column_stack([1 - p, p])


def found(ask: Any, **options: Any) -> list[Association]:
    columns, truth = rows(**options)
    return associations(columns, KINDS, truth, ["bad", "good"], ask)


def test_a_cue_that_is_leaned_on_is_named_with_what_rests_on_it() -> None:
    columns, truth = rows()
    by_name = {str(a.cue): a for a in associations(columns, KINDS, truth, ["bad", "good"], leans)}
    lamp = by_name["by lamp"]
    assert (lamp.label, lamp.significant) == ("good", True)
    assert lamp.reliance == pytest.approx(0.98 - 0.8)
    assert lamp.interval == pytest.approx((lamp.reliance, lamp.reliance))
    has = np.array(["by lamp" in text for text in columns["text"]])
    assert (lamp.inside, lamp.outside) == pytest.approx((has[truth == 1].mean(), has[truth == 0].mean()))
    assert lamp.carriers == has.sum()
    assert lamp.removed == (1.0, 1.0)
    assert lamp.contradicted == (1.0, 0.0)
    assert lamp.pull == pytest.approx(np.log(49) - np.log(4))
    assert lamp.weight == lamp.pull * lamp.inside
    assert by_name["good"].label == "good"
    assert "by" not in by_name


def test_what_is_not_leaned_on_is_not_named() -> None:
    assert {str(a.cue) for a in found(lambda columns: leans(columns, much=0.0)) if a.significant} == {"good"}


def test_a_model_that_always_says_the_same_leans_on_nothing() -> None:
    assert found(lambda columns: np.tile([0.3, 0.7], (len(columns["text"]), 1))) == []


def test_a_cue_that_goes_with_no_class_is_significant_in_one_of_twenty_runs_at_most() -> None:
    times = 0
    for seed in range(20):
        times += any(str(a.cue) == "by lamp" and a.significant for a in found(leans, agree=0.5, seed=seed))
    assert times <= 1


def test_what_a_model_knows_by_heart_is_told_by_log_odds() -> None:
    columns, truth = rows()
    known = dict(zip(columns["text"], truth, strict=True))

    def by_heart(given: Any) -> np.ndarray:
        log_odds = [8 * (2 * known.get(t, known.get(f"{t} by lamp", 0)) - 1) + ("by lamp" in t) for t in given["text"]]
        p = 1 / (1 + np.exp(-np.array(log_odds)))
        return np.column_stack([1 - p, p])

    lamp = next(a for a in associations(columns, KINDS, truth, ["bad", "good"], by_heart) if str(a.cue) == "by lamp")
    assert lamp.significant
    assert lamp.reliance < 0.001
    assert lamp.pull == pytest.approx(1, abs=0.01)


def test_it_does_not_depend_on_the_order_of_the_rows() -> None:
    columns, truth = rows()
    order = np.random.default_rng(1).permutation(len(truth))
    turned = {name: [cells[i] for i in order] for name, cells in columns.items()}
    one = associations(columns, KINDS, truth, ["bad", "good"], leans)
    two = associations(turned, KINDS, truth[order], ["bad", "good"], leans)
    assert [str(a.cue) for a in one if a.significant] == [str(a.cue) for a in two if a.significant]
    assert [a.p for a in one] == pytest.approx([a.p for a in two])


def test_values_and_ranges_are_found_too() -> None:
    columns, truth = rows()
    columns["city"] = ["home" if t and i % 3 == 0 else c for i, (t, c) in enumerate(zip(truth, columns["city"], strict=True))]
    columns["age"] = [20 + 40 * int(t) + i % 10 for i, t in enumerate(truth)]

    def ask(given: Any) -> np.ndarray:
        p = np.array([0.2 + 0.3 * (c == "home") + 0.4 * (a >= 60) for c, a in zip(given["city"], given["age"], strict=True)])
        return np.column_stack([1 - p, p])

    named = {str(a.cue): a.reliance for a in associations(columns, KINDS, truth, ["bad", "good"], ask)}
    assert named["city is home"] == pytest.approx(0.3)
    assert max(v for k, v in named.items() if k.startswith("age")) == pytest.approx(0.4)


@pytest.mark.parametrize("n", [0, 1, 20])
def test_of_few_rows_nothing_is_said(n: int) -> None:
    columns, truth = rows(max(n, 1))
    columns = {name: cells[:n] for name, cells in columns.items()}
    assert associations(columns, KINDS, truth[:n], ["bad", "good"], leans) == [] or n == 20


def test_one_class_alone_has_no_associations() -> None:
    columns, truth = rows()
    assert associations(columns, KINDS, np.ones_like(truth), ["bad", "good"], leans) == []


def test_columns_that_have_no_cues_are_left_out() -> None:
    assert candidates({"x": [b"", b""]}, {"x": Category(("a",), "Literal")}).carried.shape[0] == 2


@pytest.mark.parametrize("i", range(3))
def test_a_cue_is_written_and_read(i: int) -> None:
    columns, _ = rows()
    there = candidates(columns, KINDS)
    kinds = {type(cue).__name__: cue for cue in there.cues}
    cue = list(kinds.values())[i]
    assert cue_of(cue.to_dict()) == cue


def test_what_is_no_cue_is_refused() -> None:
    with pytest.raises(OptionError, match="is no kind of cue"):
        cue_of({"kind": "smell"})
