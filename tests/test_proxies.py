"""Choosing through a proxy."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from tacit.learners import Cache, Data, Learner, Model, get
from tacit.proxies import stand_in, suited
from tacit.types import Category, Number

TWO = Category((False, True), "bool")


def data(n: int, seed: int = 0) -> Data:
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(n, 5))
    truth = (x[:, 0] + x[:, 1] + 0.5 * draw.normal(size=n) > 0).astype(int)
    columns: dict[str, Any] = {name: x[:, i].tolist() for i, name in enumerate("abcde")}
    return Data(dict.fromkeys(columns, Number()), columns, TWO, np.eye(2)[truth], np.ones(n))


class Slow(Model):
    """Answers as another model does, after a while; turned round in some rows, if asked."""

    def __init__(self, model: Model, turned: bool = False) -> None:
        self.model, self.turned = model, turned
        self.learner, self.settings = "gbdt", {}

    def predict(self, columns: Any) -> Any:
        time.sleep(0.02)
        found = self.model.predict(columns)
        if self.turned:  # of one class it is sure where the proxy is not
            odd = found[:, 1] > 0.5
            doubt = np.abs(found[:, 1] - 0.5)
            found = np.where(odd[:, None], np.column_stack([doubt, 1 - doubt]), found)
        return found

    def save(self, folder: Any) -> None:
        raise NotImplementedError


def target(rows: Data, turned: bool = False) -> Model:
    learner = get("linear")
    return Slow(learner.fit(rows, learner.portfolio(rows)[0], seed=0, cache=Cache()), turned)


def tried(model: Model, *, pool: int = 10_000_000, short: float = 20.0) -> Any:
    rows, sample = data(300), data(400, seed=1)
    return stand_in(
        model,
        rows,
        sample.columns,
        pool=pool,
        kind="margin",
        groups={"few": np.arange(400) < 5},
        learners=[get("linear")],
        short=short,
    )


def test_a_cheaper_learner_that_ranks_alike_stands_in() -> None:
    found = tried(target(data(300)))
    assert found.name == "linear"
    assert found.model is not None
    assert found.tried["linear"].overlap > 0.9
    assert "which ranks 400 rows as the release does: rank correlation" in found.told


def test_one_that_disagrees_within_a_class_does_not() -> None:
    found = tried(target(data(300), turned=True))
    assert found.model is None
    assert found.tried["linear"].worst == "class True"
    assert found.told == "since no cheaper learner ranks rows as it does (linear)"


def test_where_the_target_is_quick_none_is_looked_for() -> None:
    found = tried(target(data(300)), pool=1000)
    assert (found.model, found.told, found.tried) == (None, "", {})


def test_learners_that_are_as_dear_as_the_target_are_not_tried() -> None:
    rows = data(300)
    model = target(rows)
    model.learner = "linear"  # the cheapest
    found = stand_in(model, rows, data(400, seed=1).columns, pool=10_000_000, kind="margin", groups={}, short=1.0)
    assert found.tried == {}
    assert found.told == "since no cheaper learner ranks rows as it does"


class Says(Model):
    """The same of every row."""

    def __init__(self, share: float) -> None:
        self.share, self.learner, self.settings = share, "linear", {}

    def predict(self, columns: Any) -> Any:
        return np.tile([1 - self.share, self.share], (len(columns["a"]), 1))

    def save(self, folder: Any) -> None:
        raise NotImplementedError


class Constant(Learner):
    """One that says of every row what its settings say."""

    def __init__(self, name: str) -> None:
        self.named = name

    @property
    def name(self) -> str:  # type: ignore[override]
        return self.named

    def accepts(self, kinds: Any, output: Any) -> bool:
        return True

    def portfolio(self, data: Data) -> Any:
        return ({"share": 0.9}, {"share": 0.5}, {"share": 0.2})

    def fit(self, data: Data, settings: Any, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        return Says(settings["share"])

    def load(self, folder: Any) -> Model:
        raise NotImplementedError


def test_settings_are_compared_where_that_is_quick_and_there_are_labels_to_compare_on() -> None:
    rows = data(300)  # half of each class: 0.5 loses least
    assert suited(Constant("linear"), rows, 0, Cache()) == {"share": 0.5}
    assert suited(Constant("linear"), rows.take(np.arange(20)), 0, Cache()) == {"share": 0.9}
    assert suited(Constant("gbdt"), rows, 0, Cache()) == {"share": 0.9}
