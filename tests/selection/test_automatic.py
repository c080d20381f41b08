"""Which strategy suits a pool."""

from __future__ import annotations

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.selection import Pool, auto, get

P, X = np.full((4, 2), 0.5), np.zeros((4, 3))


@pytest.mark.parametrize(
    ("pool", "labels", "classes", "strategy", "says"),
    [
        (Pool(4, probabilities=P, features=X), 19, 2, "typical", "19 labels are few for 2 classes"),
        (Pool(4, probabilities=P, features=X), 20, 2, "margin", "20 labels are enough for 2 classes"),
        (Pool(4, probabilities=P, features=X), 20, 5, "typical", "fewer than 50"),
        (Pool(4, features=X), 0, 2, "typical", "0 labels are few"),
        (Pool(4, probabilities=P), 3, 2, "margin", "no features"),
        (Pool(4, features=X), 500, 2, "k-center", "no model"),
        (Pool(4, members=np.ones((2, 4)), kind="numbers"), 500, 0, "committee", "models differ"),
        (Pool(4), 500, 2, "random", "neither"),
    ],
)
def test_few_labels_want_typical_rows_and_many_want_unsure_ones(
    pool: Pool, labels: int, classes: int, strategy: str, says: str
) -> None:
    found = auto(pool, labels, classes)
    assert found.strategy == strategy
    assert says in found.reason
    assert len(get(found.strategy).pick(pool, 2).rows) == 2


def test_counts_below_zero_are_refused() -> None:
    with pytest.raises(OptionError, match="0 or more"):
        auto(Pool(1), -1, 2)
