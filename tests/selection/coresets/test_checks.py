"""What core-sets are made of."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError, SelectionError
from tacit.selection.coresets.checks import checked_codes, checked_keep, checked_matrix, checked_signs


@pytest.mark.parametrize(
    ("groups", "codes"),
    [
        (["b", "a", "b"], [1, 0, 1]),
        (np.array(["b", "a"], object), [1, 0]),
        ([True, False], [1, 0]),
        ([[1, 0], [0, 5], [1, 0]], [1, 0, 1]),
    ],
)
def test_groups_are_numbered_in_ascending_order(groups: object, codes: list[int]) -> None:
    assert checked_codes(groups).tolist() == codes  # type: ignore[arg-type]


@pytest.mark.parametrize("keep", [1.0, "1", True, None])
def test_what_is_no_number_of_rows_is_refused(keep: object) -> None:
    with pytest.raises(OptionError, match="whole number of rows"):
        checked_keep(keep, 5)  # type: ignore[arg-type]


def test_more_than_there_is_cannot_be_kept() -> None:
    with pytest.raises(SelectionError, match="0 of 5 rows cannot be kept"):
        checked_keep(0, 5)
    assert checked_keep(np.int64(5), 5) == 5


def test_what_is_given_is_not_written_to() -> None:
    given = np.ones((2, 2))
    checked_matrix(given)[0, 0] = 7
    assert given[0, 0] == 1


def test_rows_that_are_not_finite_are_counted() -> None:
    with pytest.raises(OptionError, match="features are not finite in 2 of 3 rows"):
        checked_matrix([[np.nan, np.inf], [1, 2], [3, -np.inf]])
    with pytest.raises(OptionError, match="below 1e"):
        checked_matrix([[1e200], [1.0]])  # its square is infinite


def test_signs_are_minus_1_and_1() -> None:
    assert checked_signs([1, -1], 2).tolist() == [1.0, -1.0]
    with pytest.raises(OptionError, match="2 times"):
        checked_signs([1, 0], 2)
