"""Prompts, and how answers to them are read."""

from __future__ import annotations

import datetime as dt
import enum
import json
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tacit.asking.prompts import Nonsense, abstention, example, form, instructions, prompt_fingerprint, read, room
from tacit.endpoints import Interview
from tacit.tasks import task
from tacit.types import Category, Text, output_kind


class Mood(enum.Enum):
    good = 1
    bad = 2


@dataclass
class House:
    town: str
    built: dt.date | None


def sentiment(review: Text) -> Literal["positive", "negative"]:
    """Is this review glad or sad?"""


def price(house: House, about: Text, stars: float | None) -> Mood:
    """How is it?"""


def told(function: Any, hint: str = "Sarcasm counts.", model: str = "small") -> tuple[Interview, Category]:
    def asks(*inputs: Any) -> None: ...

    asks.__doc__ = hint
    made = task(function)
    made.labeling_function(llm="http://localhost:1/v1", model=model)(asks)
    found, output = made.labeling_functions[0].interview, made.signature.output
    assert found is not None
    assert isinstance(output, Category)
    return found, output


def category(annotation: Any) -> Category:
    output = output_kind(annotation)
    assert isinstance(output, Category)
    return output


SENTIMENT, MOOD, TRUTH, STARS, ACME = (
    category(Literal["positive", "negative"]),
    category(Mood),
    category(bool),
    category(Literal[1, 2, 3]),
    category(Literal["Acme Inc.", "other"]),
)


def test_the_prompt_holds_signature_question_hint_and_classes() -> None:
    text = instructions(*told(price))
    for part in (
        "price(house: House with town: str, built: date | None, about: Text, stars: float | None)",
        "How is it?",
        "Sarcasm counts.",
        '- "1" (good)',
        '- "2" (bad)',
    ):
        assert part in text
    assert "Sarcasm" not in instructions(*told(price, hint=""))


def test_an_example_is_its_inputs_as_json() -> None:
    found, _ = told(price)
    given = {"house": House("Zürich", dt.date(2026, 1, 2)), "about": 'a "quote"', "stars": None}
    assert json.loads(example(found, given)) == {
        "house": {"town": "Zürich", "built": "2026-01-02"},
        "about": 'a "quote"',
        "stars": None,
    }


def test_the_form_names_the_classes_and_a_word_for_none_of_them() -> None:
    assert form(TRUTH)["json_schema"]["schema"]["properties"]["answer"]["enum"] == ["False", "True", "abstain"]
    assert abstention(category(Literal["Abstain", "abstain_", "vote"])) == "abstain__"


@pytest.mark.parametrize(
    ("output", "text", "vote"),
    [
        (SENTIMENT, '{"answer": "negative"}', 1),
        (SENTIMENT, ' {"answer": "Negative"}\n', 1),
        (SENTIMENT, '```json\n{"answer": "negative"}\n```', 1),
        (SENTIMENT, '"negative"', 1),
        (SENTIMENT, "negative", 1),
        (SENTIMENT, "Negative.", 1),
        (SENTIMENT, '{"answer": "abstain"}', -1),
        (SENTIMENT, "abstain", -1),
        (SENTIMENT, '{"answer": null}', -1),
        (SENTIMENT, "null", -1),
        (TRUTH, '{"answer": true}', 1),
        (TRUTH, "false", 0),
        (TRUTH, "True", 1),
        (STARS, '{"answer": 3}', 2),
        (STARS, "3", 2),
        (MOOD, '{"answer": "2"}', 1),
        (MOOD, "1", 0),
        (category(Literal["a", "A"]), "A", 1),
        (ACME, '{"answer": "Acme Inc."}', 0),
        (ACME, "acme inc.", 0),
        (ACME, "'Acme Inc.'", 0),
        (ACME, "other.", 1),
    ],
)
def test_an_answer_that_is_a_class_is_a_vote(output: Category, text: str, vote: int) -> None:
    assert read(text, output) == (vote, None)


@pytest.mark.parametrize(
    ("output", "text"),
    [
        (SENTIMENT, None),
        (SENTIMENT, "  "),
        (SENTIMENT, "The review is negative"),
        (SENTIMENT, "negatve"),
        (SENTIMENT, '{"answer": "neutral"}'),
        (SENTIMENT, '{"label": "negative"}'),
        (SENTIMENT, '{"answer": "negative", "sure": true}'),
        (SENTIMENT, '{"answer": ["negative"]}'),
        (SENTIMENT, '{"answer": {"answer": "negative"}}'),
        (SENTIMENT, "positive or negative"),
        (SENTIMENT, "[" * 100_000),
        (TRUTH, "1"),
        (STARS, "4"),
        (STARS, "true"),
        (STARS, "1.0"),
        (category(Literal["aB", "Ab"]), "ab"),
    ],
)
def test_any_other_answer_is_nonsense_and_is_never_guessed_at(output: Category, text: str | None) -> None:
    with pytest.raises(Nonsense):
        read(text, output)


@given(st.text())
def test_whatever_is_said_is_a_class_an_abstention_or_nonsense(text: str) -> None:
    said = "nothing"
    try:
        vote = read(text, SENTIMENT)
    except Nonsense as nonsense:
        vote, said = -1, str(nonsense)
    assert vote in (-1, 0, 1)
    assert len(said) < 200


@pytest.mark.parametrize("name", ["x", "word " * 200, "ß" * 50, "\N{GRINNING FACE}" * 50])
def test_there_is_room_for_a_token_for_each_byte_of_the_longest_class(name: str) -> None:
    output = category(Literal["other", name])
    assert room(output) >= 20 + len(json.dumps({"answer": output.names[1]}, ensure_ascii=False).encode())


def test_the_fingerprint_changes_with_model_words_and_classes_only() -> None:
    def asked(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    same = prompt_fingerprint(*told(sentiment))
    assert same == prompt_fingerprint(*told(sentiment))
    others = [told(sentiment, hint="Be strict."), told(sentiment, model="big"), told(asked), told(price)]
    assert len({same, *(prompt_fingerprint(*other) for other in others)}) == 5
