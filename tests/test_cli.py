"""The command line: the same sentence as Python, with --json, and errors that finish theirs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tacit.cli import main

TASK = """from typing import Literal
from tacit import Text, task

@task
def sentiment(review: Text) -> Literal["positive", "negative"]:
    "Glad or sad?"

@sentiment.labeling_function
def refund(review):
    return "negative" if "refund" in review else None
"""


@pytest.fixture
def shop(project: Any, folder: Path, tiny_reviews: list[dict[str, str]]) -> Path:
    (folder / "tasks").mkdir()
    (folder / "tasks" / "sentiment.py").write_text(TASK, encoding="utf-8")
    lines = "".join(f"{r['review'].replace(',', ';')},{r['label']}\n" for r in tiny_reviews)
    (folder / "reviews.csv").write_text("review,stars\n" + lines, encoding="utf-8")
    return folder


def said(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    capsys.readouterr()
    assert main(list(arguments)) == status, capsys.readouterr().err
    captured = capsys.readouterr()
    return captured.out if status == 0 else captured.err


def test_the_whole_loop_by_commands(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    added = json.loads(said(capsys, "add", "sentiment", "reviews.csv", "--label", "stars", "--json"))
    assert (added["n"], added["labels"]) == (60, 60)
    assert json.loads(said(capsys, "add", "sentiment", "reviews.csv", "--label", "stars", "--json"))["duplicates"] == 60
    assert "refund" in said(capsys, "votes", "sentiment")
    assert said(capsys, "choices", "sentiment").split()[0] == "tfidf-linear"
    run = json.loads(said(capsys, "train", "sentiment", "--budget", "10", "--json"))
    assert run["release"] == 1
    assert "positive" in said(capsys, "predict", "sentiment", "--input", "review=superb and great")
    answers = json.loads(said(capsys, "predict", "sentiment", "reviews.csv", "--model", run["model"], "--json"))
    assert len(answers) == 60
    assert answers[0].keys() == {"value", "confidence", "scores", "release", "id"}
    report = json.loads(said(capsys, "evaluate", "sentiment", "reviews.csv", "--label", "stars", "--json"))
    assert report["metrics"]["accuracy"] > 0.9
    (shop / "pool.jsonl").write_text("".join(f'{{"review": "text {i}"}}\n' for i in range(9)), encoding="utf-8")
    said(capsys, "add", "sentiment", "pool.jsonl")
    grouped = json.loads(said(capsys, "select", "sentiment", "3", "--groups", "review", "--strategy", "random", "--json"))
    assert [e["group"] for e in grouped["examples"]] == [f"review is {e['inputs']['review']}" for e in grouped["examples"]]
    chosen = json.loads(said(capsys, "select", "sentiment", "3", "--json"))
    label = said(capsys, "label", "sentiment", chosen["examples"][0]["id"][:10], "negative", "--by", "ana", "--json")
    assert json.loads(label)["value"] == "negative"
    assert "release 1 is live" in said(capsys, "release", "sentiment")
    assert "sentiment" in said(capsys, "db", "status")


def test_json_lines_come_in_by_standard_input(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO('{"review": "one"}\n\n{"review": "two"}\n'))
    assert json.loads(said(capsys, "add", "sentiment", "-", "--json"))["n"] == 2
    monkeypatch.setattr("sys.stdin", io.StringIO("{no json\n"))
    assert "line 1 of standard input" in said(capsys, "add", "sentiment", "-", status=2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["trian", "sentiment"], 'there is no verb "trian"; did you mean train?  next: tacit train\n'),
        (["xyzzy"], "next: tacit --help"),
        (
            ["train", "sentiment", "--bugdet", "5"],
            "tacit train has no option --bugdet; did you mean --budget?  next: tacit train --help",
        ),
        (["train", "sentiment", "--budget"], "next: tacit train --help"),
        (["train"], "missing argument 'TASK'.  next: tacit train --help"),
        (["select", "sentiment", "five"], "'five' is not a valid integer.  next: tacit select --help"),
        (["select", "sentiment", "5", "--strategy", "marginal"], "--strategy margin"),
        (["train", "sentiment", "--seed", "-1"], "it is a whole number from 0 to"),
        (["add", "sentiment", "reviews.csv", "--split", "tset"], "'tset' is not one of 'train', 'test'"),
        (["db", "upgarde"], "upgrade"),
        (["train", "sentimnt"], "did you mean sentiment?"),
        (["train", "sentiment"], "tacit add sentiment FILE --label COLUMN"),
        (["predict", "sentiment", "--input", "review=x"], "tacit add sentiment FILE"),
        (["predict", "sentiment"], "--input NAME=VALUE"),
        (["predict", "sentiment", "--input", "review"], "NAME=VALUE"),
        (["add", "sentiment", "no.csv"], "there is no file no.csv"),
        (["add", "sentiment", "reviews.csv", "--label", "star"], "did you mean"),
        (["train", "sentiment", "--budget", "soon"], 'budget is "soon"'),
        (["evaluate", "sentiment"], "next:"),
        (["release", "sentiment"], "tacit train sentiment"),
        (["rollback", "sentiment"], "next:"),
        (["select", "sentiment", "5"], "tacit add sentiment FILE"),
        (["label", "sentiment", "abc", "positive", "--by", "ana"], "next:"),
        (["db", "rename", "nothing", "else"], "tacit db status"),
    ],
)
def test_errors_exit_2_and_say_what_comes_next(
    shop: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert message in said(capsys, *arguments, status=2)


@pytest.mark.parametrize(
    ("arguments", "next"),
    [
        (
            ["add", "sentiment", "renamed.csv", "--label", "stars"],
            "tacit add sentiment renamed.csv --label stars --columns 'The Review=review'",
        ),
        (["add", "sentiment", "reviews.csv", "--label", "Stars"], "tacit add sentiment reviews.csv --label stars"),
        (["train", "sentiment", "--budget", "soon"], "tacit train sentiment --budget 60"),
        (
            ["evaluate", "sentiment", "renamed.csv", "--label", "stars"],
            "tacit evaluate sentiment renamed.csv --label stars --columns",
        ),
    ],
)
def test_what_is_to_be_changed_in_a_command_is_shown_as_the_whole_command(
    shop: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], next: str
) -> None:
    said(capsys, "add", "sentiment", "reviews.csv", "--label", "stars")
    if arguments[0] == "evaluate":
        said(capsys, "train", "sentiment", "--budget", "5")
    text = (shop / "reviews.csv").read_text(encoding="utf-8")
    (shop / "renamed.csv").write_text(text.replace("review,stars", "The Review,stars"), encoding="utf-8")
    assert f"next: {next}" in said(capsys, *arguments, status=2)


def test_a_file_with_other_names_is_measured_and_asked_about_with_the_same_option(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "add", "sentiment", "reviews.csv", "--label", "stars")
    said(capsys, "train", "sentiment", "--budget", "5")
    (shop / "other.csv").write_text("text;kind\nsuperb, and great;pos\nawful and boring;neg\n", encoding="utf-8")
    names = ["--columns", "text=review"]
    report = said(
        capsys,
        "evaluate",
        "sentiment",
        "other.csv",
        *names,
        "--label",
        "kind",
        "--values",
        "pos=positive",
        "--values",
        "neg=negative",
    )
    assert "sentiment on 2 rows" in report
    table = said(capsys, "predict", "sentiment", "other.csv", *names)
    assert "confidence" in table
    assert table.count("positive") + table.count("negative") == 2


def test_with_json_an_error_is_json_too_and_trace_shows_where(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    error = json.loads(said(capsys, "train", "sentiment", "--json", status=2))
    assert error.keys() == {"kind", "message", "next"}
    assert error["kind"] == "too few labels"
    usage = json.loads(said(capsys, "train", "sentiment", "--bugdet", "5", "--json", status=2))
    assert (usage["kind"], usage["next"]) == ("option", "tacit train --help")
    from tacit.errors import TooFewLabels

    with pytest.raises(TooFewLabels):
        main(["train", "sentiment", "--trace"])


def test_it_runs_as_a_program_and_says_its_version(folder: Path) -> None:
    out = subprocess.run([sys.executable, "-m", "tacit", "--version"], capture_output=True, text=True, check=True, cwd=folder)
    assert out.stdout.startswith("tacit 0.")


def test_every_verb_has_help_and_every_option_of_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    from tacit.cli.main import cli

    context = cli.make_context("tacit", [], resilient_parsing=True)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(), name
        for parameter in command.params:
            if parameter.param_type_name == "option" and parameter.name != "help":
                assert parameter.help, f"{name} {parameter.name}"  # type: ignore[attr-defined]
