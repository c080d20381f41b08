"""Test rows that are repeated among those to learn from."""

from __future__ import annotations

import io
from typing import Any, Literal

import numpy as np
import pytest
from PIL import Image

import tacit
from tacit import Text, task
from tacit.datasets import training_set
from tacit.leaking import Repeats, leaks, repeats
from tacit.learners import Data
from tacit.learners.roles import settle
from tacit.types import ImageKind, TextKind, output_kind

LONG = "the quick brown fox jumps over the lazy dog and runs far away from all of the farms of the valley number"


@pytest.fixture
def topic(project: Any) -> Any:
    @task
    def topic(text: Text) -> bool:
        """?"""

    tacit.add(topic, [{"text": f"{LONG} {i} {'x' * i}", "l": i % 2 == 0} for i in range(0, 60, 20)], label="l")
    tacit.add(topic, [{"text": f"a row of its own, number {i * 7919}", "l": i % 2 == 0} for i in range(20)], label="l")
    return topic


def found(project: Any, topic: Any) -> list[tuple[str, str]]:
    rows = training_set(project, topic)
    texts = {e.id: e.inputs["text"] for batch in project.store.examples("topic") for e in batch}
    return [(texts[a], texts[b]) for a, b in leaks(project, topic, settle(rows.data), list(rows.ids)).leaks]


def test_test_rows_that_are_nearly_learned_are_named_with_what_they_repeat(topic: Any, project: Any) -> None:
    assert found(project, topic) == []
    tests = [f"{LONG.title()}  0 ", "something else altogether, unlike all others"]
    tacit.add(topic, [{"text": t, "l": True} for t in tests], label="l", split="test")
    assert found(project, topic) == [(tests[0], f"{LONG} 0 ")]


def test_numbers_that_are_nearly_the_same_are_named_where_the_rest_is_equal(project: Any) -> None:
    @task
    def older(age: float, height: float, town: Literal["a", "b"]) -> bool:
        """?"""

    rng = np.random.default_rng(0)
    rows = [
        {"age": a, "height": h, "town": "ab"[i % 2], "l": a > 0} for i, (a, h) in enumerate(rng.normal(size=(60, 2)).tolist())
    ]
    tacit.add(older, rows, label="l")
    near = {**rows[3], "age": rows[3]["age"] + 1e-3}
    other_town = {**rows[5], "age": rows[5]["age"] + 1e-3, "town": "a"}
    further = {**rows[7], "age": rows[7]["age"] + 0.1}
    tacit.add(older, [near, other_town, further], label="l", split="test")
    data = training_set(project, older)
    ages = {e.id: e.inputs["age"] for batch in project.store.examples("older") for e in batch}
    found = leaks(project, older, settle(data.data), list(data.ids))
    assert [(ages[a], ages[b]) for a, b in found.leaks] == [(near["age"], rows[3]["age"])]
    assert [{ages[i] for i in rows} for rows in found.clusters] == [{near["age"], rows[3]["age"]}]


def test_images_that_look_the_same_are_named(project: Any) -> None:
    @task
    def pet(photo: tacit.Image) -> Literal["cat", "dog"]:
        """?"""

    rng = np.random.default_rng(0)
    soft = [Image.fromarray(rng.integers(0, 256, (4, 4, 3), dtype=np.uint8)).resize((40, 40)) for _ in range(24)]
    tacit.add(pet, [{"photo": image, "l": ("cat", "dog")[i % 2]} for i, image in enumerate(soft)], label="l")
    again = io.BytesIO()
    soft[5].resize((32, 32)).save(again, "JPEG", quality=70)
    tacit.add(pet, [{"photo": again.getvalue(), "l": "dog"}], label="l", split="test")
    data = training_set(project, pet)
    found = leaks(project, pet, settle(data.data), list(data.ids))
    (known,) = [e.id for batch in project.store.examples("pet", split="test") for e in batch]
    assert [test for test, _ in found.leaks] == [known]
    photos = dict(zip(data.ids, data.data.columns["photo"], strict=True))
    assert photos[found.leaks[0][1]] == ImageKind().parse(soft[5])


def test_where_most_rows_are_like_another_nothing_is_named_and_that_is_said(project: Any) -> None:
    @task
    def older(age: float) -> bool:
        """?"""

    tacit.add(older, [{"age": i / 1000, "l": i > 500} for i in range(1000)], label="l")
    tacit.add(older, [{"age": 0.4995, "l": True}], label="l", split="test")
    data = training_set(project, older)
    found = leaks(project, older, settle(data.data), list(data.ids))
    assert (found.leaks, found.clusters) == ((), ())
    assert "cannot be told" in found.notes[0]


def test_of_categories_alone_equal_rows_are_one_example_and_nothing_is_compared(project: Any) -> None:
    @task
    def older(town: Literal["a", "b", "c"]) -> bool:
        """?"""

    tacit.add(older, [{"town": t, "l": t == "a"} for t in "ab"], label="l")
    tacit.add(older, [{"town": "c", "l": True}], label="l", split="test")
    data = training_set(project, older)
    assert leaks(project, older, settle(data.data), list(data.ids)) == Repeats((), ())


def test_of_many_sets_the_largest_are_named_and_how_many_there_are_is_said() -> None:
    words = np.random.default_rng(0).integers(0, 10**9, (60, 9))
    texts = [" ".join(map(str, row)) + 3 * sign for row in words.tolist() for sign in "!?"]
    data = Data({"text": TextKind()}, {"text": texts}, output_kind(bool), np.zeros((120, 2)), np.ones(120))
    found = repeats(data.columns, data, [str(i) for i in range(120)], 120)
    assert len(found.clusters) == 50
    assert "60 sets of rows are repeated" in found.notes[0]
