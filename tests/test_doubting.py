"""Doubtful labels."""

from __future__ import annotations

import numpy as np

from tacit.doubting import doubts
from tacit.learners import Data
from tacit.types import Category, TextKind

OUTPUT = Category(("bad", "good"), "Literal")


def data(n: int, wrong: int) -> tuple[Data, list[str]]:
    rng = np.random.default_rng(0)
    truth = np.arange(n) % 2
    texts = [f"{'fine nice' if t else 'poor sad'} w{rng.integers(50)} w{rng.integers(50)}" for t in truth]
    given = truth.copy()
    given[:wrong] = 1 - given[:wrong]
    kinds = {"text": TextKind()}
    return Data(kinds, {"text": texts}, OUTPUT, np.eye(2)[given], np.ones(n)), [f"{i:032x}" for i in range(n)]


def test_labels_that_models_and_neighbors_contradict_are_named() -> None:
    rows, ids = data(300, 12)
    found, said = doubts(rows, ids, "t", seed=0)
    assert {one.id for one in found} <= set(ids[:12])
    assert len(found) >= 10
    assert found[0].margin >= found[-1].margin
    assert said[0].startswith(f"{len(found)} of 300 labels are doubtful")


def test_of_right_labels_none_is() -> None:
    assert doubts(*data(300, 0), "t", seed=0)[0] == ()


def test_of_few_rows_or_one_class_it_says_why() -> None:
    rows, ids = data(300, 0)
    one = rows.take(np.flatnonzero(rows.target[:, 0] == 1))
    found, said = doubts(one, ids[: one.n], "t", seed=0)
    assert found == ()
    assert said[0].startswith("labels were not doubted, since")
