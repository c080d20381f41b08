"""The commands serve, feedback, and predict --log."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import tacit
from tacit.cli import main

TASK = """from typing import Literal
from tacit import Text, task

@task
def sentiment(review: Text) -> Literal["positive", "negative"]:
    "Glad or sad?"
"""


@pytest.fixture
def shop(project: Any, folder: Path, tiny_reviews: list[dict[str, str]]) -> Path:
    (folder / "tasks").mkdir()
    (folder / "tasks" / "sentiment.py").write_text(TASK, encoding="utf-8")
    tacit.add("sentiment", tiny_reviews, label="label")
    tacit.train("sentiment", budget=10, learners=["tfidf-linear"])
    return folder


def said(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    capsys.readouterr()
    assert main(list(arguments)) == status, capsys.readouterr().err
    captured = capsys.readouterr()
    return captured.out if status == 0 else captured.err


def test_a_logged_prediction_is_corrected_and_listed_one_object_a_line(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = []
    for text in ("a mixed evening", "hm"):
        (asked,) = json.loads(said(capsys, "predict", "sentiment", "--input", f"review={text}", "--log", "--json"))
        ids.append(asked["id"])
        assert "should have been 'negative'" in said(capsys, "feedback", "sentiment", asked["id"], "negative")
    lines = [json.loads(line) for line in said(capsys, "feedback", "sentiment", "--list", "--json").splitlines()]
    assert [(line["id"], line["inputs"], line["value"]) for line in lines] == [
        (ids[0], {"review": "a mixed evening"}, "negative"),
        (ids[1], {"review": "hm"}, "negative"),
    ]
    assert said(capsys, "feedback", "sentiment", "--list").count("should have been") == 2


def test_no_feedback_is_no_lines(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "feedback", "sentiment", "--list", "--json") == ""


def test_what_is_wrong_says_what_to_type(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "tacit feedback sentiment --list" in said(capsys, "feedback", "sentiment", status=2)
    assert "no prediction" in said(capsys, "feedback", "sentiment", "abc", "positive", status=2)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "Address already in use" in said(capsys, "serve", "--port", str(taken.getsockname()[1]), status=2)
    assert "TACIT_TOKEN" in said(capsys, "serve", "--host", "0.0.0.0", status=2)


def test_a_folder_without_tasks_is_not_served(project: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert "has no tasks to serve" in said(capsys, "serve", status=2)


def test_help_loads_no_server() -> None:
    code = "import sys; from tacit.cli import main; main(['--help']); print(*{'fastapi', 'starlette', 'uvicorn', 'jinja2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""
