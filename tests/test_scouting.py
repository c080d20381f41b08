"""What a strategy may look at: made by a chooser, no more than is needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.learners import Cache, Columns, Data, Floats, Learner, Model, Settings
from tacit.scouting import Sight, known_strategy, needs_model, refuse_votes, scout
from tacit.selection import get, names
from tacit.types import Category, Kind, Number


class _Line(Model):
    """P("high") rises with x, around the mean of the rows it was fitted on."""

    learner = "line"

    def __init__(self, middle: float) -> None:
        self.middle, self.settings = middle, {}

    def predict(self, columns: Columns) -> Floats:
        high = 1 / (1 + np.exp(-(np.array(columns["x"], float) - self.middle)))
        return np.column_stack([1 - high, high])

    def save(self, folder: Path) -> None:
        raise NotImplementedError


class Line(Learner):
    """Stands in for a learner, and counts its fits."""

    name = "line"

    def __init__(self) -> None:
        self.fitted: list[int] = []

    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        return True

    def portfolio(self, data: Data) -> tuple[Settings, ...]:
        return ({},)

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        self.fitted.append(data.n)
        return _Line(float(np.mean(data.columns["x"])))

    def load(self, folder: Path) -> Model:
        raise NotImplementedError


KIND = Category(("low", "high"), "Literal")


def data(values: list[float]) -> Data:
    high = np.array(values) > np.mean(values)
    return Data({"x": Number()}, {"x": values}, KIND, np.column_stack([~high, high]).astype(float), np.ones(len(values)))


POOL: list[Columns] = [{"x": [0.0, 4.9, 9.0]}, {"x": []}, {"x": [5.2, 1.0]}]


def test_the_least_sure_row_of_all_batches_comes_first() -> None:
    line = Line()
    seen = scout("margin", data([0.0, 10.0]), learner=line, cache=Cache())
    pool = seen.look(POOL)
    assert pool.size == 5
    assert pool.features is None
    assert seen.strategy.pick(pool, 2).rows.tolist() == [1, 3]
    assert line.fitted == [2]


def test_nothing_is_fitted_for_a_strategy_that_needs_no_model() -> None:
    line = Line()
    for name in ("random", "k-center", "typical"):
        scout(name, data([0.0, 10.0]), learner=line, cache=Cache()).look(POOL)
    assert line.fitted == []
    assert [needs_model(name) for name in ("random", "k-center", "margin", "committee", "badge")] == [
        False,
        False,
        True,
        True,
        True,
    ]


def test_k_center_takes_the_row_that_is_farthest_from_what_has_labels() -> None:
    seen = scout("k-center", data([0.0, 1.0]), cache=Cache())
    pool = seen.look(POOL)
    assert pool.features is not None
    assert pool.features.shape == (5, 1)
    assert seen.strategy.pick(pool, 1).rows.tolist() == [2]


def test_points_that_are_known_are_not_made_again() -> None:
    sight = Sight(np.array([[0.0], [1.0], [2.0], [3.0], [4.0]], np.float32), np.array([[4.0]], np.float32))
    seen = scout("k-center", data([0.0, 1.0]), cache=Cache())
    assert seen.strategy.pick(seen.look(POOL, sight=sight), 1).rows.tolist() == [0]


def test_a_committee_is_fitted_on_resamples_of_the_labels() -> None:
    line = Line()
    pool = scout("committee", data([0.0, 2.0, 8.0, 10.0]), learner=line, cache=Cache()).look(POOL)
    assert line.fitted == [4] * 5
    assert pool.members is not None
    assert pool.members.shape == (5, 5, 2)
    assert pool.members[:, 0].std() > 0


@pytest.mark.parametrize("name", [n for n in names() if not {"votes", "groups"} & set(get(n).needs)])
def test_every_strategy_but_those_of_votes_and_groups_gets_what_it_needs(name: str) -> None:
    seen = scout(name, data([0.0, 2.0, 8.0, 10.0]), learner=Line(), cache=Cache())
    assert len(set(seen.strategy.pick(seen.look(POOL), 3).rows.tolist())) == 3


def test_a_mixture_gets_what_any_part_of_it_needs() -> None:
    seen = scout("k-center+margin", data([0.0, 10.0]), learner=Line(), cache=Cache())
    pool = seen.look(POOL)
    assert pool.features is not None
    assert pool.probabilities is not None


@pytest.mark.parametrize(
    ("strategy", "said"),
    [
        ("committee", "--proxy LEARNER"),
        ("margn", "--strategy margin"),
        ("margin+x", '"x"'),
    ],
)
def test_what_cannot_be_had_says_what_can(strategy: str, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        scout(strategy, data([0.0, 1.0]), model=_Line(0.5), cache=Cache())


def test_who_has_no_votes_refuses_what_needs_them() -> None:
    with pytest.raises(OptionError, match="--strategy margin"):
        refuse_votes("margin+disagreement")
    refuse_votes("margin")


def test_a_strategy_of_another_name_is_offered_with_the_others() -> None:
    with pytest.raises(OptionError, match="it is auto, random"):
        known_strategy("marginal", also=("auto",))
