"""Which rows are scored on."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.splits import holdout, parts, sample


def ids(n: int, salt: str = "") -> list[str]:
    return [hashlib.blake2b(f"{salt}{i}".encode(), digest_size=16).hexdigest() for i in range(n)]


@given(st.integers(6, 400), st.integers(1, 5), st.integers(0, 3))
def test_every_row_is_scored_on_once_and_never_by_a_fit_that_had_it(n: int, k: int, seed: int) -> None:
    classes = np.arange(n) % k
    found = parts(ids(n), classes, seed=seed)
    assert np.sort(np.concatenate([p.validate for p in found])).tolist() == list(range(n))
    for part in found:
        assert np.sort(np.concatenate([part.train, part.validate])).tolist() == list(range(n))


def test_each_fold_has_its_share_of_every_class() -> None:
    classes = np.repeat([0, 1, 2], [500, 100, 20])
    for part in parts(ids(620), classes):
        assert np.bincount(classes[part.validate]).tolist() == [100, 20, 4]


def test_many_rows_have_one_holdout_of_a_fifth_at_most_ten_thousand() -> None:
    (part,) = parts(ids(6_000), np.arange(6_000) % 2)
    assert len(part.validate) == 1_200
    (part,) = parts(ids(80_000), None)
    assert len(part.validate) == 10_000


def test_rows_keep_their_fold_as_rows_are_added() -> None:
    classes = np.arange(2_000) % 3
    before, after = parts(ids(1_800), classes[:1_800]), parts(ids(2_000), classes)

    def fold(found: tuple, n: int) -> np.ndarray:
        return np.array([next(f for f, p in enumerate(found) if i in set(p.validate.tolist())) for i in range(n)])

    assert (fold(before, 300) == fold(after, 300)).mean() > 0.9


def test_rows_that_only_train_are_never_scored_on() -> None:
    validated = np.arange(100) < 30
    found = parts(ids(100), np.arange(100) % 2, validated=validated)
    assert set(np.concatenate([p.validate for p in found]).tolist()) == set(range(30))
    assert all(set(range(30, 100)) <= set(p.train.tolist()) for p in found)


def test_equal_contents_never_straddle() -> None:
    doubled = ids(60) + ids(60)
    for part in parts(doubled, np.arange(120) % 2):
        held = {doubled[i] for i in part.validate}
        assert held.isdisjoint(doubled[i] for i in part.train)


def test_the_order_of_the_rows_does_not_matter_and_the_seed_does() -> None:
    names, order = ids(200), np.random.default_rng(0).permutation(200)
    held = {names[i] for i in parts(names, None)[0].validate}
    assert {[names[j] for j in order][i] for i in parts([names[j] for j in order], None)[0].validate} == held
    assert {names[i] for i in parts(names, None, seed=1)[0].validate} != held


def test_a_larger_sample_holds_the_smaller_with_the_classes_in_proportion() -> None:
    classes = np.repeat([0, 1], [900, 100])
    small, large = sample(ids(1000), classes, 100), sample(ids(1000), classes, 400)
    assert set(small.tolist()) <= set(large.tolist())
    assert np.bincount(classes[large]).tolist() == pytest.approx([360, 40], abs=2)


def test_classes_too_small_for_a_fifth_are_held_out_in_proportion() -> None:
    classes = np.concatenate([np.arange(4_000) % 2, np.repeat(np.arange(2, 1_002), 2), np.arange(1_002, 1_502)])
    held = holdout(ids(len(classes)), classes, 0.2)
    assert held[:4_000].sum() == 800
    assert held[4_000:6_000].sum() == pytest.approx(400, abs=10)
    assert held[6_000:].sum() == pytest.approx(100, abs=5)
    assert np.bincount(classes[held])[2:1_002].max() == 1  # and the other row trains


def test_rows_keep_their_place_in_the_holdout_as_rows_are_added() -> None:
    classes = np.arange(7_000) % 1_500
    before, after = holdout(ids(6_600), classes[:6_600], 0.2), holdout(ids(7_000), classes, 0.2)
    assert (before == after[:6_600]).mean() > 0.95
    assert holdout(ids(6_600), classes[:6_600], 0.2, seed=1).tolist() != before.tolist()
