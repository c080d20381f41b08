"""All learners keep the contract, learn real data, and are found by name."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris

from tacit.errors import BudgetError, OptionError
from tacit.learners import Cache, Data, Learner, Model, Settings, check_learner, choices, get, names
from tacit.phases import stopwatch
from tacit.types import Category, ImageKind, Key, Kind, Maybe, Moment, MultiCategory, Number, TextKind, Words

BOOL = Category((False, True), "bool")


@pytest.mark.parametrize(
    "name", [n for n in names() if n != "encoder-finetune"]
)  # that one with a small encoder, in its own test
def test_every_learner_keeps_the_contract(name: str) -> None:
    check_learner(get(name))


class _Mean(Learner):
    """A learner that predicts the share of each class, and can be made to break the contract in one way."""

    name = "mean"

    def __init__(self, fault: str = "") -> None:
        self.fault = fault

    def accepts(self, kinds: Mapping[str, Kind], output: Kind) -> bool:
        return isinstance(output, Category)

    def portfolio(self, data: Data) -> tuple[Settings, ...]:
        return ({},)

    def fit(self, data: Data, settings: Settings, *, seed: int, deadline: float | None = None, cache: Cache) -> Model:
        if self.fault == "changes" and data.weight.flags.writeable:
            data.weight[:] *= 2
        if self.fault == "late" and deadline is not None:
            time.sleep(2.3)
        return _Share("mean", {}, np.average(data.target, axis=0, weights=data.weight), self.fault)

    def load(self, folder: Path) -> Model:
        return _Share("mean", {}, np.load(folder / "share.npy"), self.fault)


class _Share(Model):
    def __init__(self, learner: str, settings: Settings, share: np.ndarray, fault: str) -> None:
        self.learner, self.settings, self.share, self.fault = learner, settings, share, fault

    def predict(self, columns: Mapping[str, Any]) -> np.ndarray:
        n = len(next(iter(columns.values())))
        found = np.tile(self.share, (n, 1))
        if self.fault == "batch" and n > 1:
            found[0] = found[0][::-1]
        if self.fault == "random":
            found = np.random.default_rng().dirichlet(np.ones(len(self.share)), size=n)
        return found * 2 if self.fault == "sums" else found

    def save(self, folder: Path) -> None:
        np.save(folder / "share.npy", self.share * (0.5 if self.fault == "saved" else 1))


def test_a_learner_that_keeps_the_contract_passes() -> None:
    check_learner(_Mean())


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("sums", "do not sum to 1"),
        ("batch", "depend on"),
        ("random", "the same seed gives other predictions"),
        ("changes", "the weights are changed"),
        ("saved", "a loaded model gives other predictions"),
        ("late", "after its deadline"),
    ],
)
def test_a_learner_that_breaks_it_is_told_how(fault: str, said: str) -> None:
    with pytest.raises(AssertionError, match=f"mean on .*{said}"):
        check_learner(_Mean(fault))


def table(load: Any, *, number: bool = False) -> tuple[Data, Data]:
    x, y = load(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(y))
    columns = {f"c{j}": x[order, j].tolist() for j in range(x.shape[1])}
    output: Kind = Number() if number else Category(tuple(map(str, range(y.max() + 1))), "Literal")
    target = y[order].astype(float) if number else np.eye(y.max() + 1)[y[order]]
    data = Data({c: Number() for c in columns}, columns, output, target, np.ones(len(y)))
    cut = int(0.7 * len(y))
    return data.take(np.arange(cut)), data.take(np.arange(cut, len(y)))


@pytest.mark.parametrize("learner", ["linear", "forest", "gbdt", "mlp"])
@pytest.mark.parametrize(("load", "floor"), [(load_iris, 0.91), (load_breast_cancer, 0.93), (load_digits, 0.93)])
def test_tables_are_learned(learner: str, load: Any, floor: float) -> None:
    train, test = table(load)
    model = get(learner).fit(train, get(learner).portfolio(train)[0], seed=0, cache=Cache())
    assert (model.predict(test.columns).argmax(1) == test.target.argmax(1)).mean() >= floor


@pytest.mark.parametrize("learner", ["linear", "forest", "gbdt", "mlp"])
def test_numbers_are_learned(learner: str) -> None:
    train, test = table(load_diabetes, number=True)
    model = get(learner).fit(train, get(learner).portfolio(train)[0], seed=0, cache=Cache())
    error = np.mean((model.predict(test.columns) - test.target) ** 2)
    assert 1 - error / np.var(test.target) > 0.3


def test_pictures_of_digits_are_learned() -> None:
    x, y = load_digits(return_X_y=True)
    images = [(i.reshape(8, 8) * 15).astype(np.uint8) for i in x]
    data = Data({"i": ImageKind()}, {"i": images}, Category(tuple("0123456789"), "Literal"), np.eye(10)[y], np.ones(len(y)))
    train, test = data.take(np.arange(1200)), data.take(np.arange(1200, len(y)))
    model = get("pixels-linear").fit(train, {"edges": False, "strength": 0.01}, seed=0, cache=Cache())
    assert (model.predict(test.columns).argmax(1) == test.target.argmax(1)).mean() > 0.88


def test_texts_are_learned_and_one_is_answered_within_two_milliseconds() -> None:
    rng = np.random.default_rng(0)
    filler = [f"word{i}" for i in range(3000)]
    texts = [
        f"{' '.join(rng.choice(filler, 12))} {'good' if i % 2 else 'bad'} {' '.join(rng.choice(filler, 8))}" for i in range(800)
    ]
    data = Data({"t": TextKind()}, {"t": texts}, BOOL, np.eye(2)[np.arange(800) % 2], np.ones(800))
    settings = {"text": ["words", "chars"], "strength": 10.0}
    model = get("tfidf-linear").fit(data.take(np.arange(600)), settings, seed=0, cache=Cache())
    assert (model.predict({"t": texts[600:]}).argmax(1) == np.arange(600, 800) % 2).mean() > 0.95
    took = []
    for text in texts[:50]:
        began = time.perf_counter()
        model.predict({"t": [text]})
        took.append(time.perf_counter() - began)
    assert np.median(took) < 0.002


def test_a_deadline_that_passes_while_features_are_made_is_a_budget_error() -> None:
    texts = [f"{i} {'lorem ipsum ' * 400}" for i in range(200)]
    data = Data({"t": TextKind()}, {"t": texts}, BOOL, np.eye(2)[np.arange(200) % 2], np.ones(200))
    began = time.monotonic()
    with pytest.raises(BudgetError):
        get("tfidf-linear").fit(data, {"text": ["words", "chars"], "strength": 1.0}, seed=0, deadline=began, cache=Cache())
    assert time.monotonic() - began < 2


def test_rounds_of_trees_are_found_and_repeated() -> None:
    train, _ = table(load_breast_cancer)
    gbdt = get("gbdt")
    with stopwatch() as watch:
        model = gbdt.fit(train, gbdt.portfolio(train)[0], seed=3, cache=Cache())
    assert watch.seconds["evaluate"] > 0  # rows that are set aside tell how many rounds to fit
    assert 5 < model.settings["rounds"] < 2000
    again = gbdt.fit(train, model.settings, seed=3, cache=Cache())
    assert np.array_equal(model.predict(train.columns), again.predict(train.columns))


def test_fits_on_the_same_rows_share_their_features() -> None:
    calls = 0

    def make() -> tuple[str, int]:
        nonlocal calls
        calls += 1
        return "made", 60

    cache = Cache(limit=100)
    assert [cache.of_rows("a", make), cache.of_rows("a", make)] == ["made", "made"]
    assert calls == 1
    cache.of_rows("b", make)
    cache.of_rows("a", make)
    assert calls == 3  # "b" took the place of "a"
    train, _ = table(load_iris)
    assert train.take(np.arange(5)).rows == train.take(np.arange(5)).rows != train.take(np.arange(6)).rows


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ({"t": TextKind()}, ["tfidf-linear", "static-linear", "encoder-linear", "encoder-finetune"]),
        ({"t": Words()}, ["tfidf-linear", "static-linear", "encoder-linear", "encoder-finetune"]),
        (
            {"t": TextKind("str")},
            ["linear", "tfidf-linear", "static-linear", "encoder-linear", "forest", "gbdt", "mlp", "encoder-finetune"],
        ),
        ({"i": ImageKind()}, ["pixels-linear", "encoder-linear", "convnet-small", "convnet"]),
        ({"n": Number(), "d": Maybe(Moment())}, ["linear", "forest", "gbdt", "mlp"]),
        ({"k": Key(), "s": MultiCategory(BOOL)}, ["linear", "forest", "gbdt", "mlp"]),
        (
            {"i": ImageKind(), "t": TextKind(), "n": Number()},
            ["tfidf-linear", "pixels-linear", "static-linear", "encoder-linear", "forest", "gbdt", "mlp"],
        ),
    ],
)
def test_choices_are_the_learners_that_fit_the_types(kinds: dict[str, Kind], expected: list[str]) -> None:
    together = ["ensemble"] if len(expected) > 1 else []
    assert choices(kinds, BOOL) == choices(kinds, Number()) == expected + together
    assert choices(kinds, TextKind()) == choices(kinds, Maybe(BOOL)) == []


def test_an_unknown_learner_is_refused_with_the_nearest() -> None:
    with pytest.raises(OptionError, match='did you mean "gbdt"'):
        get("gbdtt")


def test_naming_the_learners_imports_nothing_heavy() -> None:
    code = (
        "import sys; from tacit.learners import choices; from tacit.types import Number; choices({'x': Number()}, Number());"
        "print([m for m in ('scipy', 'sklearn', 'lightgbm', 'PIL', 'pandas') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
