"""What Tab completes: names of tasks, columns, learners, strategies and metrics. Nothing is opened, no task file is run."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

__all__ = ["COLUMN", "LEARNER", "LEARNERS", "METRIC", "ROWS", "STRATEGY", "TASK"]


class Names(click.types.StringParamType):
    """Text that Tab completes from a list; whether it is one of them is for the verb to say, in its own words.

    Arguments:
        name: What the list holds, in a word.
        known: The command so far -> the names there are.
        many: Whether several may be given, separated by commas.
    """

    def __init__(self, name: str, known: Callable[[click.Context], Iterable[str]], *, many: bool = False) -> None:
        self.name, self.known, self.many = name, known, many

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        before, comma, start = incomplete.rpartition(",") if self.many else ("", "", incomplete)
        try:
            return [CompletionItem(before + comma + name) for name in self.known(ctx) if name.startswith(start)]
        except Exception:  # whatever is wrong is told when the command runs; a key press says nothing
            return []


def _tasks(ctx: click.Context) -> list[str]:
    from tacit.folders import declared, locate

    return declared(locate(Path.cwd()))


def _columns(ctx: click.Context) -> list[str]:
    """The header of the file that is on the command line."""
    # An option that still lacks its value leaves what is before it unparsed.
    given = [str(word) for word in (ctx.params.get("rows"), ctx.params.get("like"), *ctx.args) if word is not None]
    file = next(Path(word) for word in given if word.lower().endswith((".csv", ".tsv", ".csv.gz", ".tsv.gz")))
    reader: Any = gzip.open if file.suffix.lower() == ".gz" else open
    with reader(file, "rt", encoding="utf-8-sig", newline="") as lines:
        return next(csv.reader(lines, delimiter="\t" if ".tsv" in file.name.lower() else ","))


def _learners(ctx: click.Context) -> list[str]:
    from tacit.learners import names

    return names()


def _proxies(ctx: click.Context) -> list[str]:
    return ["auto", *_learners(ctx)]


def _strategies(ctx: click.Context) -> list[str]:
    from tacit.selection import names

    return ["auto", *names()]


def _metrics(ctx: click.Context) -> list[str]:
    from tacit.metrics import names
    from tacit.types import output_kind

    return [*names(output_kind(bool)), *names(output_kind(float))]


TASK = Names("task", _tasks)
COLUMN = Names("column", _columns)
LEARNER = Names("learner", _proxies)
LEARNERS = Names("learners", _learners, many=True)
STRATEGY = Names("strategy", _strategies)
METRIC = Names("metric", _metrics)
ROWS = click.Path(allow_dash=True)
"""A file that Tab completes; whether it is there is for the verb to say."""
