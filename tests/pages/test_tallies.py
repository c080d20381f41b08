"""What labeling functions said last is read from the store, and marked where it is out of date."""

from __future__ import annotations

import io
from typing import Any, Literal

import numpy as np
import pytest

import tacit
from tacit import Text
from tacit.asking import UNASKED
from tacit.pages.tallies import Tally, tallies


@tacit.task
def mood(text: Text) -> Literal["glad", "sad"]:
    """Glad or sad?"""


@mood.labeling_function
def smiles(text):
    return "glad" if ":)" in text else None


@mood.labeling_function
def frowns(text):
    return "sad" if ":(" in text else None


def test_functions_that_were_never_asked_say_nothing(project: Any) -> None:
    tacit.add(mood, ["a :)", "b"])
    assert tallies(project, mood, 2) == [Tally(n, 0, None, None, None, False) for n in ("smiles", "frowns")]


def test_coverage_overlap_and_conflict_are_those_of_votes(project: Any) -> None:
    tacit.add(mood, ["a :)", "b :(", "c :) :(", "d"])
    expected = tacit.votes(mood).functions
    found = tallies(project, mood, project.store.count("mood").last_example_seq)
    assert [(t.name, t.coverage, t.overlap, t.conflict) for t in found] == [
        (f.name, f.coverage, f.overlap, f.conflict) for f in expected
    ]
    assert found[0] == Tally("smiles", 4, 0.5, 0.25, 0.25, True)


def test_votes_are_out_of_date_once_examples_came_in(project: Any) -> None:
    tacit.add(mood, ["a :)"])
    tacit.votes(mood)
    tacit.add(mood, ["b :)"])
    assert [t.current for t in tallies(project, mood, project.store.count("mood").last_example_seq)] == [False, False]


def test_examples_that_were_not_asked_about_are_not_counted(project: Any) -> None:
    tacit.add(mood, ["a :)", "b", "c :)"])
    out = io.BytesIO()
    np.savez_compressed(out, votes=np.array([0, UNASKED, 0], np.int16))  # as a language model that was stopped leaves it
    project.store.save_votes("mood", "smiles", "ab", 1, out.getvalue())
    assert (tallies(project, mood, 3)[0].asked, tallies(project, mood, 3)[0].coverage) == (2, 1.0)


def test_damaged_votes_are_as_if_nobody_was_asked(project: Any) -> None:
    tacit.add(mood, ["a :)"])
    tacit.votes(mood)
    project.store.save_votes("mood", "smiles", "ab", 1, b"nothing that NumPy wrote")
    assert tallies(project, mood, 1)[0].asked == 0


@pytest.mark.parametrize("name", ["smiles", "frowns"])
def test_each_function_has_its_line(project: Any, name: str) -> None:
    assert name in [t.name for t in tallies(project, mood, 0)]
