"""How a selection reads."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from tacit import Example, Selection
from tacit.selections import preview


@dataclass
class House:
    rooms: int
    area: float


def test_it_lists_its_examples_with_scores_and_goes_to_json() -> None:
    examples = (Example("a" * 32, {"review": "I love\nit " * 30}), Example("b" * 32, {"photo": b"123"}))
    chosen = Selection("sentiment", examples, (0.9, 0.5), (1.0, 0.5), (0.7, 1.3), 0.2, "margin, with release 1")
    said = str(chosen)
    assert "2 examples of sentiment to label next, by margin, with release 1 in 200 ms" in said
    assert "aaaaaaaa" in said
    assert len(chosen) == 2
    assert json.loads(json.dumps(chosen.to_dict()))["examples"][1]["probability"] == 0.5


def test_groups_are_told_where_there_are_some() -> None:
    chosen = Selection("t", (Example("a" * 32, {"x": 1}),), (0.9,), (1.0,), (1.0,), 0.2, "margin", groups=("sex is F",))
    assert str(chosen).splitlines()[2].split() == ["example", "score", "inputs", "group"]
    assert str(chosen).endswith("sex is F")
    assert chosen.to_dict()["examples"][0]["group"] == "sex is F"


def test_a_preview_is_one_short_line_whatever_the_inputs() -> None:
    assert preview({"a": "x\n\ty", "b": 3, "c": None}) == "x y · 3 · None"
    assert preview({"house": House(3, 70.5)}) == "rooms=3 · area=70.5"
    assert preview({"photo": np.zeros((8, 8), np.uint8)}) == "<image, 8x8>"
    assert preview({"photo": b"12345"}) == "<image, 5 bytes>"
    assert len(preview({"text": "long " * 100})) == 80
