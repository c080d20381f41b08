"""What a run tells."""

from __future__ import annotations

import json
from typing import Any

from tacit import Run

BASE: dict[str, Any] = {
    "id": "0123456789abcdef",
    "task": "sentiment",
    "metric": "accuracy",
    "score": 0.9,
    "interval": (0.85, 0.94),
    "seconds": 12.5,
    "cost": 0.002,
    "curve": ((0.5, 0.0001, 0.7), (3.0, 0.0005, 0.9)),
    "trials": (
        {
            "learner": "linear",
            "settings": {"strength": 1.0},
            "seed": 0,
            "rows": 500,
            "seconds": 0.4,
            "score": 0.7,
            "reason": None,
        },
        {"learner": "gbdt", "settings": {}, "seed": 0, "rows": 900, "seconds": 0.0, "score": None, "reason": "would take 9 s"},
    ),
    "made": 0,
    "learner": "linear",
    "settings": {"strength": 1.0},
    "rows": 940,
    "ece": 0.031,
    "baseline": 0.62,
    "stopped": "budget",
    "seed": 0,
    "data": "00ff",
    "labels": {"gold": 900, "voted": 40, "upto": 900},
    "machine": {"cores": 2},
    "versions": {"tacit": "0.1.0"},
    "notes": ("a note",),
    "gate": "it is worse",
}


def test_it_reads_as_a_sentence_a_curve_and_a_table_of_trials() -> None:
    said = str(Run(**BASE))
    assert said.startswith("sentiment: accuracy 0.900 (95 %: 0.850 to 0.940; always the same answer: 0.620)\nby linear in 12.5 s")
    assert "900 labeled examples and 40 voted on by labeling functions" in said
    assert "1 more trials did not fit into the time that was left" in said
    assert "fitted on 500 of them" in str(Run(**BASE | {"rows": 500}))
    assert "$0.00050" in said
    assert "note: a note" in said
    assert said.endswith("not released: it is worse")


def test_confidence_and_the_shares_of_an_ensemble_are_told() -> None:
    members = [{"learner": "gbdt", "settings": {}, "weight": w} for w in (0.5, 0.25)]
    settings = {"members": [*members, {"learner": "linear", "settings": {}, "weight": 0.25}], "temperature": 1.1}
    said = str(Run(**BASE | {"trials": ({**BASE["trials"][0], "learner": "ensemble", "settings": settings},)}))
    assert "ensemble 0.75 gbdt + 0.25 linear" in said
    assert "ece 0.031" in said
    assert "ece" not in str(Run(**BASE | {"ece": None}))


def test_seconds_to_a_target_are_those_of_the_curve() -> None:
    run = Run(**BASE)
    assert run.seconds_to(0.7) == 0.5
    assert run.seconds_to(0.71) == 3.0
    assert run.seconds_to(0.95) is None


def test_seconds_to_a_target_that_is_a_loss_are_those_of_reaching_down_to_it() -> None:
    run = Run(**BASE | {"metric": "rmse", "curve": ((0.5, None, 9.0), (3.0, None, 4.0))})
    assert run.seconds_to(10) == 0.5
    assert run.seconds_to(5) == 3.0
    assert run.seconds_to(1) is None


def test_it_survives_json() -> None:
    run = Run(**BASE)
    assert Run.from_dict(json.loads(json.dumps(run.to_dict()))) == run
    assert run.to_dict()["model"] == run.model == run.id
