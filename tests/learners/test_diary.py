"""What learners made of each row while they learned."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tacit.learners import Cache, Data, get
from tacit.learners.diary import Diary
from tacit.types import Category, ImageKind, Number, TextKind

TWO = Category((False, True), "bool")


def test_pages_are_turned_row_by_row() -> None:
    diary = Diary(np.eye(2)[[0, 1, 1]])
    diary.note(np.array([0, 1]), np.array([[0.9, 0.1], [0.8, 0.2]]))
    assert diary.epochs == 0  # the last row was not seen yet
    diary.note(np.array([2, 0]), np.array([[0.5, 0.5], [0.2, 0.8]]))
    assert diary.epochs == 1
    assert diary.right.tolist() == [[True, False, False]]
    np.testing.assert_allclose(diary.norms, [[0.1 * 2**0.5, 0.8 * 2**0.5, 0.5 * 2**0.5]], rtol=1e-6)
    diary.note(np.array([1, 2]), np.array([[0.0, 1.0], [0.0, 1.0]]))
    assert diary.right.tolist() == [[True, False, False], [False, True, True]]


def hard(n: int = 120) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers whose sign tells the class, but for some rows whose label is wrong; and which those are."""
    draw = np.random.default_rng(0)
    x = draw.normal(size=(n, 3))
    wrong = np.arange(n) % 12 == 0
    return x, (x[:, 0] > 0) ^ wrong, wrong


def written(name: str, data: Data, **settings: Any) -> Diary:
    learner, cache = get(name), Cache()
    cache.diary = Diary(data.target)
    learner.fit(data, {**learner.portfolio(data)[0], **settings}, seed=0, cache=cache)
    return cache.diary


def test_a_network_over_numbers_keeps_one_and_finds_rows_with_wrong_labels_hard() -> None:
    x, truth, wrong = hard()
    columns = {name: x[:, i].tolist() for i, name in enumerate("abc")}
    data = Data({name: Number() for name in columns}, columns, TWO, np.eye(2)[truth.astype(int)], np.ones(len(x)))
    diary = written("mlp", data)
    assert diary.epochs >= 5
    assert diary.norms[2:].mean(0)[wrong].min() > np.median(diary.norms[2:].mean(0)[~wrong])
    again = get("mlp").fit(data, get("mlp").portfolio(data)[0], seed=0, cache=Cache())
    kept = get("mlp").fit(data, get("mlp").portfolio(data)[0], seed=0, cache=with_diary(data))
    np.testing.assert_array_equal(again.predict(columns), kept.predict(columns))  # who watches changes nothing


def with_diary(data: Data) -> Cache:
    cache = Cache()
    cache.diary = Diary(data.target)
    return cache


def test_a_net_over_images_keeps_one() -> None:
    pytest.importorskip("torch", reason="nets over images need PyTorch")
    draw = np.random.default_rng(0)
    truth = np.arange(60) % 2
    images = [(draw.integers(0, 60, (12, 12)) + 150 * c).astype(np.uint8) for c in truth]
    data = Data({"image": ImageKind()}, {"image": images}, TWO, np.eye(2)[truth], np.ones(60))
    diary = written("convnet-small", data, epochs=3)
    assert diary.epochs >= 2  # batches are full: of the last epoch some rows wait for the next
    assert diary.right[-1].mean() > diary.right[0].mean()


def test_an_encoder_that_is_trained_further_keeps_one() -> None:
    learner = get("encoder-finetune")
    texts = [f"{'fine' if i % 2 else 'awful'} thing {i}" for i in range(40)]
    data = Data({"text": TextKind()}, {"text": texts}, TWO, np.eye(2)[np.arange(40) % 2], np.ones(40))
    if learner.lacks(data):
        pytest.skip(f"it needs {learner.lacks(data)}")
    settings = {"layers": 1, "epochs": 2, "rate": 3e-4, "batch": 8, "smooth": 0.0}
    cache = with_diary(data)
    learner.fit(data, settings, seed=0, cache=cache)
    assert cache.diary is not None
    assert cache.diary.epochs == 2


def test_numbers_are_not_noted() -> None:
    x, _, _ = hard(60)
    data = Data({"a": Number()}, {"a": x[:, 0].tolist()}, Number(), x[:, 1], np.ones(60))
    cache = Cache()
    cache.diary = Diary(np.zeros((60, 1)))
    get("mlp").fit(data, get("mlp").portfolio(data)[0], seed=0, cache=cache)
    assert cache.diary.epochs == 0
