"""The commands bench dawnbench and bench mlperf."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tacit.cli import main
from tests.published.made import log06, write_set, write_training


@pytest.fixture
def entries(folder: Path) -> Path:
    write_training(folder, "a", [(1, 0.5, 94.0), (2, 1.0, 95.0)], timestamp="2018-04-20")
    write_training(folder, "b", [(1, 0.1, 95.0)], timestamp="2018-04-21")
    return folder


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    assert main(["bench", *words]) == status
    both = capsys.readouterr()
    return both.err if status else both.out


def test_dawnbench_prints_and_as_json(entries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "CIFAR10: 1 entry, top1Accuracy >= 94, until 2018-04-20" in said(capsys, "dawnbench", ".", "--cutoff", "2018-04-20")
    plain = json.loads(said(capsys, "dawnbench", ".", "--cutoff", "2018-04-20", "--strict", "--json"))
    assert plain["tasks"]["CIFAR10"]["train_time"] == [["a.tsv", 3600.0]]
    plain = json.loads(said(capsys, "dawnbench", ".", "--threshold", "CIFAR10=94.5", "--json"))
    assert plain["tasks"]["CIFAR10"]["train_time"] == [["b.tsv", 360.0], ["a.tsv", 3600.0]]


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (["nowhere"], "there is no folder nowhere"),
        ([".", "--cutoff", "soon"], "--cutoff 2018-04-20"),
        ([".", "--threshold", "CIFAR10"], "it takes NAME=VALUE"),
        ([".", "--threshold", "CIFAR10=most"], "it takes a number"),
        ([".", "--threshold", "MNIST=99"], "it has CIFAR10"),
    ],
)
def test_dawnbench_says_what_is_wrong(entries: Path, capsys: pytest.CaptureFixture[str], words: list[str], right: str) -> None:
    assert right in said(capsys, "dawnbench", *words, status=2)


def test_mlperf_prints_and_as_json_also_where_logs_are_invalid(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_set(folder / "box" / "resnet", [log06(seconds) for seconds in (600, 660, 720, 780, 840)])
    write_set(folder / "cut" / "resnet", [log06(600)[:-1]])
    out = said(capsys, "mlperf", ".")
    assert "12.0000" in out
    assert "cut/resnet/result_0.txt: it has no run_stop" in out
    good, bad = json.loads(said(capsys, "mlperf", ".", "--json"))["results"]
    assert (good["score_minutes"], bad["score_minutes"]) == (pytest.approx(12), None)
    assert bad["first_problem"].startswith("cut/resnet/result_0.txt: it has no run_stop")
    assert "there is no folder nowhere" in said(capsys, "mlperf", "nowhere", status=2)
