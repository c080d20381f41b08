"""Commands about the store: db status, db rename, db relabel."""

from __future__ import annotations

from typing import Any

import click

from tacit.cli.printing import verb

__all__ = ["db"]


@click.group()
def db() -> None:
    """Look after the store."""


@db.command()
@verb
def status() -> Any:
    """List the tasks with their examples, labels and live release."""
    from tacit.keeping import status

    return status()


@db.command()
@click.argument("old")
@click.argument("new")
@verb
def rename(old: str, new: str) -> Any:
    """Give everything of the task OLD to the task NEW."""
    from tacit.keeping import rename

    return rename(old, new)


@db.command()
@click.argument("task")
@click.argument("old")
@click.argument("new")
@verb
def relabel(task: str, old: str, new: str) -> Any:
    """Make the labels OLD of a task NEW."""
    from tacit.keeping import relabel

    return relabel(task, old, new)
