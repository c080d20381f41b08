"""Which folder is a project's, and what its files say before any of them is run: fast enough for each press of Tab."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from typing import Any

from tacit.errors import FileError

__all__ = ["declared", "locate", "task_files", "tools"]


def locate(start: Path) -> Path:
    """The nearest folder, from `start` up, with `[tool.tacit]` or `.tacit/`; else `start`."""
    for folder in (start, *start.parents):
        if (folder / ".tacit").is_dir() or "tacit" in tools(folder):
            return folder
    return start


def tools(folder: Path) -> dict[str, Any]:
    """The `[tool]` table of a folder's `pyproject.toml`, empty where there is none. Raises `FileError`."""
    file = folder / "pyproject.toml"
    if not file.is_file():
        return {}
    try:
        found: Any = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise FileError(f"pyproject.toml cannot be read ({error})", where=str(file), next=f"mend {file}") from None
    return found if isinstance(found, dict) else {}


def task_files(root: Path) -> list[Path]:
    """The files that may declare tasks, by name."""
    return sorted((root / "tasks").glob("*.py"))


def declared(root: Path) -> list[str]:
    """The names of the tasks that a project's files declare with `@task`, read without running them.

    A file that is no Python has none, and a task that is made by a call of `task(...)` is not seen.
    """
    names: set[str] = set()
    for file in task_files(root):
        try:
            tree = ast.parse(file.read_bytes())
        except (OSError, SyntaxError, ValueError):
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                names.update(name for mark in node.decorator_list if (name := _task_name(mark, node.name)))
    return sorted(names)


def _task_name(mark: ast.expr, function: str) -> str | None:
    """The name that a decorator gives to a task, or None if it makes none."""
    called = mark.func if isinstance(mark, ast.Call) else mark
    if (called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else "") != "task":
        return None
    for keyword in mark.keywords if isinstance(mark, ast.Call) else ():
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str):
            return keyword.value.value
    return function
