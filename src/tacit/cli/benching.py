"""The command bench: time, cost and labels to a target, of own runs and of published ones."""

from __future__ import annotations

import click

from tacit.cli.published import dawnbench, mlperf
from tacit.cli.timing import board, compare, export, plot, report, run, where

__all__ = ["bench"]


@click.group()
def bench() -> None:
    """Measure the time, cost and labels to a target, and read what others published."""


for _command in (run, compare, board, plot, report, export, where, dawnbench, mlperf):
    bench.add_command(_command)
