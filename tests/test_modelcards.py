"""A model card, made from an audit."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tacit
from tacit import Text, task
from tacit.cues import Association, Phrase
from tacit.examples import canonical
from tacit.modelcards import ModelCard, Section, escaped, model_card
from tests.test_auditing import reviews


@pytest.fixture
def sentiment(project: Any) -> Any:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?

        Say *positive* only if <b>sure</b>.
        """

    rows = [{**r, "shop": "ab"[i % 2]} for i, r in enumerate(reviews(400, 0.5, 0.02))]
    tacit.add(sentiment, rows, label="label", keep=["shop"])
    tacit.train(sentiment, budget=20, learners=["tfidf-linear"])
    return sentiment


def titles(card: ModelCard) -> list[str]:
    return [section.title for section in card.sections]


def test_it_says_what_others_should_know(sentiment: Any, project: Any) -> None:
    found = tacit.audit(sentiment, groups=["shop"])
    cue = found.associations[0]
    project.store.judge_cue("sentiment", canonical(cue.cue.to_dict()), cue.label, "false")
    run = tacit.train(sentiment, budget=20, learners=["tfidf-linear"], objective="worst-group", seed=3)
    found = tacit.audit(sentiment, groups=["shop"], model=run.model)
    card = model_card(project, sentiment, found, run.model)
    text = card.markdown()
    assert titles(card)[:5] == [
        "What it answers",
        "What it was learned from",
        "How good it is",
        "Whom it fails",
        "What it leans on",
    ]
    assert titles(card)[-2:] == ["Known limits", "How to repeat it"]
    assert "sentiment(review: Text) -> Literal['positive', 'negative']" in text
    assert "400 labeled examples" in text
    assert f"| {run.score:.3f} |" in text
    assert "| shop is a | 200 |" in text
    assert "| Mr. Brown | positive | a false cue |" in text
    assert "There are no test rows" in text
    assert "tacit train sentiment --metric accuracy --objective worst-group --learners tfidf-linear --seed 3 --budget" in text
    assert run.data in text


def test_what_there_is_nothing_to_say_of_has_no_heading(sentiment: Any, project: Any) -> None:
    found = tacit.audit(sentiment)
    card = model_card(project, sentiment, found)
    assert "Whom it fails" not in titles(card)
    assert all(section.lines or section.code or section.rows for section in card.sections)
    assert "nobody knows whom it fails" in card.markdown()
    assert "nobody said yet" in card.markdown()
    assert re.findall(r"^## .*\n\n(?=## )", card.markdown(), re.MULTILINE) == []


def test_nothing_that_was_written_elsewhere_is_markup(sentiment: Any, project: Any) -> None:
    text = model_card(project, sentiment, tacit.audit(sentiment)).markdown()
    assert r"Glad or sad? Say \*positive\* only if &lt;b&gt;sure&lt;/b&gt;." in text


@given(st.text())
def test_a_text_stays_on_its_line_and_opens_nothing(text: str) -> None:
    line = escaped(text)
    assert len(line.splitlines()) <= 1
    assert "<" not in line
    assert not line.startswith(("#", "-", "+", ">", "=", "    "))
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]|~]", line.replace(r"\\", ""))


def test_code_cannot_end_its_own_fence() -> None:
    text = ModelCard("x", (Section("y", code="a ```` b"),)).markdown()
    assert "`````\na ```` b\n`````" in text


def test_a_table_has_a_row_for_each_row_whatever_cells_hold() -> None:
    card = ModelCard("x", (Section("y", head=("a", "b"), rows=(("1|2", "3\n4"), ("", "<i>"))),))
    assert card.markdown().splitlines()[-4:] == ["| a | b |", "| --- | --- |", r"| 1\|2 | 3 4 |", "|  | &lt;i&gt; |"]


def test_two_cues_of_one_name_are_two_rows(sentiment: Any, project: Any) -> None:
    def lean(text: str, by: float) -> Association:
        return Association(Phrase("review", text), "positive", 9, 0.3, 0.1, 0.0, by, (by, by), 1.0, (1, 1), (1, 1), True)

    class Named(Phrase):
        def __str__(self) -> str:
            return "a name"

    one, two = (replace(lean(text, by), cue=Named("review", text)) for text, by in (("x", 0.2), ("y", 0.3)))
    text = model_card(project, sentiment, replace(tacit.audit(sentiment), associations=(one, two))).markdown()
    assert "| a name | positive | nobody said yet | 0.200" in text
    assert "| a name | positive | nobody said yet | 0.300" in text
