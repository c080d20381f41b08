"""Each kind has its control, and what is typed there comes back as the value."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Annotated, Any, Literal, NamedTuple

import pytest

import tacit
from tacit import Between, Id, Image, Text, Vector, Word
from tacit.pages.fields import field_for, fieldsets, sent_for, typed, value_of
from tacit.pages.posted import Posted
from tacit.types import Unfit, input_kind


class Size(enum.Enum):
    SMALL = "s"
    LARGE = "l"


class Place(NamedTuple):
    token: str
    size: int


CASES: list[tuple[Any, str, Any]] = [
    (Text, "area", "so long\nand thanks"),
    (str, "line", "north"),
    (list[tacit.Character], "area", "abc"),
    (tuple[Word, ...], "line", ("so", "far")),
    (bool, "choice", False),
    (Literal["", "a"], "choice", ""),
    (Size, "choice", Size.LARGE),
    (set[Literal["a", "b", "c"]], "choices", {"a", "c"}),
    (int, "number", -7),
    (float, "number", 1e-7),
    (Annotated[float, Between(0, 5)], "number", 2.5),
    (dt.date, "date", dt.date(2026, 11, 22)),
    (dt.datetime, "datetime-local", dt.datetime(2026, 11, 22, 14, 30, 5)),
    (Vector[3], "line", (1.0, -2.5, 1e-9)),
    (Id, "line", 7),
    (Id, "line", "7"),
    (Id, "line", "ada"),
]


@pytest.mark.parametrize(("annotation", "control", "value"), CASES, ids=str)
def test_a_field_that_is_filled_in_with_a_value_sends_that_value(annotation: Any, control: str, value: Any) -> None:
    for optional in (False, True):
        kind = input_kind(annotation | None if optional else annotation)
        filled = typed(kind, kind.to_json(value))
        assert field_for("n", "i", "t", kind, filled).control == control
        assert value_of(kind, filled) == value
        assert type(value_of(kind, filled)) is type(value)


@pytest.mark.parametrize("annotation", [c[0] for c in CASES if c[1] != "choices"] + [Image], ids=str)
def test_what_is_left_out_is_none_where_it_may_be_and_missing_where_not(annotation: Any) -> None:
    assert value_of(input_kind(annotation | None), [""]) is None
    with pytest.raises(Unfit, match=r"is missing|is empty"):
        value_of(input_kind(annotation), [""])
    assert field_for("n", "i", "t", input_kind(annotation)).required
    assert not field_for("n", "i", "t", input_kind(annotation | None)).required


def test_no_box_that_is_checked_is_the_empty_set() -> None:
    assert value_of(input_kind(set[Literal["a", "b"]]), []) == set()


@pytest.mark.parametrize("sent", ["2", "-1", "a", "1.0", "٣", "9" * 50, "0x1"])
def test_a_choice_that_is_none_of_them_is_refused(sent: str) -> None:
    with pytest.raises(Unfit, match="none of the choices"):
        value_of(input_kind(bool), [sent])


def test_numbers_know_their_range() -> None:
    field = field_for("n", "i", "t", input_kind(Annotated[int, Between(0, 120)]))
    assert (field.low, field.high, field.step, field.hint) == ("0", "120", "1", "0 to 120")
    assert field_for("n", "i", "t", input_kind(float)).low == ""


@pytest.mark.parametrize("text", ["1, 2, 3", "[1, 2, 3]", "1 2 3", "(1,2,3)"])
def test_a_vector_may_be_written_in_several_ways(text: str) -> None:
    assert value_of(input_kind(Vector[3]), [text]) == (1.0, 2.0, 3.0)


@pytest.mark.parametrize("text", ["1, 2", "1, 2, x", "1,2,3,4"])
def test_a_vector_of_another_length_or_of_words_is_refused(text: str) -> None:
    with pytest.raises(Unfit):
        value_of(input_kind(Vector[3]), [text])


def test_a_form_has_a_fieldset_for_each_record_and_names_that_cannot_clash() -> None:
    @tacit.task
    def t(here: Place, id: Text) -> bool: ...

    sets = fieldsets(t.signature, {"here.size": ["4"]}, problems={"id": "is missing"})
    assert [s.legend for s in sets] == ["here", ""]
    assert [(f.name, f.title, f.value, f.problem) for s in sets for f in s.fields] == [
        ("in.here.token", "token", "", ""),
        ("in.here.size", "size", "4", ""),
        ("in.id", "id", "", "is missing"),
    ]
    assert sent_for(t.signature, Posted({"in.id": ["x"]})) == {"here.token": [], "here.size": [], "id": ["x"]}
