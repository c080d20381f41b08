"""Rows as points: alike rows are near, and no column drowns another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tacit.errors import OptionError
from tacit.learners import frozen
from tacit.learners.encoders import Pretrained
from tacit.learners.points import features_of, fit_points, view_of
from tacit.types import Category, ImageKind, Maybe, Number, TextKind

TEXTS = [f"the {a} cat sat on a mat" for a in ("red", "blue", "old", "wet")] + [
    f"stocks fell {a} as markets closed" for a in ("sharply", "again", "today", "hard")
]


def near(points: np.ndarray) -> np.ndarray:
    """(n,) the nearest other row of each."""
    away = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    np.fill_diagonal(away, np.inf)
    return away.argmin(axis=1)


def test_texts_of_one_topic_are_near_each_other() -> None:
    points = features_of({"t": TEXTS}, {"t": TextKind()})
    assert points.dtype == np.float32
    assert ((near(points) < 4) == (np.arange(8) < 4)).all()


def test_images_are_near_those_that_look_alike() -> None:
    dark, bright = np.zeros((16, 16), np.uint8), np.full((16, 16), 200, np.uint8)
    images = [dark, dark + 9, bright, bright + 9]
    assert near(features_of({"i": images}, {"i": ImageKind()})).tolist() == [1, 0, 3, 2]


def test_each_column_counts_the_same_whatever_its_kind_and_unit() -> None:
    chance = np.random.default_rng(0)
    columns: dict[str, Sequence[Any]] = {
        "grams": (1e6 * chance.random(40)).tolist(),
        "share": (1e-6 * chance.random(40)).tolist(),
        "town": [str(t) for t in chance.choice(["north", "south", "east"], 40)],
        "text": TEXTS * 5,
    }
    town = Category(("north", "south", "east"), "Literal")
    kinds = {"grams": Number(), "share": Number(), "town": town, "text": TextKind()}
    points = fit_points(columns, kinds)
    for block in points.blocks:
        assert (block.encode(columns) ** 2).sum(axis=1).mean() == pytest.approx(1, abs=1e-3)
    assert points.encode(columns).shape[0] == 40


def test_a_point_does_not_depend_on_the_rows_beside_it_and_missing_values_are_finite() -> None:
    columns: dict[str, Sequence[Any]] = {"t": [*TEXTS, None], "n": [1.0, None, *range(6), 3.0], "c": ["a", "b", None] * 3}
    kinds = {"t": Maybe(TextKind()), "n": Maybe(Number()), "c": Maybe(Category(("a", "b"), "Literal"))}
    points = fit_points(columns, kinds)
    whole = points.encode(columns)
    assert np.isfinite(whole).all()
    alone = points.encode({name: [values[4]] for name, values in columns.items()})
    np.testing.assert_allclose(alone[0], whole[4], atol=1e-5)
    assert points.encode({name: [] for name in columns}).shape == (0, whole.shape[1])


def test_what_is_the_same_everywhere_adds_nothing() -> None:
    points = features_of({"n": [3.0] * 5, "m": [0.0, 1, 2, 3, 4]}, {"n": Number(), "m": Number()})
    assert np.ptp(points, axis=0).min() == 0
    assert np.isfinite(points).all()


class _Net:
    width = 2

    def encode(self, contents: Sequence[str]) -> Iterator[tuple[list[int], np.ndarray]]:
        yield list(range(len(contents))), np.array([[len(c), 1.0] for c in contents], np.float16)


def test_the_encoder_is_asked_where_that_view_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    role = frozen._Role(lambda name: Pretrained(name, Path(), "points"), "net", frozen._texts)
    monkeypatch.setitem(frozen._ROLES, "text", role)
    monkeypatch.setattr(frozen, "deep", lambda name: SimpleNamespace(load=lambda pretrained: _Net()))
    points = features_of({"t": ["a", "bb", "cccc"]}, {"t": TextKind()}, view="encoder")
    assert points.shape == (3, 2)
    assert (points[2, 0] - points[1, 0]) / (points[1, 0] - points[0, 0]) == pytest.approx(2, rel=1e-3)


def test_an_unknown_view_is_refused_and_learners_tell_theirs() -> None:
    with pytest.raises(OptionError, match='view="encoder"'):
        features_of({"t": TEXTS}, {"t": TextKind()}, view="encoders")
    assert [view_of(name) for name in ("encoder-finetune", "static-linear", "gbdt")] == ["encoder", "static", "cheap"]
