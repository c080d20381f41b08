"""Runs in the formats of others, which the readers of these formats take."""

from __future__ import annotations

from pathlib import Path

import pytest

import tacit
from tacit.benchmarking import send
from tacit.benchmarking.ledger import ledger_of
from tacit.benchmarking.records import Point
from tacit.errors import OptionError
from tacit.published import dawnbench, mlperf
from tests.benchmarking.runs import phases, record


def write(folder: Path, *seconds: float, **more: object) -> None:
    ledger = ledger_of(tacit.open(folder))
    for taken in seconds:
        spent = phases(init=2.0, load=1.0, train=taken - 3.0)
        ledger.append(record(id=ledger.number(), curve=(Point(0.95, spent),), phases=spent, **more))


def test_the_entry_is_the_median_run_with_its_time_and_cost(tmp_path: Path) -> None:
    write(tmp_path, 40.0, 20.0, 36.0)

    send("tone", "dawnbench", tmp_path / "entries")

    (board,) = dawnbench(tmp_path / "entries", thresholds={"tone": 0.9}).tasks
    assert board.best("train_time").value == pytest.approx(36.0)
    assert board.best("train_cost").value == pytest.approx(36.0 / 3600 * 0.36)


def test_logs_are_of_all_runs_and_their_clock_starts_when_rows_are_read(tmp_path: Path) -> None:
    write(tmp_path, 62.0, 122.0, 182.0)
    ledger = ledger_of(tacit.open(tmp_path))
    ledger.append(record(id=ledger.number(), status="budget", curve=(), phases=phases(init=2.0, train=300.0)))

    send("tone", "mlperf", tmp_path / "logs")

    (result,) = mlperf(tmp_path / "logs").results
    assert result.converged == 3
    assert [None if m is None else round(m, 6) for m in result.to_dict()["minutes"]] == [1.0, 2.0, 3.0, None]


@pytest.mark.parametrize(
    ("format", "more", "said"),
    [
        ("mlprf", {}, r'no format "mlprf".*--as mlperf'),
        ("dawnbench", {"target": 0.99}, "no run of tone reached its target"),
        ("mlperf", {"metric": "mae"}, "scored by mae, of which less is better"),
    ],
)
def test_what_cannot_be_sent_says_why(tmp_path: Path, format: str, more: dict[str, object], said: str) -> None:
    write(tmp_path, 40.0, **more)

    with pytest.raises(OptionError, match=said):
        send("tone", format, tmp_path / "out")


def test_runs_to_several_targets_are_no_result(tmp_path: Path) -> None:
    write(tmp_path, 40.0)
    write(tmp_path, 40.0, target=0.8)

    with pytest.raises(OptionError, match="the runs of tone have several targets"):
        send("tone", "mlperf", tmp_path / "out")
