"""`tacit new`: the same as Python, and on a terminal it asks which column is the label."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tacit.cli import main


@pytest.fixture
def rows(folder: Path) -> Path:
    file = folder / "rows.csv"
    lines = "".join(f"{i}.5,{'ns'[i % 2]},{'yes' if i % 3 else 'no'}\n" for i in range(60))
    file.write_text("size,town,bought\n" + lines, encoding="utf-8")
    return file


def test_it_prints_what_it_made_and_what_to_type(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "shop"]) == 0
    said = capsys.readouterr().out
    assert "made shop/" in said
    assert "tacit add sentiment data/reviews.csv --label sentiment" in said
    assert main(["new", "shop"]) == 2
    assert "next: tacit new shop_2" in capsys.readouterr().err


def test_like_a_file_with_json(rows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "shop", "--like", "rows.csv", "--label", "bought", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["task"] == "bought"
    assert [c["type"] for c in made["columns"]] == ["float", "Literal['n', 's']", "Literal['yes', 'no']"]
    assert made["next"][:2] == ["cd shop", "tacit add bought data/rows.csv --label bought"]


def test_pretend_writes_nothing(rows: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "shop", "--like", "rows.csv", "--label", "bought", "--pretend"]) == 0
    assert "class Row:" in capsys.readouterr().out
    assert os.listdir(folder) == ["rows.csv"]


def test_a_program_is_told_the_option_and_not_asked(rows: Path) -> None:
    command = [sys.executable, "-m", "tacit", "new", "shop", "--like", "rows.csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert "next: tacit new shop --like rows.csv --label bought" in done.stderr


@pytest.mark.parametrize(("answer", "label"), [("\n", "bought"), ("town\n", "town")])
def test_a_terminal_is_asked_with_the_likely_columns_first(rows: Path, answer: str, label: str) -> None:
    import pty

    ours, theirs = pty.openpty()
    os.write(ours, answer.encode())
    command = [sys.executable, "-m", "tacit", "new", "shop", "--like", "rows.csv", "--json"]
    done = subprocess.run(command, stdin=theirs, capture_output=True, text=True, check=False, timeout=60)
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 0, done.stderr
    assert done.stderr.index("    bought") < done.stderr.index("    town")
    assert json.loads(done.stdout)["task"] == label
