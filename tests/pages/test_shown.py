"""Values read as people write them, and nothing is too long for a page."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tacit
from tacit import Image, Text
from tacit.pages.shown import Cell, cells, class_names, clip, count, figure, label, moment, percent
from tacit.types import output_kind


@given(st.text(max_size=300), st.integers(1, 50), st.integers(60, 120))
def test_a_cut_text_loses_nothing_up_to_its_bound(text: str, short: int, longest: int) -> None:
    part = clip(text, short, longest)
    assert part.head + part.rest == text[: max(longest, len(part.head))]
    assert len(part.head) <= short
    assert part.left_out == len(text) - len(part.head) - len(part.rest)


def test_a_word_without_an_end_is_cut_all_the_same() -> None:
    part = clip("A" * 100_000)
    assert (len(part.head), len(part.rest), part.left_out, part.length) == (400, 19_600, 80_000, 100_000)


@pytest.mark.parametrize(
    ("annotation", "data", "reads"),
    [
        (bool, True, "yes"),
        (Literal["a", "b"], "a", "a"),
        (float, 1234.5, "1,234.5"),
        (float, 1e12, "1e+12"),
        (int, 1234567, "1,234,567"),
        (set[Literal["a", "b"]], ["a", "b"], "a, b"),
        (set[Literal["a", "b"]], [], "none of them"),
        (tuple[tacit.Word, ...], ["so", "far"], "so far"),
        (list[tacit.Span[Literal["x", "y"]]], [{"start": 1, "end": 4, "label": "x"}], "x 1-4"),
        (Literal["a", "b"] | None, None, "none"),
        (Literal["a", "b"], {"of": "another type"}, '{"of": "another type"}'),
    ],
)
def test_labels_read_as_people_write_them(annotation: object, data: object, reads: str) -> None:
    assert label(output_kind(annotation), data) == reads


def test_inputs_are_told_by_what_they_are() -> None:
    @tacit.task
    def t(text: Text, photo: Image | None, beds: int | None) -> bool: ...

    found = cells(t.signature, {"text": "<b>", "photo": {"blob": "ab"}, "beds": None})
    assert found == [Cell("text", "text", "<b>"), Cell("photo", "image", ""), Cell("beds", "missing", "")]


def test_truth_is_yes_or_no_and_other_classes_are_themselves() -> None:
    assert class_names(output_kind(bool)) == {"False": "no", "True": "yes"}
    assert class_names(output_kind(Literal["yes", "True"])) == {"yes": "yes", "True": "True"}


@pytest.mark.parametrize(
    ("share", "reads"), [(0, "0 %"), (1, "100 %"), (0.5, "50.0 %"), (0.99999, "over 99.9 %"), (1e-9, "under 0.1 %")]
)
def test_what_is_not_quite_certain_is_not_rounded_to_certainty(share: float, reads: str) -> None:
    assert percent(share).replace("\u00a0", " ") == reads


def test_numbers_have_their_nouns_and_digits() -> None:
    assert count(1, "label") == "1 label"
    assert count(3300, "label") == "3,300 labels"
    assert figure(0.98765) == "0.988"
    assert figure(12345.6) == "12,346"
    assert figure(None) == figure(float("nan")) == "\u2013"
    assert moment(0) == "1 Jan 1970, 00:00 UTC"
