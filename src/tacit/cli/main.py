"""The `tacit` command: finds the verb, runs it, and turns every error into one that finishes its sentence."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from tacit.errors import OptionError, TacitError, nearest, quote

__all__ = ["completed", "main"]

# Where each command lives, in the order of the loop. Modules are imported when their command is used, or for the help.
_COMMANDS = {
    "new": "scaffold",
    "add": "data",
    "label": "data",
    "votes": "data",
    "hints": "data",
    "choices": "models",
    "train": "models",
    "evaluate": "models",
    "predict": "models",
    "coreset": "data",
    "select": "data",
    "simulate": "simulating",
    "plant": "planting",
    "audit": "auditing",
    "counterexamples": "auditing",
    "bench": "benching",
    "release": "models",
    "rollback": "models",
    "serve": "serving",
    "feedback": "serving",
    "db": "database",
    "doctor": "checkup",
    "console": "shell",
    "completion": "shell",
}


class _Verbs(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"tacit.cli.{_COMMANDS[cmd_name]}"), cmd_name)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            close = nearest(args[0], _COMMANDS)
            raise OptionError(
                f"there is no verb {quote(args[0])}",
                right=f"did you mean {close}?" if close else None,
                next=f"tacit {close or '--help'}",
            )
        return super().resolve_command(ctx, args)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="tacit", message="tacit %(version)s")
def cli() -> None:
    """Functions you can show but not write.

    A task is a typed function in tasks/*.py. Add rows to it, label some, train it, ask it:

    \b
        tacit add sentiment reviews.csv --label stars
        tacit train sentiment --budget 60
        tacit predict sentiment --input review="I want my money back"
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status.

    0; 1 for a problem that `doctor` found, or a reader that went away; 2 for an error; 130 for Ctrl-C.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        done = cli.main(given, prog_name="tacit", standalone_mode=False)
        return done if isinstance(done, int) else 0
    except TacitError as error:
        if "--trace" in given:
            raise
        error.next = completed(error.next, given)
        return _told(error, given)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.ClickException as error:
        return _told(_ours(error, given), given)
    except (KeyboardInterrupt, click.Abort):
        click.echo("stopped; what was done before is kept.", err=True)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains once more at exit
        return 1


def _told(error: TacitError, given: list[str]) -> int:
    click.echo(json.dumps(error.to_dict(), ensure_ascii=False) if "--json" in given else str(error), err=True)
    return 2


def _ours(error: click.ClickException, given: list[str]) -> OptionError:
    """What click says of a command line, as an error of the tree."""
    command = " ".join(["tacit", *(word for word in given[:1] if word in _COMMANDS)])
    if isinstance(error, click.UsageError) and error.ctx:
        command = error.ctx.command_path
    if isinstance(error, click.NoSuchOption):
        near = nearest(error.option_name, error.possibilities or ())
        return OptionError(
            f"{command} has no option {error.option_name}",
            right=f"did you mean {near}?" if near else None,
            next=f"{command} --help",
        )
    what = " ".join(error.format_message().split())
    return OptionError(what[:1].lower() + what[1:], next=f"{command} --help")


def completed(next: str, given: Sequence[str]) -> str:
    """What is to be added to a command, such as `--label y`, as the whole command; anything else as it is."""
    if not next.startswith("--"):
        return next
    option, _, value = next.partition(" ")
    kept = list(given)
    if option != "--columns" and option in kept and value:  # it stands there with another value
        at = kept.index(option)
        del kept[at : at + 2]
    return f"tacit {shlex.join(kept)} {next}"
