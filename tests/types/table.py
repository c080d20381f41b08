"""The type table of the docs as data: each annotation, whether it is an input or an output, and values that fit it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import io
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, NotRequired, TypedDict

import numpy as np
import pydantic
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image as Pictures

from tacit.types import Between, Character, Id, Image, Kind, Precision, Span, Text, Vector, Word, input_kind, output_kind


class Color(enum.Enum):
    RED = "red"
    GREEN = "green"
    ALSO_RED = "red"


class Stars(enum.IntEnum):
    ONE = 1
    TWO = 2


class Mixed(enum.Enum):
    TEXT = "text"
    WHOLE = 7
    REAL = 2.5
    PAIR = (1, 2)


@dataclass(frozen=True)
class House:
    beds: int
    price: Annotated[float, Between(0, 1e9)]
    about: Text | None
    color: Color
    built: dt.date | None = None
    rooms: int = dataclasses.field(init=False, default=1)


class Flight(TypedDict):
    number: str
    at: dt.datetime
    late: NotRequired[bool]


class Point(NamedTuple):
    user: Id
    tags: set[Literal["a", "b"]]
    place: Vector[2]


@dataclass
class Verdict:
    color: Color | None
    score: float
    why: Text
    where: list[Span[Literal["a", "b"]]]


class Person(pydantic.BaseModel):
    age: int = pydantic.Field(ge=0)
    photo: Image | None = None
    mood: Literal["glad", 1, True]


def _encoded(array: np.ndarray, form: str) -> bytes:
    out = io.BytesIO()
    Pictures.fromarray(array).save(out, form)
    return out.getvalue()


text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(lambda t: not t.isspace())
whole = st.integers(-(2**63), 2**63 - 1)
real = st.floats(allow_nan=False, allow_infinity=False)
moments = st.datetimes(timezones=st.none() | st.timezones(), allow_imaginary=False)
keys = text | whole
arrays = hnp.arrays(np.uint8, st.tuples(st.integers(1, 5), st.integers(1, 5)) | st.just((4, 3, 3)))
pictures = arrays | st.builds(_encoded, arrays, st.sampled_from(["PNG", "JPEG", "BMP"]))
bools = st.booleans()
labels = st.sampled_from(["a", "b"])
spans = st.lists(st.builds(lambda s, n, label: Span(s, s + n, label), st.integers(0, 99), st.integers(1, 9), labels), max_size=4)
houses = st.builds(House, whole, st.floats(0, 1e9), st.none() | text, st.sampled_from(Color), st.none() | st.dates())
flights = st.fixed_dictionaries({"number": text, "at": moments}, optional={"late": bools})
points = st.builds(Point, keys, st.sets(labels), st.tuples(real, real))
verdicts = st.builds(Verdict, st.none() | st.sampled_from(Color), real, text, spans)
people = st.builds(Person, age=st.integers(0, 99), photo=st.none(), mood=st.sampled_from(["glad", 1, True]))

BOTH: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (bool, bools),
    (Literal["positive", "negative"], st.sampled_from(["positive", "negative"])),
    (Literal[1, 2, 3], st.sampled_from([1, 2, 3])),
    (Literal[0, 1], st.sampled_from([0, 1])),
    (Literal["a", 1, True, False], st.sampled_from(["a", 1, True, False])),
    (Literal[Color.RED, Color.GREEN], st.sampled_from(Color)),
    (Literal["ja", "né\n", "\u200f"], st.sampled_from(["ja", "né\n", "\u200f"])),
    (Color, st.sampled_from(Color)),
    (Stars, st.sampled_from(Stars)),
    (Mixed, st.sampled_from(Mixed)),
    (set[Literal["a", "b"]], st.sets(labels)),
    (frozenset[Mixed], st.frozensets(st.sampled_from(Mixed))),
    (list[Literal[1, 2]], st.sampled_from([[], [1], [2], [1, 2]])),
    (set[Literal["only"]], st.sets(st.just("only"))),
    (float, real),
    (int, whole),
    (Annotated[float, Between(0, 5)], st.floats(0, 5)),
    (Annotated[int, Between(1, 10)], st.integers(1, 10)),
    (str, text),
    (Text, text),
    (list[Character], text),
    (tuple[Word, ...], st.lists(text, max_size=4).map(tuple)),
    (Literal["a", "b"] | None, st.none() | labels),
    (Annotated[Literal["a", "b"] | None, Precision(0.95)], st.none() | labels),
    (float | None, st.none() | real),
]
INPUTS: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (dt.date, st.dates()),
    (dt.datetime, moments),
    (Vector[3], st.tuples(real, real, real)),
    (Id, keys),
    (Image, pictures),
    (Image | None, st.none() | pictures),
    (dt.datetime | None, st.none() | moments),
    (House, houses),
    (Flight, flights),
    (Point, points),
    (Person, people),
]
OUTPUTS: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (list[Span[Literal["a", "b"]]], spans),
    (Verdict, verdicts),
]

TABLE: list[tuple[Kind, st.SearchStrategy[Any]]] = [
    *((input_kind(a), values) for a, values in BOTH + INPUTS),
    *((output_kind(a), values) for a, values in OUTPUTS),
]
"""Every kind, and values of it as a user may write them."""


def same(a: Any, b: Any) -> bool:
    """Equal, and of equal types all the way down: 1 is not True, and an array is compared by its pixels."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, set | frozenset):
        return {(type(x), x) for x in a} == {(type(x), x) for x in b}
    if isinstance(a, House | Person | Span | Verdict):
        return same(list(vars(a).values()), list(vars(b).values()))
    if isinstance(a, dt.datetime):
        return a.isoformat() == b.isoformat()
    return bool(a == b)
