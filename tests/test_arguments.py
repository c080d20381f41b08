"""Whatever is given to a verb, what comes back is its result or an error of the tree: a wrong type is said in words."""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

import tacit
from tacit import TacitError, Text
from tacit.arguments import checked, seeded
from tacit.errors import OptionError
from tacit.project import close

VERBS = [
    "add",
    "choices",
    "coreset",
    "evaluate",
    "feedback",
    "label",
    "predict",
    "release",
    "rollback",
    "select",
    "train",
    "votes",
]
ODD: list[Any] = [
    None, True, False, -1, 0, 2**70, 10**400, 1.5, math.nan, math.inf, "", "x", "a\0b", b"x", [], [None], ["x", 3], {}, {"x": 3}, {3: None},
    (), {"x"}, object(), int, lambda: 0, np.arange(3), np.float64(2), Decimal("1"), Path("nowhere"), range(2), 1j, ...,
]  # fmt: skip
"""Values of every type that a keyword may be given by mistake."""


@pytest.fixture(scope="module")
def mood(tmp_path_factory: pytest.TempPathFactory, tiny_reviews: list[dict[str, str]]) -> Iterator[Any]:
    """A task with 60 labels, 6 examples without, and a live release."""
    tacit.open(tmp_path_factory.mktemp("shop"))

    @tacit.task
    def mood(review: Text) -> Literal["positive", "negative"]:
        """?"""

    @mood.labeling_function
    def refund(review: str) -> str | None:
        return "negative" if "refund" in review else None

    tacit.add(mood, tiny_reviews, label="label")
    tacit.add(mood, [f"pool {i}" for i in range(6)])
    tacit.train(mood, budget=5, learners=["tfidf-linear"])
    yield mood
    close()


def arguments(verb: str, task: Any) -> dict[str, Any]:
    """A call of the verb that works, and is over at once."""
    rows = [{"review": "a poor show", "label": "negative"}, {"review": "such fun", "label": "positive"}]
    some = next(iter(tacit.select(task, 1, strategy="random").examples)).id
    return {
        "add": {"rows": rows, "label": "label"},
        "coreset": {"keep": 2, "method": "stratified"},
        "evaluate": {"rows": rows, "label": "label"},
        "feedback": {"prediction_id": "0" * 32, "value": "negative"},
        "label": {"example_id": some, "value": "negative", "by": "ana"},
        "predict": {"rows": rows},
        "select": {"n": 1},
        "train": {"budget": 0.2, "learners": ["tfidf-linear"]},
    }.get(verb, {})


def told(verb: str, task: Any, given: dict[str, Any]) -> TacitError | None:
    """The error of a call, if it has one; any other exception is passed on, and fails the test."""
    try:
        getattr(tacit, verb)(task, **given)
    except TacitError as error:
        return error
    return None


KEYWORDS = [(verb, name) for verb in VERBS for name in list(inspect.signature(getattr(tacit, verb)).parameters)[1:]]


@pytest.mark.parametrize(("verb", "keyword"), KEYWORDS, ids=[f"{verb} {keyword}" for verb, keyword in KEYWORDS])
def test_a_keyword_of_any_type_is_used_or_refused_in_words(mood: Any, verb: str, keyword: str) -> None:
    fine = arguments(verb, mood)
    for odd in ODD:
        error = told(verb, mood, fine | {keyword: odd})
        assert error is None or (error.next and "\n" not in str(error)), odd


@pytest.mark.parametrize("verb", VERBS)
def test_a_task_of_any_type_is_used_or_refused_in_words(mood: Any, verb: str) -> None:
    fine = arguments(verb, mood)
    for odd in ODD:
        with pytest.raises(TacitError, match="task"):
            getattr(tacit, verb)(odd, **fine)


@checked
def sample(
    task: Any,
    n: int,
    *,
    share: float | None = None,
    by: str = "ann",
    names: Sequence[str] = (),
    values: Mapping[str, int] | None = None,
    way: Literal["up", "down"] = "up",
    sure: bool = False,
) -> dict[str, Any]:
    """What it was given."""
    return {k: v for k, v in locals().items() if k != "task"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"n": "5"}, 'n of sample is "5", a str; it is a whole number.  next: write n=10'),
        ({"n": True}, "n of sample is True, a bool; it is a whole number.  next: write n=10"),
        ({"n": 1, "share": math.nan}, "share of sample is nan, a float; it is a number or None.  next: write share=None"),
        ({"n": 1, "by": None}, 'by of sample is None, a NoneType; it is text.  next: write by="ann"'),
        ({"n": 1, "names": "a"}, 'names of sample is "a", a str; it is a list of text.  next: write names=()'),
        ({"n": 1, "names": [1]}, "names of sample is [1], a list; it is a list of text.  next: write names=()"),
        ({"n": 1, "values": {"a": "b"}}, "it is a dict of a whole number or None.  next: write values=None"),
        ({"n": 1, "way": "left"}, 'way of sample is "left", a str; it is "up" or "down".  next: write way="up"'),
        ({"n": 1, "sure": "no"}, 'sure of sample is "no", a str; it is True or False.  next: write sure=False'),
    ],
)
def test_a_wrong_type_is_said_with_what_would_be_right(given: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError) as error:
        sample("t", **given)
    assert str(error.value).endswith(message)


def test_what_fits_arrives_as_the_annotation_has_it() -> None:
    said = sample(None, np.int64(3), share=Decimal("0.5"), names=("a", "b"), values={"a": np.int16(1)}, sure=np.bool_(True))
    assert json.loads(json.dumps(said)) == {
        "n": 3, "share": 0.5, "by": "ann", "names": ["a", "b"], "values": {"a": 1}, "way": "up", "sure": True,
    }  # fmt: skip


def test_what_has_no_name_is_for_python_to_complain_of() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'n'"):
        sample("t")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'm'"):
        sample("t", 1, m=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional argument"):
        sample("t", 1, 2)  # type: ignore[misc]


def test_a_seed_is_one_that_every_library_takes() -> None:
    assert seeded(2**32 - 1) == 2**32 - 1
    for seed in (-1, 2**32):
        with pytest.raises(OptionError, match="from 0 to"):
            seeded(seed)
