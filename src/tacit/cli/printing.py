"""What every command shares: `--json`, `--trace`, and how results and progress are printed."""

from __future__ import annotations

import functools
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from tacit.errors import OptionError
from tacit.progress import Progress, watch
from tacit.tables import seconds

__all__ = ["pairs", "shown_progress", "verb"]


def verb(function: Callable[..., Any]) -> Callable[..., None]:
    """Give a command `--json` and `--trace`, and print its result, which prints itself and has `to_dict()`."""

    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    @click.option("--trace", is_flag=True, help="Show the Python trace of an error.")
    @functools.wraps(function)
    def run(*args: Any, as_json: bool, trace: bool, **options: Any) -> None:
        result = function(*args, **options)
        click.echo(json.dumps(as_plain(result), ensure_ascii=False) if as_json else str(result))

    return run


def as_plain(result: Any) -> Any:
    """A result as JSON can hold it."""
    if isinstance(result, list | tuple):
        return [as_plain(r) for r in result]
    return result.to_dict() if hasattr(result, "to_dict") else result


def pairs(option: str, given: tuple[str, ...]) -> dict[str, str]:
    """`theirs=ours` options as a dict."""
    found = {}
    for text in given:
        left, equals, right = text.partition("=")
        if not (left and equals):
            raise OptionError(f"{option} was given {text!r}", right="it takes NAME=VALUE", next=f"{option} theirs=ours")
        found[left] = right
    return found


@contextmanager
def shown_progress() -> Iterator[None]:
    """Show progress on standard error: one line that is rewritten on a terminal, a line every few seconds elsewhere."""
    terminal = sys.stderr.isatty()
    last = 0.0

    def show(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < (0.1 if terminal else 5):
            return
        last = now
        line = progress.doing
        if progress.total:
            line += f"  {progress.done / progress.total:4.0%}" + (
                f"  {seconds(max(0.0, progress.total - progress.done))} left" if progress.timed else ""
            )
        elif progress.done:
            line += f"  {progress.done:,.0f}"
        if progress.best:
            line += f"  best so far: {progress.best}"
        print(f"\r\x1b[K{line}" if terminal else line, end="" if terminal else "\n", file=sys.stderr, flush=True)

    with watch(show):
        yield
    if terminal and last:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
