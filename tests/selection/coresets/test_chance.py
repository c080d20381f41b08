"""Random core-sets."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError, SelectionError
from tacit.selection import stratified, uniform


def test_every_row_is_kept_as_often_as_it_says() -> None:
    hits = np.zeros(10)
    for seed in range(2000):
        found = uniform(10, 3, seed=seed)
        hits[found.rows] += 1
        assert found.probabilities.tolist() == [0.3] * 3
    np.testing.assert_allclose(hits / 2000, 0.3, atol=0.051)  # five standard deviations


def test_weights_speak_for_all_rows() -> None:
    assert uniform(10, 4).weights.sum() == 10


def test_groups_keep_their_shares_and_weights_are_exact() -> None:
    groups = np.repeat(["a", "b", "c"], [70, 20, 10])
    found = stratified(groups, 20)
    assert [int((groups[found.rows] == g).sum()) for g in "abc"] == [14, 4, 2]
    np.testing.assert_allclose([found.weights[groups[found.rows] == g].sum() for g in "abc"], [70, 20, 10])


def test_equal_quotas_keep_more_of_the_rare_at_less_weight() -> None:
    groups = np.repeat([0, 1], [90, 10])
    found = stratified(groups, 20, quota="equal")
    assert (groups[found.rows] == 1).sum() == 10
    assert found.weights[groups[found.rows] == 1].tolist() == [1.0] * 10


def test_groups_of_one_size_are_drawn_from_independently() -> None:
    # With one seed for all, the same places of each group would be kept.
    found = stratified(np.repeat([0, 1], 50), 20, seed=1)
    assert set(found.rows[found.rows < 50].tolist()) != set((found.rows[found.rows >= 50] - 50).tolist())


@pytest.mark.parametrize("n", [0, -1, 2.5, True, "ten"])
def test_what_is_no_number_of_rows_is_refused(n: object) -> None:
    with pytest.raises(OptionError, match="how many rows"):
        uniform(n, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("keep", [0, 11])
def test_more_rows_than_there_are_cannot_be_kept(keep: int) -> None:
    with pytest.raises(SelectionError, match="keep 1 to 10"):
        uniform(10, keep)
