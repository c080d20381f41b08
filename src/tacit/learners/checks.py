"""Whether a learner keeps the contract: run it in the tests of every package that brings one."""

from __future__ import annotations

import copy
import datetime as dt
import math
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from tacit.errors import BudgetError
from tacit.learners.contract import Cache, Data, Floats, Learner, Model, Settings
from tacit.types import Category, ImageKind, Key, Kind, Maybe, Moment, MultiCategory, Number, TextKind, VectorKind, Words

__all__ = ["check_learner"]

_ROWS = 80
_PATIENCE = 2.0
"""Seconds that a fit may go on after its deadline."""

_OUTPUTS: tuple[Kind, ...] = (
    Category((False, True), "bool"),
    Category(("red", "green", "blue"), "Literal['red', 'green', 'blue']"),
    Number(),
)
_COLORS = Category(("red", "green", "blue"), "Literal['red', 'green', 'blue']")


def check_learner(learner: Learner, pretrained: Mapping[str, str] = MappingProxyType({})) -> None:
    """Fit a learner on small made-up data of every shape that it accepts, and for which it lacks nothing.

    Arguments:
        learner: The learner.
        pretrained: As in `Data`, for one that transfers.

    Raises:
        AssertionError: It does not keep the contract; the sentence names the learner and what failed.
    """
    assert learner.name, f"{type(learner).__name__} has no name"
    accepted = 0
    for i, (shape, kinds) in enumerate(_shapes().items()):
        for j, output in enumerate(_OUTPUTS):
            data = replace(_made_up(kinds, output, _ROWS), pretrained=pretrained)
            if learner.accepts(kinds, output) and not learner.lacks(data):
                accepted += 1
                check = _Check(learner, f"{shape} -> {output}", data)
                check.fits()
                if (i + j) % len(_OUTPUTS) == 0:  # every shape and every output has its turn, not every pair of them
                    check.keeps_its_word()
    assert accepted, f"{learner.name} takes none of {', '.join(_shapes())}"


