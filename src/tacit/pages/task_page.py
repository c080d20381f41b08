"""The page of one task: its question, what it answers now and how well, its labels, its runs and its releases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from tacit.browsing import browse, values
from tacit.charts import Chart, Point, Series, chart, scale
from tacit.errors import TacitError
from tacit.pages import shown
from tacit.pages.example_pages import find
from tacit.pages.fields import Field, Fieldset, fieldsets, typed
from tacit.pages.overview import card
from tacit.pages.shell import Shell
from tacit.pages.tallies import tallies
from tacit.project import Project
from tacit.runs import Run
from tacit.store import StoredExample, StoredRelease
from tacit.tasks import Task
from tacit.types import Category

__all__ = ["Answer", "add", "pictures_of", "render"]

_RELEASES = 12
_COMPARED = 4


@dataclass(frozen=True)
class Answer:
    """What the live release said of what was typed.

    Attributes:
        text: The value, as a person reads it.
        confidence: The probability given to it, 0 to 1; None for numbers.
        scores: Class and probability, the most probable first.
        release: Who answered.
        id: Of the prediction.
        correction: The field that asks what it should have been.
    """

    text: str
    confidence: float | None
    scores: tuple[tuple[str, float], ...]
    release: int | None
    id: str
    correction: Field


@dataclass(frozen=True)
class ReleaseRow:
    """One release, with the run that made its model where that is known."""

    stored: StoredRelease
    run: Run | None
    is_live: bool


def add(routes: APIRouter, shell: Shell) -> None:
    """The page `/tasks/NAME` and the part of it that comes later."""

    @routes.get("/tasks/{name}")
    def task_page(name: str, like: str = "", corrected: str = "") -> Response:
        task = shell.project.task(name)
        return render(shell, task, form=_form(shell, task, like), like=like, noted=bool(corrected))

    @routes.get("/tasks/{name}/report")
    def report(name: str) -> Response:
        task = shell.project.task(name)
        return shell.page("report.html", task=task, wait_longer=True, **_report(shell, task, wait=5.0))


def render(
    shell: Shell,
    task: Task[..., Any],
    *,
    form: list[Fieldset],
    like: str = "",
    answer: Answer | None = None,
    problem: TacitError | None = None,
    noted: bool = False,
    status: int = 200,
) -> Response:
    """The page of a task.

    Arguments:
        form: The form to try it with, filled in or not.
        like: The id of the example that the form was filled in with; its images are taken where no file is chosen.
        answer: To what was sent.
        problem: Why there is no answer, where that is no single field's fault.
        noted: Whether a correction was just stored.
    """
    project = shell.project
    about = card(project, task)
    runs = [Run.from_dict(r.record) for r in project.store.runs(task.name)]
    return shell.page(
        "task.html",
        status,
        task=task,
        section="task",
        card=about,
        form=form,
        like=like,
        has_file=any(f.control == "file" for s in form for f in s.fields),
        example=_an_example(shell, task, like),
        answer=answer,
        problem=problem,
        noted=noted,
        charts=[c for c in _charts(runs, about.run) if c],
        runs=len(runs),
        releases=_releases(project, task, runs),
        values=_values(project, task),
        tallies=tallies(project, task, about.counts.last_example_seq),
        **_report(shell, task, wait=0.4),
    )


def pictures_of(task: Task[..., Any], example: StoredExample) -> dict[str, str]:
    """Column -> the address of the image that an example has there."""
    flat = task.signature.flatten(example.inputs)
    return {
        column: f"/tasks/{task.name}/examples/{example.id}/image/{place}"
        for place, (column, kind) in enumerate(task.signature.columns.items())
        if kind.role == "image" and flat[column] is not None
    }


def _form(shell: Shell, task: Task[..., Any], like: str) -> list[Fieldset]:
    """The form, filled in with an example where one is asked for."""
    if not like:
        return fieldsets(task.signature)
    example = find(shell, task, like)
    flat = task.signature.flatten(example.inputs)
    filled = {column: typed(kind, flat[column]) for column, kind in task.signature.columns.items()}
    return fieldsets(task.signature, filled, pictures_of(task, example))


def _an_example(shell: Shell, task: Task[..., Any], like: str) -> str | None:
    """The id of an example to fill the form in with; another one each time."""
    store = shell.project.store
    behind = find(shell, task, like).seq if like else 0
    shown_next = browse(store, task.name, after=behind, size=1).shown or browse(store, task.name, size=1).shown
    return shown_next[0].example.id if shown_next else None


def _report(shell: Shell, task: Task[..., Any], wait: float) -> dict[str, Any]:
    if shell.project.store.live(task.name) is None:
        return {"measured": None, "axis": None}
    found = shell.measurements.of(task, wait=wait)
    if found.result is None or not found.result.whole.measured:
        return {"measured": found, "axis": None}
    groups = [found.result.whole, *found.result.slices.values()]
    first = [g.measured[0] for g in groups if g.measured]
    ends = [v for m in first for v in (m.value, *m.interval)]
    return {"measured": found, "axis": scale(ends)}


def _charts(runs: list[Run], live: Run | None) -> list[Chart | None]:
    """The score against seconds within runs, and against labels over runs; of runs with the same metric and objective only."""
    shown_run = live or (runs[-1] if runs else None)
    if shown_run is None:
        return []
    alike = [r for r in runs if (r.metric, r.objective) == (shown_run.metric, shown_run.objective)]
    others = [r for r in alike if r.id != shown_run.id][-_COMPARED:]
    seconds = [_of_seconds(r, faint=True) for r in others] + [_of_seconds(shown_run, faint=False)]
    source = "gold" if any(r.labels["gold"] for r in alike) else "voted"
    by_labels = {r.labels[source]: Point(r.labels[source], r.score, *r.interval) for r in alike}
    learned = Series("runs", tuple(by_labels[n] for n in sorted(by_labels)))
    name = "examples that people labeled" if source == "gold" else "examples that functions voted on"
    return [
        chart(f"{shown_run.metric} by seconds of training", "seconds", shown_run.metric, seconds),
        chart(f"{shown_run.metric} by labels", name, shown_run.metric, [learned]) if len(by_labels) > 1 else None,
    ]


def _of_seconds(run: Run, *, faint: bool) -> Series:
    points = [Point(s, v) for s, _, v in run.curve]
    if points and run.seconds > points[-1].x:
        points.append(Point(run.seconds, points[-1].y))
    return Series(f"run {run.id[:6]}", tuple(points), steps=True, faint=faint)


def _releases(project: Project, task: Task[..., Any], runs: list[Run]) -> list[ReleaseRow]:
    """The newest releases, newest first."""
    live, by_id = project.store.live(task.name), {r.id: r for r in runs}
    rows = [
        ReleaseRow(r, by_id.get(r.model), live is not None and r.version == live.version)
        for r in reversed(project.store.releases(task.name))
    ]
    return rows[:_RELEASES] + [r for r in rows[_RELEASES:] if r.is_live]


def _values(project: Project, task: Task[..., Any]) -> list[tuple[str, int]]:
    """How often each class was said; nothing for answers of other kinds, which are seldom alike."""
    output = task.signature.output
    if not isinstance(output, Category):
        return []
    return [(shown.label(output, value), n) for value, n in values(project.store, task.name)]
