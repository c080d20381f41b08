"""Looking after the store: what is in it, and bringing it along when a task changes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tacit.errors import TaskNameError, UnknownTask, nearest, quote
from tacit.folders import locate
from tacit.project import Project, current, opened, settings_of
from tacit.tables import size, table
from tacit.tasks import RESERVED

__all__ = ["Changed", "Holding", "Status", "Upgraded", "relabel", "rename", "status", "upgrade"]


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
    """What a store holds.

    Attributes:
        folder: Where the project's `.tacit/` is.
        file: The database: its path, or its address without the password.
        bytes: The size of the file with its write-ahead log, or None where it lies elsewhere.
        revision: Of the schema.
        tasks: What there is of each.
    """

    folder: str
    file: str
    bytes: int | None
    revision: str
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
        held = f", {size(self.bytes)}" if self.bytes is not None else ""
        title = f"{self.file}: revision {self.revision}{held}"
        return table(columns, rows, title=title, right=["examples", "labeled", "runs", "live"])

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


@dataclass(frozen=True)
class Upgraded:
    """The revisions of a store before and after; `before` is None where there was no store."""

    file: str
    before: str | None
    after: str

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.file}: made, revision {self.after}."
        if self.before == self.after:
            return f"{self.file}: revision {self.after} already. Opening a project brings its store up to date by itself."
        return f"{self.file}: revision {self.before} before, {self.after} now."

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def upgrade() -> Upgraded:
    """Bring the schema of the store to this tacit's revision, as opening the project does by itself.

    Raises:
        StoreError: The store cannot be used, or was written by a newer tacit.
    """
    from tacit.store import Store
    from tacit.store.schema import REVISION

    project = opened()
    if project is None:
        root = locate(Path.cwd())
        still = Project(root, settings_of(root))
        before = Store.revision(still.hidden, url=still.database_url)
    else:
        before = REVISION  # it was opened
    return Upgraded(current().store.file, before, REVISION)


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
    from tacit.store.schema import REVISION

    return Status(str(project.hidden), store.file, _bytes(project), REVISION, tuple(found))


def _bytes(project: Project) -> int | None:
    if project.database_url:
        return None
    return sum(f.stat().st_size for f in project.hidden.glob("store.db*"))


def rename(old: str, new: str) -> Changed:
    """Give everything of the task `old` to the task `new`.

    Raises:
        UnknownTask: The store has no task `old`.
        TaskNameError: The store has examples of `new`, or no task can have that name.
    """
    project = current()
    _stored(project, old)
    if not new.isidentifier() or new in RESERVED:
        raise TaskNameError(
            f"{quote(new)} cannot name a task",
            right="a name is a letter, then letters, digits and _",
            next=f"tacit db rename {old} NEW",
        )
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
