"""How long texts are, as cues."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tacit.cues import Length, associations, cue_of, lengths
from tacit.planted import Length as PlantedLength
from tacit.planting import plant
from tacit.types import TextKind
from tests.cues.planted import labeled, leaning


def test_lengths_are_cut_at_their_quartiles() -> None:
    found = lengths("x", [" ".join(["w"] * n) for n in range(1, 101)] + [None, " "])
    assert [str(cue) for cue in found.cues] == [
        "x of fewer than 26 words",
        "x of 26 to 50 words",
        "x of 51 to 75 words",
        "x of 76 words or more",
    ]
    assert found.carried.sum(axis=0).tolist() == [[25, 25, 25, 25]]
    assert [cue_of(cue.to_dict()) for cue in found.cues] == list(found.cues)


def test_of_one_length_there_is_none() -> None:
    assert lengths("x", ["one two"] * 40).cues == ()
    assert lengths("x", []).cues == ()


def test_a_text_is_said_again_or_loses_its_end() -> None:
    cue = Length("x", 4, np.inf, 5, 2)
    assert cue.put({"x": ["a b c", None, ""]}) == {"x": ["a b c a b", None, ""]}
    assert cue.without({"x": ["a b c d e", "a b"]}) == {"x": ["a b", "a b"]}


@given(st.lists(st.text("ab ", min_size=0, max_size=60), min_size=20, max_size=60))
def test_what_is_put_in_is_there_and_what_is_taken_out_is_gone(cells: list[str]) -> None:
    rows = {"x": cells}
    there = np.array([bool(cell.strip()) for cell in cells])
    for cue in lengths("x", cells).cues:
        assert (cue.carried(cue.put(rows)) == there).all()
        assert not cue.carried(cue.without(rows)).any()


def test_a_planted_length_comes_first() -> None:
    rng = np.random.default_rng(0)
    rows = [{"text": " ".join(f"w{rng.integers(90)}" for _ in range(rng.integers(5, 12))), "l": f"c{i % 2}"} for i in range(400)]
    planted = plant(rows, PlantedLength(30), label="l", strength=0.95, favored="c1")
    columns, truth = labeled(planted, "text")
    ask = leaning("text", lambda text: len(text.split()) >= 25)
    first = associations(columns, {"text": TextKind()}, truth, ["c0", "c1"], ask)[0]
    assert isinstance(first.cue, Length)
    assert (first.label, first.significant) == ("c1", True)
    assert first.cue.high == np.inf
