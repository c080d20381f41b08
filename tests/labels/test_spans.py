"""Functions that mark spans."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tacit.errors import OptionError
from tacit.labels import aggregate_spans

MARK = st.tuples(st.integers(0, 6), st.integers(1, 4), st.integers(0, 1)).map(lambda m: (m[0], m[0] + m[1], m[2]))
MARKS = st.lists(st.tuples(*[st.one_of(st.none(), st.lists(MARK, max_size=3)) for _ in range(3)]), max_size=8)


def test_by_hand() -> None:
    said = aggregate_spans(
        [
            [[(0, 4, 0)], [(0, 4, 0)], [(0, 9, 0)]],  # two against one
            [[], [], [(2, 3, 0)]],  # two say that there is nothing
            [None, None, [(2, 3, 0)]],  # nobody objects
            [None, None, None],
        ]
    )
    assert said.spans == (((0, 4, 0),), (), ((2, 3, 0),), ())
    assert [len(row) for row in said.probabilities] == [1, 0, 1, 0]
    assert said.accuracies[0] > said.accuracies[2]


def test_who_never_marks_a_class_has_nothing_to_say_of_it() -> None:
    said = aggregate_spans([[[(0, 3, 0)], [(5, 8, 1)]], [[(0, 3, 0)], []]])
    assert said.spans == (((0, 3, 0), (5, 8, 1)), ((0, 3, 0),))


def test_what_one_function_marks_at_a_place_belongs_together() -> None:
    parts, whole = [(0, 8, 0), (9, 13, 0)], [(0, 13, 0)]
    assert aggregate_spans([[parts, parts, whole]]).spans == ((*parts,),)
    assert aggregate_spans([[parts, whole, whole]]).spans == ((*whole,),)


def texts(seed: int, n: int = 300) -> tuple[list[list[Any]], list[set[Any]]]:
    """Functions that find 95, 80, 70 and 60 in 100 of the right spans, and mark wrong ones as often as they miss."""
    draw = np.random.default_rng(seed)
    truth = [
        {(20 * i, 20 * i + int(draw.integers(2, 9)), int(draw.integers(2))) for i in range(3) if draw.random() < 0.6}
        for _ in range(n)
    ]
    rows = []
    for right in truth:
        row: list[Any] = []
        for skill in (0.95, 0.8, 0.7, 0.6):
            made = {m for m in right if draw.random() < skill}
            made |= {(s, e + 1, c) for s, e, c in right - made}
            made |= {(60 + int(draw.integers(9)), 70, int(draw.integers(2)))} if draw.random() > skill else set()
            row.append(None if draw.random() < 0.1 else made)
        rows.append(row)
    return rows, truth


def f1(found: Any, truth: list[set[Any]]) -> float:
    hits = sum(len(set(a) & b) for a, b in zip(found, truth, strict=True))
    return 2 * hits / (sum(map(len, found)) + sum(map(len, truth)))


def test_better_functions_count_more_than_others() -> None:
    rows, truth = texts(0)
    said = aggregate_spans(rows)
    assert f1(said.spans, truth) > max(f1([row[j] or set() for row in rows], truth) for j in range(4)) - 0.02
    assert said.accuracies[0] > said.accuracies[3]


def test_gold_measures_functions() -> None:
    rows, truth = texts(1)
    wrong = [[*row, {(s, e + 2, c) for s, e, c in right}] for row, right in zip(rows, truth, strict=True)]
    wrong = [[row[4], row[4], row[0]] for row in wrong]  # two that agree, and are wrong
    known = [t if i < 60 else None for i, t in enumerate(truth)]
    assert f1(aggregate_spans(wrong).spans[60:], truth[60:]) < 0.2
    said = aggregate_spans(wrong, gold=known)
    assert f1(said.spans[60:], truth[60:]) > 0.8
    assert said.suspects == (0, 1)


@given(MARKS)
@settings(max_examples=60)
def test_what_is_kept_was_marked_does_not_overlap_and_the_order_of_functions_does_not_matter(rows: list[Any]) -> None:
    said = aggregate_spans(rows)
    for row, kept, likely in zip(rows, said.spans, said.probabilities, strict=True):
        assert set(kept) <= {m for made in row for m in made or ()}
        assert all(0 < p <= 1 for p in likely)
        for a, b in itertools.combinations(kept, 2):
            apart = a[1] <= b[0] or b[1] <= a[0]
            assert apart or any({a, b} <= set(made or ()) for made in row)
    assert aggregate_spans([row[::-1] for row in rows]).spans == said.spans


@pytest.mark.parametrize(
    ("marks", "gold", "what"),
    [
        ([[[(0, 1, 0)]], []], None, "row 1 has 0 functions"),
        ([[[(3, 1, 0)]]], None, "row 0 has the mark"),
        ([[[(0, 1)]]], None, "row 0 has the mark"),
        ([[[(0, 1, -1)]]], None, "row 0 has the mark"),
        ([[[(0, 1, 0)]]], [], "gold has 0 rows"),
    ],
)
def test_what_cannot_be_is_refused(marks: Any, gold: Any, what: str) -> None:
    with pytest.raises(OptionError, match=what):
        aggregate_spans(marks, gold=gold)


def test_no_rows_and_no_functions() -> None:
    assert aggregate_spans([]).spans == ()
    assert aggregate_spans([[], []]).spans == ((), ())
