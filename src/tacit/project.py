"""The project: a folder with tasks, settings and a store; the one that is open, or the one around the current folder."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import ModuleType
from typing import Any

from tacit.errors import FileError, OptionError, TaskError, UnknownTask, nearest, quote
from tacit.folders import locate, task_files, tools
from tacit.store import Store
from tacit.tasks import Task

__all__ = ["Project", "Settings", "close", "current", "open", "opened", "settings_of"]


@dataclass(frozen=True)
class Settings:
    """The `[tool.tacit]` table of `pyproject.toml`; each has a default, most projects need none.

    Attributes:
        durability: "normal" keeps acknowledged labels through a kill of the process, "full" through a loss of power.
        price_per_hour: What an hour of this machine costs, in USD; runs then have a cost.
        text_encoder, image_encoder: The pretrained models to transfer from, by path or name.
    """

    durability: str = "normal"
    price_per_hour: float | None = None
    text_encoder: str = "minilm"
    image_encoder: str | None = None

    @property
    def pretrained(self) -> dict[str, str]:
        """Role of a column -> the encoder to transfer from, where there is one."""
        return {"text": self.text_encoder} | ({} if self.image_encoder is None else {"image": self.image_encoder})


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

    @property
    def database_url(self) -> str | None:
        """The database that is used instead of `.tacit/store.db`, where `TACIT_DATABASE_URL` names one."""
        return os.environ.get("TACIT_DATABASE_URL") or None

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
        return Store.open(self.hidden, url=self.database_url, durability=self.settings.durability)

    @functools.cached_property
    def tasks(self) -> dict[str, Task[..., Any]]:
        """The tasks declared in `tasks/*.py`, by name."""
        found: dict[str, Task[..., Any]] = {}
        for file in task_files(self.root):
            for value in self.tasks_of(file):
                if found.setdefault(value.name, value) is not value:
                    raise TaskError(
                        f"two tasks are named {value.name}",
                        where=f"{found[value.name].where} and {value.where}",
                        next="rename one of them",
                    )
        return found

    def tasks_of(self, file: Path) -> list[Task[..., Any]]:
        """The tasks that one file declares, which is run for it. Raises `TaskError`."""
        return [value for value in vars(_load(self.root, file)).values() if isinstance(value, Task)]

    def task(self, task: Task[..., Any] | str) -> Task[..., Any]:
        """The task itself, or the one of that name. Raises `UnknownTask`."""
        if isinstance(task, Task):
            self._seen[task.name] = task
            return task
        if not isinstance(task, str):
            raise OptionError(
                f"the task is {quote(task)}, of type {type(task).__name__}",
                right="it is a function with @task, or the name of one",
                next="tacit db status  # lists them",
            )
        known = self._seen | self.tasks
        if task in known:
            return known[task]
        close = nearest(task, known)
        stored = task in self.store.signatures()
        raise UnknownTask(
            f"there is no task {quote(task)} in {self.root}" + (", though its store has examples of one" if stored else ""),
            right=f"it has {', '.join(sorted(known))}"
            if known
            else "it has no tasks/*.py, so perhaps it is not the project you mean",
            next=_if_unknown(task, close, stored, bool(known)),
        )


def _if_unknown(task: str, close: str | None, stored: bool, known: bool) -> str:
    if stored:
        return f"tacit db rename {task} {close or 'NEW_NAME'}"
    if not known:
        return "tacit new NAME, or cd to a project"
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
    project = Project(root, settings_of(root))
    _ = project.store
    _opened[:] = [project]
    return project


def close() -> None:
    """Close the open project; the next verb looks for one around the current folder."""
    for project in _opened:
        if "store" in vars(project):
            project.store.close()
    _opened.clear()


def opened() -> Project | None:
    """The project that is open."""
    return _opened[0] if _opened else None


def current() -> Project:
    """The project that is open, else the one around the current folder, which is opened."""
    return opened() or open(locate(Path.cwd()))


def settings_of(root: Path) -> Settings:
    """The settings of the project in a folder. Raises `OptionError`, or `FileError` where `pyproject.toml` cannot be read."""
    table = tools(root).get("tacit", {})
    known = [f.name for f in fields(Settings)]
    if not isinstance(table, dict):
        raise OptionError(
            f"tool.tacit is {quote(table)}", where=str(root / "pyproject.toml"), right="it is a table", next="write [tool.tacit]"
        )
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
    for name in ("text_encoder", "image_encoder"):
        encoder = getattr(settings, name)
        if encoder is not None and not (isinstance(encoder, str) and encoder):
            raise OptionError(
                f"{name} is {quote(encoder)}", right="it is a folder, or the name of a model", next=f'{name} = "models/mine"'
            )
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
    except (Exception, SystemExit) as error:
        sys.modules.pop(name, None)
        if isinstance(error, TaskError):
            raise
        raise TaskError(
            f"{file.relative_to(root)} cannot be loaded: {type(error).__name__}: {error}",
            where=_place(error, file, root),
            next=f"mend {file.name}",
        ) from error
    return module


def _place(error: BaseException, file: Path, root: Path) -> str:
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
