"""Where the time of a training goes, and what the machine was used for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import tacit
from tacit.benchmarking import HardwareUse, where
from tacit.benchmarking.hardware_use import PARTS
from tacit.errors import OptionError
from tests.benchmarking.test_running import project  # noqa: F401  # a fixture

PICTURES = '''
from typing import Literal
from tacit import Image, task

@task
def side(photo: Image) -> Literal["left", "right"]:
    """Which half is bright?"""
'''


def works(found: HardwareUse) -> dict[str, Any]:
    return {w.name: w for w in found.works}


def test_a_linear_learner_multiplies_as_often_back_as_forward_and_nothing_is_kept(project: Path) -> None:  # noqa: F811
    before = sorted(p for p in project.rglob("*") if p.is_file() and p.name != "tacit.db")

    found = where("tone", learner="tfidf-linear", budget=20)

    assert (found.learner, found.rows) == ("tfidf-linear", 240)
    assert tuple(found.phases) == PARTS
    assert sum(found.phases.values()) == pytest.approx(found.seconds)
    assert min(found.phases[name] for name in ("load", "data", "forward", "backward", "optimizer", "eval", "save")) > 0
    forward, backward, whole = (works(found)[name] for name in ("its forward", "its backward", "a fit"))
    assert forward.flops == backward.flops == whole.flops / 2 > 0
    assert whole.rows == found.steps * found.rows
    assert whole.seconds > forward.seconds + backward.seconds
    assert 0 < works(found)["39 answers"].used(found.peaks) < 1
    assert sorted(p for p in project.rglob("*") if p.is_file() and p.name != "tacit.db") == before
    json.dumps(found.to_dict())


def test_operations_of_trees_are_unknown_and_not_none_at_all(folder: Path, tiny_table: list[dict[str, Any]]) -> None:
    (folder / "tasks").mkdir()
    (folder / "tasks" / "dear.py").write_text(
        "from typing import Literal\nfrom tacit import task\n\n@task\n"
        'def dear(size: float, town: str, age: int | None) -> Literal["dear", "cheap"]:\n    """Is it dear?"""\n'
    )
    tacit.open(folder)
    tacit.add("dear", [{**row, "dear": row["label"]} for row in tiny_table], label="dear")

    found = where("dear", learner="gbdt", budget=10)

    assert all(w.flops is None and w.why for w in found.works)
    assert "unknown: operations of gbdt" in str(found)
    assert found.phases["rest"] > 0
    assert "roof, float32" in found.draw()


def test_a_network_of_torch_is_counted_in_a_fit_that_is_not_timed(folder: Path, tiny_pictures: list[dict[str, Any]]) -> None:
    pytest.importorskip("torch", reason='networks need PyTorch.  next: pip install "tacit[deep]"')
    (folder / "tasks").mkdir()
    (folder / "tasks" / "side.py").write_text(PICTURES)
    tacit.open(folder)
    tacit.add("side", [{"photo": row["photo"], "side": row["label"]} for row in tiny_pictures], label="side")

    found = where("side", learner="convnet-small", budget=20)

    forward, backward = works(found)["its forward"], works(found)["its backward"]
    # A row takes as many operations ahead as an answer does, which is counted otherwise; there may be two views of it.
    assert works(found)["one answer"].per_row % forward.per_row == 0
    # Gradients of weights and of what is before them take as many each, but for the first layer, which is not trained.
    assert forward.per_row < backward.per_row < 2 * forward.per_row
    assert forward.rows % found.steps == 0
    assert works(found)["one answer"].precision == "float32"


def test_a_learner_that_does_not_fit_is_refused_before_anything_is_trained(project: Path) -> None:  # noqa: F811
    with pytest.raises(OptionError, match='"ensemble" is no single learner of tone'):
        where("tone", learner="ensemble")
