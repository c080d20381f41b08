"""The words of signatures: what they are to Python, and to a reader of the signature."""

from __future__ import annotations

import dataclasses
from typing import Annotated, get_args, get_type_hints

import pytest

from tacit.types import Between, Character, Id, Image, Precision, Span, Text, Vector, Word
from tacit.types.marks import Mark, Size


def test_marked_words_are_text_to_python() -> None:
    for word, name in ((Text, "text"), (Character, "character"), (Word, "word")):
        assert get_args(word) == (str, Mark(name))


def test_an_id_is_text_or_a_whole_number() -> None:
    assert get_args(Id) == (str | int, Mark("id"))


def test_marks_survive_annotations_written_as_text() -> None:
    def f(a: Text, b: Image | None, c: Vector[3], d: Annotated[float, Between(0, 5)]) -> Id: ...

    hints = get_type_hints(f, include_extras=True)
    assert hints["a"] == Text
    assert hints["c"] == Annotated[list[float], Size(3)]
    assert hints["return"] == Id


def test_vectors_of_one_length_are_equal() -> None:
    assert Vector[3] == Vector[3]
    assert Vector[3] != Vector[4]


@pytest.mark.parametrize("mark", [Between(0, 5), Precision(0.9), Span(0, 3, "a"), Mark("text"), Size(2)])
def test_marks_are_frozen_and_can_be_keys(mark: object) -> None:
    assert {mark: 1}[dataclasses.replace(mark)] == 1  # type: ignore[type-var]
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(mark, dataclasses.fields(mark)[0].name, None)  # type: ignore[arg-type]
