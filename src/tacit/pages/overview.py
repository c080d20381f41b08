"""The first page: every task with how far it is, and what to do next with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from tacit.browsing import fresh
from tacit.charts import Scale, scale
from tacit.pages.bench_page import there
from tacit.pages.shell import Shell
from tacit.pages.steps import Step, next_step
from tacit.project import Project
from tacit.runs import Run
from tacit.store import Counts
from tacit.tasks import Task

__all__ = ["Card", "add", "card"]


@dataclass(frozen=True)
class Card:
    """One task on the page.

    Attributes:
        task: The task.
        counts: What the store has of it.
        live: The number of the live release, or None.
        run: The run that made the live model, or None.
        axis: Where its score and interval are drawn.
        step: What to do next.
    """

    task: Task[..., Any]
    counts: Counts
    live: int | None
    run: Run | None
    axis: Scale | None
    step: Step


def add(routes: APIRouter, shell: Shell) -> None:
    """The page `/`."""

    @routes.get("/")
    def overview() -> Response:
        project = shell.project
        cards = [card(project, task) for task in project.tasks.values()]
        return shell.page("overview.html", cards=cards, benchmarks=there(project))


def card(project: Project, task: Task[..., Any]) -> Card:
    """What the page says of one task."""
    store = project.store
    counts, live, runs = store.count(task.name), store.live(task.name), store.runs(task.name)
    newest = Run.from_dict(runs[-1].record) if runs else None
    made = next((r for r in runs if live is not None and r.id == live.model), None)
    run = Run.from_dict(made.record) if made else None
    return Card(
        task,
        counts,
        live.version if live else None,
        run,
        _axis(run) if run else None,
        next_step(task, counts, newest, fresh(store, task.name, newest.labels["upto"]) if newest else 0),
    )


def _axis(run: Run) -> Scale:
    """0 to 1, where most metrics are; else from 0 to what holds the interval."""
    ends = [run.score, *run.interval]
    return Scale(0.0, 1.0) if min(ends) >= 0 and max(ends) <= 1 else scale([0.0, *ends])
