"""The command bench, and what it has below it."""

from __future__ import annotations

import click

from tacit.cli.timing import board, compare, plot, report, run

__all__ = ["bench"]


@click.group()
def bench() -> None:
    """Measure time, cost and labels to a target, and read what others measured."""


for _command in (run, compare, board, plot, report):
    bench.add_command(_command)
