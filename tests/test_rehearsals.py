"""The loop: who sees what, when the clock runs, and that everybody starts alike."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tacit.learners import Cache, Columns, Data, Floats, Learner, Model, Settings
from tacit.learners.vectors import held_apart, key_of
from tacit.rehearsals import Rehearsal, first_labels, rehearse, uses_proxy
from tacit.simulations import Round
from tacit.types import Category, Kind, Number

KIND = Category(("low", "high", "none"), "Literal")


class _Step(Model):
    """P("high") is a logistic curve around a threshold."""

    learner = "step"

    def __init__(self, at: float) -> None:
        self.at, self.settings = at, {}

    def predict(self, columns: Columns) -> Floats:
        high = 1 / (1 + np.exp(-20 * (np.array(columns["x"], float) - self.at)))
        return np.column_stack([1 - high, high, 0 * high])

    def save(self, folder: Path) -> None:
        raise NotImplementedError


class Step(Learner):
    """Puts a threshold between the classes; it notes what it was given, and may take its time."""

    name = "step"

    def __init__(self, takes: float = 0.0) -> None:
        self.takes = takes
        self.given: list[list[float]] = []
        self.seeds: list[int] = []
        self.held: list[bool] = []
        self.caches: list[Cache] = []

    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        return True

    def portfolio(self, data: Data) -> tuple[Settings, ...]:
        return ({},)

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        time.sleep(self.takes)
        xs = np.array(data.columns["x"], float)
        self.given.append(xs.tolist())
        self.seeds.append(seed)
        self.caches.append(cache)
        vectors = held_apart("net")
        assert vectors is not None
        self.held.append(bool(vectors.known([key_of("x")])))
        vectors.hold({key_of("x"): np.zeros(2)})
        high = data.target[:, 1] > 0.5
        return _Step(float((xs[high].min() + xs[~high].max()) / 2))

    def load(self, folder: Path) -> Model:
        raise NotImplementedError


def rehearsal(
    learner: Learner, proxy: Learner, *, n: int = 200, rounds: tuple[int, ...] = (4, 8, 12), seed: int = 0
) -> Rehearsal:
    xs = np.random.default_rng(7).random(n)
    high = xs > 0.6
    target = np.column_stack([~high, high, 0 * high]).astype(float)
    data = Data({"x": Number()}, {"x": xs.tolist()}, KIND, target, np.ones(n))
    tests = np.linspace(0, 1, 1001)
    truth = np.column_stack([tests <= 0.6, tests > 0.6, 0 * tests]).astype(float)
    return Rehearsal(data, {"x": tests.tolist()}, truth, rounds, learner, proxy, "accuracy", seed)


def replayed(given: Rehearsal, strategy: str) -> list[Round]:
    rounds: list[Round] = []
    rehearse(given, strategy, on_round=rounds.append)
    return rounds


def test_each_round_has_the_labels_of_the_last_and_as_many_more_as_were_asked_for() -> None:
    final = Step()
    rounds = replayed(rehearsal(final, Step()), "margin")
    assert [r.labels for r in rounds] == [len(set(xs)) for xs in final.given] == [4, 8, 12]
    assert set(final.given[0]) < set(final.given[1]) < set(final.given[2])


def test_the_proxy_is_fitted_on_the_labels_before_each_choice_and_never_after_the_last() -> None:
    final, proxy = Step(), Step()
    replayed(rehearsal(final, proxy), "margin")
    assert proxy.given == final.given[:2]


def test_the_first_labels_and_the_seed_of_the_learner_are_those_of_every_strategy() -> None:
    firsts, seeds = [], []
    for strategy in ("margin", "random", "k-center", "badge"):
        final = Step()
        replayed(rehearsal(final, Step(), seed=5), strategy)
        firsts.append(final.given[0])
        seeds += final.seeds
    assert all(first == firsts[0] for first in firsts)
    assert set(seeds) == {5}


def test_asking_at_the_border_halves_it_as_a_search_does_and_drawing_does_not() -> None:
    found = {}
    for strategy in ("margin", "random"):
        scores = [replayed(rehearsal(Step(), Step(), rounds=tuple(range(4, 15)), seed=s), strategy)[-1].score for s in range(5)]
        found[strategy] = 1 - float(np.mean(scores))
    # 200 points in 0 to 1: the nearest two to the border are some 0.005 apart.
    assert found["margin"] < 0.01 < found["random"]


def test_the_clock_of_choosing_has_the_fit_of_the_proxy_and_that_of_learning_the_final_fit_alone() -> None:
    first, *others = replayed(rehearsal(Step(takes=0.002), Step(takes=0.05)), "margin")
    assert first.selection_seconds == 0
    for one in others:
        assert 0.05 <= one.selection_seconds < 0.5
        assert 0.002 <= one.train_seconds < 0.05
    assert all(r.selection_seconds < 0.05 for r in replayed(rehearsal(Step(), Step(takes=0.05)), "random"))


def test_neither_finds_what_the_other_made_nor_what_an_earlier_simulation_made() -> None:
    both = Step()
    for _ in range(2):
        replayed(rehearsal(both, both), "margin")
    # Final, proxy, final, proxy, final: each pays once, the first time in each simulation.
    assert both.held == [False, False, True, True, True] * 2
    assert len({id(cache) for cache in both.caches}) == 4


def test_equal_seeds_replay_alike_and_others_do_not() -> None:
    runs = []
    for seed in (0, 0, 1):
        final = Step()
        replayed(rehearsal(final, Step(), seed=seed), "random")
        runs.append(final.given)
    assert runs[0] == runs[1] != runs[2]


def target(counts: tuple[int, ...]) -> Data:
    classes = np.repeat(np.arange(len(counts)), counts)
    n = len(classes)
    names = tuple(f"c{i}" for i in range(len(counts)))
    return Data({"x": Number()}, {"x": [0.0] * n}, Category(names, "Literal"), np.eye(len(counts))[classes], np.ones(n))


def test_the_first_round_has_every_class_where_there_are_two_labels_a_class() -> None:
    data = target((500, 3, 2))
    for seed in range(20):
        first = first_labels(data, 6, seed)
        assert len(set(first.tolist())) == 6
        assert set(data.target[first].argmax(axis=1)) == {0, 1, 2}


def test_with_fewer_labels_it_has_at_least_two_classes_and_is_a_plain_draw_else() -> None:
    data = target((500, 3, 2))
    seen = np.array([np.bincount(data.target[first_labels(data, 5, seed)].argmax(axis=1), minlength=3) for seed in range(200)])
    assert ((seen > 0).sum(axis=1) >= 2).all()
    even = target((50, 50))
    drawn = np.array([(first_labels(even, 3, seed) < 50).sum() for seed in range(400)])
    assert abs(drawn.mean() / 3 - 0.5) < 0.06


def test_the_other_rows_of_the_first_round_are_drawn_alike() -> None:
    hits = np.zeros(30)
    data = target((15, 15))
    for seed in range(600):
        hits[first_labels(data, 10, seed)] += 1
    assert np.abs(hits / 600 - 1 / 3).max() < 0.1  # five standard deviations


def test_numbers_are_replayed_too() -> None:
    class Mean(Step):
        def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Any:
            self.given.append(list(data.columns["x"]))
            return type("Fit", (), {"predict": lambda self, columns: np.array(columns["x"], float) * 10, "learner": "mean"})()

    xs = np.linspace(0, 1, 50)
    kind = Number(low=0.0, high=5.0)
    data = Data({"x": Number()}, {"x": xs.tolist()}, kind, np.minimum(10 * xs, 5), np.ones(50))
    given = Rehearsal(data, {"x": [0.1, 0.9]}, np.array([1.0, 5.0]), (5, 10), Mean(), Mean(), "r2", 0)
    assert replayed(given, "k-center")[-1].score == 1.0  # 9 is 5, the most it can be
    assert replayed(given, "committee")[-1].labels == 10


@pytest.mark.parametrize(
    ("strategy", "learner", "used"),
    [
        ("margin", "linear", True),
        ("random", "encoder-linear", False),
        ("k-center", "linear", False),
        ("k-center", "encoder-linear", True),
    ],
)
def test_a_proxy_is_named_where_it_is_asked(strategy: str, learner: str, used: bool) -> None:
    proxy = Step()
    proxy.name = learner  # type: ignore[misc]
    assert uses_proxy(strategy, proxy) is used


def test_points_are_made_once_for_all_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    import tacit.rehearsals as module

    made = []
    real = module.features_of
    monkeypatch.setattr(module, "features_of", lambda *a, **k: made.append(1) or real(*a, **k))
    replayed(rehearsal(Step(), Step()), "k-center")
    assert len(made) == 1
