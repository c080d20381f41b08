"""A project's folder and what its files say, before any of them is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tacit.errors import FileError
from tacit.folders import declared, locate, task_files, tools


def test_the_nearest_folder_with_a_store_or_a_table_is_the_project(folder: Path) -> None:
    inner = folder / "a" / "b"
    inner.mkdir(parents=True)
    assert locate(inner) == inner
    (folder / "pyproject.toml").write_text("[tool.tacit]\n", encoding="utf-8")
    assert locate(inner) == folder
    (folder / "a" / ".tacit").mkdir()
    assert locate(inner) == folder / "a"


def test_a_pyproject_that_is_no_toml_is_an_error_and_an_odd_tool_is_none(folder: Path) -> None:
    file = folder / "pyproject.toml"
    file.write_text("[tool", encoding="utf-8")
    with pytest.raises(FileError, match=r"cannot be read.*next: mend"):
        tools(folder)
    file.write_text("tool = 3\n", encoding="utf-8")
    assert tools(folder) == {}


def test_tasks_are_found_by_reading_alone(folder: Path) -> None:
    (folder / "tasks").mkdir()
    (folder / "tasks" / "b.py").write_text(
        "import tacit, nothing_of_this_name\n@tacit.task\ndef one(x): ...\n@task(name='two')\ndef other(x): ...\n"
        "@one.slice\ndef short(x): ...\n@task()\ndef three(x): ...\ndef plain(x): ...\n",
        encoding="utf-8",
    )
    (folder / "tasks" / "a.py").write_text("def broken(:", encoding="utf-8")
    (folder / "tasks" / "c.py").write_bytes(b"\xff\x00")
    assert [file.name for file in task_files(folder)] == ["a.py", "b.py", "c.py"]
    assert declared(folder) == ["one", "three", "two"]
