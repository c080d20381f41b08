"""When a labeling function counts as changed."""

from __future__ import annotations

import functools
import subprocess
import sys
import types
from typing import Any

import pytest

from tacit.asking import fingerprint

BASE = """
import re
WORDS = {"refund", "broken", "awful"}
PATTERN = re.compile("money back")

def helper(text):
    return text.lower()

def rule(review):
    if any(w in helper(review) for w in WORDS) or PATTERN.search(review):
        return "negative"
"""


def rule_of(source: str) -> Any:
    module = types.ModuleType("rules")
    exec(compile(source, "rules.py", "exec"), module.__dict__)
    return module.__dict__["rule"]


def test_the_same_code_has_the_same_fingerprint_wherever_it_stands() -> None:
    assert fingerprint(rule_of(BASE)) == fingerprint(rule_of("# moved\n\n" + BASE))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('return "negative"', 'return "positive"'),
        ('"awful"', '"dreadful"'),
        ('"money back"', '"money  back"'),
        ("text.lower()", "text.upper()"),
        ("def rule(review):", "def rule(review, strict=True):"),
    ],
)
def test_a_change_of_code_words_patterns_helpers_or_defaults_is_noticed(old: str, new: str) -> None:
    assert old in BASE
    assert fingerprint(rule_of(BASE)) != fingerprint(rule_of(BASE.replace(old, new)))


def test_a_value_that_is_closed_over_is_noticed() -> None:
    def made(limit: int) -> Any:
        return lambda review: "negative" if len(review) > limit else None

    assert fingerprint(made(3)) == fingerprint(made(3)) != fingerprint(made(4))


def keyword(word: str) -> Any:
    def decorate(function: Any) -> Any:
        @functools.wraps(function)
        def asked(review: str) -> Any:
            return function(review) if word in review else None

        return asked

    return decorate


class Contains:
    def __init__(self, word: str) -> None:
        self.word = word

    def __call__(self, review: str) -> Any:
        return "negative" if self.word in review else None

    def vote(self, review: str) -> Any:
        return self(review)


def contains(word: str, review: str, *, answer: str = "negative") -> Any:
    return answer if word in review else None


@pytest.mark.parametrize(
    "made",
    [
        lambda word: keyword(word)(lambda review: "negative"),
        lambda word: functools.partial(contains, word),
        lambda word: functools.partial(contains, "good", answer=word),
        Contains,
        lambda word: Contains(word).vote,
        lambda word: functools.lru_cache(lambda review: word),
        lambda word: functools.partial(keyword(word)(contains), "good"),
    ],
)
def test_what_a_decorator_a_partial_or_an_object_holds_is_noticed(made: Any) -> None:
    assert fingerprint(made("good")) == fingerprint(made("good")) != fingerprint(made("xyz"))


def test_other_classes_are_noticed() -> None:
    assert fingerprint(rule_of(BASE), ["a", "b"]) != fingerprint(rule_of(BASE), ["b", "a"])


def test_a_function_that_calls_itself_has_one() -> None:
    source = "def rule(review):\n    return rule(review[1:]) if review else None\n"
    assert fingerprint(rule_of(source)) == fingerprint(rule_of(source))


def test_it_is_the_same_in_another_process_although_sets_have_another_order() -> None:
    program = f"""
import types
from tacit.asking import fingerprint
module = types.ModuleType("rules")
exec(compile({BASE!r}, "rules.py", "exec"), module.__dict__)
print(fingerprint(module.__dict__["rule"]))
"""
    said = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for seed in ("1", "2", "3")
    }
    assert said == {fingerprint(rule_of(BASE))}
