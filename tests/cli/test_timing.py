"""The commands bench run, board, compare, plot, report and export."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tacit.cli import main
from tests.benchmarking.test_running import project  # noqa: F401  # a fixture


@pytest.fixture
def folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    monkeypatch.chdir(project)
    return project


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    assert main(["bench", *words]) == status
    both = capsys.readouterr()
    return both.err if status else both.out


def test_from_runs_to_a_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = [
        "run",
        "tone",
        "--target",
        "0.8",
        "--runs",
        "2",
        "--budget",
        "20",
        "--arm",
        "fast=tfidf-linear",
        "--arm",
        "rest=tfidf-linear",
    ]

    assert "tone/fast" in said(capsys, *run)
    board = json.loads(said(capsys, "board", "--policy", "train", "--json"))
    assert [len(board["runs"]), {s["name"] for s in board["standings"]}] == [4, {"tone/fast", "tone/rest"}]
    assert re.match(r"tone/fast beside tone/rest: (faster|slower|can't tell)", said(capsys, "compare", "tone/rest", "tone/fast"))
    assert json.loads(said(capsys, "compare", "tone/rest", "tone/fast", "--json"))["n"] == 2
    assert "curves.svg is written" in said(capsys, "plot", "tone", "--out", "curves.svg")
    assert (folder / "curves.svg").read_text().startswith("<svg")
    assert "tone/fast" in said(capsys, "report", "--html", "bench.html")
    page = (folder / "bench.html").read_text(encoding="utf-8")
    assert "tone/fast" in page
    assert re.findall(r'(?:src|href|action)="(?!data:)', page) == []
    assert "result_1.txt is written" in said(capsys, "export", "tone/fast", "--as", "mlperf", "--out", "logs")
    assert json.loads(said(capsys, "mlperf", "logs", "--json"))["results"][0]["converged"] == 2


def test_conventional_is_one_more_arm(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "run", "tone", "--target", "0.5", "--runs", "1", "--budget", "5", "--arm", "fast=tfidf-linear", "--conventional")

    assert {s["name"] for s in json.loads(said(capsys, "board", "--json"))["standings"]} == {"tone/fast", "tone/conventional"}


def test_where_prints_and_draws(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "forward" in said(capsys, "where", "tone", "--learner", "tfidf-linear", "--budget", "5", "--plot", "roof.svg")
    assert (folder / "roof.svg").read_text().startswith("<svg")


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (["run", "tone"], "missing option '--target'"),
        (["run", "tone", "--target", "0.8", "--arm", "fast"], "--arm was given"),
        (["run", "tone", "--target", "0.8", "--runs", "0"], "runs is 0"),
        (["board"], "there is no ledger"),
        (["compare", "a", "b"], "there is no ledger"),
        (["plot", "--out", "nowhere/c.svg"], "mkdir -p"),
        (["report", "--html", "nowhere/c.html"], "mkdir -p"),
        (["export", "tone", "--as", "mlperf", "--out", "x"], "there is no ledger"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], right: str
) -> None:
    assert right in said(capsys, *words, status=2).lower() or right in said(capsys, *words, status=2)
    assert not (folder / "bench").exists()
