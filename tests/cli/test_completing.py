"""What Tab completes, and that it stays silent where something is wrong."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from tacit.cli.main import cli


def completed(*words: str) -> list[str]:
    """What Tab offers for the last word."""
    complete = ShellComplete(cli, {}, "tacit", "_TACIT_COMPLETE")
    return [item.value for item in complete.get_completions(list(words[:-1]), words[-1])]


@pytest.fixture
def shop(folder: Path) -> Path:
    (folder / "tasks").mkdir()
    (folder / "tasks" / "spam.py").write_text("@task\ndef spam(x): ...\n@task\ndef sentiment(x): ...", encoding="utf-8")
    (folder / "reviews.csv").write_text('review,"my stars",id\na,b,c\n', encoding="utf-8")
    return folder


def test_verbs_options_and_commands_of_a_group(folder: Path) -> None:
    assert completed("tr") == ["train"]
    assert completed("train", "--bud") == ["--budget"]
    assert completed("db", "up") == ["upgrade"]
    assert completed("completion", "") == ["bash", "zsh", "fish"]
    assert "train" in completed("nosuch", "")


@pytest.mark.parametrize(
    "verb",
    ["add", "choices", "evaluate", "hints", "label", "predict", "release", "rollback", "select", "simulate", "train", "votes"],
)
def test_every_verb_completes_tasks(shop: Path, verb: str) -> None:
    assert completed(verb, "s") == ["sentiment", "spam"]
    assert completed(verb, "x") == []


def test_columns_are_those_of_the_file_on_the_line(shop: Path) -> None:
    assert completed("add", "spam", "reviews.csv", "--label", "") == ["review", "my stars", "id"]
    assert completed("evaluate", "spam", "reviews.csv", "--label", "my") == ["my stars"]
    (shop / "r.tsv.gz").write_bytes(gzip.compress(b"a\tb\n"))
    assert completed("add", "spam", "r.tsv.gz", "--keep", "") == ["a", "b"]
    assert completed("new", "crm", "--like", "reviews.csv", "--label", "i") == ["id"]
    assert completed("add", "spam", "nosuch.csv", "--label", "") == []
    assert completed("add", "spam", "--label", "") == []


def test_learners_strategies_and_metrics(shop: Path) -> None:
    assert completed("train", "spam", "--metric", "macro") == ["macro_f1"]
    assert "r2" in completed("train", "spam", "--metric", "")
    assert completed("train", "spam", "--learners", "linear,tfidf") == ["linear,tfidf-linear"]
    assert completed("select", "spam", "5", "--strategy", "ent") == ["entropy"]
    assert completed("select", "spam", "5", "--proxy", "au") == ["auto"]


def test_a_broken_project_completes_nothing_and_says_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pyproject.toml").write_text("[tool", encoding="utf-8")
    assert completed("train", "s") == []
    assert capsys.readouterr() == ("", "")


def test_a_key_press_loads_nothing_heavy(shop: Path) -> None:
    code = """if True:
        import sys
        from click.shell_completion import ShellComplete
        from tacit.cli.main import cli
        found = ShellComplete(cli, {}, "tacit", "_TACIT_COMPLETE").get_completions(["train"], "s")
        assert [item.value for item in found] == ["sentiment", "spam"]
        assert not {"sqlalchemy", "sklearn", "scipy", "pyarrow", "rich"} & set(sys.modules)
    """
    subprocess.run([sys.executable, "-c", code], check=True)
