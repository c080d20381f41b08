"""Methods of core-sets, on data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tacit.condensers import METHODS, OF_CLASSES, Look
from tacit.errors import NotLearnable, OptionError
from tacit.learners import Data
from tacit.types import Category, Number, TextKind

TWO = Category((False, True), "bool")


def data(n: int = 200, *, texts: bool = False) -> Data:
    draw = np.random.default_rng(0)
    x = draw.normal(size=(n, 4))
    truth = (x[:, 0] + 0.3 * draw.normal(size=n) > 0).astype(int)
    columns: dict[str, Any] = {name: x[:, i].tolist() for i, name in enumerate("abcd")}
    kinds: dict[str, Any] = dict.fromkeys(columns, Number())
    if texts:
        columns = {"text": [f"{'fine' if t else 'awful'} {['thing', 'place', 'day'][i % 3]} {i}" for i, t in enumerate(truth)]}
        kinds = {"text": TextKind()}
    return Data(kinds, columns, TWO, np.eye(2)[truth], np.ones(n))


@pytest.mark.parametrize("texts", [False, True])
@pytest.mark.parametrize("name", METHODS)
def test_each_method_keeps_rows_once_with_weights_the_same_for_the_same_seed(name: str, texts: bool) -> None:
    rows = data(texts=texts)
    first, again = (METHODS[name](Look(rows, "auto", 3), np.arange(rows.n), 60) for _ in range(2))
    assert len(np.unique(first.rows)) == len(first) <= 60
    assert (first.weights > 0).all()
    assert ((first.probabilities > 0) & (first.probabilities <= 1)).all()
    np.testing.assert_array_equal(first.rows, again.rows)
    np.testing.assert_array_equal(first.weights, again.weights)


@pytest.mark.parametrize("name", METHODS)
def test_each_method_works_within_some_rows(name: str) -> None:
    look, some = Look(data(), "auto", 0), np.arange(0, 200, 2)
    kept = METHODS[name](look, some, 20)
    assert kept.rows.max() < len(some)


def test_rows_that_are_hard_are_kept() -> None:
    rows = data()
    x = np.array(rows.columns["a"])
    wrong = (x > 0) != (rows.target[:, 1] > 0.5)
    for name in ("forgetting", "el2n"):
        kept = METHODS[name](Look(rows, "auto", 0), np.arange(200), 60)
        assert wrong[kept.rows].mean() > 1.5 * wrong.mean()


def test_k_center_covers_and_each_speaks_for_those_near_it() -> None:
    rows = data()
    look = Look(rows, "auto", 0)
    kept = METHODS["k-center"](look, np.arange(200), 20)
    distances = np.linalg.norm(look.points[:, None] - look.points[kept.rows][None], axis=2)
    assert kept.weights.sum() == 200
    np.testing.assert_array_equal(kept.weights, np.bincount(distances.argmin(1), minlength=20))


def test_the_proxy_is_told() -> None:
    look = Look(data(texts=True), "auto", 0)
    METHODS["forgetting"](look, np.arange(200), 50)
    assert look.told == ", with mlp"


@pytest.mark.parametrize(
    ("proxy", "what"), [("tfidf-linear", "does not tell which rows are hard"), ("gbdt", "gbdt does not fit these inputs")]
)
def test_a_proxy_that_cannot_tell_is_refused(proxy: str, what: str) -> None:
    with pytest.raises(OptionError, match=what):
        _ = Look(data(texts=True), proxy, 0).diary


def test_two_classes_are_needed_for_sensitivities_of_logistic_regression() -> None:
    rows = data()
    three = Data(rows.kinds, rows.columns, Category(("a", "b", "c"), "x"), np.eye(3)[np.arange(200) % 3], np.ones(200))
    with pytest.raises(NotLearnable, match="for two classes, and there are 3"):
        METHODS["logistic-sensitivity"](Look(three, "auto", 0), np.arange(200), 20)


@pytest.mark.parametrize("name", [m for m in METHODS if m not in OF_CLASSES])
def test_what_is_for_all_answers_takes_numbers(name: str) -> None:
    rows = data()
    numbers = Data(rows.kinds, rows.columns, Number(), np.arange(200.0), np.ones(200))
    assert len(METHODS[name](Look(numbers, "auto", 0), np.arange(200), 20))
