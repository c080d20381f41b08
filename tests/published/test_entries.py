"""DAWNBench entries: what is read of them, what is not kept, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tacit.published.entries import TASKS, Entry, read_entries
from tests.published.made import write_inference, write_training

ROWS = [(1, 0.5, 50), (2, 1.0, 94.5)]


def entries(folder: Path, task: str = "CIFAR10") -> list[Entry]:
    return list(read_entries(folder / task, task, TASKS[task]))


def reasons(folder: Path, task: str = "CIFAR10") -> list[str]:
    return [problem.reason for entry in entries(folder, task) for problem in entry.problems]


def test_training_and_inference(tmp_path: Path) -> None:
    write_training(tmp_path, "a", ROWS, timestamp="2018-4-20")
    write_inference(tmp_path, "b")
    training, inference = entries(tmp_path)
    assert (training.file, training.date, training.price, training.seed) == ("a.tsv", dt.date(2018, 4, 20), 2.0, False)
    assert training.track is not None
    assert training.track.time_to(94) == 3600
    assert (inference.file, inference.score, inference.latency, inference.cost) == ("b.json", 95.0, 10.0, 1e-6)
    assert training.problems == inference.problems == ()


def test_nobody_is_named(tmp_path: Path) -> None:
    write_training(tmp_path, "a", ROWS, model=3, version="v2", timestamp="soon")
    write_inference(tmp_path, "b", latency="fast")
    said = repr(entries(tmp_path))
    assert "Ann" not in said
    assert "example.org" not in said


@pytest.mark.parametrize(
    ("author", "timestamp", "seed"),
    [("Stanford DAWN", "2017-10-11", True), ("Stanford DAWN", "2018-02-02", False), ("Other", "2017-10-11", False)],
)
def test_seeds_are_those_of_stanford_dawn_in_2017(tmp_path: Path, author: str, timestamp: str, seed: bool) -> None:
    write_training(tmp_path, "a", ROWS, author=author, timestamp=timestamp)
    assert entries(tmp_path)[0].seed == seed


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"costPerHour": None}, "it has no costPerHour, so it has no cost"),
        ({"costPerHour": "$2"}, "its costPerHour is no number above 0, so it has no cost"),
        ({"costPerHour": -1}, "its costPerHour is no number above 0, so it has no cost"),
        ({"costPerHour": True}, "its costPerHour is no number above 0, so it has no cost"),
        ({"timestamp": "20.4.2018"}, 'its timestamp is "20.4.2018"'),
        ({"timestamp": None, "model": None}, "it has no model, timestamp"),
        ({"version": "v2.0"}, "its version is not v1.0"),
    ],
)
def test_fields_that_are_wrong_are_named_and_the_time_stands(tmp_path: Path, fields: dict[str, Any], reason: str) -> None:
    write_training(tmp_path, "a", ROWS, **fields)
    (entry,) = entries(tmp_path)
    assert [problem.reason for problem in entry.problems] == [reason]
    assert entry.track is not None
    assert (entry.price is None) == ("costPerHour" in fields)
    assert (entry.date is None) == ("timestamp" in fields)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([(1, 0.5, 50)], "it does not reach 94; its best is 50"),
        ([(1, 0.0, 95)], "it takes no time"),
        ([(1, 0.5, 0.95)], "its top1Accuracy is from 0.95 to 0.95; percent is meant"),
    ],
)
def test_a_curve_that_gives_no_time_says_why(tmp_path: Path, rows: list[tuple[float, ...]], reason: str) -> None:
    write_training(tmp_path, "a", rows)
    (entry,) = entries(tmp_path)
    assert entry.track is None or entry.track.time_to(94) is None
    assert [(p.file, p.reason) for p in entry.problems] == [("CIFAR10/train/a.tsv", reason)]


def test_json_and_tsv_belong_together(tmp_path: Path) -> None:
    write_training(tmp_path, "a", ROWS)
    write_training(tmp_path, "b", ROWS)
    (tmp_path / "CIFAR10" / "train" / "a.tsv").unlink()
    (tmp_path / "CIFAR10" / "train" / "b.json").unlink()
    a, b = entries(tmp_path)
    assert a.track is b.track is None
    assert [p.reason for p in (*a.problems, *b.problems)] == ["it has no TSV file", "it has no JSON file"]


@pytest.mark.parametrize("text", ["{", "[1]", "", "\x00", "1" * 5000, "[" * 100_000])
def test_what_is_no_json_object_is_named(tmp_path: Path, text: str) -> None:
    write_training(tmp_path, "a", ROWS)
    (tmp_path / "CIFAR10" / "train" / "a.json").write_text(text, encoding="utf-8")
    (entry,) = entries(tmp_path)
    assert entry.date is entry.track is None
    assert "JSON" in entry.problems[0].reason


@pytest.mark.parametrize(
    ("encoding", "reason"), [("utf-8-sig", None), ("latin-1", "it is not UTF-8, at byte 20"), ("utf-16", "it is UTF-16")]
)
def test_other_encodings_are_read_and_named(tmp_path: Path, encoding: str, reason: str | None) -> None:
    write_training(tmp_path, "a", ROWS)
    path = tmp_path / "CIFAR10" / "train" / "a.tsv"
    path.write_bytes("epoch\thours\tremark: é\ttop1Accuracy\r\n2\t1.0\t-\t94.5\r\n".encode(encoding))
    (entry,) = entries(tmp_path)
    assert entry.track is not None
    assert entry.track.time_to(94) == 3600
    assert [p.reason for p in entry.problems] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("task", "fields", "reason", "score"),
    [
        ("CIFAR10", {"latency": None}, "it has no latency, so it has no latency", 95.0),
        ("CIFAR10", {"cost": None}, "it has no cost, so it has no cost of inference", 95.0),
        ("CIFAR10", {"latency": 0}, "its latency is no number above 0, so it has no latency", 95.0),
        ("CIFAR10", {"top1Accuracy": None}, "it has no top1Accuracy, so it is in no list", None),
        ("CIFAR10", {"top1Accuracy": "95"}, "it has no top1Accuracy, so it is in no list", None),
        ("CIFAR10", {"top1Accuracy": 10**400}, "it has no top1Accuracy, so it is in no list", None),
        ("CIFAR10", {"latency": 10**400}, "its latency is no number above 0, so it has no latency", 95.0),
        ("CIFAR10", {"top1Accuracy": 950}, "its top1Accuracy is 950, above 100", None),
        ("CIFAR10", {"top1Accuracy": 0.95}, "its top1Accuracy is 0.95, below 94: percent is meant", 0.95),
        ("CIFAR10", {"top1Accuracy": 93}, "its top1Accuracy is 93, below 94", 93.0),
        ("SQuAD", {"f1Score": 82.5}, "its f1Score is 82.5, in percent", 0.825),
        ("SQuAD", {"f1Score": 825}, "its f1Score is 825, in percent", None),
    ],
)
def test_an_inference_says_what_it_lacks(
    tmp_path: Path, task: str, fields: dict[str, Any], reason: str, score: float | None
) -> None:
    write_inference(tmp_path, "a", task=task, **fields)
    (entry,) = entries(tmp_path, task)
    assert [problem.reason for problem in entry.problems] == [reason]
    assert entry.score == score


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    write_training(tmp_path, "a", ROWS)
    with (tmp_path / "CIFAR10" / "train" / "a.tsv").open("a") as file:
        file.write("\n" * 10_000_000)
    (entry,) = entries(tmp_path)
    assert entry.track is None
    assert [p.reason for p in entry.problems] == ["it is larger than 10 MB"]


def test_real_entries_are_all_read(shared: Path) -> None:
    counts = {task: len(entries(shared / "dawnbench", task)) for task in TASKS}
    assert counts == {"CIFAR10": 52, "ImageNet": 49, "SQuAD": 17}
    odd = [reason for task in TASKS for reason in reasons(shared / "dawnbench", task) if "it has no cost" not in reason]
    assert odd == ["its epochs do not rise at line 21", "its f1Score is 82.5209, in percent"]
