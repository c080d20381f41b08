"""Looking after the store: what is in it, and bringing it along when a task changes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from tacit.errors import UnknownTask, nearest, quote
from tacit.project import Project, current
from tacit.tables import table

__all__ = ["Changed", "Holding", "Status", "relabel", "rename", "status"]


@dataclass(frozen=True)
class Holding:
    """What the store has of one task; `declared` says whether a task file still has it."""

    task: str
    examples: int
    labeled: int
    labels: dict[str, int]
    runs: int
    live: int | None
    declared: bool


@dataclass(frozen=True)
class Status:
    """What a store holds."""

    folder: str
    tasks: tuple[Holding, ...]

    def __str__(self) -> str:
        rows = [
            [
                h.task,
                f"{h.examples:,}",
                f"{h.labeled:,}",
                ", ".join(f"{n:,} {source}" for source, n in h.labels.items()),
                h.runs,
                h.live,
                "" if h.declared else f"no task file declares it; next: tacit db rename {h.task} NEW",
            ]
            for h in self.tasks
        ]
        columns = ["task", "examples", "labeled", "labels", "runs", "live", ""]
        return table(columns, rows, title=self.folder, right=["examples", "labeled", "runs", "live"])

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Changed:
    """What a change to the store did."""

    what: str

    def __str__(self) -> str:
        return self.what

    def to_dict(self) -> dict[str, Any]:
        return {"what": self.what}


def status() -> Status:
    """What the store of the open project holds."""
    project = current()
    store = project.store
    found = []
    for name in sorted({*store.signatures(), *project.tasks}):
        count, live = store.count(name), store.live(name)
        held = Holding(
            name,
            count.examples,
            count.labeled,
            dict(count.labels),
            len(store.runs(name)),
            live.version if live else None,
            name in project.tasks,
        )
        found.append(held)
    return Status(str(project.hidden), tuple(found))


def rename(old: str, new: str) -> Changed:
    """Give everything of the task `old` to the task `new`.

    Raises:
        UnknownTask: The store has no task `old`.
        TaskNameError: The store has examples of `new`.
    """
    project = current()
    _stored(project, old)
    project.store.rename(old, new)
    return Changed(f"{project.store.count(new).examples:,} examples of {old} belong to {new} now.")


def relabel(task: str, old: str, new: str) -> Changed:
    """Make the labels `old` of a task `new`; both as they are written in a file.

    Raises:
        UnknownTask: The store has no such task.
        OutsideType: `new` is not of the task's return type.
    """
    from tacit.collecting import parsed_label

    project = current()
    _stored(project, task)
    declared = project.task(task)
    value = json.dumps(declared.signature.output.to_json(parsed_label(declared, new)))
    stored = {json.dumps(label.value) for label in project.store.labels(task) if str(label.value) == old}
    changed = sum(project.store.relabel(task, s, value) for s in stored)
    return Changed(f"{changed:,} labels of {task} that were {quote(old)} are {quote(new)} now.")


def _stored(project: Project, task: str) -> None:
    known = project.store.signatures()
    if task not in known:
        close = nearest(task, known)
        raise UnknownTask(
            f"the store has no task {quote(task)}",
            right=f"it has {', '.join(known)}" if known else "it is empty",
            next=f"did you mean {close}?" if close else "tacit db status",
        )
