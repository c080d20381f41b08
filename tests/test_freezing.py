"""Inputs come back from their frozen form exactly as they went in."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import json
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit import Id, Image, Span, Text, Vector, Word, task
from tacit.errors import ColumnError
from tacit.examples import content_id
from tacit.freezing import as_json, freeze, freeze_label, thaw, thaw_columns, thaw_inputs
from tacit.store import StoredExample


@dataclasses.dataclass(frozen=True)
class Passenger:
    name: Text
    age: float | None
    boarded: dt.date


class Memory:
    """Blobs in a dict, as the store has them in a table."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def blobs(self, ids: Any) -> Mapping[str, bytes]:
        return {i: self.kept[i] for i in ids}


def stored(asked: Any, flat: dict[str, Any], memory: Memory, seq: int = 1) -> StoredExample:
    text, blobs = freeze(asked.signature, flat)
    memory.kept |= blobs
    return StoredExample(seq, content_id(text), json.loads(text), {}, None)


texts = st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda t: not t.isspace())
passengers = st.builds(Passenger, texts, st.none() | st.floats(allow_nan=False, allow_infinity=False), st.dates())


@task
def fare(passenger: Passenger) -> float:
    """How much?"""


@task
def match(user: Id, guest: Passenger, words: tuple[Word, ...], place: Vector[2], at: dt.datetime | None) -> bool:
    """Do they?"""


@task
def caption(photo: Image, mask: Image | None, title: str) -> Text:
    """What is it?"""


@given(passengers)
def test_a_lone_record_comes_back(passenger: Passenger) -> None:
    memory = Memory()
    example = stored(fare, vars(passenger), memory)
    assert thaw_inputs(fare.signature, [example], memory) == [{"passenger": passenger}]
    assert thaw_columns(fare.signature, [example], memory) == {name: [value] for name, value in vars(passenger).items()}


@given(
    st.integers(-(2**63), 2**63 - 1) | texts,
    passengers,
    st.lists(texts).map(tuple),
    st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 2),
    st.none() | st.datetimes(),
)
def test_several_parameters_come_back(user: Any, guest: Passenger, words: Any, place: Any, at: Any) -> None:
    flat = {"user": user, "words": words, "place": place, "at": at} | {f"guest.{k}": v for k, v in vars(guest).items()}
    memory = Memory()
    example = stored(match, flat, memory)
    (inputs,) = thaw_inputs(match.signature, [example], memory)
    assert inputs == {"user": user, "guest": guest, "words": words, "place": place, "at": at}
    assert type(inputs["user"]) is type(user)


# Bytes in NumPy's format are an array to `parse`, so they never come here as bytes.
files = st.binary(min_size=1).filter(lambda data: not data.startswith(b"\x93NUMPY"))


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from([None, 1, 3, 4]), files, texts)
def test_images_come_back_as_bytes_or_arrays(height: int, width: int, channels: int | None, file: bytes, title: str) -> None:
    shape = (height, width) if channels is None else (height, width, channels)
    array = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    memory = Memory()
    examples = [
        stored(caption, {"photo": array, "mask": None, "title": title}, memory),
        stored(caption, {"photo": file, "mask": array, "title": title}, memory),
    ]
    assert len(memory.kept) == 2  # the array is in both, and kept once
    found = thaw_columns(caption.signature, examples, memory)
    assert found["title"] == [title] * 2
    assert found["mask"][0] is None
    for back in (found["photo"][0], found["mask"][1]):
        assert back.dtype == np.uint8
        np.testing.assert_array_equal(back, array, strict=True)
    assert found["photo"][1] == file


def test_an_array_in_another_order_of_memory_is_the_same_image() -> None:
    array = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    flat = {"mask": None, "title": "x"}
    one, _ = freeze(caption.signature, flat | {"photo": array})
    other, blobs = freeze(caption.signature, flat | {"photo": np.asfortranarray(array)})
    assert one == other
    np.testing.assert_array_equal(thaw(caption.signature, json.loads(other), blobs)["photo"], array)


def test_equal_inputs_have_equal_ids_and_unicode_is_left_alone() -> None:
    memory = Memory()
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    flat = {"photo": b"x", "mask": None}
    ids = [stored(caption, flat | {"title": t}, memory).id for t in (composed, decomposed, composed)]
    assert ids[0] == ids[2] != ids[1]


