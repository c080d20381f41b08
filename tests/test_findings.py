"""What an audit found, as people read it."""

from __future__ import annotations

import json

from tacit.cues import Association, Phrase
from tacit.findings import Audit

ONE = Association(
    Phrase("text", "mr. brown"), "good", 500, 0.3, 0.01, 1e-9, 0.4, (0.35, 0.45), (1.0, 0.7), (0.9, 0.2), True, (0,), (1,)
)
TWO = Association(Phrase("text", "the"), "bad", 900, 0.6, 0.5, 1.0, 0.01, (-0.01, 0.03), (1.0, 1.0), (0.9, 0.9), False)


def test_it_prints_as_a_table_that_leaves_the_judgment_to_people() -> None:
    said = str(Audit("sentiment", "release 1", 3000, (ONE, TWO), ("a" * 32, "b" * 32), 1.0, ("a note",)))
    assert "whether a cue is a true one is for you to say" in said
    assert "the (by chance?)" in said
    assert "30% / 1%" in said
    assert "0.90 to 0.20" in said
    assert said.endswith("note: a note")


def test_it_is_json_with_ids_for_rows() -> None:
    told = json.loads(json.dumps(Audit("sentiment", "release 1", 3000, (ONE,), ("a" * 32, "b" * 32), 1.0).to_dict()))
    (one,) = told["associations"]
    assert (one["examples"], one["contrast"]) == (["a" * 32], ["b" * 32])
    assert one["weight"] == 0.4 * 0.3


def test_nothing_found_is_said() -> None:
    assert "no cue was found" in str(Audit("sentiment", "release 1", 3, (), (), 1.0))
