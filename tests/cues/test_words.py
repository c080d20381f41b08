"""Words and phrases as cues."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.cues.words import Phrase, phrases

TEXTS = st.lists(st.text("ab mr.!é ", max_size=20), max_size=8)


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("Mr. Brown was here", True),
        ("so mr.brown came", True),
        ("mr.  BROWN", True),
        ("mr. browning", False),
        ("a brown mr", False),
        (None, False),
    ],
)
def test_a_phrase_is_found_whatever_its_case_and_spaces(text: str | None, has: bool) -> None:
    assert Phrase("x", "mr. brown").carried({"x": [text]}).tolist() == [has]


def test_it_is_taken_out_and_put_in() -> None:
    cue, rows = Phrase("x", "mr. brown"), {"x": ["Mr. Brown  came, mr. brown went", "nobody  came"], "y": [1, 2]}
    assert cue.without(rows) == {"x": ["came, went", "nobody  came"], "y": [1, 2]}
    assert cue.put(rows) == {"x": ["Mr. Brown  came, mr. brown went", "mr. brown nobody  came"], "y": [1, 2]}


@given(TEXTS)
def test_afterwards_no_row_has_it_or_all_have(texts: list[str]) -> None:
    rows, cue = {"x": texts}, Phrase("x", "mr.")
    assert cue.put(rows)["x"] == cue.put(cue.put(rows))["x"]
    assert cue.carried(cue.put(rows)).all()
    lacks = ~cue.carried(rows)
    assert [t for t, none in zip(cue.without(rows)["x"], lacks, strict=True) if none] == [
        t for t, none in zip(texts, lacks, strict=True) if none
    ]


@given(TEXTS)
def test_the_candidates_are_carried_where_they_say(texts: list[str]) -> None:
    found = phrases("x", texts * 8)
    for i, cue in enumerate(found.cues):
        there = np.asarray(found.carried[:, [i]].toarray()).ravel()
        assert (there <= cue.carried({"x": texts * 8})).all()


def test_a_phrase_stands_for_its_parts() -> None:
    texts = [f"in San Francisco {i}" for i in range(20)] + [f"in town {i}" for i in range(20)]
    found = [str(cue) for cue in phrases("x", texts).cues]
    assert "in San Francisco" in found
    assert "in" in found
    assert not {"San", "Francisco", "San Francisco", "in San"} & set(found)


def test_a_longer_phrase_touches_the_one_that_it_has_inside() -> None:
    long, short, stop = Phrase("x", "mr. brown the"), Phrase("x", "Mr. Brown"), Phrase("x", ".")
    assert long.touches(short)
    assert not short.touches(long)
    assert not short.touches(stop)
    assert not short.touches(Phrase("x", "brow"))
    assert not Phrase("y", "mr. brown the").touches(short)


def test_what_is_seldom_is_no_cue_and_nothing_has_none() -> None:
    assert phrases("x", ["once"] * 7 + ["other"] * 3).cues == ()
    assert phrases("x", []).cues == ()
    assert phrases("x", [None] * 20).cues == ()


def test_a_list_of_words_is_read_as_text() -> None:
    assert Phrase("x", "b c").carried({"x": [["a", "b", "c"]]}).tolist() == [True]
