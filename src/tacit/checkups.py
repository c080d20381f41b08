"""The verb doctor: what is missing or broken, and the line that mends it. Nothing is made or changed by looking."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tacit import surroundings
from tacit.surroundings import Finding
from tacit.tables import size, table
from tacit.tasks import Task

__all__ = ["Checkup", "Finding", "doctor"]

_LITTLE = 200_000_000
_ENOUGH = 2_000_000_000
_LONG_LOG = 200_000_000
"""Bytes: too few to train on, few, and a write-ahead log that nothing has emptied in a while."""


@dataclass(frozen=True)
class Checkup:
    """What was found.

    Attributes:
        folder: The project's.
        findings: One or more for each part.
    """

    folder: str
    findings: tuple[Finding, ...]

    @property
    def problems(self) -> int:
        """How many findings keep something from working."""
        return sum(f.state == "problem" for f in self.findings)

    def __str__(self) -> str:
        rows = [[f.state, f.part, f.found + (f"  next: {f.fix}" if f.fix else "")] for f in self.findings]
        notes = sum(f.state == "note" for f in self.findings)
        said = [f"{n} {word}{'s' * (n != 1)}" for n, word in ((self.problems, "problem"), (notes, "note")) if n]
        return table(["", "part", "found"], rows, title=self.folder) + f"\n{' and '.join(said) or 'all is well'}."

    def to_dict(self) -> dict[str, Any]:
        return {"folder": self.folder, "problems": self.problems, "findings": [asdict(f) for f in self.findings]}


def doctor() -> Checkup:
    """Look at everything that tacit stands on: Python, packages, extras, machine, and the project around.

    It raises nothing: what is broken is a finding. Nothing is made, upgraded or changed; the task files are run.
    """
    root = _root()
    parts: list[tuple[str, Callable[[], Finding | list[Finding]]]] = [
        ("python", surroundings.python),
        ("packages", surroundings.packages),
        ("extras", surroundings.extras),
        ("lightgbm", surroundings.trees),
        ("processor", surroundings.processor),
        ("gpu", surroundings.gpu),
        ("disk", lambda: _disk(root)),
        ("settings", lambda: _settings(root)),
        ("store", lambda: _store(root)),
        ("tasks", lambda: _tasks(root)),
    ]
    found: list[Finding] = []
    for part, look in parts:
        try:
            said = look()
        except Exception as error:  # a look that fails is what there is to report
            said = Finding.of(part, error)
        found += said if isinstance(said, list) else [said]
    return Checkup(str(root), tuple(found))


def _root() -> Path:
    """The open project's folder, or the one around; the current one where that cannot be told."""
    try:
        from tacit.project import opened

        if project := opened():
            return project.root
    except ImportError:  # a package is missing: `packages` names it
        pass
    from tacit.errors import FileError
    from tacit.folders import locate

    try:
        return locate(Path.cwd())
    except FileError:
        return Path.cwd()


def _disk(root: Path) -> Finding:
    free = shutil.disk_usage(root).free
    if free < _ENOUGH:
        what = f"only {size(free)} are free"
        return Finding("disk", "problem" if free < _LITTLE else "note", what, f"df -h {root}  # and make room")
    return Finding("disk", "ok", f"{size(free)} are free")


def _settings(root: Path) -> Finding:
    from tacit.project import settings_of

    found = asdict(settings_of(root))
    return Finding("settings", "ok", ", ".join(f"{name} = {value}" for name, value in found.items()))


def _tasks(root: Path) -> list[Finding]:
    from tacit.folders import task_files
    from tacit.project import Project, settings_of

    files = task_files(root)
    if not files:
        return [Finding("tasks", "note", "tasks/ has none", f"tacit new {root.name or 'shop'}, or write tasks/NAME.py")]
    project, found = Project(root, settings_of(root)), list[Finding]()
    tasks: dict[int, Task[..., Any]] = {}
    for file in files:
        try:
            tasks |= {id(task): task for task in project.tasks_of(file)}
        except Exception as error:  # whatever a file of somebody else's may raise
            found.append(Finding("tasks", "problem", *_told(error, file)))
    names = [task.name for task in tasks.values()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        found.append(Finding("tasks", "problem", f"more than one task is named {', '.join(twice)}", "rename one of them"))
    if names:
        found.insert(0, Finding("tasks", "ok", f"{', '.join(dict.fromkeys(names))} in {len(files)} files"))
    return found


def _told(error: Exception, file: Path) -> tuple[str, str]:
    told = Finding.of("tasks", error)
    return told.found, told.fix or f"mend {file.name}"


def _store(root: Path) -> Finding:
    if os.environ.get("TACIT_DATABASE_URL"):
        return _distant(root)
    file = root / ".tacit" / "store.db"
    if not file.exists():
        return Finding("store", "ok", "there is none yet; the first verb makes it")
    from tacit.store.faults import translated
    from tacit.store.schema import REVISION

    with translated(str(file)), closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=2)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        revision = (
            connection.execute("SELECT version_num FROM alembic_version").fetchone() if "alembic_version" in tables else None
        )
        said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if said != "ok":
            return Finding(
                "store", "problem", f"{file} is damaged: {said}", f"mv {file} {file}.damaged  # then copy a backup there"
            )
        connection.execute("BEGIN IMMEDIATE")  # it is writable, or says why not
        connection.execute("ROLLBACK")
        log = file.with_name("store.db-wal")
        grown = log.stat().st_size if log.exists() else 0
    what = f"revision {revision[0] if revision else 'none'}, {size(file.stat().st_size)}, write-ahead log {size(grown)}, writable, sound"
    if revision is None or revision[0] != REVISION:
        return Finding("store", "note", f"{what}; this tacit works with revision {REVISION}", "tacit db upgrade")
    if grown > _LONG_LOG:
        return Finding("store", "note", f"{what}; the log is long", "end what holds the store open, then tacit db status")
    return Finding("store", "ok", what)


def _distant(root: Path) -> Finding:
    """A store that lies elsewhere is opened as every verb opens it."""
    from tacit.project import Project, settings_of

    with Project(root, settings_of(root)).store as store, store.reading():
        return Finding("store", "ok", f"{store.file} opens and can be read")
