"""Candidates: the code that is offered for each kind of signature."""

from __future__ import annotations

import ast
import datetime as dt
import enum
from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict

import numpy as np
import pytest

from tacit import Text, task
from tacit.mining import candidates
from tacit.mining.conditions import Condition, Has, Is, Range, Says
from tacit.mining.mined import Mined


class Mood(enum.Enum):
    GLAD = 1
    SAD = 2


@dataclass
class House:
    size: int
    town: str | None
    sold: dt.date | None


Odd = TypedDict("Odd", {"class": str, "hours-per-week": int, 'say "it"': NotRequired[int]})


def about_text(review: Text) -> Literal["positive", "negative"]: ...
def about_house(house: House) -> bool: ...
def about_odd(row: Odd) -> Literal[0, 1]: ...
def about_both(title: Text | None, house: House, mood: Mood | None) -> Mood: ...


def about_len(len: Text, re: Text) -> bool: ...


def written(function: Any, *cues: Condition, label: int = 1, taken: tuple[str, ...] = ()) -> list[str]:
    mined = [Mined(cue, label, np.arange(4), 2, 9, 10, 0.6) for cue in cues]
    made = candidates(task(function), mined, 8, taken)
    for one in made:
        ast.parse(one.code)
    return [one.code for one in made]


def test_a_candidate_is_a_whole_function_with_its_figures() -> None:
    cue = Says("review", ("refund",))
    (made,) = candidates(task(about_text), [Mined(cue, 1, np.arange(4), 2, 9, 10, 0.6)], 8, [])
    assert made.code == (
        '@about_text.labeling_function\ndef says_refund(review):\n    if "refund" in review.lower():\n        return "negative"\n'
    )
    assert (made.name, made.cue, made.label) == ("says_refund", 'review says "refund"', "negative")
    assert (made.coverage, made.new, made.precision, made.at_least, made.judged) == (0.5, 0.25, 0.9, 0.6, 10)


def test_whole_words_bring_their_import() -> None:
    (code,) = written(about_text, Says("review", ("my",), plain=False))
    assert code.startswith("import re\n\n\n@about_text.labeling_function\n")
    assert r'    if re.search(r"\bmy\b", review.lower()):' in code


@pytest.mark.parametrize(
    ("function", "cue", "condition", "answer"),
    [
        (about_house, Range("size", 40, None), "house.size >= 40", "True"),
        (about_house, Is("town", "Ulm"), 'house.town == "Ulm"', "True"),
        (about_house, Is("town", None), "house.town is None", "True"),
        (about_house, Range("sold", "2024-01-31", None, "moment"), 'house.sold is not None and house.sold.isoformat() >= "2024-01-31"', "True"),
        (about_odd, Is("class", "x"), 'row["class"] == "x"', "1"),
        (about_odd, Range("hours-per-week", None, 35), 'row["hours-per-week"] < 35', "1"),
        (about_odd, Range('say "it"', 1, None), "row.get('say \"it\"') is not None and row.get('say \"it\"') >= 1", "1"),
        (about_both, Says("title", ("a'b",)), 'title is not None and "a\'b" in title.lower()', '"SAD"'),
        (about_both, Range("title", None, 5, "length"), "title is not None and len(title) < 5", '"SAD"'),
        (about_both, Is("house.town", "Ulm"), 'house.town == "Ulm"', '"SAD"'),
        (about_both, Is("mood", Mood.GLAD), 'mood is not None and mood.name == "GLAD"', '"SAD"'),
    ],
)  # fmt: skip
def test_the_code_fits_the_signature(function: Any, cue: Condition, condition: str, answer: str) -> None:
    (code,) = written(function, cue)
    assert f"    if {condition}:\n        return {answer}\n" in code


def test_all_parameters_of_the_task_are_in_the_list() -> None:
    assert "(title, house, mood):" in written(about_both, Is("house.town", "Ulm"))[0]


def test_names_are_free_and_unlike() -> None:
    codes = written(about_text, Has("review", "x"), Has("review", "X"), Has("review", "x!"), taken=("review_has_x",))
    assert [code.split("def ")[1].split("(")[0] for code in codes] == ["review_has_x_2", "review_has_x_3", "review_has_x_4"]


def test_a_parameter_that_hides_what_the_code_needs_is_left_alone() -> None:
    cues = [Range("len", 5, None, "length"), Says("re", ("my",), plain=False), Says("re", ("refund",))]
    assert [code.split("if ")[1].split(":")[0] for code in written(about_len, *cues)] == ['"refund" in re.lower()']


def test_the_task_is_called_as_in_its_file() -> None:
    def other(review: str) -> bool: ...

    made = task(name="polite")(other)
    other.__globals__["kind_words"] = made
    try:
        (one,) = candidates(made, [Mined(Is("review", "x"), 0, np.arange(1), 1, 1, 1, 0.1)], 2, [])
    finally:
        del other.__globals__["kind_words"]
    assert one.code.startswith("@kind_words.labeling_function\n")