class Signs:
    """What a task file says, and later says instead."""

    @staticmethod
    def before() -> Any:
        @task
        def sold(review: Text, kind: Literal["car", "bus", "cart"], age: str, size: float | None) -> bool:
            """Was it?"""

        return sold

    @staticmethod
    def renamed() -> Any:
        @task
        def sold(text: Text, kind: Literal["car", "bus", "cart"], age: str, size: float | None) -> bool:
            """Was it?"""

        return sold

    @staticmethod
    def fewer() -> Any:
        @task
        def sold(review: Text, kind: Literal["car", "bus"], age: str, size: float | None) -> bool:
            """Was it?"""

        return sold

    @staticmethod
    def retyped() -> Any:
        @task
        def sold(review: Text, kind: Literal["car", "bus", "cart"], age: float, size: float | None) -> bool:
            """Was it?"""

        return sold

    @staticmethod
    def certain() -> Any:
        @task
        def sold(review: Text, kind: Literal["car", "bus", "cart"], age: str, size: float) -> bool:
            """Was it?"""

        return sold

    @staticmethod
    def pictured() -> Any:
        @task
        def sold(review: Image, kind: Literal["car", "bus", "cart"], age: str, size: float | None) -> bool:
            """Was it?"""

        return sold

    @staticmethod
    def nested() -> Any:
        @task
        def sold(review: Passenger, other: str) -> bool:
            """Was it?"""

        return sold


@pytest.mark.parametrize(
    ("now", "said", "next"),
    [
        ("renamed", '3 of 3 stored examples have no "text"', "write text: Text | None, or call it review again"),
        ("fewer", 'kind of 2 of 3 stored examples does not fit .*; the first is "cart"', 'put "cart" back into the type of kind'),
        ("retyped", 'age of 1 of 3 stored examples does not fit float; the first is "old"', "write age: str"),
        ("certain", '1 of 3 stored examples have no "size"', "write size: float | None"),
        ("pictured", 'review of 3 of 3 stored examples does not fit Image; the first is "r0"', "write review: str"),
        ("nested", "no record when they came in", "give the parameter its earlier type back"),
    ],
)
def test_a_signature_that_changed_says_which_column_how_often_and_what_to_write(now: str, said: str, next: str) -> None:
    memory, asked = Memory(), Signs.before()
    rows = [("car", "1", None), ("cart", "2.5", 3.0), ("cart", "old", 4.0)]
    examples = [
        stored(asked, {"review": f"r{i}", "kind": kind, "age": age, "size": size}, memory)
        for i, (kind, age, size) in enumerate(rows)
    ]
    assert thaw_columns(asked.signature, examples, memory)["kind"] == ["car", "cart", "cart"]
    for thawed in (thaw_columns, thaw_inputs):
        with pytest.raises(ColumnError, match=said) as error:
            thawed(getattr(Signs, now)().signature, examples, memory)
        assert error.value.next == next


class Color(enum.Enum):
    RED = "red"
    BLUE = (0, 0, 255)


class Pair(NamedTuple):
    glad: bool
    stars: float


@pytest.mark.parametrize(
    ("returns", "value"),
    [
        (Literal["é", "b"], "é"),
        (bool, True),
        (Color, Color.BLUE),
        (float, 0.1),
        (Text, 'a "text"'),
        (set[Literal["a", "b"]], {"b", "a"}),
        (list[Span[Literal["a", "b"]]], [Span(0, 3, "b")]),
        (tuple[Word, ...], ("a", "b")),
        (Pair, Pair(True, 4.5)),
    ],
)
def test_labels_come_back(returns: Any, value: Any) -> None:
    def function(text: Text) -> Any:
        """What?"""

    function.__annotations__ = {"text": Text, "return": returns}
    kind = task(function).signature.output
    frozen = freeze_label(kind, kind.parse(value))
    assert kind.from_json(json.loads(frozen)) == value
    assert json.dumps(json.loads(frozen)) == frozen


def test_any_cell_has_a_form_in_json() -> None:
    cells = [
        None,
        float("nan"),
        float("inf"),
        np.int64(3),
        np.array([1.5]),
        True,
        dt.date(2026, 1, 2),
        Color.RED,
        b"abc",
        {1: {2}},
    ]
    assert [as_json(c) for c in cells] == [None, None, "inf", 3, [1.5], True, "2026-01-02", "red", "<3 bytes>", {"1": [2]}]
    assert as_json(["x" * 9], longest=3) == ["xxx..."]
    assert as_json(object())[:7] == "<object"
