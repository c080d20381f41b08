"""The project: a folder with tasks, settings and a store; the one that is open, or the one around the current folder."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import sys
import tomllib
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import ModuleType
from typing import Any

from tacit.errors import FileError, OptionError, TaskError, UnknownTask, nearest, quote
from tacit.store import Store
from tacit.tasks import Task

__all__ = ["Project", "Settings", "close", "current", "locate", "open"]


@dataclass(frozen=True)
class Settings:
    """The `[tool.tacit]` table of `pyproject.toml`; each has a default, most projects need none.

    Attributes:
        durability: "normal" keeps acknowledged labels through a kill of the process, "full" through a loss of power.
        price_per_hour: What an hour of this machine costs, in USD; runs then have a cost.
    """

    durability: str = "normal"
    price_per_hour: float | None = None


@dataclass(frozen=True, eq=False)
class Project:
    """A folder that was opened.

    Attributes:
        root: The folder.
        settings: From its `pyproject.toml`.
    """

    root: Path
    settings: Settings
    _seen: dict[str, Task[..., Any]] = field(default_factory=dict, repr=False)

    @property
    def hidden(self) -> Path:
        """`.tacit/`: the store and files that go with it."""
        return self.root / ".tacit"

    @functools.cached_property
    def store(self) -> Store:
        """The database, opened at first use."""
        try:
            self.hidden.mkdir(parents=True, exist_ok=True)
            ignore = self.hidden / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
        except OSError as error:
            raise FileError(
                f"{self.hidden} cannot be made ({error.strerror})",
                next=f"chmod u+w {self.root}, or open a folder that you may write to",
            ) from None
        return Store.open(self.hidden, url=os.environ.get("TACIT_DATABASE_URL"), durability=self.settings.durability)

    @functools.cached_property
    def tasks(self) -> dict[str, Task[..., Any]]:
        """The tasks declared in `tasks/*.py`, by name."""
        found: dict[str, Task[..., Any]] = {}
        for file in sorted((self.root / "tasks").glob("*.py")):
            for value in vars(_load(self.root, file)).values():
                if isinstance(value, Task) and found.setdefault(value.name, value) is not value:
                    raise TaskError(
                        f"two tasks are named {value.name}",
                        where=f"{found[value.name].where} and {value.where}",
                        next="rename one of them",
                    )
        return found

    def task(self, task: Task[..., Any] | str) -> Task[..., Any]:
        """The task itself, or the one of that name. Raises `UnknownTask`."""
        if isinstance(task, Task):
            self._seen[task.name] = task
            return task
        known = self._seen | self.tasks
        if task in known:
            return known[task]
        close = nearest(task, known)
        stored = task in self.store.signatures()
        raise UnknownTask(
            f"there is no task {quote(task)} in {self.root}" + (", though its store has examples of one" if stored else ""),
            right=f"it has {', '.join(sorted(known))}" if known else "tasks are typed functions with @task in tasks/*.py",
            next=_if_unknown(task, close, stored),
        )


def _if_unknown(task: str, close: str | None, stored: bool) -> str:
    if stored:
        return f"tacit db rename {task} {close or 'NEW_NAME'}"
    return f"did you mean {close}?" if close else f"write tasks/{task}.py with @task above def {task}(...)"


_opened: list[Project] = []


def open(folder: str | os.PathLike[str] = ".") -> Project:
    """Open a folder as the project that every verb uses from now on; `.tacit/` is made in it if there is none.

    Raises:
        FileError: It is no folder, or cannot be written to.
        OptionError: A setting in its `pyproject.toml` is unknown or has a value that it cannot have.
        StoreError: Its store cannot be used.
    """
    root = Path(folder).expanduser().resolve()
    if not root.is_dir():
        raise FileError(f"{folder} is no folder", next=f"mkdir {folder}")
    close()
    project = Project(root, _settings(root))
    _ = project.store
    _opened[:] = [project]
    return project


def close() -> None:
    """Close the open project; the next verb looks for one around the current folder."""
    for project in _opened:
        if "store" in vars(project):
            project.store.close()
    _opened.clear()


def current() -> Project:
    """The project that is open, else the one around the current folder, which is opened."""
    return _opened[0] if _opened else open(locate(Path.cwd()))


def locate(start: Path) -> Path:
    """The nearest folder, from `start` up, with `[tool.tacit]` or `.tacit/`; else `start`."""
    for folder in (start, *start.parents):
        if (folder / ".tacit").is_dir() or "tacit" in _tools(folder):
            return folder
    return start


def _tools(folder: Path) -> dict[str, Any]:
    file = folder / "pyproject.toml"
    if not file.is_file():
        return {}
    try:
        tools: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise FileError(f"pyproject.toml cannot be read ({error})", where=str(file), next=f"mend {file}") from None
    return tools


def _settings(root: Path) -> Settings:
    table = _tools(root).get("tacit", {})
    known = [f.name for f in fields(Settings)]
    for name in table:
        if name not in known:
            raise OptionError(
                f"[tool.tacit] has {quote(name)}, which is no setting",
                where=str(root / "pyproject.toml"),
                right=f"settings are {', '.join(known)}",
                next=f"write {nearest(name, known) or known[0]} = ...",
            )
    settings = Settings(**table)
    if settings.durability not in ("normal", "full"):
        raise OptionError(
            f"durability is {quote(settings.durability)}", right='it is "normal" or "full"', next='durability = "normal"'
        )
    price = settings.price_per_hour
    if price is not None and (isinstance(price, bool) or not isinstance(price, int | float) or not 0 <= price < 1e6):
        raise OptionError(f"price_per_hour is {quote(price)}", right="it is USD an hour, 0 or more", next="price_per_hour = 0.05")
    return settings


def _load(root: Path, file: Path) -> ModuleType:
    """Run a task file as a module of its own, whose name no other project's file has."""
    name = f"tacit_tasks_{hashlib.blake2b(str(root).encode(), digest_size=6).hexdigest()}_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise TaskError(f"{file} cannot be loaded", next="give it a name that ends in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where dataclasses and type hints look their module up
    try:
        with _importable(root):
            spec.loader.exec_module(module)
    except Exception as error:
        sys.modules.pop(name, None)
        if isinstance(error, TaskError):
            raise
        raise TaskError(
            f"{file.relative_to(root)} cannot be loaded: {type(error).__name__}: {error}",
            where=_place(error, file, root),
            next=f"mend {file.name}",
        ) from error
    return module


def _place(error: Exception, file: Path, root: Path) -> str:
    line = error.lineno if isinstance(error, SyntaxError) else None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == str(file):
            line = frame.lineno
    return f"{file.relative_to(root).as_posix()}:{line or 1}"


@contextmanager
def _importable(root: Path) -> Iterator[None]:
    """Let task files import modules that lie in the project's folder."""
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path.remove(str(root))
