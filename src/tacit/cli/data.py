"""Commands about examples and labels: add, label, votes, hints, select."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import click

import tacit
from tacit.cli.completing import COLUMN, LEARNER, ROWS, STRATEGY, TASK
from tacit.cli.printing import pairs, shown_progress, verb
from tacit.errors import FileError

__all__ = ["add", "coreset", "hints", "label", "rows_of", "select", "votes"]


def rows_of(given: str) -> Any:
    """A path, or with "-" the JSON lines of standard input."""
    return _lines() if given == "-" else given


def _lines() -> Iterator[Any]:
    for number, line in enumerate(sys.stdin, 1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                raise FileError(
                    f"line {number} of standard input is no JSON ({error})", next="write one JSON object a line"
                ) from None


@click.command()
@click.argument("task", type=TASK)
@click.argument("rows", type=ROWS)
@click.option("--label", type=COLUMN, metavar="COLUMN", help="The column that holds labels.")
@click.option("--columns", multiple=True, metavar="THEIRS=OURS", help="A column of theirs is a parameter of ours.")
@click.option("--values", multiple=True, metavar="THEIRS=OURS", help="A label of theirs is a value of ours.")
@click.option("--keep", multiple=True, type=COLUMN, metavar="COLUMN", help="Keep a column that is no input, as example.extra.")
@click.option("--split", type=click.Choice(["train", "test"]), help="Keep the rows apart: test rows are never trained on.")
@click.option("--source", default="import", show_default=True, help="Who the labels come from.")
@verb
def add(
    task: str,
    rows: str,
    label: str | None,
    columns: tuple[str, ...],
    values: tuple[str, ...],
    keep: tuple[str, ...],
    split: str | None,
    source: str,
) -> Any:
    """Add ROWS to a task: CSV, TSV, JSONL, Parquet, an image folder, or - for JSON lines."""
    with shown_progress():
        return tacit.add(
            task,
            rows_of(rows),
            label=label,
            columns=pairs("--columns", columns) or None,
            values=pairs("--values", values) or None,
            keep=keep,
            split=split,
            source=source,
        )


@click.command()
@click.argument("task", type=TASK)
@click.argument("example")
@click.argument("value")
@click.option("--by", required=True, metavar="NAME", help="Who says so.")
@verb
def label(task: str, example: str, value: str, by: str) -> Any:
    """Label one EXAMPLE, named by its id or the start of it."""
    return tacit.label(task, example, value, by=by)


@click.command()
@click.argument("task", type=TASK)
@verb
def votes(task: str) -> Any:
    """Run the labeling functions and show what each covers, and how they agree."""
    with shown_progress():
        return tacit.votes(task)


@click.command()
@click.argument("task", type=TASK)
@verb
def hints(task: str) -> Any:
    """Show where labeling functions disagree or are silent, and functions to paste."""
    with shown_progress():
        return tacit.hints(task)


@click.command()
@click.argument("task", type=TASK)
@click.argument("n", type=int)
@click.option(
    "--strategy",
    type=STRATEGY,
    metavar="NAME",
    default="auto",
    show_default=True,
    help="margin, k-center, badge, random, ... or auto; margin+random shares.",
)
@click.option(
    "--proxy",
    type=LEARNER,
    metavar="LEARNER",
    default="auto",
    show_default=True,
    help="The learner that chooses; auto takes the live release.",
)
@click.option("--pool", type=ROWS, metavar="ROWS", help="Choose from these rows instead of the unlabeled examples.")
@click.option("--groups", metavar="NAMES", help="As many of each group: columns or slices, separated by commas, crossed.")
@click.option("--seed", default=0, show_default=True, help="For draws.")
@verb
def select(task: str, n: int, strategy: str, proxy: str, pool: str | None, groups: str | None, seed: int) -> Any:
    """Choose the N examples to label next."""
    with shown_progress():
        return tacit.select(
            task,
            n,
            strategy=strategy,
            proxy=proxy,
            pool=rows_of(pool) if pool else None,
            groups=groups.split(",") if groups else None,
            seed=seed,
        )


@click.command()
@click.argument("task", type=TASK)
@click.argument("keep", type=float)
@click.option(
    "--method", metavar="NAME", default="auto", show_default=True, help="forgetting, k-center, herding, giga, ... or auto."
)
@click.option(
    "--proxy", type=LEARNER, metavar="LEARNER", default="auto", show_default=True, help="The learner that tells what is hard."
)
@click.option("--quota", metavar="NAME", help="class, or a slice: its share stays what it is.")
@click.option("--seed", default=0, show_default=True, help="For draws.")
@verb
def coreset(task: str, keep: float, method: str, proxy: str, quota: str | None, seed: int) -> Any:
    """Choose which labeled examples are enough: KEEP of them, or a share below 1."""
    with shown_progress():
        return tacit.coreset(task, keep, method=method, proxy=proxy, quota=quota, seed=seed)
