"""Commands about models: choices, train, evaluate, predict, release, rollback."""

from __future__ import annotations

from typing import Any

import click

import tacit
from tacit.cli.completing import COLUMN, LEARNERS, METRIC, ROWS, TASK
from tacit.cli.data import rows_of
from tacit.cli.printing import pairs, shown_progress, verb
from tacit.errors import OptionError
from tacit.examples import Prediction
from tacit.tables import number, table

__all__ = ["choices", "evaluate", "predict", "release", "rollback", "train"]


@click.command()
@click.argument("task", type=TASK)
@verb
def choices(task: str) -> Any:
    """Name the learners that fit a task."""
    return _Lines(tacit.choices(task))


@click.command()
@click.argument("task", type=TASK)
@click.option("--budget", default="60", show_default=True, metavar="SECONDS", help='Seconds, or "90s", "5m".')
@click.option("--target", type=float, help="Stop when the score reaches this.")
@click.option("--metric", type=METRIC, metavar="NAME", help="What to raise: accuracy, balanced, macro_f1, r2, ...")
@click.option(
    "--objective",
    metavar="NAME",
    default="average",
    show_default=True,
    help="average; worst-group: each group counts the same, and the worst is scored; cvar: the hard rows count more.",
)
@click.option("--learners", type=LEARNERS, metavar="NAMES", help="Only these, separated by commas; see `tacit choices`.")
@click.option("--groups", metavar="COLUMN", help="Learn from none of a group that is scored on, as of a customer.")
@click.option("--time", metavar="COLUMN", help="Score on the newest, by this column.")
@click.option("--seed", default=0, show_default=True, help="Of everything that is drawn.")
@verb
def train(
    task: str,
    budget: str,
    target: float | None,
    metric: str | None,
    objective: str,
    learners: str | None,
    groups: str | None,
    time: str | None,
    seed: int,
) -> Any:
    """Learn a task within a budget. Ctrl-C keeps the best model so far."""
    names = learners.split(",") if learners else None
    with shown_progress():
        return tacit.train(
            task,
            budget=budget,
            target=target,
            metric=metric,
            objective=objective,
            learners=names,
            groups=groups,
            time=time,
            seed=seed,
        )


@click.command()
@click.argument("task", type=TASK)
@click.argument("rows", type=ROWS, required=False)
@click.option("--label", type=COLUMN, metavar="COLUMN", help="The column of ROWS that holds labels.")
@click.option("--columns", multiple=True, metavar="THEIRS=OURS", help="A column of theirs is a parameter of ours.")
@click.option("--values", multiple=True, metavar="THEIRS=OURS", help="A label of theirs is a value of ours.")
@click.option("--model", metavar="ID", help="Another model than the live release.")
@verb
def evaluate(
    task: str, rows: str | None, label: str | None, columns: tuple[str, ...], values: tuple[str, ...], model: str | None
) -> Any:
    """Measure a model on ROWS, or on the test rows of the store, whole and by slice."""
    with shown_progress():
        given = rows_of(rows) if rows else None
        renamed, translated = pairs("--columns", columns), pairs("--values", values)
        return tacit.evaluate(task, given, label=label, model=model, columns=renamed, values=translated)


@click.command()
@click.argument("task", type=TASK)
@click.argument("rows", type=ROWS, required=False)
@click.option("--input", "inputs", multiple=True, metavar="NAME=VALUE", help="An input of a single example.")
@click.option("--columns", multiple=True, metavar="THEIRS=OURS", help="A column of theirs is a parameter of ours.")
@click.option("--model", metavar="ID", help="Another model than the live release.")
@click.option("--log", is_flag=True, help="Keep the predictions, so that feedback can refer to them.")
@verb
def predict(task: str, rows: str | None, inputs: tuple[str, ...], columns: tuple[str, ...], model: str | None, log: bool) -> Any:
    """Answer for ROWS (a file, or - for JSON lines), or for one example given by --input."""
    if (rows is None) == (not inputs):
        raise OptionError(
            "predict takes rows, or inputs of one example",
            next=f"tacit predict {task} FILE, or tacit predict {task} --input NAME=VALUE",
        )
    with shown_progress():
        given = [pairs("--input", inputs)] if rows is None else rows_of(rows)
        return _Answers(tacit.predict(task, given, model=model, columns=pairs("--columns", columns), log=log))


@click.command()
@click.argument("task", type=TASK)
@click.argument("version", type=int, required=False)
@click.option("--force", is_flag=True, help="Release even where the gate does not pass.")
@verb
def release(task: str, version: int | None, force: bool) -> Any:
    """Make the newest model live if it passes the gate, or an earlier VERSION."""
    return tacit.release(task, version, force=force)


@click.command()
@click.argument("task", type=TASK)
@verb
def rollback(task: str) -> Any:
    """Make the release before the live one live again."""
    return tacit.rollback(task)


class _Answers(list[Prediction]):
    def __str__(self) -> str:
        rows = [[i, p.value, number(p.confidence), p.id[:8]] for i, p in enumerate(self, 1)]
        return table(["row", "answer", "confidence", "id"], rows, right=["row", "confidence"])


class _Lines(list[str]):
    def __str__(self) -> str:
        return "\n".join(self)
