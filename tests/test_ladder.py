"""The search: anytime, within its budget, and repeatable."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes

from tacit.errors import BudgetError, NotLearnable, OptionError, TooFewLabels, TrainingError
from tacit.examples import content_id
from tacit.ladder import Trial, climb, replay
from tacit.learners import Cache, Data, Learner, Model, Settings
from tacit.types import Category, Kind, MultiCategory, Number

TWO = Category(("no", "yes"), "Literal['no', 'yes']")


class Constant(Model):
    """Answers the same for all rows."""

    def __init__(self, settings: Settings, answer: np.ndarray) -> None:
        self.learner, self.settings, self.answer = "artificial", settings, answer

    def predict(self, columns: Mapping[str, Any]) -> np.ndarray:
        return np.repeat(self.answer[None], len(next(iter(columns.values()))), 0)

    def save(self, folder: Path) -> None:
        (folder / "answer").write_text(str(self.answer))


class Artificial(Learner):
    """A learner whose fits do what the test says."""

    name = "artificial"

    def __init__(self, fit: Callable[[Settings, float | None], np.ndarray], portfolio: tuple[Settings, ...]) -> None:
        self.does, self.settings = fit, portfolio

    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        return True

    def portfolio(self, kinds: Mapping[str, Kind], n: int) -> tuple[Settings, ...]:
        return self.settings

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        return Constant(settings, self.does(settings, deadline))

    def load(self, folder: Path) -> Model:
        raise AssertionError("nothing is loaded here")


def rows(n: int = 200, output: Kind = TWO) -> tuple[Data, list[str]]:
    draw = np.random.default_rng(0)
    x = draw.normal(size=n)
    target = np.eye(2)[(x > 0).astype(int)] if output is TWO else x * 2
    data = Data({"x": Number()}, {"x": x.tolist()}, output, target, np.ones(n))
    return data, [content_id(str(i)) for i in range(n)]


def sure(settings: Settings, deadline: float | None) -> np.ndarray:
    return np.array([1 - settings["yes"], settings["yes"]])


def test_real_tables_are_learned_and_every_step_is_told() -> None:
    table = load_breast_cancer()
    columns = {str(n): table.data[:, j].tolist() for j, n in enumerate(table.feature_names)}
    data = Data({c: Number() for c in columns}, columns, TWO, np.eye(2)[table.target], np.ones(569))
    told: list[Trial] = []
    best: list[float] = []
    found = climb(
        data,
        [content_id(str(i)) for i in range(569)],
        task="tumor",
        budget_s=20,
        on_trial=told.append,
        on_best=lambda model, trial, measured: best.append(measured.value),
    )
    assert found.score > 0.95
    assert found.interval[0] <= found.score <= found.interval[1]
    assert list(found.trials) == told
    assert [score for _, score in found.curve] == sorted(score for _, score in found.curve)
    assert best[0] == found.curve[0][1]
    assert found.trials[-1].folds == 0  # the last fit has all rows
    assert found.trials[-1].rows == 569
    right = found.predicted.argmax(1) == table.target[found.rows]
    assert right.mean() == pytest.approx(found.score)


def test_numbers_are_learned_too() -> None:
    table = load_diabetes()
    columns = {n: table.data[:, j].tolist() for j, n in enumerate(table.feature_names)}
    data = Data({c: Number() for c in columns}, columns, Number(), table.target, np.ones(len(table.target)))
    found = climb(data, [content_id(str(i)) for i in range(data.n)], task="diabetes", budget_s=20)
    assert (found.metric, found.score > 0.4) == ("r2", True)


def test_every_trial_can_be_replayed_to_the_same_predictions() -> None:
    data, ids = rows(300)
    found = climb(data, ids, task="t", budget_s=20, learners=["linear", "gbdt"])
    held = {name: list(values)[:50] for name, values in data.columns.items()}
    np.testing.assert_array_equal(replay(found.trials[-1], data, ids).predict(held), found.model.predict(held))
    for trial in found.trials:
        if trial.reason is None:
            again = [replay(trial, data, ids).predict(held) for _ in range(2)]
            np.testing.assert_array_equal(*again)


def test_the_best_settings_win() -> None:
    data, ids = rows()
    learner = Artificial(sure, ({"yes": 0.9}, {"yes": 0.1}))
    found = climb(data, ids, task="t", budget_s=5, learners=[learner], metric="log_loss")
    share = data.target[:, 1].mean()
    assert found.trial.settings == ({"yes": 0.9} if share > 0.5 else {"yes": 0.1})
    assert found.stopped == "portfolio"


def test_a_slow_learner_does_not_overrun_the_budget() -> None:
    def slow(settings: Settings, deadline: float | None) -> np.ndarray:
        time.sleep(settings["seconds"])
        return np.array([0.5, 0.5])

    data, ids = rows()
    began = time.monotonic()
    learner = Artificial(slow, tuple({"seconds": 0.2, "turn": i} for i in range(50)))
    found = climb(data, ids, task="t", budget_s=4, learners=[learner])
    assert time.monotonic() - began < 7
    assert found.stopped == "budget"
    assert any("left" in (t.reason or "") for t in found.trials)


def test_the_target_stops_the_search() -> None:
    data, ids = rows()
    learner = Artificial(sure, tuple({"yes": 0.5 + i / 100} for i in range(20)))
    found = climb(data, ids, task="t", budget_s=10, learners=[learner], target=0.1)
    assert found.stopped == "target"
    assert len({str(t.settings) for t in found.trials}) == 1


def test_ctrl_c_keeps_the_best_so_far_and_before_any_model_it_is_ctrl_c() -> None:
    def interrupted(at: int) -> Artificial:
        turns = iter(range(10_000))

        def fit(settings: Settings, deadline: float | None) -> np.ndarray:
            if next(turns) >= at:
                raise KeyboardInterrupt
            return np.array([0.4, 0.6])

        return Artificial(fit, ({"a": 1}, {"a": 2}, {"a": 3}))

    data, ids = rows()
    found = climb(data, ids, task="t", budget_s=10, learners=[interrupted(7)])
    assert found.stopped == "interrupt"
    assert found.model.predict({"x": [1.0]}).tolist() == [[0.4, 0.6]]
    with pytest.raises(KeyboardInterrupt):
        climb(data, ids, task="t", budget_s=10, learners=[interrupted(0)])


@pytest.mark.parametrize("error", [MemoryError("out of memory"), ValueError("bad"), RuntimeError("kernel"), FloatingPointError("nan")])
def test_a_trial_that_fails_is_dropped_with_its_reason_and_the_search_goes_on(error: Exception) -> None:
    def fit(settings: Settings, deadline: float | None) -> np.ndarray:
        if settings["breaks"]:
            raise error
        return np.array([0.4, 0.6])

    data, ids = rows()
    found = climb(data, ids, task="t", budget_s=10, learners=[Artificial(fit, ({"breaks": True}, {"breaks": False}))])
    assert type(error).__name__ in (found.trials[0].reason or "")
    assert found.trials[0].score is None
    assert found.trial.settings == {"breaks": False}


def test_predictions_that_are_not_finite_are_dropped_and_if_nothing_is_left_it_is_an_error() -> None:
    data, ids = rows()
    with pytest.raises(TrainingError, match="finite"):
        climb(data, ids, task="t", budget_s=5, learners=[Artificial(lambda s, d: np.array([np.nan, np.nan]), ({"a": 1},))])


@pytest.mark.parametrize("budget", [0.0, -3.0])
def test_no_time_is_an_error_that_says_what_it_would_take(budget: float) -> None:
    data, ids = rows()
    with pytest.raises(BudgetError, match="tacit train t --budget"):
        climb(data, ids, task="t", budget_s=budget)


def test_too_little_to_learn_from_is_an_error_with_the_next_step() -> None:
    data, ids = rows(200)
    for n, said in [(2, "has 2 labeled examples"), (1, "has 1 labeled example")]:
        with pytest.raises(TooFewLabels, match=said):
            climb(data.take(np.arange(n)), ids[:n], task="t", budget_s=5)
    yes = np.flatnonzero(data.target[:, 1] == 1)
    with pytest.raises(TooFewLabels, match="yes"):
        climb(data.take(yes), [ids[i] for i in yes], task="t", budget_s=5)


def test_what_does_not_fit_or_exist_is_refused() -> None:
    data, ids = rows()
    with pytest.raises(OptionError, match="linear"):
        climb(data, ids, task="t", budget_s=5, learners=["liner"])
    with pytest.raises(OptionError, match="gbdt"):
        climb(data, ids, task="t", budget_s=5, learners=["tfidf-linear"])
    with pytest.raises(OptionError):
        climb(data, ids, task="t", budget_s=5, learners=[])
    many = Data(data.kinds, data.columns, MultiCategory(TWO), data.target, data.weight)
    with pytest.raises(NotLearnable, match="set"):
        climb(many, ids, task="t", budget_s=5)


def test_rows_that_may_not_be_scored_on_still_teach() -> None:
    data, ids = rows(200)
    scored = np.arange(200) < 40
    found = climb(data, ids, task="t", budget_s=10, learners=["linear"], scored=scored)
    assert set(found.rows.tolist()) == set(range(40))
    assert found.trials[0].rows > 160
