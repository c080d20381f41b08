"""Annotation -> kind: what is understood, and how everything else is refused."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import enum
import typing
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple, NewType, Optional, TypedDict, Union

import numpy as np
import pydantic
import pytest

from tacit.types import (
    Between,
    Category,
    Character,
    Id,
    Image,
    ImageKind,
    Key,
    Maybe,
    Moment,
    MultiCategory,
    NotUnderstood,
    Number,
    Precision,
    Record,
    Span,
    SpanList,
    Text,
    TextKind,
    Vector,
    VectorKind,
    Word,
    Words,
    input_kind,
    output_kind,
)
from tests.types.table import BOTH, INPUTS, OUTPUTS, Color, House, Mixed

BOOL = Category((False, True), "bool")
AB = Category(("a", "b"), "Literal['a', 'b']")


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        (bool, BOOL),
        (Literal["a", "b"], AB),
        (Color, Category((Color.RED, Color.GREEN), "Color")),
        (set[Literal["a", "b"]], MultiCategory(AB, set)),
        (frozenset[Literal["a", "b"]], MultiCategory(AB, frozenset)),
        (list[Literal["a", "b"]], MultiCategory(AB, list)),
        (set[Literal["a"]], MultiCategory(Category(("a",), "Literal['a']"), set)),
        (float, Number()),
        (int, Number(whole=True)),
        (Annotated[float, Between(0, 5)], Number(low=0.0, high=5.0)),
        (Annotated[float, "a remark", Between(0, 5)], Number(low=0.0, high=5.0)),
        (str, TextKind("str")),
        (Text, TextKind("Text")),
        (list[Character], TextKind("list[Character]")),
        (tuple[Word, ...], Words()),
        (Literal["a", "b"] | None, Maybe(AB)),
        (Optional[Literal["a", "b"]], Maybe(AB)),  # noqa: UP045
        (Union[None, Text], Maybe(TextKind())),  # noqa: UP007
        (Literal["a", "b", None], Maybe(AB)),
        (Literal["a", "b", None] | None, Maybe(AB)),
        (Annotated[Literal["a", "b"] | None, Precision(0.95)], Maybe(AB, 0.95)),
        (Annotated[float | None, Precision(0.9), Between(0, 5)], Maybe(Number(low=0.0, high=5.0), 0.9)),
        (Annotated[float | None, Between(0, 5), Precision(0.9)], Maybe(Number(low=0.0, high=5.0), 0.9)),
        (Annotated[float, Between(0, 5)] | None, Maybe(Number(low=0.0, high=5.0))),
    ],
)
def test_what_is_understood_both_ways(annotation: Any, kind: Any) -> None:
    assert input_kind(annotation) == kind
    assert output_kind(annotation) == kind


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        (dt.date, Moment()),
        (dt.datetime, Moment(has_time=True)),
        (Image, ImageKind()),
        (Image | None, Maybe(ImageKind())),
        (Vector[3], VectorKind(3)),
        (Id, Key()),
        (Id | None, Maybe(Key())),
    ],
)
def test_what_is_an_input_only(annotation: Any, kind: Any) -> None:
    assert input_kind(annotation) == kind
    with pytest.raises(NotUnderstood, match="is an input; it cannot be returned"):
        output_kind(annotation)


def test_spans_are_an_output_only() -> None:
    assert output_kind(list[Span[Literal["a", "b"]]]) == SpanList(AB)
    with pytest.raises(NotUnderstood, match="is an output; spans are found in a text input"):
        input_kind(list[Span[Literal["a", "b"]]])


@pytest.mark.parametrize(("annotation", "values"), BOTH + INPUTS + OUTPUTS)
def test_a_kind_can_be_a_key_and_shows_itself(annotation: Any, values: Any) -> None:
    kind = (output_kind if (annotation, values) in OUTPUTS else input_kind)(annotation)
    assert {kind: 1}[kind] == 1
    assert str(kind).isprintable()
    assert kind.role


class Plain:
    pass


class Empty(enum.Enum):
    pass


class One(enum.Enum):
    A = 1


class Alike(enum.Enum):
    A = 1
    B = "1"


@dataclass
class Bare:
    pass


@dataclass
class Inner:
    a: float


@dataclass
class Outer:
    inner: Inner


@dataclass
class Node:
    value: float
    next: Node | None


@dataclass
class Pictured:
    photo: Image


@dataclass
class Spanned:
    spans: list[Span[Literal["a", "b"]]]


@dataclass
class Unwritten:
    a: Missing  # noqa: F821  # that it is not defined is the point


@dataclass
class Broken:
    a: typing.NoSuchType


class Strange(TypedDict):
    a: dict[str, int]


Untyped = collections.namedtuple("Untyped", ["a"])
T = typing.TypeVar("T")

REFUSED = [
    Any, object, None, type(None), complex, bytes, bytearray, dict, list, set, tuple, Plain, Decimal, dt.time, dt.timedelta, np.ndarray,
    np.float64, type, T, Ellipsis, "no such type", 3, [float], NewType("Meters", float), enum.Enum, Empty, One, Alike,
    dict[str, int], list[float], list[int], list[str], list[Text], list[Word], set[str], set[float], set[Literal["a"] | None],
    tuple[Word], tuple[Word, Word], tuple[str, ...], tuple[float, ...], tuple[()], frozenset[Character], set[Character],
    Iterable[Text], Sequence[Word], Callable[[int], int], type[int], typing.List, typing.Dict[str, int], Character, Word,  # noqa: UP006
    Literal["a"], Literal["a", None], Literal[None], Literal[b"a", b"b"], Literal["1", 1], Literal["True", True], Literal["a", "\ud800"],
    Literal[1, 2**70], int | float, str | int, Text | Image, Literal["a"] | Literal["b"], int | str | None,
    Annotated[float, Between(5, 0)], Annotated[float, Between(1, 1)], Annotated[float, Between(float("nan"), 1)], Annotated[float, Between("a", "b")],  # type: ignore[arg-type]
    Annotated[float, Between(None, 5)], Annotated[float, Between(0, 10**400)], Annotated[str, Between(0, 5)], Annotated[Text, Between(0, 5)],  # type: ignore[arg-type]
    Annotated[bool, Between(0, 1)], Annotated[float, Precision(0.9)], Annotated[float | None, Precision(0)], Annotated[float | None, Precision(1)],
    Annotated[float | None, Precision("0.9")], Annotated[float | None, Precision(95)], Annotated[Image, Precision(0.9)],  # type: ignore[arg-type]
    Annotated[complex, "a remark"], Vector, Vector[0], Vector[-1], Vector["3"], Span, Span[Literal["a", "b"]],  # type: ignore[misc, type-arg]
    list[Span], list[Span[str]], list[Span[Literal["a", "b"] | None]], set[Span[Literal["a", "b"]]], list[Image], tuple[Image, ...],  # type: ignore[type-arg]
    Bare, Outer, Node, Unwritten, Broken, Strange, Untyped, Inner | None, list[Inner], Annotated[Inner, Between(0, 5)], Id | Text,
]  # fmt: skip


@pytest.mark.parametrize("annotation", REFUSED, ids=repr)
def test_everything_else_is_refused(annotation: Any) -> None:
    for read in (input_kind, output_kind):
        with pytest.raises(NotUnderstood) as caught:
            read(annotation)
        assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("annotation", "said"),
    [
        (dict[str, int], "dict[str, int] is not understood"),
        (Plain, "Plain is not understood"),
        (Inner | None, "Inner is a record; it cannot be missing, nor be inside a record or a collection"),
        (Outer, "Outer.inner: Inner is a record; it cannot be missing, nor be inside a record or a collection"),
        (Strange, "Strange.a: dict[str, int] is not understood"),
        (Unwritten, "Unwritten uses the name 'Missing', which is not defined where it is declared"),
        (Literal["a"], "Literal['a'] has 1 value; there is something to learn from two on"),
        (Empty, "Empty has 0 values; there is something to learn from two on"),
        (Literal["1", 1], "Literal['1', 1] has two values that are written alike"),
        (Word, "a single Word is not understood; write list[Character] or tuple[Word, ...]"),
        (Vector[0], "Vector[0] has no length; write Vector[3]"),
        (int | float, "int | float is more than one type"),
        (Annotated[float, Precision(0.9)], "Precision(0.9) fits `T | None`, with a share between 0 and 1"),
        (Annotated[str, Between(0, 5)], "Between(0, 5) fits float and int, with the lower end first"),
    ],
)
def test_a_refusal_says_why(annotation: Any, said: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        input_kind(annotation)
    assert str(caught.value) == said


def test_fields_of_records_keep_their_side() -> None:
    assert isinstance(input_kind(Pictured), Record)
    with pytest.raises(NotUnderstood, match="Image is an input"):
        output_kind(Pictured)
    assert isinstance(output_kind(Spanned), Record)
    with pytest.raises(NotUnderstood, match="is an output"):
        input_kind(Spanned)


def test_a_record_keeps_the_order_of_its_fields() -> None:
    @dataclass
    class Base:
        a: float

    @dataclass
    class Derived(Base):
        c: bool
        b: Text

    kind = input_kind(Derived)
    assert isinstance(kind, Record)
    assert [n for n, _ in kind.fields] == ["a", "c", "b"]


def test_records_are_known_whichever_way_they_are_written() -> None:
    class Tuple(NamedTuple):
        a: float
        b: Text | None = None

    class Model(pydantic.BaseModel):
        model_config = pydantic.ConfigDict(frozen=True)
        a: float
        b: Text | None = None

    for of in (Tuple, Model, dataclasses.make_dataclass("Made", [("a", float), ("b", Text | None)])):
        kind = input_kind(of)
        assert isinstance(kind, Record)
        assert kind.fields == (("a", Number()), ("b", Maybe(TextKind())))
        assert kind.made_of is of


def test_typed_dict_keys_that_may_be_absent_are_known() -> None:
    class Row(TypedDict, total=False):
        a: typing.Required[float]
        b: Text
        c: typing.NotRequired[Image | None]

    kind = input_kind(Row)
    assert isinstance(kind, Record)
    assert kind.fields == (("a", Number()), ("b", Maybe(TextKind())), ("c", Maybe(ImageKind())))
    assert kind.optional == {"b", "c"}


def test_computed_fields_are_not_inputs() -> None:
    kind = input_kind(House)
    assert isinstance(kind, Record)
    assert [n for n, _ in kind.fields] == ["beds", "price", "about", "color", "built"]


def test_mixed_enums_are_named_by_text_whole_numbers_and_else_their_names() -> None:
    kind = input_kind(Mixed)
    assert isinstance(kind, Category)
    assert kind.names == ("text", "7", "REAL", "PAIR")
