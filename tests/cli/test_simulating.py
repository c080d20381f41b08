"""The command simulate: what it prints, draws and refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tacit.cli.main import main

TASK = """from typing import Literal
from tacit import Text, task

@task
def sentiment(review: Text) -> Literal["positive", "negative"]:
    "Glad or sad?"
"""


@pytest.fixture
def shop(folder: Path, tiny_reviews: list[dict[str, str]]) -> Path:
    (folder / "tasks").mkdir()
    (folder / "tasks" / "sentiment.py").write_text(TASK, encoding="utf-8")
    lines = [f'"{r["review"]}",{r["label"]}' for r in tiny_reviews]
    (folder / "reviews.csv").write_text("\n".join(["review,label", *lines]), encoding="utf-8")
    return folder


def run(capsys: Any, *words: str) -> tuple[int, str, str]:
    status = main(["simulate", "sentiment", "reviews.csv", "--label", "label", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_one_strategy_prints_its_rounds(shop: Path, capsys: Any) -> None:
    status, out, _ = run(capsys, "--rounds", "6,12,24")
    assert status == 0
    assert "margin with tfidf-linear chooses, tfidf-linear learns" in out
    assert "the next 12 labels are worth" in out


def test_several_are_compared_drawn_and_printed_as_json(shop: Path, capsys: Any) -> None:
    options = [
        "--strategy",
        "margin",
        "--strategy",
        "random",
        "--seeds",
        "2",
        "--proxy",
        "tfidf-linear",
        "--plot",
        "out.svg",
        "--json",
    ]
    status, out, _ = run(capsys, "--rounds", "6,24", *options)
    assert status == 0
    plain = json.loads(out)
    assert sorted(plain["curves"]) == ["margin", "random"]
    assert [len(s["each"]) for s in plain["saved"]] == [2]
    assert (shop / "out.svg").read_text(encoding="utf-8").startswith("<svg ")


def test_one_simulation_can_be_drawn_too(shop: Path, capsys: Any) -> None:
    assert run(capsys, "--rounds", "6,12", "--test", "reviews.csv", "--plot", "one.svg")[0] == 2  # no row is left to label
    assert run(capsys, "--rounds", "6,12", "--plot", "one.svg")[0] == 0
    assert "margin, 1 seed" in (shop / "one.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--rounds", "6;12"], "--rounds 100,300,600"),
        (["--rounds", "12,6"], "--rounds 6,12"),
        (["--rounds", "6,12", "--strategy", "marginal"], "--strategy margin"),
        (["--rounds", "6,12", "--proxy", "tfidf"], "--proxy tfidf-linear"),
        (["--rounds", "6,12", "--seeds", "0"], "seeds"),
        (["--rounds", "6,12", "--plot", "no/where/x.svg"], "mkdir -p"),
        ([], "--rounds"),
    ],
)
def test_what_is_wrong_ends_with_what_to_type(shop: Path, capsys: Any, options: list[str], said: str) -> None:
    status, _, err = run(capsys, *options)
    assert status == 2
    assert said in err
    assert "next:" in err