class _Check:
    """The checks of one learner on one set of rows."""

    def __init__(self, learner: Learner, shape: str, data: Data) -> None:
        self.learner, self.shape, self.data = learner, shape, data
        self.settings = learner.portfolio(data)

    def fits(self) -> None:
        self.holds(len(self.settings) > 0, "its portfolio is empty")
        self.right_shape(self.fit(self.data), self.data)

    def keeps_its_word(self) -> None:
        for settings in self.settings[1:]:
            self.right_shape(self.fit(self.data, settings), self.data)
        self.same_seed_same_model()
        self.rows_stand_alone()
        self.strange_rows()
        self.inputs_stay()
        self.saved_and_loaded()
        self.deadlines()
        self.few_rows_and_wild_weights()

    def holds(self, condition: bool, failed: str) -> None:
        assert condition, f"{self.learner.name} on {self.shape}: {failed}"

    def fit(self, data: Data, settings: Settings | None = None, deadline: float | None = None) -> Model:
        chosen = self.settings[0] if settings is None else settings
        return self.learner.fit(data, chosen, seed=7, deadline=deadline, cache=Cache())

    def right_shape(self, model: Model, data: Data) -> Floats:
        found = model.predict(data.columns)
        wanted = (data.n, data.classes) if data.classes else (data.n,)
        self.holds(found.shape == wanted, f"predictions have the shape {found.shape} instead of {wanted}")
        self.holds(found.dtype == np.float64, f"predictions are {found.dtype} instead of float64")
        self.holds(bool(np.isfinite(found).all()), "predictions are not finite")
        if data.classes:
            self.holds(bool((found >= 0).all()), "probabilities are negative")
            self.holds(bool(np.allclose(found.sum(axis=1), 1, atol=1e-6)), "probabilities do not sum to 1")
        return found

    def same_seed_same_model(self) -> None:
        first = self.fit(self.data)
        found = first.predict(self.data.columns)
        again = self.fit(self.data).predict(self.data.columns)
        self.holds(np.array_equal(found, again), "the same seed gives other predictions")
        replayed = self.fit(self.data, first.settings).predict(self.data.columns)
        self.holds(np.array_equal(found, replayed), "its effective settings give other predictions")

    def rows_stand_alone(self) -> None:
        model = self.fit(self.data)
        whole = model.predict(self.data.columns)
        turned = model.predict(self.data.take(np.arange(self.data.n)[::-1]).columns)[::-1]
        self.holds(np.allclose(whole, turned, atol=1e-6, rtol=1e-6), "predictions depend on the order of the rows")
        for i in range(0, self.data.n, 17):
            alone = model.predict(self.data.take(np.array([i])).columns)
            self.holds(np.allclose(whole[i], alone[0], atol=1e-6, rtol=1e-6), "predictions depend on the rows beside them")

    def strange_rows(self) -> None:
        model = self.fit(self.data)
        strange = replace(
            self.data.take(np.arange(4)),
            columns={name: _strange(kind) for name, kind in self.data.kinds.items()},
        )
        self.right_shape(model, strange)
        self.right_shape(model, self.data.take(np.arange(0)))
        # A column that is the same everywhere, and one that is missing everywhere, teach nothing and break nothing.
        for dull in (lambda values: [values[0]] * self.data.n, lambda values: [None] * self.data.n):
            data = replace(self.data, columns={n: dull(v) for n, v in self.data.columns.items()}, rows="dull")
            self.right_shape(self.fit(data), data)
            self.right_shape(self.fit(data), strange)

    def inputs_stay(self) -> None:
        before = copy.deepcopy(dict(self.data.columns)), self.data.target.copy(), self.data.weight.copy()
        settings = dict(self.settings[0])
        self.fit(self.data, settings).predict(self.data.columns)
        same = all(map(_equal, before[0].values(), self.data.columns.values()))
        self.holds(same, "the columns are changed")
        self.holds(np.array_equal(before[1], self.data.target), "the target is changed")
        self.holds(np.array_equal(before[2], self.data.weight), "the weights are changed")
        self.holds(settings == dict(self.settings[0]), "the settings are changed")

    def saved_and_loaded(self) -> None:
        model = self.fit(self.data, self.settings[-1])
        with tempfile.TemporaryDirectory() as folder:
            model.save(Path(folder))
            loaded = self.learner.load(Path(folder))
        same = np.array_equal(model.predict(self.data.columns), loaded.predict(self.data.columns))
        self.holds(same, "a loaded model gives other predictions")
        self.holds(dict(loaded.settings) == dict(model.settings), "a loaded model has other settings")
        self.holds(model.learner == loaded.learner == self.learner.name, "a model does not name its learner")

    def deadlines(self) -> None:
        for ahead in (-1.0, 0.05):
            began = time.monotonic()
            try:
                model = self.fit(self.data, deadline=began + ahead)
            except BudgetError:
                continue
            late = time.monotonic() - began - ahead
            self.holds(late < _PATIENCE, f"a fit went on for {late:.1f} s after its deadline")
            found = self.right_shape(model, self.data)
            replayed = self.fit(self.data, model.settings).predict(self.data.columns)
            self.holds(np.array_equal(found, replayed), "the settings of a fit that a deadline ended give other predictions")

    def few_rows_and_wild_weights(self) -> None:
        for n in (1, 2, 5):
            few = self.data.take(np.arange(n))
            self.right_shape(self.fit(few), self.data)
        weight = np.where(np.arange(self.data.n) % 2, 1e9, 1e-9)
        self.right_shape(self.fit(replace(self.data, weight=weight)), self.data)
        if self.data.classes:
            soft = self.data.target * 0.6 + 0.4 / self.data.classes
            self.right_shape(self.fit(replace(self.data, target=soft)), self.data)
        else:
            self.right_shape(self.fit(replace(self.data, target=np.full(self.data.n, 3.0))), self.data)


