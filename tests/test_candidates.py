"""What a choice is made from."""

from __future__ import annotations

from typing import Any, Literal

import pytest

import tacit
from tacit import Text, task
from tacit.candidates import Given, Unlabeled, checked_count, fitting, frozen, lasting
from tacit.errors import OptionError, SelectionError
from tacit.examples import content_id
from tacit.files import Batch, read
from tacit.learners import Cache, Data
from tacit.matching import match
from tacit.scouting import Scout, scout


@pytest.fixture
def topic(project: Any) -> Any:
    @task
    def topic(text: Text) -> Literal["a", "b"]:
        """Which?"""

    return topic


def at_random(topic: Any) -> Scout:
    return scout("random", Data(topic.signature.columns, {"text": []}, topic.signature.output, [], []), cache=Cache())  # type: ignore[arg-type]


def texts(ids: tuple[str, ...], of: list[str]) -> set[str]:
    names = {content_id(f'{{"text":"{text}"}}'): text for text in of}
    return {names[id] for id in ids}


def test_the_unlabeled_are_chosen_from_and_nothing_of_them_is_new(project: Any, topic: Any) -> None:
    tacit.add(topic, [f"t{i}" for i in range(5)])
    tacit.add(topic, [{"text": "known", "l": "a"}], label="l")
    tacit.add(topic, ["test"], split="test")
    source = Unlabeled(project, topic)
    chosen = source.choose(at_random(topic), 5, 0)
    assert texts(chosen.ids, [f"t{i}" for i in range(5)]) == {f"t{i}" for i in range(5)}
    assert chosen.probabilities.tolist() == [1.0] * 5
    assert source.new(chosen.ids) == []


def test_rows_from_elsewhere_come_once_each_without_what_has_a_label_or_does_not_fit(project: Any, topic: Any) -> None:
    tacit.add(topic, [{"text": "known", "l": "a"}], label="l")
    source = Given(project, topic, ["x", "y", "x", "known", None])
    chosen = source.choose(at_random(topic), 2, 0)
    assert texts(chosen.ids, ["x", "y"]) == {"x", "y"}
    assert [row.id for row in source.new(chosen.ids)] == list(chosen.ids)
    with pytest.raises(SelectionError, match="3 cannot be chosen from the 2"):
        source.choose(at_random(topic), 3, 0)


def test_rows_that_are_gone_when_they_are_to_be_stored_are_an_error(project: Any, topic: Any) -> None:
    rows = ["x", "y"]
    source = Given(project, topic, rows)
    chosen = source.choose(at_random(topic), 2, 0)
    rows[0] = "z"
    with pytest.raises(SelectionError, match="the pool changed while it was read"):
        source.new(chosen.ids)


def test_what_can_be_read_once_is_held() -> None:
    assert lasting(iter("ab")) == ["a", "b"]
    rows = ["a"]
    assert lasting(rows) is rows


def test_the_positions_of_what_fits_are_told(topic: Any) -> None:
    rows = read([{"text": "a"}, {"text": None}, {"text": "b"}])
    (whole,) = rows.batches(None)
    assert isinstance(whole, Batch)
    ((positions, columns),) = fitting(match(topic, rows), whole)
    assert positions == [0, 2]
    assert columns == {"text": ["a", "b"]}
    assert [row.id for row in frozen(topic.signature, columns)] == [content_id('{"text":"a"}'), content_id('{"text":"b"}')]


@pytest.mark.parametrize(("n", "there", "error"), [(0, 5, OptionError), (6, 5, SelectionError), (1, 0, SelectionError)])
def test_as_many_as_there_are_can_be_chosen(topic: Any, n: int, there: int, error: type[Exception]) -> None:
    with pytest.raises(error, match="chosen"):
        checked_count(topic, n, there)
    checked_count(topic, 5, 5)
