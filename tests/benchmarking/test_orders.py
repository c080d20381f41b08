"""What a process of its own says of an order."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import tacit
from tacit.benchmarking.orders import Order, carried_out
from tests.benchmarking.test_running import project  # noqa: F401  # a fixture


def order(root: Path, **changed: Any) -> Order:
    count = tacit.open(root).store.count("tone")
    given = {"upto": count.last_label_seq, "last": count.last_example_seq, "learners": ("tfidf-linear",), "target": 0.8}
    given |= {"metric": None, "seed": 0, "task": "tone", "budget": 20.0}
    (root / "run").mkdir(exist_ok=True)
    return Order(root=str(root), folder=str(root / "run"), began=time.monotonic(), **(given | changed))


def test_what_it_says_are_figures_and_what_it_prints_is_not_in_the_way(project: Path) -> None:  # noqa: F811
    file = project / "tasks" / "tone.py"
    file.write_text(file.read_text() + "\nprint('{\"done\": 1}')\n")

    said = carried_out(order(project), "")

    assert said["status"] == "target"
    assert said["score"] >= 0.8
    assert not list((project / "run").glob("model-*"))


def test_an_error_of_ours_is_the_reason(project: Path) -> None:  # noqa: F811
    said = carried_out(order(project, upto=0), "")

    assert said["status"] == "failed"
    assert "tone" in said["reason"]


def test_a_process_that_hangs_is_ended(project: Path) -> None:  # noqa: F811
    file = project / "tasks" / "tone.py"
    file.write_text(file.read_text() + "\nimport time, sys\nif sys.argv[0].endswith('worker.py'): time.sleep(600)\n")
    began = time.monotonic()

    # As one that was started so long ago that its time is up.
    said = carried_out(replace(order(project), began=began - 10_000), "")

    assert said["status"] == "failed"
    assert "ended with status -9" in said["reason"]
    assert time.monotonic() - began < 60
