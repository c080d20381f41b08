"""What an audit found, as people read it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

from tacit.audits import by_group, crossings, one_vs_rest
from tacit.cues import Association, Phrase
from tacit.findings import Audit, Doubt, Groups

ONE = Association(
    Phrase("text", "mr. brown"), "good", 500, 0.3, 0.01, 1e-9, 0.4, (0.35, 0.45), 2.0, (1.0, 0.7), (0.9, 0.2), True, (0,), (1,)
)
TWO = Association(Phrase("text", "the"), "bad", 900, 0.6, 0.5, 1.0, 0.01, (-0.01, 0.03), 0.1, (1.0, 1.0), (0.9, 0.9), False)
IDS = ("a" * 32, "b" * 32)


def measured() -> Groups:
    """Right for men always, for women half of the time."""
    truth = np.arange(200) % 2
    said = np.where(np.arange(200) < 100, truth, 0)
    groupings = crossings({"sex": ["m"] * 100 + ["f"] * 100})
    p = np.eye(2)[said]
    fairness = tuple(f for g in groupings for f in one_vs_rest(p, truth, g)[1:])
    return Groups(by_group("accuracy", p, truth, groupings), fairness, ("no", "yes"), "the test rows")


def test_it_prints_whom_it_fails_what_it_leans_on_and_what_is_wrong() -> None:
    wrong = Doubt("c" * 32, "good", "bad", 0.9, "mislabeled", 0.1)
    said = str(Audit("sentiment", "release 1", 3000, measured(), (ONE, TWO), (wrong,), IDS, 1.0, ("a note",)))
    assert "sex is f" in said
    assert "worse" in said
    assert "0.500 worse than on the others" in said
    assert "demographic parity" in said
    assert "whether a cue is a true one is for you to say" in said
    assert "the (by chance?)" in said
    assert "30% / 1%" in said
    assert "0.90 to 0.20" in said
    assert "cccccccc" in said
    leaked = replace(Audit("sentiment", "release 1", 3, None, (), (), IDS, 1.0), leaks=(("d" * 32, "e" * 32),))
    assert "1 test row repeats what is learned from: dddddddd of eeeeeeee" in str(leaked)
    assert said.endswith("note: a note")


def test_it_is_json_with_ids_for_rows() -> None:
    told = json.loads(json.dumps(Audit("sentiment", "release 1", 3000, measured(), (ONE,), (), IDS, 1.0).to_dict()))
    (one,) = told["associations"]
    assert (one["examples"], one["contrast"]) == (["a" * 32], ["b" * 32])
    assert one["weight"] == 2.0 * 0.3
    assert told["worst"]["name"] == "sex is f"
    assert {g["name"] for g in told["measured"]["scores"]["groups"]} == {"sex is m", "sex is f"}


def test_the_groups_and_the_worst_are_at_hand() -> None:
    found = Audit("sentiment", "release 1", 3, measured(), (), (), (), 1.0)
    assert [g.name for g in found.groups] == ["sex is m", "sex is f"] or len(found.groups) == 2
    assert found.worst is not None
    assert found.worst.name == "sex is f"


def test_nothing_found_is_said() -> None:
    nothing = Audit("sentiment", "release 1", 3, None, (), (), (), 1.0)
    assert "no cue was found" in str(nothing)
    assert "no rows are there on which groups could be measured" in str(nothing)
    assert (nothing.groups, nothing.worst) == ((), None)
