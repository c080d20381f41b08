"""Rows that are there twice or nearly so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tacit.audits import repeated as module
from tacit.audits import repeated_features, repeated_texts
from tacit.errors import OptionError

LONG = "the quick brown fox jumps over the lazy dog and runs into the deep dark forest"
TEXTS = [LONG, "something else altogether", LONG.upper() + " ", LONG.replace("fox", "cat"), "short", "Short", "", " "]


def test_equal_and_nearly_equal_texts_are_paired() -> None:
    found = repeated_texts(TEXTS)
    assert found.pairs.tolist() == [[0, 2], [4, 5], [6, 7], [0, 3]]
    assert found.alike[:3].tolist() == [1, 1, 1]
    assert 0.8 <= found.alike[3] < 1
    assert [c.tolist() for c in found.clusters] == [[0, 2, 3], [4, 5], [6, 7]]
    assert found.leaks.tolist() == []
    assert repeated_texts(TEXTS, alike=1).pairs.tolist() == [[0, 2], [4, 5], [6, 7]]


def test_leaks_are_the_test_rows_that_are_in_train() -> None:
    test = np.array([True, True, False, True, False, False, True, True])
    # 0 equals 2; 3 is nearly 2; 4 and 5 both train, 6 and 7 both test.
    assert repeated_texts(TEXTS, test=test).leaks.tolist() == [[0, 2], [3, 2]]
    assert repeated_texts(TEXTS, test=np.zeros(8, bool)).leaks.tolist() == []
    assert repeated_texts(TEXTS, test=np.ones(8, bool)).leaks.tolist() == []


def test_a_leak_through_copies_names_the_train_row_that_is_most_alike() -> None:
    near, nearer = LONG.replace("fox", "cat"), LONG.replace("fox", "fix")
    found = repeated_texts([near, nearer, LONG, LONG], test=np.array([False, False, True, True]))
    assert found.leaks.tolist() == [[2, 1], [3, 1]]


def test_features_no_further_apart_than_asked() -> None:
    x = np.array([[0, 0], [5, 5], [0, 0], [0, 0.05], [9, 9], [5, 5.2]])
    found = repeated_features(x, 0.1)
    assert found.pairs.tolist() == [[0, 2], [0, 3]]
    assert found.alike == pytest.approx([0, 0.05])
    assert [c.tolist() for c in found.clusters] == [[0, 2, 3]]
    assert repeated_features(x, 0).pairs.tolist() == [[0, 2]]
    test = np.array([False, True, True, True, False, False])
    assert repeated_features(x, 0.3, test=test).leaks.tolist() == [[1, 5], [2, 0], [3, 0]]
    assert repeated_features(x[:1], 1).pairs.shape == (0, 2)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from([1e-200, 1e-3, 1.0, 1e6, 1e100]), st.sampled_from([np.float32, np.float64]))
def test_pairs_of_features_are_those_of_comparing_all(seed: int, scale: float, kind: type) -> None:
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(2, 60)), int(rng.integers(1, 6))
    scale = scale if kind == np.float64 else min(max(scale, 1e-3), 1e6)
    x = ((rng.normal(size=(n, d)) + 100 * rng.integers(2)) * scale).astype(kind)
    apart = np.sqrt(((x[:, None].astype(float) - x) ** 2).sum(axis=2)) if scale > 1e-100 else np.zeros((n, n))
    within = float(np.quantile(apart, 0.3)) * 1.0000001
    found = repeated_features(x, within)
    if scale > 1e-100:
        right = {(i, j) for i in range(n) for j in range(i + 1, n) if apart[i, j] <= within}
        assert {(int(a), int(b)) for a, b in found.pairs} == right


def test_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(0).normal(size=(300, 4))
    whole = repeated_features(x, 0.8)
    monkeypatch.setattr(module, "_BLOCK", 16)
    assert {tuple(p) for p in repeated_features(x, 0.8).pairs.tolist()} == {tuple(p) for p in whole.pairs.tolist()}
    assert len(whole.pairs) > 100


def test_bad_input_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(0).normal(size=(300, 2))
    with pytest.raises(OptionError, match="more than 100 pairs for each row are within 9"):
        repeated_features(x, 9.0)
    with pytest.raises(OptionError, match="pairs for each row are within inf"):
        repeated_features(x, np.inf)
    with pytest.raises(OptionError, match="within is -1"):
        repeated_features(x, -1)
    with pytest.raises(OptionError, match="within is nan"):
        repeated_features(x, float("nan"))
    with pytest.raises(OptionError, match="missing or infinite"):
        repeated_features(np.full((3, 2), np.nan), 1)
    with pytest.raises(OptionError, match="test is of 2 rows, the others of 300"):
        repeated_features(x, 1, test=[True, False])
    with pytest.raises(OptionError, match="test is an array of int64"):
        repeated_texts(["a"], test=[1])
    with pytest.raises(OptionError, match="there are no rows"):
        repeated_texts([])
    with pytest.raises(OptionError, match="of values some of which"):
        repeated_texts(["a"], alike=0.3)
    with pytest.raises(OptionError, match="no texts"):
        repeated_texts(["a", None])  # type: ignore[list-item]
