"""Commands about the store: db status, db upgrade, db rename, db relabel."""

from __future__ import annotations

from typing import Any

import click

from tacit.cli.completing import TASK
from tacit.cli.printing import verb

__all__ = ["db"]


@click.group()
def db() -> None:
    """Look after the store."""


@db.command()
@verb
def status() -> Any:
    """Show the store, and its tasks with their examples, labels and live release."""
    from tacit.keeping import status

    return status()


@db.command()
@verb
def upgrade() -> Any:
    """Bring the store to this version, as opening a project does by itself."""
    from tacit.keeping import upgrade

    return upgrade()


@db.command()
@click.argument("old")
@click.argument("new")
@verb
def rename(old: str, new: str) -> Any:
    """Give everything of the task OLD to the task NEW."""
    from tacit.keeping import rename

    return rename(old, new)


@db.command()
@click.argument("task", type=TASK)
@click.argument("old")
@click.argument("new")
@verb
def relabel(task: str, old: str, new: str) -> Any:
    """Make the labels OLD of a task NEW."""
    from tacit.keeping import relabel

    return relabel(task, old, new)
