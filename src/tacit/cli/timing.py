"""The commands bench run, bench board, bench compare, bench plot, bench report, bench export and bench where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tacit.cli.completing import METRIC, TASK
from tacit.cli.printing import NEW_FILE, Lines, shown_progress, verb
from tacit.errors import OptionError, quote

__all__ = ["board", "compare", "export", "plot", "report", "run", "where"]

_POLICY = click.option(
    "--policy", default="all", show_default=True, metavar="NAME", help="Which phases count: all, dawnbench, mlperf or train."
)


@click.command()
@click.argument("task", type=TASK)
@click.option("--target", type=float, required=True, metavar="SCORE", help="The score to reach.")
@click.option("--runs", default=5, show_default=True, help="How often.")
@click.option("--budget", default="60", show_default=True, metavar="SECONDS", help="Of each run: 60, 90s, 5m.")
@click.option("--metric", type=METRIC, metavar="NAME", help="What is scored: accuracy, macro_f1, r2, ...")
@click.option(
    "--arm", "arms", multiple=True, metavar="NAME=LEARNERS", help="What is compared: fast=linear, slow=gbdt+forest, every=all."
)
@click.option("--conventional", is_flag=True, help="Compare with a training that has no target, for the whole budget.")
@click.option("--name", metavar="NAME", help="Of the benchmark in the ledger; the task's by default.")
@click.option("--machine", metavar="NAME", help="The machine in bench/prices.csv that this one is.")
@click.option("--seed", default=0, show_default=True, help="Of the first run.")
@verb
def run(
    task: str,
    target: float,
    runs: int,
    budget: str,
    metric: str | None,
    arms: tuple[str, ...],
    conventional: bool,
    name: str | None,
    machine: str | None,
    seed: int,
) -> Any:
    """Train TASK to a target several times, each time from nothing, and write each run into bench/ledger.jsonl."""
    from tacit.benchmarking import Arm, bench

    tried = [_arm(text) for text in arms]
    if conventional:
        tried = [*(tried or [Arm("all")]), Arm("conventional", to_target=False)]
    with shown_progress():
        return bench(
            task, target=target, runs=runs, budget=budget, metric=metric, arms=tried, name=name, machine=machine, seed=seed
        )


@click.command()
@click.argument("names", nargs=-1)
@_POLICY
@verb
def board(names: tuple[str, ...], policy: str) -> Any:
    """Show what the runs of NAMES come to, or all of the ledger, the soonest at its target first."""
    from tacit.benchmarking import board

    return board(*names, policy=policy)


@click.command()
@click.argument("before")
@click.argument("after")
@_POLICY
@verb
def compare(before: str, after: str, policy: str) -> Any:
    """Say whether AFTER is faster than BEFORE, slower, or whether nobody can tell; each is BENCHMARK/ARM or FILE:BENCHMARK/ARM."""
    from tacit.benchmarking import compare

    return compare(before, after, policy=policy)


@click.command()
@click.argument("names", nargs=-1)
@click.option("--out", type=NEW_FILE, required=True, metavar="FILE", help="The SVG file to write.")
@click.option("--kind", default="curves", show_default=True, metavar="NAME", help="curves, frontier, profile or history.")
@_POLICY
@verb
def plot(names: tuple[str, ...], out: Path, kind: str, policy: str) -> Any:
    """Draw the runs of NAMES, or all of the ledger."""
    from tacit.benchmarking import board, draw

    out.write_text(draw(board(*names, policy=policy), kind), encoding="utf-8")
    return f"{out} is written"


@click.command()
@click.argument("names", nargs=-1)
@click.option("--html", type=NEW_FILE, required=True, metavar="FILE", help="The page to write; it needs nothing else.")
@_POLICY
@verb
def report(names: tuple[str, ...], html: Path, policy: str) -> Any:
    """Write what the runs of NAMES come to, or all of the ledger, into one page."""
    from tacit.benchmarking import board
    from tacit.pages.bench_page import bench_file
    from tacit.project import current

    found = board(*names, policy=policy)
    html.write_text(bench_file(current(), found), encoding="utf-8")
    return found


@click.command()
@click.argument("name")
@click.option("--as", "format", required=True, metavar="NAME", help="dawnbench or mlperf.")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FOLDER", help="Where the files go.")
@verb
def export(name: str, format: str, out: Path) -> Any:
    """Write the runs of an arm, BENCHMARK/ARM, as a DAWNBench entry or as MLPerf logs."""
    from tacit.benchmarking import send

    return Lines(f"{file} is written" for file in send(name, format, out))


@click.command()
@click.argument("task", type=TASK)
@click.option("--learner", metavar="NAME", help="What is trained; the cheapest that fits by default.")
@click.option("--budget", default="60", show_default=True, metavar="SECONDS", help="Of the training: 60, 90s, 5m.")
@click.option("--plot", "file", type=NEW_FILE, metavar="FILE", help="The SVG file for a roofline.")
@click.option("--seed", default=0, show_default=True, help="Of everything that is drawn.")
@verb
def where(task: str, learner: str | None, budget: str, file: Path | None, seed: int) -> Any:
    """Say where the time of a training of TASK goes, and how much of what the machine can do is used; nothing of it is kept."""
    from tacit.benchmarking import where

    with shown_progress():
        found = where(task, learner=learner, budget=budget, seed=seed)
    if file is not None:
        file.write_text(found.draw(), encoding="utf-8")
    return found


def _arm(text: str) -> Any:
    from tacit.benchmarking import Arm

    name, equals, learners = text.partition("=")
    if not (name and equals and learners):
        raise OptionError(
            f"--arm was given {quote(text)}",
            right="it takes NAME=LEARNERS, with + between, or NAME=all",
            next="--arm fast=linear",
        )
    return Arm(name, None if learners == "all" else tuple(learners.split("+")))
