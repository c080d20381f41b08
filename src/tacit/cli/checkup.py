"""The command doctor."""

from __future__ import annotations

from typing import Any

import click

from tacit.cli.printing import verb

__all__ = ["doctor"]


@click.command()
@verb
def doctor() -> Any:
    """Look for what is missing or broken, and say how to mend it; exits with 1 where there is a problem."""
    import tacit

    found = tacit.doctor()
    if found.problems:
        click.get_current_context().call_on_close(_exit_with_1)
    return found


def _exit_with_1() -> None:
    raise click.exceptions.Exit(1)
