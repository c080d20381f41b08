"""Tests of the spread of runs, taken apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.errors import OptionError
from tacit.stability import decomposition


def test_runs_that_differ_in_their_epochs_alone() -> None:
    epochs = [60, 60, 56, 60, 60]
    found = decomposition(epochs, [115.0 * e for e in epochs])
    assert (found.n, found.epochs, found.seconds_per_epoch) == (5, 59.2, 115)
    assert found.epochs_cv == pytest.approx(0.0302, abs=1e-4)
    assert found.epochs_share == pytest.approx(1)
    assert found.seconds_per_epoch_share == pytest.approx(0, abs=1e-9)


def test_runs_that_differ_in_the_seconds_of_an_epoch_alone() -> None:
    found = decomposition([10, 10, 10], [100.0, 110.0, 120.0])
    assert found.epochs_cv == 0
    assert found.epochs_share == pytest.approx(0)
    assert found.seconds_per_epoch_share == pytest.approx(1)


def test_parts_that_vary_alike_and_apart_share_the_spread_equally() -> None:
    found = decomposition([10, 20, 10, 20], [100.0, 200.0, 200.0, 400.0])  # 10 or 20 seconds an epoch
    assert found.epochs_share == pytest.approx(0.5)


@given(st.lists(st.tuples(st.integers(1, 90), st.floats(0.5, 100)), min_size=2, max_size=20))
def test_the_shares_sum_to_one(runs: list[tuple[int, float]]) -> None:
    seconds = [e * pace for e, pace in runs]
    found = decomposition([e for e, _ in runs], seconds)
    if found.epochs_share is None or found.seconds_per_epoch_share is None:
        assert np.ptp(seconds) == 0
    else:
        assert found.epochs_share + found.seconds_per_epoch_share == pytest.approx(1)


def test_what_is_not_defined_is_none() -> None:
    alone = decomposition([10], [100.0])
    assert {alone.epochs_cv, alone.seconds_per_epoch_cv, alone.epochs_share} == {None}
    assert decomposition([10, 20], [100.0, 100.0]).epochs_share is None


@pytest.mark.parametrize(("epochs", "seconds"), [([], []), ([1, 2], [1.0]), ([0, 1], [1.0, 2.0])])
def test_what_cannot_be_taken_apart_is_an_error(epochs: list[int], seconds: list[float]) -> None:
    with pytest.raises(OptionError, match="cannot be taken apart"):
        decomposition(epochs, seconds)
