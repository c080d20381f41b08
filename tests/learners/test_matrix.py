"""Columns as one matrix: made once for all learners of trees."""

from __future__ import annotations

import numpy as np

from tacit.learners import Cache, Data
from tacit.learners.matrix import encode, fit_matrix
from tacit.types import Key, Maybe, Number


def test_numbers_stay_as_they_are_and_categories_become_codes_by_frequency() -> None:
    columns = {"who": ["b", "a", "a", None], "n": [1.0, None, 1e300, 4.0]}
    data = Data({"who": Maybe(Key()), "n": Maybe(Number())}, columns, Number(), np.zeros(4), np.ones(4))
    cache = Cache()
    matrix = fit_matrix(data, deadline=None, cache=cache)
    assert matrix.codes == [1]
    assert np.array_equal(matrix.values, [[1, 2], [np.nan, 0], [1e300, 0], [4, 1]], equal_nan=True)
    assert fit_matrix(data, deadline=None, cache=cache) is matrix
    assert np.isnan(encode(matrix.encoders, {"who": ["new"], "n": [None]})).all()
