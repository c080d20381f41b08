"""The commands bench dawnbench and bench mlperf: published results of others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tacit.cli.printing import pairs, verb
from tacit.errors import OptionError

__all__ = ["dawnbench", "mlperf"]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--cutoff", metavar="DATE", help="The last day whose entries count, such as 2018-04-20.")
@click.option("--strict", is_flag=True, help="A threshold has to be passed; else it is enough to meet it.")
@click.option("--threshold", multiple=True, metavar="TASK=VALUE", help="Another threshold for a task.")
@verb
def dawnbench(folder: Path, cutoff: str | None, strict: bool, threshold: tuple[str, ...]) -> Any:
    """Rank the DAWNBench entries in FOLDER by time, cost, latency and cost of inference."""
    from tacit import published

    thresholds = {task: _number(value) for task, value in pairs("--threshold", threshold).items()}
    return published.dawnbench(folder, cutoff=cutoff, strict=strict, thresholds=thresholds)


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise OptionError(f'--threshold was given "{value}"', right="it takes a number", next="--threshold ImageNet=93") from None


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@verb
def mlperf(folder: Path) -> Any:
    """Score the MLPerf Training logs below FOLDER, and name what is wrong with them."""
    from tacit import published

    return published.mlperf(folder)
