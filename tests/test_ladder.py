"""The search, with learners whose speed and quality are known, and with real ones."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes

from tacit.errors import BudgetError, MissingExtra, NotLearnable, OptionError, TooFewLabels, TrainingError
from tacit.examples import content_id
from tacit.ladder import Climb, Trial, climb, replay
from tacit.ladder.calibrating import temperature_of
from tacit.ladder.finishing import gain_of
from tacit.ladder.pace import Pace
from tacit.ladder.replaying import split
from tacit.ladder.rungs import worthwhile
from tacit.ladder.trials import Candidate, Fitted
from tacit.ladder.weighing import Table, honest, weigh
from tacit.learners import Cache, Data, Learner, Model, Settings, get
from tacit.learners.blend import Blend, tempered
from tacit.metrics import Metric
from tacit.splits import Bounds
from tacit.types import Category, Kind, Maybe, MultiCategory, Number, SpanList, TextKind

BOOL = Category((False, True), "bool")
KINDS: dict[str, Kind] = {"x": Number()}


class Guess(Model):
    """Says what `x` says, and is wrong in a share of the rows that its settings set."""

    def __init__(self, settings: Settings, n: int) -> None:
        self.learner, self.settings, self.n = "guess", settings, n

    def predict(self, columns: Mapping[str, Any]) -> np.ndarray:
        x = np.array(columns["x"], float)
        noise = np.modf(np.abs(np.sin(x * (12.9898 + self.settings.get("salt", 0)))) * 43758.5453)[0]
        wrong = noise < self.settings["wrong"] / (1 + self.settings.get("gain", 0) * self.n)
        found = np.eye(2)[((x > 0) ^ wrong).astype(int)]
        return found * np.nan if self.settings.get("nan") else found

    def save(self, folder: Path) -> None:
        (folder / "guess.json").write_text(json.dumps(dict(self.settings)))


@dataclass
class Guesser(Learner):
    """A learner with a portfolio that a test sets, and a diary of its fits."""

    settings: tuple[Settings, ...]
    name: str = "guess"  # type: ignore[misc]
    diary: list[tuple[float, int]] = field(default_factory=list)
    before: Callable[[int], None] | None = None
    takes: float | None = None
    missing: str | None = None

    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        return True

    def portfolio(self, data: Data) -> tuple[Settings, ...]:
        return self.settings

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        self.diary.append((settings["wrong"], data.n))
        if self.before:
            self.before(len(self.diary))
        if settings.get("raises"):
            raise MemoryError("no room")
        end = time.monotonic() + settings.get("fixed", 0) + settings.get("a_row", 0) * data.n
        while (now := time.monotonic()) < end:
            if deadline is not None and now > deadline:
                raise BudgetError("the time was up", next="tacit train TASK --budget 5m")
            time.sleep(min(0.01, end - now))
        return Guess(settings, data.n)

    def lacks(self, data: Data) -> str | None:
        return self.missing

    def load(self, folder: Path) -> Model:
        return Guess(json.loads((folder / "guess.json").read_text()), 0)


class Anytime(Guesser):
    """Uses the time up to its deadline, as much as it says that it takes; its effective settings repeat what it did."""

    def seconds(self, data: Data, settings: Settings) -> float | None:
        return self.takes

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        began = time.monotonic()
        self.diary.append((settings["wrong"], data.n))
        wanted = settings.get("steps", round((self.takes or 0) * 100))
        end = began + wanted / 100
        while time.monotonic() < min(end, deadline or end):
            time.sleep(0.01)
        done = wanted if time.monotonic() >= end else int((time.monotonic() - began) * 100)
        return Guess({**settings, "steps": done}, data.n)


def rows(n: int, seed: int = 0) -> tuple[Data, list[str]]:
    x = np.random.default_rng(seed).normal(size=n)
    target = np.eye(2)[(x > 0).astype(int)]
    return Data(KINDS, {"x": x.tolist()}, BOOL, target, np.ones(n)), [content_id(str(v)) for v in x]


def search(n: int, *settings: Settings, budget: float = 10.0, before: Any = None, **options: Any) -> tuple[Climb, Guesser]:
    learner = Guesser(settings, before=before)
    data, ids = rows(n)
    return climb(data, ids, task="sign", budget_s=budget, learners=[learner], **options), learner


def members(model: Model) -> tuple[Model, ...]:
    """The models that answer."""
    return model.members if isinstance(model, Blend) else (model,)


def test_the_best_settings_win_and_are_fitted_on_all_rows() -> None:
    found, learner = search(300, {"wrong": 0.4}, {"wrong": 0.1}, {"wrong": 0.2})
    assert found.trial.settings["wrong"] == 0.1
    assert found.score == pytest.approx(0.9, abs=0.05)
    assert found.interval[0] <= found.score <= found.interval[1]
    assert learner.diary[-1] == (0.1, 300)
    (member,) = members(found.model)
    assert isinstance(member, Guess)
    assert member.n == 300
    assert found.stopped == "portfolio"
    assert [t.folds for t in found.trials] == [1, 5, 5, 5, 0, 0]


def test_every_row_is_scored_once_by_a_fit_that_did_not_have_it() -> None:
    found, _ = search(300, {"wrong": 0.1})
    assert sorted(found.rows.tolist()) == list(range(300))
    data, _ = rows(300)
    assert (found.predicted.argmax(1) == data.target[found.rows].argmax(1)).mean() == pytest.approx(found.score)


def test_rows_that_may_not_be_scored_are_learned_from() -> None:
    gold = np.zeros(300, dtype=bool)
    gold[:50] = True
    found, learner = search(300, {"wrong": 0.1}, scored=gold)
    assert sorted(found.rows.tolist()) == list(range(50))
    assert min(n for _, n in learner.diary) >= 285


def test_settings_that_do_badly_on_few_rows_never_see_many() -> None:
    found, learner = search(20_000, *({"wrong": w} for w in (0.45, 0.05, 0.4, 0.35, 0.3, 0.25, 0.2, 0.1)))
    sizes = sorted({t.rows for t in found.trials})
    assert sizes == [1000, 4000, 16_000, 20_000]
    tried = {n: {w for w, m in learner.diary if m == n} for n in sizes}
    assert tried[1000] == {0.45, 0.05, 0.4, 0.35, 0.3, 0.25, 0.2, 0.1}
    assert tried[4000] == {0.05, 0.1, 0.2, 0.25}
    assert tried[16_000] == {0.05, 0.1}
    assert tried[20_000] == {0.05}


def test_more_rows_take_over_from_fewer_where_they_help() -> None:
    found, _ = search(20_000, {"wrong": 0.4, "gain": 0.001})
    scores = [score for _, score in found.curve]
    assert len(scores) == 3
    assert scores == sorted(scores)
    assert found.trial.rows == 16_000


def test_the_best_of_each_learner_goes_on() -> None:
    good, slow_starter = Guesser(({"wrong": 0.1}, {"wrong": 0.15}), "good"), Guesser(({"wrong": 0.4, "gain": 0.001},), "starter")
    data, ids = rows(20_000)
    found = climb(data, ids, task="sign", budget_s=20, learners=[good, slow_starter])
    assert found.trial.learner == "starter"


@pytest.mark.parametrize(
    "slow", [{"fixed": 60.0}, {"a_row": 1e-3}, {"a_row": 1e-4, "fixed": 0.1}], ids=["always", "with rows", "a little"]
)
def test_the_budget_is_kept_however_slow_a_fit_is(slow: dict[str, float]) -> None:
    began = time.monotonic()
    found, _ = search(20_000, {"wrong": 0.3}, {"wrong": 0.1} | slow, {"wrong": 0.05} | slow, budget=2.0)
    assert time.monotonic() - began < 4
    assert found.seconds < 4
    assert found.stopped == "budget"
    assert any(t.reason for t in found.trials)


def test_what_does_not_fit_into_the_budget_is_not_started_and_says_why() -> None:
    found, learner = search(20_000, {"wrong": 0.3, "a_row": 4e-4}, {"wrong": 0.1, "a_row": 4e-4}, budget=2.5)
    skipped = [t for t in found.trials if t.reason and t.reason.endswith("left")]
    assert skipped
    assert all(t.seconds == 0 and t.score is None for t in skipped)
    assert max(n for _, n in learner.diary) < 16_000


def test_fits_whose_time_hardly_depends_on_the_rows_reach_all_of_them() -> None:
    found, _ = search(20_000, {"wrong": 0.4, "gain": 0.001, "fixed": 0.4}, budget=3.5)
    assert found.trial.rows == 16_000


def test_of_those_that_score_alike_the_fastest_goes_on_where_the_best_has_no_time_for_all_rows() -> None:
    slow = {"wrong": 0.10, "a_row": 6e-4}
    found, _ = search(20_000, {"wrong": 0.101, "a_row": 3e-5}, slow, budget=3.0)
    assert (found.trial.settings["wrong"], found.trial.rows) == (0.101, 16_000)


def test_a_fit_with_a_fair_chance_is_ended_by_its_deadline_and_not_left_out() -> None:
    pace, guess = Pace(lambda candidate, rows: None), Candidate(Guesser(({"wrong": 0.1},)), {"wrong": 0.1})
    assert pace.fitting(guess, 1000) is None
    fitted = Fitted((Guess(guess.settings, 1000),), np.arange(3), np.eye(2), 2.0, 0.0)
    pace.note(guess, 1000, fitted)
    assert pace.fitting(guess, 4000) == pytest.approx(4.0)
    assert pace.fitting(guess, 16_000) == pytest.approx(16.0)
    pace.note(guess, 4000, replace(fitted, fitting=8.0))
    assert pace.fitting(guess, 16_000) == pytest.approx(32.0)
    other = Candidate(guess.learner, {"wrong": 0.2})
    pace.note(other, 4000, replace(fitted, fitting=1.0))
    assert pace.fitting(other, 16_000) == pytest.approx(4.0)  # as its learner grows


def test_there_is_a_model_at_once_and_it_is_told() -> None:
    told: list[tuple[float, str, int]] = []
    began = time.monotonic()

    def hear(model: Model, trial: Trial, measured: Any) -> None:
        told.append((time.monotonic() - began, measured.name, trial.folds))

    search(2000, {"wrong": 0.3, "fixed": 0.2}, {"wrong": 0.1, "fixed": 0.2}, on_best=hear)
    assert told[0][0] < 0.5  # one fit, not five
    assert told[0][2] == 1
    assert told[-1][2] == 0


def test_every_trial_is_told_as_it_ends() -> None:
    heard: list[Trial] = []
    found, _ = search(100, {"wrong": 0.3}, {"wrong": 0.1, "raises": True}, on_trial=heard.append)
    assert tuple(heard) == found.trials
    assert [t.at for t in heard] == sorted(t.at for t in heard)


def test_the_target_ends_the_search() -> None:
    found, learner = search(300, {"wrong": 0.1}, {"wrong": 0.01}, target=0.8)
    assert found.stopped == "target"
    assert {w for w, _ in learner.diary} == {0.1}
    assert learner.diary[-1][1] == 300


def test_a_lower_value_can_be_better() -> None:
    found, _ = search(300, {"wrong": 0.3}, {"wrong": 0.05}, metric="brier", target=0.2)
    assert (found.metric, found.stopped) == ("brier", "target")
    assert found.score == pytest.approx(0.1, abs=0.08)


@pytest.mark.parametrize("at", [3, 7, 11])
def test_an_interrupt_keeps_the_best_so_far(at: int) -> None:
    def stop(fits: int) -> None:
        if fits == at:
            raise KeyboardInterrupt

    found, _ = search(300, {"wrong": 0.1}, {"wrong": 0.3}, before=stop)
    assert found.stopped == "interrupt"
    assert found.trial.settings["wrong"] == 0.1


def test_an_interrupt_before_there_is_a_model_goes_through() -> None:
    def stop(fits: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search(300, {"wrong": 0.1}, before=stop)


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_what_could_not_be_kept_is_never_the_best(error: type[BaseException], at: int) -> None:
    kept: list[Model] = []

    def keep(model: Model, trial: Trial, measured: Any) -> None:
        if len(kept) + 1 == at:
            raise error("no room")
        kept.append(model)

    if error is OSError or at == 1:
        with pytest.raises(error):
            search(300, {"wrong": 0.3}, {"wrong": 0.1}, on_best=keep)
        return
    found, _ = search(300, {"wrong": 0.3}, {"wrong": 0.1}, on_best=keep)
    assert found.stopped == "interrupt"
    assert found.model is kept[-1]


@pytest.mark.parametrize(("n", "metric"), [(6, None), (9, "brier"), (300, None), (5400, None), (5400, "brier")])
def test_the_curve_only_improves_and_ends_at_the_score(n: int, metric: str | None) -> None:
    settings = [{"wrong": w, "gain": g} for w, g in ((0.4, 0.0), (0.3, 0.0005), (0.25, 0.0))]
    found, _ = search(n, *settings, metric=metric)
    scores = [score if metric is None else -score for _, score in found.curve]
    assert scores == sorted(set(scores))
    assert abs(scores[-1]) == found.score
    whole = {t.score for t in found.trials if t.folds > 1 or t.rows > 1000}
    assert n > 1000 or {score for _, score in found.curve} <= whole


def test_a_score_that_more_rows_do_not_bear_out_leaves_the_curve() -> None:
    found, _ = search(20_000, {"wrong": 0.2, "gain": -4e-5})
    assert len(found.curve) == 1
    assert found.curve[0][1] == found.score


def test_a_number_that_overflows_is_told_in_one_sentence() -> None:
    data, ids = rows(60)
    target = np.arange(60.0)
    target[3] = 1e300
    with pytest.raises(TrainingError, match=r"a label of sign is as large as 1e\+300") as caught:
        climb(Data(KINDS, data.columns, Number(), target, data.weight), ids, task="sign", budget_s=1)
    assert str(caught.value).count("next:") == 1
    target[3] = 1e99
    assert np.isfinite(climb(Data(KINDS, data.columns, Number(), target, data.weight), ids, task="sign", budget_s=3).score)


def test_reasons_of_trials_do_not_say_what_to_type_next() -> None:
    with pytest.raises(TrainingError, match="not finite") as caught:
        search(300, {"wrong": 0.1, "nan": True})
    assert str(caught.value).count("next:") == 1


def test_trials_that_fail_are_dropped_with_their_reasons() -> None:
    found, _ = search(300, {"wrong": 0.1, "raises": True}, {"wrong": 0.1, "nan": True}, {"wrong": 0.2})
    assert found.trial.settings["wrong"] == 0.2
    reasons = [t.reason for t in found.trials if t.reason]
    assert any("no room" in r for r in reasons)
    assert any("not finite" in r for r in reasons)


def test_when_everything_fails_the_reasons_are_given() -> None:
    with pytest.raises(TrainingError, match="no room") as caught:
        search(300, {"wrong": 0.1, "raises": True})
    assert caught.value.next == "tacit choices sign"


@pytest.mark.parametrize("budget", [0.0, -1.0, 0.05])
def test_a_budget_that_is_too_short_says_what_it_takes(budget: float) -> None:
    with pytest.raises(BudgetError, match="too short") as caught:
        search(300, {"wrong": 0.1, "fixed": 5.0}, budget=budget)
    assert caught.value.next.startswith("tacit train sign --budget ")


def test_the_model_of_a_trial_can_be_made_again() -> None:
    data, ids = rows(5400)
    learner = Guesser(({"wrong": 0.3, "gain": 0.01}, {"wrong": 0.1, "gain": 0.01}))
    models: list[tuple[Model, Trial]] = []
    climb(data, ids, task="sign", budget_s=10, learners=[learner], on_best=lambda m, t, _: models.append((m, t)))
    for model, trial in models:
        again = replay(trial, data, ids, learner=learner)
        assert np.array_equal(model.predict(data.columns), again.predict(data.columns))


@pytest.mark.parametrize(("load", "floor"), [(load_breast_cancer, 0.95), (load_diabetes, 0.4)])
def test_real_tables_are_learned_and_their_trials_repeat(load: Any, floor: float) -> None:
    x, y = load(return_X_y=True)
    number = y.dtype.kind == "f"
    kinds: dict[str, Kind] = {f"c{j}": Number() for j in range(x.shape[1])}
    output = Number() if number else Category(tuple(range(int(y.max()) + 1)), "Literal")
    target = y if number else np.eye(int(y.max()) + 1)[y]
    data = Data(kinds, {f"c{j}": x[:, j].tolist() for j in range(x.shape[1])}, output, target, np.ones(len(y)))
    ids = [content_id(f"{i} {row}") for i, row in enumerate(x.tolist())]
    models: list[tuple[Model, Trial]] = []
    found = climb(data, ids, task="it", budget_s=6, on_best=lambda m, t, _: models.append((m, t)))
    assert found.score > floor
    assert found.seconds < 9
    for model, trial in [models[0], models[-1]]:
        assert np.array_equal(model.predict(data.columns), replay(trial, data, ids).predict(data.columns))


def test_every_trial_can_be_repeated_whether_it_won_or_not() -> None:
    data, ids = rows(300)
    found = climb(data, ids, task="t", budget_s=20, learners=["linear", "gbdt"])
    for trial in found.trials:
        if trial.reason is None:
            once, twice = (replay(trial, data, ids).predict(data.columns) for _ in range(2))
            assert np.array_equal(once, twice)
    assert np.array_equal(replay(found.trials[-1], data, ids).predict(data.columns), found.model.predict(data.columns))


def test_a_real_search_with_a_short_budget_still_has_a_model() -> None:
    texts = [f"row {i} is {'good' if i % 2 else 'bad'} {'and long ' * 30}" for i in range(4000)]
    data = Data({"t": TextKind()}, {"t": texts}, BOOL, np.eye(2)[np.arange(4000) % 2], np.ones(4000))
    began = time.monotonic()
    found = climb(data, [content_id(t) for t in texts], task="it", budget_s=0.7)
    assert time.monotonic() - began < 3.7
    assert found.score > 0.95


def test_numbers_are_scored_as_they_are_given() -> None:
    data, ids = rows(300)
    x = np.array(data.columns["x"])
    whole = Data(KINDS, data.columns, Number(whole=True, low=0, high=2), np.rint(np.clip(3 * x, 0, 2)), np.ones(300))
    found = climb(whole, ids, task="it", budget_s=5, learners=["linear"])
    assert set(found.predicted.tolist()) <= {0.0, 1.0, 2.0}


def test_types_that_cannot_be_learned_yet_are_named() -> None:
    data, ids = rows(20)
    for output in (TextKind(), Maybe(BOOL), MultiCategory(BOOL), SpanList(BOOL)):
        with pytest.raises(NotLearnable, match="sign returns"):
            climb(Data(KINDS, data.columns, output, data.target, data.weight), ids, task="sign", budget_s=1)
    with pytest.raises(NotLearnable, match="spans of sign"):
        climb(Data({"spans": SpanList(BOOL)}, data.columns, BOOL, data.target, data.weight), ids, task="sign", budget_s=1)


def test_too_few_labels_and_labels_that_are_all_alike_are_told() -> None:
    data, ids = rows(60)
    with pytest.raises(TooFewLabels, match="sign has 2 labeled examples") as caught:
        climb(data.take(np.arange(2)), ids[:2], task="sign", budget_s=1)
    assert "tacit select sign 20" in caught.value.next
    ones = np.flatnonzero(data.target[:, 1] == 1)
    with pytest.raises(TooFewLabels, match="labels of sign are True"):
        climb(data.take(ones), [ids[i] for i in ones], task="sign", budget_s=1)
    with pytest.raises(TooFewLabels):
        climb(data, ids, task="sign", budget_s=1, scored=np.arange(60) < 3)


def test_learners_and_metrics_that_do_not_fit_are_refused() -> None:
    data, ids = rows(60)
    with pytest.raises(OptionError, match=r"it can be learned by linear, .*gbdt.*, ensemble"):
        climb(data, ids, task="sign", budget_s=1, learners=["tfidf-linear"])
    with pytest.raises(OptionError, match='did you mean "linear"'):
        climb(data, ids, task="sign", budget_s=1, learners=["linaer"])
    with pytest.raises(OptionError, match="no learner"):
        climb(data, ids, task="sign", budget_s=1, learners=[])
    with pytest.raises(OptionError, match='did you mean "accuracy"'):
        climb(data, ids, task="sign", budget_s=1, metric="acuracy")


def test_a_dear_learner_climbs_no_rungs_and_gets_most_of_the_budget() -> None:
    cheap, dear = Guesser(({"wrong": 0.3},), "cheap"), Anytime(({"wrong": 0.05},), "dear", takes=30.0)
    data, ids = rows(20_000)
    found = climb(data, ids, task="t", budget_s=4, learners=[cheap, dear])
    (trial,) = [t for t in found.trials if t.learner == "dear" and t.score is not None]
    assert (trial.rows, trial.folds) == (16_000, 1)
    assert trial.seconds > 2.4
    assert {n for _, n in dear.diary} == {16_000}  # no time for a last fit: a longer scored fit is worth more
    assert found.trial.learner == "dear"
    assert found.seconds < 5


def test_a_dear_learner_that_has_time_for_both_is_fitted_again_on_all_rows() -> None:
    cheap, dear = Guesser(({"wrong": 0.3},), "cheap"), Anytime(({"wrong": 0.05},), "dear", takes=1.0)
    data, ids = rows(20_000)
    found = climb(data, ids, task="t", budget_s=4, learners=[cheap, dear])
    assert [n for _, n in dear.diary] == [16_000, 20_000]
    assert found.made.rows == 20_000
    assert found.seconds < 4.5


def test_where_rows_are_few_the_last_fit_has_its_share_of_the_time() -> None:
    dear = Anytime(({"wrong": 0.05},), "dear", takes=8.0)
    data, ids = rows(100)
    found = climb(data, ids, task="t", budget_s=3, learners=[Guesser(({"wrong": 0.3},), "cheap"), dear])
    assert [n for _, n in dear.diary] == [80, 100]
    assert found.made.rows == 100
    assert found.seconds < 4.5


def test_a_dear_learner_without_a_chance_is_not_started_and_says_why() -> None:
    cheap, dear = Guesser(({"wrong": 0.3},), "cheap"), Anytime(({"wrong": 0.05},), "dear", takes=1000.0)
    data, ids = rows(6_000)
    found = climb(data, ids, task="t", budget_s=4, learners=[cheap, dear])
    assert dear.diary == []
    assert str(next(t.reason for t in found.trials if t.learner == "dear")).startswith("would take about 1000.0 s")


def test_models_that_err_in_other_rows_are_put_together_and_repeat() -> None:
    several = [Guesser(({"wrong": 0.2, "salt": salt},), f"guess {salt}") for salt in range(4)]
    data, ids = rows(3000)
    found = climb(data, ids, task="t", budget_s=20, learners=[*several, "ensemble"])
    alone = climb(data, ids, task="t", budget_s=20, learners=several)
    assert found.score > alone.score + 0.03
    assert found.trial.learner == "ensemble"
    assert 2 < len(members(found.model)) <= 5
    assert len(members(alone.model)) == 1
    fresh = rows(3000, seed=1)[0]
    truth = fresh.target.argmax(1)
    assert (found.model.predict(fresh.columns).argmax(1) == truth).mean() == pytest.approx(found.score, abs=0.03)
    again = replay(found.made, data, ids, learner=several[0])
    assert np.array_equal(again.predict(fresh.columns), found.model.predict(fresh.columns))


def test_a_member_that_has_no_time_for_a_last_fit_answers_as_it_was_scored() -> None:
    quick, slow = Guesser(({"wrong": 0.3},), "quick"), Guesser(({"wrong": 0.28, "salt": 1, "fixed": 0.5},), "slow")
    data, ids = rows(1000)
    found = climb(data, ids, task="t", budget_s=3.5, learners=[quick, slow, "ensemble"])
    if found.made.learner == "ensemble":
        again = replay(found.made, data, ids, learner=quick)
        assert np.array_equal(again.predict(data.columns), found.model.predict(data.columns))
    assert found.seconds < 5.5


def test_confidence_is_tempered_on_rows_that_the_fits_did_not_have() -> None:
    found, _ = search(1000, {"wrong": 0.3})
    sure = found.model.predict(rows(1000, seed=1)[0].columns).max(1)
    assert sure.max() < 1 - 1e-5  # the guesser itself says 1
    assert found.predicted.max() < 1 - 1e-5


def test_learners_that_lack_something_are_left_out_and_say_what_to_type() -> None:
    line = 'pip install "tacit[minilm]"'
    data, ids = rows(60)
    some: list[Any] = [Guesser(({"wrong": 0.1},), "a", missing=line), Guesser(({"wrong": 0.1},), "b", missing=line)]
    with pytest.raises(MissingExtra, match="a needs what is not installed") as caught:
        climb(data, ids, task="t", budget_s=3, learners=some)
    assert caught.value.next == line


def test_what_is_left_out_is_noted_once_for_each_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    data, ids = rows(60)
    line = 'pip install "tacit[minilm]"'
    for name in ("gbdt", "mlp", "forest"):
        monkeypatch.setattr(type(get(name)), "lacks", lambda self, data: line)
    found = climb(data, ids, task="t", budget_s=5)
    (note,) = found.notes
    assert note == f"forest, gbdt and mlp are left out: they transfer from a pretrained encoder.  next: {line}"
    assert {t.learner for t in found.trials} <= {"linear", "ensemble"}


def test_a_learner_that_stumbles_over_its_own_prediction_of_time_does_not_end_the_search() -> None:
    class Broken(Guesser):
        def seconds(self, data: Data, settings: Settings) -> float | None:
            raise RuntimeError("no idea")

    data, ids = rows(60)
    assert climb(data, ids, task="t", budget_s=5, learners=[Broken(({"wrong": 0.1},))]).score > 0.7


def test_every_learner_is_told_when_it_starts() -> None:
    heard: list[str] = []
    search(60, {"wrong": 0.1}, on_start=heard.append)
    assert set(heard) == {"guess"}


def test_the_temperature_is_the_one_that_answers_were_made_with() -> None:
    rng = np.random.default_rng(0)
    right = rng.dirichlet((1, 1, 1), size=4000)
    target = np.eye(3)[[rng.choice(3, p=p) for p in right]]
    assert temperature_of(right, target) == pytest.approx(1, abs=0.1)
    assert temperature_of(tempered(right, 0.5), target) == pytest.approx(2, rel=0.15)
    assert temperature_of(tempered(right, 2.0), target) == pytest.approx(0.5, rel=0.15)
    few = temperature_of(tempered(right, 0.5)[:20], target[:20])
    assert 1 / 1.7 < few < 1.7  # of 20 rows not much is believed
    assert temperature_of(right[:0], target[:0]) == 1


def table(n: int, wrong: tuple[float, ...], *, trusted: tuple[int, ...] = (), several: bool = True, known: bool = True) -> Table:
    """Models that err in random rows, as often as `wrong` says, and say so."""
    rng = np.random.default_rng(1)
    true = rng.integers(2, size=n)
    said = [np.where(rng.random(n) < w, 1 - true, true) for w in wrong]
    predicted = tuple(np.eye(2)[s] * (1 - 2 * w) + w for s, w in zip(said, wrong, strict=True))
    return Table(predicted, np.eye(2)[true], lambda p: p, "accuracy", trusted, several, known)


def test_those_that_help_are_taken_and_those_that_do_not_are_left() -> None:
    found = weigh(table(4000, (0.2, 0.21, 0.22, 0.5))).weights
    assert (found[:3] > 0).all()
    assert found[3] == 0
    assert np.count_nonzero(weigh(table(4000, (0.2, 0.21, 0.22), several=False)).weights) == 1
    assert np.count_nonzero(weigh(table(4000, (0.2,) * 9)).weights) <= 5


def test_where_rows_are_few_the_trusted_ones_decide_unless_they_are_worse_beyond_doubt() -> None:
    assert weigh(table(24, (0.2, 0.25, 0.3), trusted=(2, 1, 0))).weights.argmax() == 2
    assert weigh(table(150, (0.05, 0.05, 0.5), trusted=(2, 1, 0))).weights[2] == 0
    assert weigh(table(24, (0.2, 0.25), trusted=(1, 0), several=False)).weights.tolist() == [0, 1]


def test_where_only_votes_are_repeated_the_trusted_ones_decide_whatever_they_score() -> None:
    repeats = table(4000, (0.01, 0.2, 0.25), trusted=(2, 1, 0))
    assert weigh(repeats).weights.argmax() == 0
    assert weigh(replace(repeats, known=False)).weights.tolist() == [1 / 7, 2 / 7, 4 / 7]


def test_shares_of_a_target_count_as_such() -> None:
    shares = np.full((4000, 2), (0.7, 0.3))
    assert temperature_of(tempered(shares, 0.5), shares) == pytest.approx(2, rel=0.1)


def test_a_choice_among_many_gains_nothing_by_luck() -> None:
    lucky = table(200, (0.49,) * 40, several=False)
    best = max(lucky.score(p) for p in lucky.predicted)
    fair = lucky.score(honest(lucky, np.arange(200) % 2))
    assert best > 0.57
    assert fair < best - 0.03


def test_what_the_last_rows_add_is_told_by_what_the_ones_before_added() -> None:
    measured = Metric("accuracy", 0.9, (0.89, 0.91))
    assert gain_of(measured, [(1000, 0.86), (4000, 0.9)], 4000, 5000) == pytest.approx(0.04 * 0.161, rel=0.01)
    assert gain_of(measured, [(4000, 0.9)], 4000, 5000) == pytest.approx(0.1 * (1 - 0.8**0.5))
    assert gain_of(measured, [(4000, 0.9)], 4000, 4000) == 0
    assert gain_of(measured, [(1000, 0.95), (4000, 0.9)], 4000, 5000) == 0


def test_other_settings_of_a_learner_that_is_far_behind_are_not_tried() -> None:
    data, ids = rows(1000)
    ahead = Guesser(({"wrong": 0.05},), name="ahead")
    behind = Guesser(({"wrong": 0.45}, {"wrong": 0.44}, {"wrong": 0.43}), name="behind")
    close = Guesser(({"wrong": 0.06}, {"wrong": 0.07}), name="close")
    found = climb(data, ids, task="sign", budget_s=10.0, learners=[ahead, behind, close])
    assert {wrong for wrong, _ in behind.diary} == {0.45}
    assert {wrong for wrong, _ in close.diary} == {0.06, 0.07}
    assert [t.reason for t in found.trials if t.settings.get("wrong") == 0.44] == [
        "its learner is far behind with other settings"
    ]


class Drawn(Guesser):
    """What it is wrong about depends on its seed."""

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        super().fit(data, settings, seed=seed, deadline=deadline, cache=cache)
        model = Guess({**settings, "salt": seed}, data.n)
        model.settings = settings
        model.predict = Guess({**settings, "salt": seed}, data.n).predict  # type: ignore[method-assign]
        return model


@pytest.mark.parametrize(("kind", "fits"), [(Drawn, 4), (Guesser, 1)])
def test_what_is_left_is_spent_on_other_seeds_where_they_make_a_difference(kind: type[Guesser], fits: int) -> None:
    data, ids = rows(300)
    learner = kind(({"wrong": 0.2},))
    found = climb(data, ids, task="sign", budget_s=10.0, learners=[learner, get("ensemble")])
    assert len(members(found.model)) == fits
    again = replay(found.made, data, ids, learner=learner)
    assert np.array_equal(again.predict(data.columns), found.model.predict(data.columns))


def test_of_texts_a_learner_that_takes_as_long_as_one_that_knows_more_is_left_out() -> None:
    data, _ = rows(10)
    texts = replace(data, kinds={"x": TextKind()})
    static, encoder = (Candidate(Guesser((), name=name), {}) for name in ("static-linear", "encoder-linear"))
    for taken, budget, names in ((15.0, 20.0, {"encoder-linear"}), (30.0, 40.0, {"static-linear", "encoder-linear"})):
        needed = {static.key: 10.0, encoder.key: taken}
        assert {c.learner.name for c in worthwhile([static, encoder], needed, texts, budget)} == names
    assert len(worthwhile([static, encoder], needed, data, 40.0)) == 2  # of records no learner knows anything


def test_the_halves_of_scored_rows_keep_groups_whole() -> None:
    data, ids = rows(400)
    groups: list[str | None] = [None if i % 5 == 0 else f"g{i % 40}" for i in range(400)]
    found = split(data, ids, None, Bounds(groups=groups), 0)
    half = found.halves(np.arange(400))
    assert 100 < half.sum() < 300
    for group in set(groups) - {None}:
        assert len({int(h) for h, g in zip(half, groups, strict=True) if g == group}) == 1
