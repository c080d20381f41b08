"""The live pointer: which model answers, the gate in front of it, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tacit.arguments import checked
from tacit.errors import ArtifactError, GateError, NoModel
from tacit.project import Project, current
from tacit.runs import Run
from tacit.tasks import Task
from tacit.validation import Validation, compare

__all__ = ["FIRST", "Release", "gate", "release", "rollback"]


FIRST = "the first model goes live by itself"


@dataclass(frozen=True)
class Release:
    """A version that is live now.

    Attributes:
        task: The task's name.
        version: From 1.
        model: The id of its model.
        why: What the gate said, or that it was forced or rolled back.
    """

    task: str
    version: int
    model: str
    why: str

    def __str__(self) -> str:
        return f"{self.task}: release {self.version} is live (model {self.model}; {self.why})."

    def to_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@checked
def release(task: Task[..., Any] | str, version: int | None = None, *, force: bool = False) -> Release:
    """Make the newest model live, or the earlier release `version`.

    The newest model has to pass the gate: on the rows that both it and the live model scored without having been trained
    on them, it is not worse beyond noise. The pointer moves in one transaction; answers under way keep their model.

    Raises:
        NoModel: The task has no model, or no such version.
        GateError: The gate does not pass; `force=True` releases all the same.
    """
    project = current()
    task = project.task(task)
    if version is not None:
        known = {r.version: r for r in project.store.releases(task.name)}
        if version not in known:
            raise NoModel(
                f"{task.name} has no release {version}",
                right=f"it has {', '.join(map(str, known))}" if known else "it has none yet",
                next=f"tacit release {task.name}",
            )
        project.store.set_live(task.name, version)
        return Release(task.name, version, known[version].model, "chosen by version")
    runs = project.store.runs(task.name)
    if not runs:
        raise NoModel(f"{task.name} has no trained model to release", next=f"tacit train {task.name}")
    newest = Run.from_dict(runs[-1].record)
    live = project.store.live(task.name)
    if live is not None and live.model == newest.model:
        return Release(task.name, live.version, live.model, "it was live already")
    passes, why = gate(
        project, task, newest.id, newest.metric, partial=newest.rows < newest.labels["gold"] + newest.labels["voted"]
    )
    if not passes and not force:
        raise GateError(
            f"model {newest.id} of {task.name} does not pass the gate: {why}", next=f"tacit release {task.name} --force"
        )
    why = why if passes else f"forced, although {why}"
    return Release(task.name, project.store.release(task.name, newest.model, why), newest.model, why)


def rollback(task: Task[..., Any] | str) -> Release:
    """Make the release before the live one live again.

    Raises:
        NoModel: There is no earlier release.
    """
    project = current()
    task = project.task(task)
    live = project.store.live(task.name)
    earlier = [r for r in project.store.releases(task.name) if live is not None and r.version < live.version]
    if live is None or not earlier:
        raise NoModel(
            f"{task.name} has no release before {live.version if live else 'the first'}", next=f"tacit release {task.name}"
        )
    back = earlier[-1]
    project.store.set_live(task.name, back.version)
    return Release(task.name, back.version, back.model, f"rolled back from release {live.version}")


def gate(project: Project, task: Task[..., Any], model: str, metric: str, *, partial: bool = False) -> tuple[bool, str]:
    """Whether a model may go live, and the sentence that says why.

    Both models are compared row by row where neither was trained on the row it is scored on. The new one is refused if it
    is worse beyond noise: if the mean difference, plus 1.645 standard errors (a one-sided paired test at 5 %), is below 0.
    One that was fitted on some of the rows only has no such benefit of the doubt: it has to be better. Scores of splits that
    respected other columns do not compare: a model whose split respects less than that of the live one is refused.

    Arguments:
        metric: What the new model was trained for.
        partial: Whether the model was fitted on some of the rows only, since time or patience ran out.
    """
    live = project.store.live(task.name)
    if live is None or live.model == model:
        return True, FIRST
    if live.signature != task.signature.text:
        return True, f"release {live.version} was trained for other types"
    records = {run.id: run.record for run in project.store.runs(task.name)}
    asked, before = ({o: records.get(m, {}).get(o) for o in ("groups", "time")} for m in (model, live.model))
    if live.model in records and asked != before:
        lacking = {o: column for o, column in before.items() if column and column != asked[o]}
        options = " ".join(f"--{o} {column}" for o, column in lacking.items())
        return (
            (False, f"release {live.version} was scored with {options}, this one without, which flatters it")
            if lacking
            else (True, f"release {live.version} was scored on splits that respected less, so that nothing compares")
        )
    new = Validation.read(project.hidden, model)
    try:
        old = Validation.read(project.hidden, live.model)
    except ArtifactError:
        return True, f"release {live.version} was left by a training that did not end, with nothing to compare"
    difference = compare(new, old, metric)
    if len(difference) < 20:
        few = f"only {len(difference)} rows tell it from release {live.version}"
        return not partial, f"{few}, and it was fitted on some of the rows only" if partial else f"{few}, too few to refuse it"
    mean, error = float(np.mean(difference)), float(np.std(difference, ddof=1)) / np.sqrt(len(difference))
    said = (
        f"{mean:+.4f} (95 %: {mean - 1.96 * error:+.4f} to {mean + 1.96 * error:+.4f}) a row against release {live.version} "
        f"on {len(difference):,} rows that neither was trained on"
    )
    if partial:
        return mean > 0, f"fitted on some of the rows only, {said}"
    return bool(mean + 1.645 * error >= 0), said
