"""Looking after the store."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

import tacit
from tacit import Text, task
from tacit.errors import OutsideType, TaskNameError, UnknownTask
from tacit.keeping import relabel, rename, status, upgrade
from tacit.project import close
from tacit.store.schema import REVISION


def test_status_counts_what_each_task_has_and_names_those_that_no_file_declares(project: Any) -> None:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """?"""

    tacit.add(sentiment, [{"review": "a", "l": "positive"}, {"review": "b"}], label="l")
    (held,) = status().tasks
    assert (held.task, held.examples, held.labeled, held.labels) == ("sentiment", 2, 1, {"import": 1})
    assert not held.declared
    assert "tacit db rename sentiment" in str(status())


def test_status_says_where_the_store_is_and_how_large(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = status()
    assert (found.file, found.revision) == (str(project.hidden / "store.db"), REVISION)
    assert found.bytes == sum(f.stat().st_size for f in project.hidden.glob("store.db*"))
    assert str(found).startswith(f"{found.file}: revision {REVISION}, ")
    monkeypatch.setenv("TACIT_DATABASE_URL", "sqlite:///elsewhere.db")
    assert status().bytes is None


def test_upgrade_says_which_revision_was_there_before(folder: Path) -> None:
    assert str(upgrade()).endswith(f"made, revision {REVISION}.")
    assert "already. Opening a project brings its store up to date by itself." in str(upgrade())
    close()
    assert upgrade().before == REVISION
    close()


def test_renaming_moves_everything_and_never_onto_a_task_that_has_something(project: Any) -> None:
    @task
    def mood(review: Text) -> bool:
        """?"""

    @task
    def sentiment(review: Text) -> bool:
        """?"""

    tacit.add(sentiment, [{"review": "a", "l": True}], label="l")
    assert str(rename("sentiment", "mood")) == "1 examples of sentiment belong to mood now."
    assert project.store.count("mood").labeled == 1
    with pytest.raises(UnknownTask, match="did you mean mood"):
        rename("moood", "x")
    tacit.add(sentiment, ["b"])
    with pytest.raises(TaskNameError, match="has examples already"):
        rename("sentiment", "mood")
    for taken in ("two words", "health", ""):
        with pytest.raises(TaskNameError, match="cannot name a task"):
            rename("sentiment", taken)


def test_relabeling_takes_only_values_of_the_type(project: Any) -> None:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """?"""

    tacit.add(sentiment, [{"review": "a", "l": "positive"}], label="l")
    assert str(relabel("sentiment", "positive", "negative")).startswith("1 labels")
    assert project.store.labels("sentiment")[0].value == "negative"
    with pytest.raises(OutsideType, match="positive"):
        relabel("sentiment", "negative", "positve")
