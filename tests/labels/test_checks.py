"""What `aggregate` is given, checked; messages of `aggregate` itself are in test_aggregation."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.labels.checks import checked_balance, checked_gold, checked_votes


def test_what_is_right_comes_back_as_whole_numbers_and_shares() -> None:
    assert checked_votes([[0, -1]], 2).dtype == np.int64
    assert checked_gold([0, -1], 2, 2).tolist() == [0, -1]
    assert checked_balance(None, 2) is None
    np.testing.assert_allclose(checked_balance([3, 1], 2), [0.75, 0.25])


def test_a_class_with_no_share_stays_possible() -> None:
    shares = checked_balance([1, 0], 2)
    assert shares.min() > 0


@pytest.mark.parametrize("balance", [[np.nan, 1], [np.inf, 1], [-1, 2], [0, 0], [1]])
def test_a_balance_that_is_none_is_refused(balance: list[float]) -> None:
    with pytest.raises(OptionError, match="2 shares of 0 or more"):
        checked_balance(balance, 2)
