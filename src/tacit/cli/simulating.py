"""The command simulate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tacit.cli.completing import COLUMN, LEARNER, METRIC, ROWS, STRATEGY, TASK
from tacit.cli.data import rows_of
from tacit.cli.printing import NEW_FILE, pairs, shown_progress, verb
from tacit.errors import OptionError, quote

__all__ = ["simulate"]


@click.command()
@click.argument("task", type=TASK)
@click.argument("rows", type=ROWS)
@click.option("--label", type=COLUMN, required=True, metavar="COLUMN", help="The column that holds the labels.")
@click.option("--rounds", required=True, metavar="NUMBERS", help="Numbers of labels, ascending: 100,300,600.")
@click.option(
    "--strategy", "strategies", type=STRATEGY, multiple=True, metavar="NAME", help="margin by default; several are compared."
)
@click.option("--proxy", type=LEARNER, default="auto", show_default=True, metavar="LEARNER", help="The learner that chooses.")
@click.option("--learner", type=LEARNER, default="auto", show_default=True, metavar="LEARNER", help="The learner that is scored.")
@click.option("--test", type=ROWS, metavar="ROWS", help="Rows to score on; else a fifth is held out.")
@click.option("--metric", type=METRIC, metavar="NAME", help="What to score: accuracy, balanced, macro_f1, r2, ...")
@click.option("--columns", multiple=True, metavar="THEIRS=OURS", help="A column of theirs is a parameter of ours.")
@click.option("--values", multiple=True, metavar="THEIRS=OURS", help="A label of theirs is a value of ours.")
@click.option("--seeds", default=1, show_default=True, help="How many seeds, from --seed on; several are averaged.")
@click.option("--seed", default=0, show_default=True, help="Of everything that is drawn.")
@click.option("--plot", type=NEW_FILE, metavar="FILE", help="Draw the curves into an SVG file.")
@verb
def simulate(
    task: str,
    rows: str,
    label: str,
    rounds: str,
    strategies: tuple[str, ...],
    proxy: str,
    learner: str,
    test: str | None,
    metric: str | None,
    columns: tuple[str, ...],
    values: tuple[str, ...],
    seeds: int,
    seed: int,
    plot: Path | None,
) -> Any:
    """Replay labeling on ROWS whose labels are known. Ctrl-C shows what was done."""
    from tacit.comparisons import Comparison
    from tacit.simulating import compare, simulate

    options: dict[str, Any] = {
        "label": label,
        "rounds": _numbers(rounds),
        "proxy": proxy,
        "learner": None if learner == "auto" else learner,
        "test": test,
        "metric": metric,
        "columns": pairs("--columns", columns),
        "values": pairs("--values", values),
        "seed": seed,
    }
    with shown_progress():
        found: Any
        if len(strategies) > 1 or seeds != 1:
            found = compare(task, rows_of(rows), strategies=strategies or ("margin",), seeds=seeds, **options)
        else:
            found = simulate(task, rows_of(rows), strategy=strategies[0] if strategies else "margin", **options)
    if plot is not None:
        drawn = found if isinstance(found, Comparison) else Comparison((found,))
        plot.write_text(drawn.svg(), encoding="utf-8")
    return found


def _numbers(rounds: str) -> list[int]:
    try:
        return [int(part) for part in rounds.split(",")]
    except ValueError:
        raise OptionError(
            f"--rounds was given {quote(rounds)}", right="it takes numbers with commas between", next="--rounds 100,300,600"
        ) from None
