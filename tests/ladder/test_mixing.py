"""How labels and votes are learned from together."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from tacit.ladder import USUAL, Mix, Mixed, mix, weights
from tacit.learners import Cache, Data, Learner, get
from tacit.types import Category, Number


def data(n: int, seed: int = 0) -> tuple[Data, np.ndarray]:
    """Rows of ten numbers, whose class the first one decides, with a little noise; and the classes."""
    chance = np.random.default_rng(seed)
    x = chance.normal(size=(n, 10))
    truth = (x[:, 0] + 0.3 * chance.normal(size=n) > 0).astype(int)
    columns = {name: x[:, i].tolist() for i, name in enumerate("abcdefghij")}
    kinds = {name: Number() for name in columns}
    return Data(kinds, columns, Category((False, True), "bool"), np.eye(2)[truth], np.ones(n)), truth


def sureness(votes: np.ndarray) -> np.ndarray:
    """Of two classes: 0 for equal shares, 1 for one class alone."""
    return np.asarray(2 * votes.max(axis=1) - 1)


def tried(votes: np.ndarray, labels: int, *, learners: tuple[Learner, ...] = (), seconds: float = 60.0) -> Mixed:
    """The mix for 600 rows, of which the first `labels` are labeled, with these probabilities of the votes."""
    rows, _ = data(len(votes))
    is_gold = np.arange(len(votes)) < labels
    target = np.where(is_gold[:, None], rows.target, votes)
    rows = Data(rows.kinds, rows.columns, rows.output, target, rows.weight)
    return mix(
        rows,
        [f"{i:032x}" for i in range(rows.n)],
        is_gold,
        is_gold,
        lambda hidden: (votes, sureness(votes)),
        learners=learners or (get("linear"),),
        metric="accuracy",
        seed=0,
        bounds=None,
        cache=Cache(),
        deadline=time.monotonic() + seconds,
    )


def right(share: float) -> np.ndarray:
    """(600, 2) votes of which a share is right, each as sure as it should be; which are wrong depends on nothing."""
    _, truth = data(600)
    said = np.where(np.random.default_rng(1).random(600) < share, truth, 1 - truth)
    return np.where(np.eye(2)[said] == 1, max(share, 0.6), 1 - max(share, 0.6))


def test_good_votes_and_few_labels_are_learned_from_together() -> None:
    found = tried(right(0.95), 30)
    assert found.mix.name in ("both", "votes")
    assert (found.judge, found.n, found.metric) == ("linear", 30, "accuracy")
    assert found.scores["votes"][0] > 0.8


def test_votes_are_worth_as_many_labels_as_score_alike() -> None:
    chance, (_, truth) = np.random.default_rng(2), data(600)
    useless = np.eye(2)[chance.integers(0, 2, 600)] * 0.2 + 0.4
    poor, good = tried(useless, 200), tried(np.eye(2)[truth], 200)
    assert (poor.exactly, poor.worth) == ("fewer than", 20)  # an eighth of what trains
    assert good.worth > 20
    assert "the votes are worth fewer than 20 labels" in str(poor)


def test_votes_that_mislead_are_left_out() -> None:
    by_another = np.array([int(b > 0) for b in data(600)[0].columns["b"]])
    found = tried(np.eye(2)[by_another] * 0.8 + 0.1, 100)
    assert found.mix == Mix("labels", 1.0, 0.0)
    assert found.scores["labels"][0] > found.scores["votes"][0]
    assert found.exactly in ("about", "fewer than")
    assert str(found).startswith("the votes are left out, as 100 held-out labels tell by linear: accuracy of ")


def test_where_nothing_can_be_compared_the_usual_mix_is_taken() -> None:
    found = tried(right(0.9), 100, seconds=-1.0)
    assert found == Mixed(USUAL)
    assert str(found) == "a vote counts at most 0.3 of a label, since nothing could be compared"


def test_the_votes_on_held_out_labels_are_asked_for_without_them() -> None:
    hidden: list[np.ndarray] = []
    rows, _ = data(60)
    is_gold = np.arange(60) < 40
    mix(
        rows,
        [f"{i:032x}" for i in range(60)],
        is_gold,
        is_gold,
        lambda some: (hidden.append(some), (rows.target, np.ones(60)))[1],
        learners=(get("linear"),),
        metric="accuracy",
        seed=0,
        bounds=None,
        cache=Cache(),
        deadline=time.monotonic() + 60,
    )
    assert hidden[0].tolist() == is_gold.tolist()  # what votes are worth is told without any label
    assert np.sum(hidden[1:], axis=0).tolist() == [1] * 40 + [0] * 20


class Clumsy(Learner):
    """Falls over whatever it is given."""

    name = "clumsy"

    def accepts(self, kinds: Any, output: Any) -> bool:
        return True

    def portfolio(self, data: Data) -> tuple[Any, ...]:
        return ({},)

    def fit(self, data: Data, settings: Any, *, seed: int, deadline: float | None = None, cache: Cache) -> Any:
        raise MemoryError

    def load(self, folder: Any) -> Any:
        raise NotImplementedError


def test_a_learner_that_fails_leaves_the_usual_mix() -> None:
    assert tried(right(0.9), 100, learners=(Clumsy(),)) == Mixed(USUAL)


@pytest.mark.parametrize(
    ("mix", "expected"),
    [
        (USUAL, [1, 0.3, 0.15, 0.001]),
        (Mix("labels", 1.0, 0.0), [1, 0.001, 0.001, 0.001]),
        (Mix("votes", 0.5, 1.0), [0.5, 1, 0.5, 0.001]),
    ],
)
def test_rows_weigh_as_much_as_the_votes_are_sure(mix: Mix, expected: list[float]) -> None:
    sure = np.array([1.0, 1.0, 0.5, 0.0])
    np.testing.assert_allclose(weights(mix, np.array([True, False, False, False]), sure), expected)


def test_of_numbers_the_squared_error_decides() -> None:
    rows, _ = data(600)
    number = np.array(rows.columns["a"]) * 3
    is_gold = np.arange(600) < 60

    def of(votes: np.ndarray) -> Mixed:
        target = np.where(is_gold, number, votes)
        said = Data(rows.kinds, rows.columns, Number(), target, rows.weight)
        ids = [f"{i:032x}" for i in range(600)]
        return mix(
            said,
            ids,
            is_gold,
            is_gold,
            lambda hidden: (votes, np.ones(600)),
            learners=(get("linear"),),
            metric="r2",
            seed=0,
            bounds=None,
            cache=Cache(),
            deadline=time.monotonic() + 60,
        )

    near = of(number + np.random.default_rng(0).normal(0, 0.5, 600))
    assert near.mix.name in ("both", "votes")
    assert near.scores["votes"][0] > 0.9
    far = of(-number)
    assert far.mix == Mix("labels", 1.0, 0.0)
    assert far.scores["labels"][0] > 0.9 > 0 > far.scores["votes"][0]
