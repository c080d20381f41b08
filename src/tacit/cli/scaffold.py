"""The command new."""

from __future__ import annotations

import sys
from typing import Any

import click

import tacit
from tacit.cli.completing import COLUMN, ROWS
from tacit.cli.printing import shown_progress, verb

__all__ = ["new"]

_OFFERED = 8


@click.command()
@click.argument("name")
@click.option(
    "--like", type=ROWS, metavar="FILE", help="Write the task for a CSV, TSV, JSONL or Parquet file, or a folder of images."
)
@click.option("--label", type=COLUMN, metavar="COLUMN", help="The column of FILE that holds labels.")
@click.option("--pretend", is_flag=True, help="Show what would be made, and write nothing.")
@verb
def new(name: str, like: str | None, label: str | None, pretend: bool) -> Any:
    """Make a project: a task, its test, data, and what to type next."""
    if like is not None and label is None and sys.stdin.isatty():
        label = _ask(like)
    with shown_progress():
        return tacit.new(name, like=like, label=label, pretend=pretend)


def _ask(like: str) -> str | None:
    """Ask which column is the label; None where there is nothing to choose, which `tacit.new` then speaks of."""
    from tacit.scaffold import candidates

    with shown_progress():
        likely = candidates(like)
    if not likely:
        return None
    click.echo(f"Which column of {like} is the label? Most likely first:", err=True)
    for column in likely[:_OFFERED]:
        click.echo(f"    {column if column.isprintable() else ascii(column)}", err=True)
    if len(likely) > _OFFERED:
        click.echo(f"    ... or one of {len(likely) - _OFFERED:,} more", err=True)
    said: str = click.prompt("label", default=likely[0], err=True)
    return said
