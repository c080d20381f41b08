"""What a choice will cost."""

from __future__ import annotations

import time

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import cost, k_center
from tacit.selection.costs import _WORK


@pytest.mark.parametrize("strategy", _WORK)
def test_more_costs_more(strategy: str) -> None:
    small = cost(5_000, 64, 10, 50, strategy=strategy)
    large = cost(50_000, 64, 10, 50, strategy=strategy)
    assert 0 < small.seconds < large.seconds
    assert 0 < small.megabytes < large.megabytes


def test_the_estimate_is_of_the_right_size() -> None:
    x = np.random.default_rng(0).normal(size=(8000, 64)).astype(np.float32)
    took = []
    for _ in range(3):
        began = time.perf_counter()
        k_center(x, 200)
        took.append(time.perf_counter() - began)
    # Ten times either way: other work on the machine may slow one of the two.
    assert min(took) / 10 < cost(8000, 64, 0, 200).seconds < min(took) * 10


def test_similarities_of_all_pairs_are_never_kept() -> None:
    assert cost(100_000, 8, 0, 10, strategy="facility-location").megabytes < 100


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(OptionError, match="nothing is known"):
        cost(10, 10, 2, 1, strategy="k-centre")
    with pytest.raises(OptionError, match="negative"):
        cost(-1, 10, 2, 1)
