"""Texts as sets of runs of characters, and the pairs that share most of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tacit.audits import shingles as module
from tacit.audits.shingles import close_pairs, shingles


def runs(text: str) -> set[str]:
    return {(text + "\0" * 4)[i : i + 5] for i in range(len(text))}


def jaccard(a: str, b: str) -> float:
    return len(runs(a) & runs(b)) / len(runs(a) | runs(b))


@settings(deadline=None)
@given(st.lists(st.text("ab \U0001f600\udc80", max_size=12), max_size=6))
def test_each_run_is_counted_once(texts: list[str]) -> None:
    found = shingles(texts)
    assert np.diff(found.indptr).tolist() == [len(runs(t)) for t in texts]
    assert (found.data == 1).all()
    for i, a in enumerate(texts):
        for j, b in enumerate(texts):
            assert found[[i]].multiply(found[[j]]).sum() == len(runs(a) & runs(b))


def corpus(n: int) -> list[str]:
    rng = np.random.default_rng(0)
    words = ["".join(rng.choice(list("abcdefgh"), rng.integers(2, 8))) for _ in range(300)]
    texts = [" ".join(rng.choice(words, 12)) for _ in range(n)]
    for i in range(0, n, 3):  # a third has a near copy
        at = int(rng.integers(len(texts[i]) - 4))
        texts.append(texts[i][:at] + "zz" + texts[i][at + int(rng.integers(1, 4)) :])
    return sorted(set(texts))


def test_pairs_are_those_of_comparing_all() -> None:
    texts = corpus(240)
    right = {(i, j): jaccard(a, b) for i, a in enumerate(texts) for j, b in enumerate(texts) if i < j and jaccard(a, b) >= 0.8}
    pairs, alike = close_pairs(shingles(texts), 0.8, seed=0)
    assert len(right) > 50
    assert {(int(a), int(b)) for a, b in pairs} == set(right)
    assert alike == pytest.approx([right[int(a), int(b)] for a, b in pairs])


def test_a_crowd_in_a_band_costs_a_few_comparisons_each(monkeypatch: pytest.MonkeyPatch) -> None:
    key = np.zeros(200, np.uint64)
    assert len(module._meetings(key)) == 199 + 198  # with the first, and with the next
    monkeypatch.setattr(module, "_CROWD", 500)
    assert len(module._meetings(key)) == 200 * 199 / 2
    assert module._meetings(np.arange(5, dtype=np.uint64)).tolist() == []


def test_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    sets = shingles(["", *corpus(30), "one very much longer text " * 40])
    whole = module._signatures(sets, 0)
    monkeypatch.setattr(module, "_BLOCK", 50)
    np.testing.assert_array_equal(module._signatures(sets, 0), whole)
