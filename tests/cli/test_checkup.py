"""tacit doctor: exits with 0 or, where there is a problem, with 1."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tacit.cli import main


@pytest.fixture(autouse=True)
def quick(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another LightGBM for the process that tries to load it: the real one takes seconds, and has a test of its own."""
    there = tmp_path_factory.mktemp("quick")
    (there / "lightgbm.py").write_text("__version__ = '4.6'", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(there))


def test_doctor_exits_with_1_where_there_is_a_problem(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    assert "problem" not in capsys.readouterr().out
    (folder / "tasks").mkdir()
    (folder / "tasks" / "a.py").write_text("def broken(:", encoding="utf-8")
    assert main(["doctor", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["problems"] == 1
    assert next(f for f in found["findings"] if f["state"] == "problem")["part"] == "tasks"
