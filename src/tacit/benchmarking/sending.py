"""Runs of the ledger in the formats of others: as a DAWNBench entry, and as MLPerf logs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from tacit.benchmarking.picking import picked
from tacit.benchmarking.policies import counted
from tacit.benchmarking.records import Record
from tacit.errors import OptionError, nearest, quote
from tacit.metrics import higher_is_better
from tacit.published import Measured, write_dawnbench, write_mlperf

__all__ = ["FORMATS", "as_measured", "send"]

FORMATS = ("dawnbench", "mlperf")


def send(name: str, format: str, folder: Path) -> tuple[Path, ...]:
    """Write the runs of an arm into a folder, for `tacit bench dawnbench` or `tacit bench mlperf`, and for those who run these.

    MLPerf takes all runs that were not interrupted, whether they reached the target or not. DAWNBench takes one: the run with the median time of those
    that reached it, not the best.

    Arguments:
        name: "BENCHMARK/ARM", or "FILE:BENCHMARK/ARM".
        format: "dawnbench" or "mlperf".
        folder: It is made where it is missing.

    Returns:
        The files.

    Raises:
        OptionError: There is no such arm or format, its metric is an error, or no run can be sent.
        FileError: The ledger cannot be read.
    """
    if format not in FORMATS:
        raise OptionError(
            f"there is no format {quote(format)}",
            right=f"it is {' or '.join(FORMATS)}",
            next=f"--as {nearest(format, FORMATS) or FORMATS[0]}",
        )
    records, _ = picked(name)
    ended = [r for r in records if r.status not in ("interrupted", "interrupt") and r.target is not None]
    if len({r.target for r in ended}) > 1:
        raise OptionError(
            f"the runs of {name} have several targets",
            right="a result is of one",
            next="tacit bench run TASK --target SCORE --name NAME",
        )
    if not higher_is_better(records[0].metric):
        raise OptionError(
            f"{records[0].name} is scored by {records[0].metric}, of which less is better",
            right="both formats have scores of which more is better",
            next="tacit bench run TASK --target SCORE --metric r2",
        )
    if format == "mlperf" and ended:
        return tuple(write_mlperf([as_measured(r) for r in ended], folder))
    reached = sorted((r for r in ended if _time(r) is not None), key=lambda r: _time(r) or 0.0)
    if not reached:
        raise OptionError(
            f"no run of {name} reached its target", right="an entry is a run that did", next=f"tacit bench board {name}"
        )
    median = reached[(len(reached) - 1) // 2]
    return write_dawnbench(as_measured(median), folder, model=median.learner or "unknown")


def as_measured(record: Record) -> Measured:
    """A run as others write it.

    The ledger has sums of phases and no order of them, but for the first two: what comes after loading is one phase of training here,
    with evaluations in it. Evaluations are numbered.
    """
    assert record.target is not None
    init, load = record.phases["init"], record.phases["load"]
    return Measured(
        benchmark=record.benchmark,
        metric=record.metric,
        target=record.target,
        machine=f"{record.machine.get('cores', '?')} cores of {record.machine.get('processor', 'a machine')}",
        price_per_hour=None if record.price is None else float(record.price["usd_per_hour"]),
        seed=record.seed,
        started=dt.datetime.fromisoformat(record.at).timestamp(),
        phases=[("init", 0.0, init), ("load", init, init + load), ("train", init + load, counted(record.phases, "all"))],
        curve=_curve(record.points("all")),
        converged=_time(record) is not None,
        samples=record.rows,
    )


def _curve(points: Sequence[tuple[float, float]]) -> list[tuple[float, float, float]]:
    return [(number, seconds, score) for number, (seconds, score) in enumerate(points, 1)]


def _time(record: Record) -> float | None:
    return None if record.target is None else record.seconds_to(record.target, "all")
