"""k-center is near the best there is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tacit.errors import OptionError, SelectionError
from tacit.selection import Pool, get, k_center


def test_the_radius_is_at_most_twice_the_least_possible() -> None:
    rng = np.random.default_rng(0)
    for n, k in ((8, 2), (12, 3), (14, 4)):
        for _ in range(5):
            x = rng.normal(size=(n, 2))
            apart = np.sqrt(((x[:, None] - x) ** 2).sum(axis=2))
            best = min(apart[:, list(some)].min(axis=1).max() for some in itertools.combinations(range(n), k))
            assert apart[:, k_center(x, k)].min(axis=1).max() <= 2 * best * (1 + 1e-9)


def test_the_order_of_the_rows_does_not_matter() -> None:
    rng = np.random.default_rng(4)
    x, order = rng.normal(size=(300, 3)), rng.permutation(300)
    assert order[k_center(x[order], 40)].tolist() == k_center(x, 40).tolist()


def test_what_is_labeled_counts_as_chosen() -> None:
    x = np.random.default_rng(5).normal(size=(100, 3)).astype(np.float32)
    found = get("k-center").pick(Pool(80, features=x[20:], labeled=x[:20]), 10)
    assert (found.rows + 20).tolist() == k_center(x, 10, chosen=range(20)).tolist()  # type: ignore[arg-type]
    assert found.probabilities.tolist() == [1.0] * 10


def test_chosen_rows_that_are_none_are_refused() -> None:
    with pytest.raises(OptionError, match="rows are 0 to 1"):
        k_center([[0.0], [1.0]], 1, chosen=[2])
    for n in (0, 2):
        with pytest.raises(SelectionError, match="choose 1 to 1"):
            k_center([[0.0], [1.0]], n, chosen=[0])
    with pytest.raises(SelectionError):
        k_center(np.zeros((0, 2)), 1)


@pytest.mark.parametrize("wrong", [[1.0, 2.0], [["a"]], [[np.nan], [0.0]], [[np.inf], [0.0]]])
def test_what_are_no_features_is_refused(wrong: object) -> None:
    with pytest.raises(OptionError, match="next:"):
        k_center(wrong, 1)  # type: ignore[arg-type]
