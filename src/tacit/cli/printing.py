"""What every command shares: `--json`, `--trace`, and how results and progress are printed."""

from __future__ import annotations

import datetime as dt
import enum
import functools
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from tacit.errors import FileError, OptionError
from tacit.progress import Progress, watch
from tacit.tables import seconds

__all__ = ["NEW_FILE", "Lines", "pairs", "shown_progress", "verb"]


class _NewFile(click.Path):
    """A file that is to be written, which is said to be impossible before anything takes its time."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        file, option = Path(value), "the file" if param is None else param.opts[0]
        folder = file.absolute().parent
        if not folder.is_dir():
            raise FileError(f"there is no folder {folder} for {option}", next=f"mkdir -p {folder}")
        if file.is_dir():
            raise FileError(f"{file} is a folder", right="a file is written", next=f"{option} {file / 'NAME'}")
        if not os.access(file if file.exists() else folder, os.W_OK):
            raise FileError(f"{file} may not be written", next=f"ls -ld {file if file.exists() else folder}")
        return file


NEW_FILE = _NewFile()


def verb(function: Callable[..., Any]) -> Callable[..., None]:
    """Give a command `--json` and `--trace`, and print its result, which prints itself and has `to_dict()`."""

    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    @click.option("--trace", is_flag=True, help="Show the Python trace of an error.")
    @functools.wraps(function)
    def run(*args: Any, as_json: bool, trace: bool, **options: Any) -> None:
        result = function(*args, **options)
        for said in result if as_json and isinstance(result, Lines) else [result]:
            click.echo(json.dumps(as_plain(said), ensure_ascii=False, default=_spelled) if as_json else str(said))

    return run


class Lines(list[Any]):
    """Results that print one a line; as JSON too, since they may be many: one object a line."""

    def __str__(self) -> str:
        return "\n".join(map(str, self))


def as_plain(result: Any) -> Any:
    """A result as JSON can hold it."""
    if isinstance(result, list | tuple):
        return [as_plain(r) for r in result]
    return result.to_dict() if hasattr(result, "to_dict") else result


def _spelled(value: Any) -> Any:
    """Values that JSON has no form for, as the task's files spell them."""
    if isinstance(value, enum.Enum):
        return value.value if isinstance(value.value, str | int) else value.name
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return value.item() if hasattr(value, "item") else str(value)


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
    last = 0.0 if terminal else time.monotonic()

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
        click.echo(f"\r\x1b[K{line}" if terminal else line, nl=not terminal, err=True)

    with watch(show):
        yield
    if terminal and last:
        click.echo("\r\x1b[K", nl=False, err=True)
