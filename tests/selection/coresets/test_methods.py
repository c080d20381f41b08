"""All methods by name."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import CORESETS, coreset, giga, kmeans_sensitivity


def test_a_name_stands_for_its_function() -> None:
    x = np.random.default_rng(0).normal(size=(20, 3))
    assert coreset("giga", x, keep=4).rows.tolist() == giga(x, 4).rows.tolist()
    named, called = coreset("kmeans-sensitivity", x, keep=4, clusters=2, seed=7), kmeans_sensitivity(x, 4, clusters=2, seed=7)
    np.testing.assert_array_equal(named.weights, called.weights)


def test_the_functions_bear_the_names() -> None:
    assert {name: function.__name__ for name, function in CORESETS.items()} == {name: name.replace("-", "_") for name in CORESETS}


def test_an_unknown_method_is_refused_with_the_nearest() -> None:
    with pytest.raises(OptionError, match='write "herding"'):
        coreset("herdin", [[1.0]], keep=1)
