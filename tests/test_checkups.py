"""doctor: a broken project is a finding, never an exception, and looking changes nothing."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

import tacit
from tacit.checkups import Checkup
from tacit.project import close
from tacit.store.schema import REVISION
from tacit.surroundings import Finding

TASK = "from tacit import task\n\n@task\ndef spam(text: str) -> bool:\n    '?'\n"


@pytest.fixture(autouse=True)
def quick(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another LightGBM for the process that tries to load it: the real one takes seconds, and has a test of its own."""
    there = tmp_path_factory.mktemp("quick")
    (there / "lightgbm.py").write_text("__version__ = '4.6'", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(there))


@pytest.fixture
def shop(folder: Path) -> Path:
    """A folder with a task and an empty store, which nothing holds open."""
    (folder / "tasks").mkdir()
    (folder / "tasks" / "spam.py").write_text(TASK, encoding="utf-8")
    tacit.open(folder)
    close()
    return folder


def part(name: str, found: Checkup | None = None) -> list[Finding]:
    return [f for f in (found or tacit.doctor()).findings if f.part == name]


def test_a_sound_project_has_no_problem_and_says_what_is_there(shop: Path) -> None:
    found = tacit.doctor()
    assert found.problems == 0
    assert found.folder == str(shop)
    (store,) = part("store", found)
    assert f"revision {REVISION}" in store.found
    assert store.found.endswith("writable, sound")
    assert part("tasks", found) == [Finding("tasks", "ok", "spam in 1 files")]
    assert {f.part for f in found.findings} >= {"python", "packages", "lightgbm", "processor", "gpu", "disk", "settings"}
    assert json.loads(json.dumps(found.to_dict()))["problems"] == 0


def test_looking_makes_nothing(folder: Path) -> None:
    found = tacit.doctor()
    assert list(folder.iterdir()) == []
    assert part("store", found)[0].found.startswith("there is none yet")
    assert part("tasks", found)[0].fix is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def broken(:", "SyntaxError"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("1 / 0", "ZeroDivisionError"),
        ("from tacit import task\n@task\ndef x(a: dict) -> bool: ...", "is not understood"),
    ],
)
def test_a_broken_task_file_is_a_problem_and_the_others_are_still_looked_at(shop: Path, text: str, said: str) -> None:
    (shop / "tasks" / "a.py").write_text(text, encoding="utf-8")
    fine, broken = part("tasks")
    assert fine.found == "spam in 2 files"
    assert broken.state == "problem"
    assert said in broken.found
    assert broken.fix


def test_two_tasks_of_one_name_are_a_problem(shop: Path) -> None:
    (shop / "tasks" / "b.py").write_text(TASK, encoding="utf-8")
    assert "more than one task is named spam" in str(tacit.doctor())


def test_a_store_that_is_no_database_or_damaged_is_a_problem(shop: Path) -> None:
    file = shop / ".tacit" / "store.db"
    whole = file.read_bytes()
    file.write_bytes(b"no database at all" * 1000)
    (found,) = part("store")
    assert (found.state, "is not a database" in found.found) == ("problem", True)
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    (found,) = part("store")
    assert found.state == "problem"
    assert found.fix is not None
    assert found.fix.startswith("mv ")


def test_a_store_that_is_locked_or_of_another_revision_says_so(shop: Path) -> None:
    file = shop / ".tacit" / "store.db"
    held = sqlite3.connect(file, isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    assert "is locked by another process" in part("store")[0].found
    held.execute("ROLLBACK")
    held.execute("UPDATE alembic_version SET version_num = '0000'")
    held.close()
    (found,) = part("store")
    assert (found.state, found.fix) == ("note", "tacit db upgrade")


def test_a_store_elsewhere_that_cannot_be_reached_is_a_problem(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACIT_DATABASE_URL", "nonsense")
    assert "the url of the store is not understood" in part("store")[0].found
    monkeypatch.setenv("TACIT_DATABASE_URL", f"sqlite:///{shop}/other.db")
    assert part("store")[0].found == f"{shop}/other.db opens and can be read"


def test_a_wrong_setting_is_a_problem_of_the_settings_and_the_rest_goes_on(shop: Path) -> None:
    (shop / "pyproject.toml").write_text('[tool.tacit]\ndurability = "ful"\n', encoding="utf-8")
    found = tacit.doctor()
    assert part("settings", found)[0].state == "problem"
    assert part("store", found)[0].state == "ok"
    (shop / "pyproject.toml").write_text("[tool", encoding="utf-8")
    assert part("settings")[0].state == "problem"


def test_the_open_project_is_the_one_that_is_looked_at(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    tacit.open(other)
    assert tacit.doctor().folder == str(other)
    close()


def test_a_checkup_sums_itself_up() -> None:
    fine, note, problem = Finding("a", "ok", "x"), Finding("b", "note", "y", "do"), Finding("c", "problem", "z")
    assert str(Checkup("f", (fine,))).endswith("all is well.")
    text = str(Checkup("f", (fine, note, problem)))
    assert text.endswith("1 problem and 1 note.")
    assert "y  next: do" in text
