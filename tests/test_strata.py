"""Which group each row is in."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest

import tacit
from tacit import Text, task
from tacit.cues import Phrase
from tacit.errors import OptionError
from tacit.examples import canonical
from tacit.failing import Failures
from tacit.selection import Pool
from tacit.strata import Division, Roll, Strata, division, strata


@pytest.fixture
def mood(project: Any) -> Any:
    @task
    def mood(text: Text, length: int) -> Literal["glad", "sad"]:
        """Which?"""

    @mood.slice
    def short(text: str, length: int) -> bool:
        return length < 10

    return mood


def rolled(of: Strata, texts: list[str], lengths: list[int], extras: list[dict[str, Any]] | None = None, **more: Any) -> Roll:
    roll = Roll(of)
    roll.take([f"{i}" for i in range(len(texts))], {"text": texts, "length": lengths}, extras or [{}] * len(texts), **more)
    return roll


class Reader:
    """Says that "hurrah" is glad, whatever else there is."""

    learner = "reader"

    def predict(self, columns: Any) -> np.ndarray:
        return np.array([[1.0, 0.0] if text == "hurrah" else [0.0, 1.0] for text in columns["text"]])


def test_columns_and_slices_are_crossed_and_what_is_missing_is_a_group(mood: Any, project: Any) -> None:
    of = strata(project, mood, ["town*short"])
    assert (str(of), of.kept) == ("town and slice short", ("town",))
    roll = rolled(of, ["a", "b", "c", "d"], [5, 50, 50, 5], [{"town": "x"}, {"town": "x"}, {"town": None}, {"town": "x"}])
    pool, (names, codes) = Division(of).divide(roll, Pool(4))
    assert [names[c] for c in codes] == [
        "town is x, in short",
        "town is x, not in short",
        "town is missing, not in short",
        "town is x, in short",
    ]
    assert names[0] == "town is x, in short"  # the largest is first
    assert pool.groups is not None
    assert pool.groups.tolist() == codes.tolist()


def test_without_names_groups_are_slices_and_false_cues(mood: Any, project: Any) -> None:
    for cue, verdict, label in (("mr", "false", "glad"), ("mr", "false", "sad"), ("joy", "true", "glad")):
        project.store.judge_cue("mood", canonical(Phrase("text", cue).to_dict()), label, verdict)
    assert str(strata(project, mood, [])) == 'slice short and "mr"'
    assert not Strata(mood)


def test_rows_that_have_a_false_cue_are_of_the_class_that_they_would_be_without_it(mood: Any) -> None:
    of = Strata(mood, cues=(Phrase("text", "mr"),))
    roll = rolled(of, ["mr hurrah", "mr", "hurrah", "no"], [1, 1, 1, 1], model=Reader())
    _, (names, codes) = Division(of).divide(roll, Pool(4))
    assert [names[c] for c in codes] == ['with "mr", glad', 'with "mr", sad', 'without "mr", glad', 'without "mr", sad']


def test_labels_tell_which_groups_a_model_fails(mood: Any, project: Any) -> None:
    rows = [{"text": f"t{i}", "length": 20, "label": "glad", "town": "xy"[i % 2]} for i in range(40)]
    tacit.add(mood, rows, label="label", keep=["town"])
    stored = [e for batch in project.store.examples("mood") for e in batch]
    failures = Failures(
        tuple(e.id for e in stored), np.array([float(e.extra["town"] == "y") for e in stored]), np.zeros(40, np.int64)
    )
    of = strata(project, mood, ["town"])
    roll = rolled(of, ["a", "b", "c"], [20, 20, 20], [{"town": "x"}, {"town": "y"}, {"town": "z"}])
    pool, (names, codes) = division(project, of, failures).divide(roll, Pool(3))
    assert [names[c] for c in codes] == ["town is x", "town is y", "town is z"]
    assert pool.risks is not None
    x, y, z = pool.risks[codes]
    assert x < 0.25 < 0.9 < y
    assert x < z  # nothing is known of it


def test_ranges_of_numbers_are_those_of_the_pool_and_the_labels_together(mood: Any, project: Any) -> None:
    of = strata(project, mood, ["length"])
    roll = rolled(of, ["t"] * 100, list(range(100)))
    _, (names, codes) = Division(of).divide(roll, Pool(100))
    assert np.bincount(codes).tolist() == [25] * 4
    assert "length is 0 to 24" in names


def test_a_column_that_is_not_there_is_said_with_those_that_are(mood: Any, project: Any) -> None:
    of = strata(project, mood, ["twon"])
    roll = rolled(of, ["a"], [1], [{"town": "x"}])
    with pytest.raises(
        OptionError, match=r'no column "twon", and it is no slice; they have text, length, town, short.*--groups town'
    ):
        Division(of).divide(roll, Pool(1))
    tacit.add(mood, [{"text": "a", "length": 3, "label": "glad"}], label="label")
    (stored,) = next(project.store.examples("mood"))
    with pytest.raises(OptionError, match=r"labeled examples of mood have no column.*--keep planet"):
        division(project, strata(project, mood, ["planet"]), Failures((stored.id,), np.zeros(1), np.zeros(1, np.int64)))


def test_labels_that_are_gone_tell_nothing(mood: Any, project: Any) -> None:
    with pytest.raises(OptionError, match=r"is in the store.*tacit train mood"):
        division(project, strata(project, mood, ["length"]), Failures(("0" * 32,), np.zeros(1), np.zeros(1, np.int64)))
