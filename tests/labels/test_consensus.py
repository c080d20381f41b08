"""Several labels of one example."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OutsideType
from tacit.labels import consensus
from tacit.types import Category, Number

KIND = Category(("positive", "negative"), "Literal['positive', 'negative']")


def test_classes_vote() -> None:
    ids, target = consensus({"x": ["positive", "positive", "negative"], "y": ["negative"]}, KIND, task="sentiment")
    assert ids == ["x", "y"]
    np.testing.assert_allclose(target, [[2 / 3, 1 / 3], [0, 1]])


def test_numbers_average() -> None:
    assert consensus({"x": [1, 2.5], "y": [4]}, Number(), task="price")[1].tolist() == [1.75, 4]


def test_a_class_that_was_removed_is_an_error_that_counts_the_labels_and_loses_none() -> None:
    said = {"x": ["neutral"], "y": ["neutral", "positive"]}
    with pytest.raises(OutsideType) as caught:
        consensus(said, KIND, task="sentiment")
    assert str(caught.value).startswith('2 labels of sentiment are "neutral", which its return type does not hold')
    assert "tacit db relabel sentiment neutral" in caught.value.next
