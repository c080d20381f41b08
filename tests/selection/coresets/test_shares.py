"""What a core-set does to slices."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import SliceShare, slice_shares, stratified
from tacit.selection.coresets.contract import Coreset

FOUND = Coreset(np.array([0, 3]), np.array([3.0, 1.0]), np.zeros(2), np.ones(2), "by hand")


def test_shares_are_those_counted_by_hand() -> None:
    shares = slice_shares(FOUND, {"rare": [False, False, False, True], "all": [True] * 4, "none": [False] * 4})
    assert shares.slices == (
        SliceShare("rare", 0.25, 0.5, 0.25, 1.0),
        SliceShare("all", 1.0, 1.0, 1.0, 0.5),
        SliceShare("none", 0.0, 0.0, 0.0, None),
    )
    assert (shares.n, shares.keep, shares.method) == (4, 2, "by hand")


def test_by_weight_a_stratified_one_has_the_shares_of_all_rows() -> None:
    rare = np.arange(200) < 30
    shares = slice_shares(stratified(rare, 40, quota="equal"), {"rare": rare}).slices[0]
    assert (shares.before, shares.after) == (0.15, 0.5)
    assert shares.weight == pytest.approx(0.15)


def test_it_prints_a_table_and_is_plain_json() -> None:
    shares = slice_shares(FOUND, {"rare": [False, False, False, True], "none": [False] * 4})
    assert "2 of 4 rows, by by hand" in str(shares)
    assert "25.0%" in str(shares)
    assert "-" in str(shares).splitlines()[-1]
    assert json.loads(json.dumps(shares.to_dict()))["slices"][1]["kept"] is None


@pytest.mark.parametrize("wrong", [{}, {"a": [True, False]}, {"a": [1, 0, 1, 0]}, {"a": [True] * 4, "b": [True] * 5}])
def test_what_are_no_slices_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(OptionError, match="True or False for every row"):
        slice_shares(FOUND, wrong)  # type: ignore[arg-type]
