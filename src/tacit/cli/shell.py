"""Commands about shells: console, a Python one with the project open, and completion, for the one that you type in."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import Any

import click

import tacit

__all__ = ["completion", "console"]


@click.command()
def console() -> None:
    """Open a Python shell with the project, its store and its tasks by name."""
    from tacit.project import current

    project = current()
    names: dict[str, Any] = {**project.tasks, "tacit": tacit, "project": project, "store": project.store}
    banner = "\n".join(
        [
            f"tacit {tacit.__version__} in {project.root}",
            *(f"    {name}{task.signature}" for name, task in project.tasks.items()),
            "    tacit, project, store",
        ]
    )
    if importlib.util.find_spec("IPython") is not None and sys.stdin.isatty():
        click.echo(banner)
        importlib.import_module("IPython").start_ipython(argv=["--no-banner"], user_ns=names)
    else:
        import code

        code.interact(banner, local=names, exitmsg="")


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that makes Tab complete verbs, options, tasks and columns."""
    from click.shell_completion import get_completion_class

    from tacit.cli.main import cli

    kind = get_completion_class(shell)
    assert kind is not None  # click knows these three
    click.echo(kind(cli, {}, "tacit", "_TACIT_COMPLETE").source())
