"""Own runs as DAWNBench entries and MLPerf logs: what is written is read again, with the same figures."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tacit.published import Measured, dawnbench, dawnbench_entry, mllog, mlperf, write_dawnbench, write_mlperf

RUN = Measured(
    benchmark="trec",
    metric="accuracy",
    target=0.85,
    machine="2 cores of a Xeon",
    price_per_hour=0.09,
    seed=7,
    started=1_760_000_000.0,
    phases=[
        ("init", 0.0, 1.0),
        ("load", 1.0, 2.0),
        ("compile", 2.0, 2.5),
        ("train", 2.5, 9.0),
        ("eval", 4.0, 4.5),
        ("eval", 8.0, 9.0),
    ],
    curve=[(1, 4.5, 0.80), (2, 9.0, 0.86), (3, 12.0, 0.87)],
    converged=True,
    samples=3_840,
)


def test_a_log_is_accepted_without_problems_and_has_the_same_time(tmp_path: Path) -> None:
    write_mlperf(
        [RUN, replace(RUN, seed=8, curve=[(1, 11.0, 0.9)]), replace(RUN, seed=9, started=RUN.started + 60)],
        tmp_path / "box" / "trec",
    )
    found = mlperf(tmp_path)
    (result,) = found.results
    assert found.problems == ()
    assert (result.benchmark, result.suite, result.converged) == ("trec", "v0.7+", 3)
    # The clock starts when the libraries are there, and stops at the target.
    assert result.minutes == pytest.approx([8 / 60, 10 / 60, 8 / 60])
    assert result.score_minutes == pytest.approx(8 / 60)
    assert [e.scores for e in result.runs[0].evaluations] == [(0.8,), (0.86,)]


def test_a_run_that_failed_is_aborted(tmp_path: Path) -> None:
    failed = replace(RUN, converged=False, curve=[(1, 4.5, 0.8)], samples=None)
    write_mlperf([failed], tmp_path)
    (log,) = mlperf(tmp_path).results[0].runs
    assert (log.converged, log.whole, log.seconds) == (False, True, pytest.approx(8))


def test_a_cache_is_said_to_be_cleared_only_where_it_was() -> None:
    def cleared(run: Measured) -> object:
        lines = [json.loads(line.removeprefix(":::MLLOG ")) for line in mllog(run).splitlines()]
        return next(line["value"] for line in lines if line["key"] == "cache_clear")

    assert cleared(RUN) is False
    assert cleared(replace(RUN, phases=[("clear", 0.0, 0.5), *RUN.phases])) is True


def test_an_entry_is_read_again(tmp_path: Path) -> None:
    entry, track = write_dawnbench(RUN, tmp_path, model="tfidf linear")
    assert entry.relative_to(tmp_path).as_posix() == "trec/train/tacit_tfidf-linear_2-cores-of-a-Xeon_tacit.json"
    found = dawnbench(tmp_path, thresholds={"trec": 0.85})
    assert found.problems == ()
    assert found.to_dict()["tasks"]["trec"]["train_time"] == [[track.name, pytest.approx(9.0)]]
    assert found.to_dict()["tasks"]["trec"]["train_cost"] == [[track.name, pytest.approx(9 * 0.09 / 3600)]]


def test_a_task_of_dawnbench_is_written_in_its_unit(tmp_path: Path) -> None:
    write_dawnbench(replace(RUN, benchmark="CIFAR10", target=0.94, curve=[(1, 9.0, 0.94)]), tmp_path, model="net")
    found = dawnbench(tmp_path)
    assert found.problems == ()
    assert found.tasks[0].best("train_time").value == pytest.approx(9.0)  # type: ignore[union-attr]


def test_an_entry_without_a_price_has_none() -> None:
    entry, _ = dawnbench_entry(replace(RUN, price_per_hour=None), model="net", author="Lab", email="lab@example.org")
    fields = json.loads(entry)
    assert (fields["costPerHour"], fields["author"], fields["timestamp"]) == (None, "Lab", "2025-10-09")


def test_a_name_cannot_leave_its_folder(tmp_path: Path) -> None:
    entry, track = write_dawnbench(replace(RUN, benchmark="../../up", machine="/"), tmp_path / "in", model="..")
    assert entry.parent == track.parent
    assert (tmp_path / "in").resolve() in entry.resolve().parents
