"""Conflicts between labeling functions."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tacit.mining import Conflict, conflicts

CLASSES = ["ham", "spam", "news"]
VOTES = np.array([[0, 1, -1], [0, 1, -1], [1, 0, 0], [1, 1, 2], [-1, 0, 0]])


def test_pairs_that_disagree_come_with_what_they_say_and_who_was_right() -> None:
    first, second, third = conflicts(["a", "b", "c"], VOTES, np.array([-1, 1, 0, -1, -1]), CLASSES, list("vwxyz"))
    assert first == Conflict(("a", "b"), 3, (("ham", "spam", 2), ("spam", "ham", 1)), 2, (0, 2), ("w", "x", "v"))
    assert (second.functions, second.n, second.says) == (("a", "c"), 2, (("spam", "ham", 1), ("spam", "news", 1)))
    assert (third.functions, third.examples) == (("b", "c"), ("y",))


def test_at_most_so_many_pairs_and_examples() -> None:
    (only,) = conflicts(["a", "b", "c"], VOTES, np.full(5, -1), CLASSES, list("vwxyz"), most=1, shown=1)
    assert (only.judged, only.right, only.examples) == (0, (0, 0), ("v",))


def test_no_functions_no_examples_and_no_disagreement() -> None:
    assert conflicts([], np.empty((3, 0), int), np.full(3, -1), CLASSES, list("abc")) == ()
    assert conflicts(["a", "b"], np.empty((0, 2), int), np.empty(0, int), CLASSES, []) == ()
    assert conflicts(["a", "b"], np.array([[0, 0], [1, -1]]), np.full(2, -1), CLASSES, list("ab")) == ()


@given(st.lists(st.lists(st.integers(-1, 2), min_size=3, max_size=3), max_size=12))
def test_counts_are_those_of_a_loop(rows: list[list[int]]) -> None:
    votes = np.array(rows, int).reshape(-1, 3)
    found = {
        c.functions: c.n for c in conflicts("abc", votes, np.full(len(rows), -1), CLASSES, [str(i) for i in range(len(rows))])
    }
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert found.get(("abc"[i], "abc"[j]), 0) == sum(r[i] >= 0 and r[j] >= 0 and r[i] != r[j] for r in rows)
