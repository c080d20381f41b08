"""Which rows are scored on."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.splits import FOLDS, Bounds, holdout, parts, sample


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


def grouped(groups: int, *, n: int = 400, seed: int = 0) -> list[str | None]:
    return [f"g{g}" for g in np.random.default_rng(seed).zipf(1.5, n) % groups]


@given(st.integers(10, 300), st.integers(2, 40), st.integers(1, 4), st.integers(0, 3))
def test_no_group_is_on_both_sides_and_every_row_is_scored_on_once(n: int, g: int, k: int, seed: int) -> None:
    groups = [None if i % 11 == 5 else f"g{i * 7919 % g}" for i in range(n)]
    found = parts(ids(n), np.arange(n) % k, bounds=Bounds(groups), seed=seed)
    assert np.sort(np.concatenate([p.validate for p in found])).tolist() == list(range(n))
    assert 2 <= len(found) <= FOLDS
    for part in found:
        assert not {groups[i] for i in part.train} & {groups[i] for i in part.validate} - {None}
        assert not set(part.train.tolist()) & set(part.validate.tolist())


def test_whole_groups_fill_the_folds_with_their_share_of_every_class() -> None:
    groups = [f"g{i // 4}" for i in range(1_200)]
    classes = np.where(np.arange(1_200) % 300 < 240, 0, 1)
    for part in parts(ids(1_200), classes, bounds=Bounds(groups)):
        assert np.bincount(classes[part.validate]).tolist() == pytest.approx([192, 48], abs=4)


def test_groups_of_uneven_sizes_still_make_even_folds() -> None:
    groups = grouped(60)
    sizes = [len(p.validate) for p in parts(ids(400), None, bounds=Bounds(groups))]
    assert max(np.unique(groups, return_counts=True)[1]) > 80  # one group is larger than a fold should be
    assert len(sizes) == 5
    assert min(sizes) >= 0.1 * 400


def test_groups_keep_their_fold_as_rows_are_added() -> None:
    groups = [f"g{i // 5}" for i in range(2_300)]  # some groups come new
    classes = np.arange(2_300) // 7 % 3

    def fold(n: int) -> np.ndarray:
        place = np.zeros(n, int)
        for f, part in enumerate(parts(ids(n), classes[:n], bounds=Bounds(groups[:n]))):
            place[part.validate] = f
        return place

    assert (fold(2_000) == fold(2_300)[:2_000]).mean() > 0.8


def test_many_rows_hold_out_a_fifth_in_whole_groups_and_few_groups_one() -> None:
    (part,) = parts(ids(6_000), np.arange(6_000) % 2, bounds=Bounds([f"g{i // 20}" for i in range(6_000)]))
    assert len(part.validate) == pytest.approx(1_200, abs=40)
    (part,) = parts(ids(6_000), None, bounds=Bounds(["a"] * 4_000 + ["b"] * 2_000))
    assert {len(part.validate), len(part.train)} == {2_000, 4_000}


def test_one_group_leaves_nothing_to_score_on() -> None:
    assert parts(ids(50), None, bounds=Bounds(["a"] * 50)) == ()
    assert parts(ids(6_000), None, bounds=Bounds(["a"] * 6_000)) == ()


def test_a_group_that_is_scored_on_does_not_train_with_its_votes_either() -> None:
    groups = [f"g{i % 10}" for i in range(100)]
    found = parts(ids(100), None, validated=np.arange(100) < 40, bounds=Bounds(groups))
    assert set(np.concatenate([p.validate for p in found]).tolist()) == set(range(40))
    for part in found:
        assert {groups[i] for i in part.train}.isdisjoint(groups[i] for i in part.validate)
        assert len(part.train) + 100 // 10 * len({groups[i] for i in part.validate}) == 100


@given(st.integers(5, 200), st.integers(2, 50), st.integers(0, 5))
def test_what_validates_is_newer_than_what_trains(n: int, days: int, seed: int) -> None:
    times = np.random.default_rng(seed).integers(0, days, n).astype(float)
    times[:2] = 0, 1
    times[2] = np.nan
    (part,) = parts(ids(n), None, bounds=Bounds(times=times))
    assert np.nanmax(times[part.train]) < times[part.validate].min()
    assert 2 in part.train
    assert len(part.train) + len(part.validate) == n


def test_the_newest_fifth_validates_as_nearly_as_whole_days_allow() -> None:
    days = np.repeat(np.arange(50.0), 8)
    (part,) = parts(ids(400), None, bounds=Bounds(times=days))
    assert days[part.validate].min() == 40
    (part,) = parts(ids(400), None, bounds=Bounds(times=np.repeat([0.0, 1.0], [100, 300])))
    assert len(part.validate) == 300
    (part,) = parts(ids(80_000), None, bounds=Bounds(times=np.arange(80_000.0)))
    assert len(part.validate) == 10_000
    assert parts(ids(40), None, bounds=Bounds(times=np.zeros(40))) == ()


def test_votes_of_later_days_are_not_learned_from() -> None:
    times = np.arange(100.0)
    (part,) = parts(ids(100), None, validated=np.arange(100) % 2 == 0, bounds=Bounds(times=times))
    assert part.validate.tolist() == list(range(80, 100, 2))
    assert part.train.tolist() == list(range(80))


def test_with_time_and_groups_nobody_who_is_scored_on_was_learned_from() -> None:
    times, groups = np.arange(100.0), [f"g{i % 30}" for i in range(100)]
    (part,) = parts(ids(100), None, bounds=Bounds(groups, times))
    assert part.validate.tolist() == list(range(80, 100))
    assert part.train.tolist() == [i for i in range(80) if groups[i] not in {groups[j] for j in range(80, 100)}]
    assert parts(ids(100), None, bounds=Bounds([f"g{i % 10}" for i in range(100)], times)) == ()
