"""The command bench: time, cost and labels to a target, of own runs and of published ones."""

from __future__ import annotations

import click

from tacit.cli.published import dawnbench, mlperf

__all__ = ["bench"]


@click.group()
def bench() -> None:
    """Measure the time, cost and labels to a target, and read what others published."""


bench.add_command(dawnbench)
bench.add_command(mlperf)
