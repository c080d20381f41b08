"""Opening a project, its settings and its tasks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import tacit
from tacit.errors import FileError, OptionError, TaskError, UnknownTask
from tacit.project import current, opened

SENTIMENT = """from typing import Literal
from tacit import Text, task

@task
def sentiment(review: Text) -> Literal["positive", "negative"]:
    "Glad or sad?"
"""


def written(folder: Path, **files: str) -> Path:
    (folder / "tasks").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "tasks" / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


def test_opening_a_folder_makes_a_store_that_git_ignores(folder: Path) -> None:
    tacit.open(folder)
    assert (folder / ".tacit" / "store.db").exists()
    assert (folder / ".tacit" / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_tasks_are_found_by_name_and_may_use_each_other_and_modules_beside_them(folder: Path) -> None:
    (folder / "wording.py").write_text("QUESTION = 'Well?'\n", encoding="utf-8")
    written(folder, sentiment="from wording import QUESTION\n" + SENTIMENT)
    project = tacit.open(folder)
    assert list(project.tasks) == ["sentiment"]
    assert project.task("sentiment") is project.tasks["sentiment"]


def test_a_task_file_with_string_annotations_and_a_dataclass_is_read(folder: Path) -> None:
    text = """from __future__ import annotations
from dataclasses import dataclass
from tacit import task

@dataclass
class House:
    rooms: int

@task
def price(house: House) -> float:
    "How much?"
"""
    written(folder, price=text)
    assert str(tacit.open(folder).task("price").signature) == "(house: House) -> float"


def test_an_unknown_task_is_an_error_that_names_the_nearest(folder: Path) -> None:
    written(folder, sentiment=SENTIMENT)
    project = tacit.open(folder)
    with pytest.raises(UnknownTask, match=r"next: did you mean sentiment\?"):
        project.task("sentimnt")


def test_a_task_that_only_the_store_knows_is_an_error_that_tells_how_to_rename_it(folder: Path) -> None:
    project = tacit.open(written(folder, mood=SENTIMENT.replace("sentiment", "mood")))
    project.store.remember("sentiment", {})
    with pytest.raises(UnknownTask, match="tacit db rename sentiment"):
        project.task("sentiment")


@pytest.mark.parametrize(
    ("text", "line"), [("x = 1\nraise ValueError('no')\n", 2), ("def broken(:\n", 1), ("import no_such_module\n", 1)]
)
def test_a_task_file_that_cannot_be_loaded_is_an_error_with_its_line(folder: Path, text: str, line: int) -> None:
    project = tacit.open(written(folder, broken=text))
    with pytest.raises(TaskError, match=rf"at tasks/broken\.py:{line}\."):
        _ = project.tasks


def test_two_tasks_of_one_name_are_an_error_that_names_both(folder: Path) -> None:
    project = tacit.open(written(folder, one=SENTIMENT, two=SENTIMENT))
    with pytest.raises(TaskError, match=r"one\.py:4 and tasks/two\.py:4"):
        _ = project.tasks


def test_settings_come_from_pyproject_and_a_wrong_one_is_refused_with_the_nearest(folder: Path) -> None:
    file = folder / "pyproject.toml"
    file.write_text('[tool.tacit]\ndurability = "full"\nprice_per_hour = 0.5\n', encoding="utf-8")
    settings = tacit.open(folder).settings
    assert (settings.durability, settings.price_per_hour) == ("full", 0.5)
    for wrong, said in [
        ('durabilty = "full"', "write durability"),
        ('durability = "some"', 'it is "normal" or "full"'),
        ("price_per_hour = -1", "USD an hour"),
        ("price_per_hour = true", "USD an hour"),
    ]:
        file.write_text(f"[tool.tacit]\n{wrong}\n", encoding="utf-8")
        with pytest.raises(OptionError, match=said):
            tacit.open(folder)
    file.write_text("[tool.tacit\n", encoding="utf-8")
    with pytest.raises(FileError, match="pyproject"):
        tacit.open(folder)


def test_a_table_of_settings_that_is_none_is_refused(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool]\ntacit = 3\n", encoding="utf-8")
    with pytest.raises(OptionError, match=r"tool\.tacit is 3; it is a table"):
        tacit.open(folder)


def test_a_task_file_that_ends_the_program_is_an_error_with_its_line(folder: Path) -> None:
    project = tacit.open(written(folder, one="import sys\nsys.exit('no')\n"))
    with pytest.raises(TaskError, match=r"SystemExit: no\.  at tasks/one\.py:2"):
        _ = project.tasks


def test_a_task_that_is_no_name_is_refused_in_words(folder: Path) -> None:
    with pytest.raises(OptionError, match="the task is 3, of type int; it is a function with @task"):
        tacit.open(folder).task(3)  # type: ignore[arg-type]


def test_another_database_is_used_where_the_environment_names_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACIT_DATABASE_URL", f"sqlite:///{folder}/other.db")
    assert tacit.open(folder).store.file == f"{folder}/other.db"
    monkeypatch.setenv("TACIT_DATABASE_URL", "")
    assert tacit.open(folder).store.file == str(folder / ".tacit" / "store.db")
    opened_now = opened()
    assert opened_now is not None
    assert opened_now.database_url is None


def test_a_folder_that_is_none_is_an_error(folder: Path) -> None:
    with pytest.raises(FileError, match="is no folder"):
        tacit.open(folder / "nothing")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to a read-only folder")
def test_a_folder_that_cannot_be_written_to_is_an_error(folder: Path) -> None:
    folder.chmod(0o500)
    try:
        with pytest.raises(FileError, match="cannot be made"):
            tacit.open(folder)
    finally:
        folder.chmod(0o700)


def test_the_current_folder_is_opened_where_nothing_is_open(folder: Path) -> None:
    from tacit.project import close

    close()
    assert current().root == folder.resolve()
