"""Values and kinds as Python source mean what they were."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.scaffold import source
from tacit.types import Category, Id, ImageKind, Key, Maybe, Moment, Number, TextKind, VectorKind

HOSTILE = ['"""', "'", '"', "\\", "]", "\n", "\r", "\u2028", "\x00", "__import__('os').system('x')", "{}", "${x}", "#", "\ud800"]


def literal(*values: Any) -> Category:
    return Category(values, "Literal")


@given(
    st.one_of(
        st.text(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.booleans(),
        st.none(),
        st.sampled_from(HOSTILE),
    )
)
def test_a_value_is_read_back_as_itself_from_one_line(value: Any) -> None:
    written = source.value(value)
    assert ast.literal_eval(written) == value
    assert len(written.splitlines()) == 1


@given(st.lists(st.one_of(st.text(max_size=30), st.sampled_from(HOSTILE)), min_size=2, max_size=40, unique=True))
def test_a_literal_holds_its_values_and_nothing_else(values: list[str]) -> None:
    tree = ast.parse(f"x: {source.annotation(literal(*values), used=3)}").body
    assert len(tree) == 1
    assert isinstance(tree[0], ast.AnnAssign)
    assert isinstance(tree[0].annotation, ast.Subscript)
    assert list(ast.literal_eval(tree[0].annotation.slice)) == values


def test_a_long_literal_is_broken_and_a_short_one_is_not() -> None:
    assert source.annotation(literal("a", "b")) == 'Literal["a", "b"]'
    long = source.annotation(literal(*(f"value number {i}" for i in range(20))), indent=4, used=20)
    assert long.startswith("Literal[\n        ")
    assert long.endswith("\n    ]")
    assert all(len(line) <= 100 for line in long.splitlines())


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (Number(whole=True), "int"),
        (Maybe(Number()), "float | None"),
        (Moment(), "dt.date"),
        (Maybe(Moment(has_time=True)), "dt.datetime | None"),
        (TextKind(), "Text"),
        (ImageKind(), "Image"),
        (Key(), "Id"),
        (VectorKind(3), "Vector[3]"),
        (Category((False, True), "bool"), "bool"),
        (Maybe(Category((0, 1), "Literal[0, 1]")), "Literal[0, 1] | None"),
    ],
)
def test_a_kind_is_written_as_people_write_it(kind: Any, written: str) -> None:
    assert source.annotation(kind) == written


def test_only_what_is_used_is_imported() -> None:
    kinds = [TextKind(), Maybe(Moment()), Category((False, True), "bool"), VectorKind(2), TextKind("str")]
    assert source.imports(kinds, record=True) == (
        "import datetime as dt\nfrom dataclasses import dataclass\n\nfrom tacit import Text, Vector, task"
    )
    assert (
        source.imports([ImageKind(), literal("a", "b")], record=False)
        == "from typing import Literal\n\nfrom tacit import Image, task"
    )
    assert source.imports([Number()], record=False) == "from tacit import task"
    assert Id is not None


def test_a_dict_has_a_key_on_a_line() -> None:
    written = source.dictionary({'a"b': "1", "c": "[2]"}, 4)
    assert ast.literal_eval(written) == {'a"b': 1, "c": [2]}
    assert written.count("\n") == 3
