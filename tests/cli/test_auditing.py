"""The commands audit and counterexamples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import tacit
from tacit.cli.main import main
from tests.cli.test_simulating import TASK
from tests.test_auditing import reviews


@pytest.fixture
def shop(folder: Path) -> Path:
    (folder / "tasks").mkdir()
    (folder / "tasks" / "sentiment.py").write_text(TASK.replace("text:", "review:"), encoding="utf-8")
    tacit.open(folder)
    tacit.add("sentiment", reviews(600, 0.5, 0.02), label="label")
    tacit.add("sentiment", [r["review"] for r in reviews(100, 0.5, 0.5, seed=1)])
    tacit.train("sentiment", budget=20, learners=["tfidf-linear"])
    return folder


def run(capsys: Any, *words: str) -> tuple[int, str, str]:
    status = main([*words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_an_association_goes_by_its_number(shop: Path, capsys: Any) -> None:
    status, out, _ = run(capsys, "audit", "sentiment")
    assert status == 0
    assert any(line.split()[:3] == ["1", "Mr.", "Brown"] for line in out.splitlines())
    status, out, _ = run(capsys, "counterexamples", "sentiment", "1", "-n", "20", "--json")
    assert status == 0
    assert len(json.loads(out)["examples"]) == 20


def test_a_number_that_is_none_is_refused(shop: Path, capsys: Any) -> None:
    status, _, err = run(capsys, "counterexamples", "sentiment", "99")
    assert status == 2
    assert "there is no association 99 of sentiment; they are 1 to" in err


def test_rows_with_labels_can_be_given(shop: Path, capsys: Any) -> None:
    lines = [f'"{r["review"]}",{r["label"]}' for r in reviews(200, 0.5, 0.02, seed=3)]
    (shop / "rows.csv").write_text("\n".join(["review,label", *lines]), encoding="utf-8")
    status, out, _ = run(capsys, "audit", "sentiment", "rows.csv", "--label", "label", "--json")
    assert status == 0
    assert json.loads(out)["n"] == 200