def _shapes() -> dict[str, dict[str, Kind]]:
    """Name -> the columns of a task."""
    table: dict[str, Kind] = {
        "size": Maybe(Number()),
        "count": Number(whole=True),
        "color": _COLORS,
        "city": Maybe(TextKind("str")),
        "day": Maybe(Moment(has_time=True)),
        "born": Moment(),
    }
    rest: dict[str, Kind] = {"who": Key(), "place": Maybe(VectorKind(2)), "tags": MultiCategory(_COLORS), "said": Words()}
    return {
        "a text": {"text": TextKind()},
        "a str": {"text": TextKind("str")},
        "an image": {"photo": ImageKind()},
        "a table": table,
        "a key": {"who": Key()},
        "a table with text": table | {"text": Maybe(TextKind())},
        "all kinds": table | rest | {"text": TextKind(), "photo": Maybe(ImageKind())},
    }


def _made_up(kinds: Mapping[str, Kind], output: Kind, n: int) -> Data:
    """Rows whose every column tells the answer, in most rows."""
    rng = np.random.default_rng(1)
    hidden = rng.integers(3, size=n)
    columns = {name: list(_values(kind, hidden, rng)) for name, kind in kinds.items()}
    target = hidden + rng.normal(scale=0.1, size=n)
    if isinstance(output, Category):
        k = len(output.classes)
        target = np.eye(k)[np.minimum(hidden, k - 1)]
    return Data(kinds, columns, output, target, np.ones(n))


def _values(kind: Kind, hidden: Any, rng: np.random.Generator) -> Iterator[Any]:
    for i, h in enumerate(hidden.tolist()):
        noise = float(rng.normal())
        if isinstance(kind, Maybe):
            yield None if i % 9 == 0 else _value(kind.kind, h, i, noise)
        else:
            yield _value(kind, h, i, noise)


def _value(kind: Kind, h: int, i: int, noise: float) -> Any:
    word = ("red", "green", "blue")[h]
    match kind:
        case Number(whole=True):
            return 10 * h + i % 3
        case Number():
            return h + noise / 4
        case Moment(has_time=True):
            return dt.datetime(2024 + h, 1 + i % 12, 1 + i % 28, i % 24)
        case Moment():
            return dt.date(1990 + 10 * h, 1 + i % 12, 1 + i % 28)
        case TextKind(written="str"):
            return word
        case TextKind():
            return f"Number {i} says: this is {word}, isn't it?"
        case Words():
            return ("it", "is", word)
        case VectorKind():
            return (float(h), noise)
        case Key():
            return f"u{h}" if i % 2 else h
        case MultiCategory():
            return {word} if i % 5 else set()
        case ImageKind():
            return np.full((9 + i % 2, 12, 3)[: 2 + i % 2], 90 * h + i % 7, dtype=np.uint8)
    return kind.parse(word)


def _strange(kind: Kind) -> list[Any]:
    """Four values that were not seen in training; the first is missing."""
    inner = kind.kind if isinstance(kind, Maybe) else kind
    match inner:
        case Number(whole=True):
            return [None, 2**62, -(2**62), 0]
        case Number():
            return [None, 1e300, -1e300, math.pi]
        case Moment(has_time=True):
            return [None, dt.datetime.max, dt.datetime.min, dt.datetime(2000, 2, 29, tzinfo=dt.UTC)]
        case Moment():
            return [None, dt.date.max, dt.date.min, dt.date(2000, 2, 29)]
        case TextKind():
            return [None, "\U0001f600 \u4f60\u597d \u0301", "w" * 5000, "?"]
        case Words():
            return [None, (), ("unheard",), ("of",) * 50]
        case VectorKind(n=n):
            return [None, (1e300,) * n, (-1e300,) * n, (0.0,) * n]
        case Key():
            return [None, "nobody", -1, "7"]
        case MultiCategory():
            return [None, set(), {"red", "green", "blue"}, {"red"}]
        case ImageKind():
            dark, thin = np.zeros((64, 48, 4), np.uint8), np.full((1, 300, 1), 255, np.uint8)
            return [None, dark, thin, np.arange(256, dtype=np.uint8).reshape(16, 16)]
    return [None, "red", "green", "blue"]


def _equal(left: Sequence[Any], right: Sequence[Any]) -> bool:
    return len(left) == len(right) and all(np.array_equal(a, b) for a, b in zip(left, right, strict=True))
