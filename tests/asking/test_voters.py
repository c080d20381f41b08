"""Who is asked when a labeling function is."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from tacit.asking import Tokens, fingerprint, voter
from tacit.asking.prompts import prompt_fingerprint
from tacit.tasks import task
from tacit.types import Category, Text


@task
def sentiment(review: Text) -> Literal["positive", "negative"]:
    """Glad or sad?"""


OUTPUT: Any = sentiment.signature.output
assert isinstance(OUTPUT, Category)


def test_a_function_is_called_and_costs_nothing() -> None:
    fresh = task(sentiment.function)
    fresh.labeling_function(len)
    called = voter(fresh.labeling_functions[0], OUTPUT)
    assert called.fingerprint == fingerprint(len, ("category", *OUTPUT.names))
    assert (called.stopped, called.trouble, called.cost(Tokens(5, 5)), called.notes(Tokens())) == (False, None, None, [])


@pytest.mark.parametrize(("price", "cost"), [(None, None), (2, 2 * 1.5), ((1, 4), 1.0 + 4 * 0.5)])
def test_a_language_model_costs_by_the_token(price: Any, cost: float | None) -> None:
    fresh = task(sentiment.function)
    fresh.labeling_function(llm="http://localhost:1/v1", model="small", price=price)(len)
    function = fresh.labeling_functions[0]
    assert function.interview is not None
    asked = voter(function, OUTPUT)
    assert asked.fingerprint == prompt_fingerprint(function.interview, OUTPUT)
    assert (asked.stopped, asked.trouble) == (False, None)
    assert asked.cost(Tokens(1_000_000, 500_000)) == cost
    assert asked.cost(Tokens(1_000_000, 500_000, 1)) is None
