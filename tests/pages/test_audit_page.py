"""What a task leans on, with buttons to say what of it is false."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tacit
from tests.pages.site import Site, served
from tests.test_auditing import reviews


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A task that leans on a cue, one whose texts are hostile, and one without a model."""
    folder = tmp_path_factory.mktemp("leans")
    (folder / "tasks").mkdir()
    (folder / "tasks" / "all.py").write_text(
        'from typing import Literal\nfrom tacit import Text, task\n@task\ndef sentiment(review: Text) -> Literal["positive", "negative"]:\n'
        '    "Glad?"\n@task\ndef later(review: Text) -> bool:\n    "?"\n@task\ndef size(review: Text) -> float:\n    "?"\n',
        encoding="utf-8",
    )
    tacit.open(folder)
    rows = [{**r, "review": r["review"].replace("Mr. Brown", "<b>Brown</b>")} for r in reviews(500, 0.5, 0.02)]
    tacit.add("sentiment", rows, label="label")
    tacit.add("sentiment", [r["review"].replace("Mr. Brown", "<b>Brown</b>") for r in reviews(60, 0.5, 0.5, seed=1)])
    tacit.train("sentiment", budget=20, learners=["tfidf-linear"])
    with served(folder) as site:
        yield site
    tacit.project.close()


def cards(site: Site) -> str:
    text = ""
    for _ in range(20):
        text = site.get("/tasks/sentiment/audit/cards").text
        if "data-later" not in text:
            break
    return text


def test_each_cue_stands_with_its_figures_and_rows(site: Site) -> None:
    text = cards(site)
    first = text[: text.index("</li>\n<li") if "</li>\n<li" in text else len(text)]
    assert "&lt;b&gt;Brown" in first
    assert "<b>" not in text
    assert re.search(r"<mark>[^<]*Brown", text)
    assert "A false cue" in first
    assert "reliance" in first
    whole = site.get("/tasks/sentiment/audit").text
    assert whole.startswith("<!doctype html>")
    assert "What it leans on" in whole


def key(text: str) -> str:
    found = re.search(r'name="key" value="(c[0-9a-f]+)"', text)
    assert found
    return found[1]


def test_what_somebody_says_stays(site: Site) -> None:
    answer = site.post("/tasks/sentiment/audit/judge", {"key": key(cards(site)), "verdict": "true"})
    assert (answer.status, answer.headers["location"].partition("#")[0]) == (303, "/tasks/sentiment/audit")
    assert "a true cue" in cards(site)
    assert [c.verdict for c in site.project.store.cues("sentiment")] == ["true"]
    assert site.post("/tasks/sentiment/audit/judge", {"key": key(cards(site)), "verdict": "maybe"}).status == 422
    assert site.post("/tasks/sentiment/audit/judge", {"key": "c00", "verdict": "true"}).status == 409
    assert site.post("/tasks/sentiment/audit/judge", {"key": key(cards(site)), "verdict": "true", "token": "x"}).status == 403


def test_a_button_finds_counter_examples_to_label(site: Site) -> None:
    answer = site.post("/tasks/sentiment/audit/counterexamples", {"key": key(cards(site))})
    assert answer.status == 200
    assert answer.text.count("tacit label sentiment") >= 20
    assert "--objective worst-group" in answer.text
    assert "a false cue" in cards(site)


@pytest.mark.parametrize(("task", "said"), [("later", "tacit train later"), ("size", "tacit train size")])
def test_without_something_to_look_at_it_says_so(site: Site, task: str, said: str) -> None:
    assert said in site.get(f"/tasks/{task}/audit").text


def test_it_is_there_for_every_task(site: Site, tmp_path: Path) -> None:
    assert 'href="/tasks/sentiment/audit"' in site.get("/tasks/sentiment").text
