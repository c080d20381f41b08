"""Two arms, and what can be told of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tacit
from tacit.benchmarking import compare
from tacit.benchmarking.ledger import Ledger, ledger_of
from tacit.benchmarking.records import Point
from tacit.errors import OptionError
from tacit.stability import unpaired
from tacit.types import output_kind
from tacit.validation import validation_of
from tests.benchmarking.runs import phases, record


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return ledger_of(tacit.open(tmp_path))


def write(ledger: Ledger, arm: str, seconds: list[float | None], **more: Any) -> list[str]:
    ids = []
    for turn, taken in enumerate(seconds):
        ids.append(ledger.number())
        curve = () if taken is None else (Point(0.95, phases(train=taken)),)
        ledger.append(record(id=ids[-1], arm=arm, turn=turn, curve=curve, phases=phases(train=taken or 60.0), **more))
    return ids


def test_runs_that_had_their_turn_together_are_compared_pair_by_pair(ledger: Ledger) -> None:
    # The machine is half as fast in each next turn: beside that, nobody could tell without pairs.
    write(ledger, "old", [10.0, 20.0, 40.0, 80.0])
    write(ledger, "new", [9.0, 18.1, 35.9, 72.0])

    found = compare("tone/old", "tone/new")

    assert found.verdict == "faster"
    assert found.paired
    assert found.n == 4
    assert found.ratio == pytest.approx(0.9, abs=0.01)
    assert compare("tone/new", "tone/old").verdict == "slower"
    assert "tone/new beside tone/old: faster" in str(found)


def test_runs_of_other_sessions_are_compared_too_with_more_doubt(ledger: Ledger) -> None:
    write(ledger, "old", [10.0, 20.0, 40.0, 80.0], session="a")
    write(ledger, "new", [9.0, 18.1, 35.9, 72.0], session="b")

    found = compare("tone/old", "tone/new")

    assert not found.paired
    assert found.verdict == "can't tell"
    assert found.ratio == pytest.approx(0.9, abs=0.01)


def test_enough_difference_is_seen_without_pairs_too(ledger: Ledger) -> None:
    write(ledger, "old", [10.0, 11.0, 12.5, 10.5], session="a")
    write(ledger, "new", [8.0, 8.4, 9.1], session="b")

    found = compare("tone/old", "tone/new")

    assert (found.verdict, found.paired) == ("faster", False)
    assert found.interval == unpaired([10.0, 11.0, 12.5, 10.5], [8.0, 8.4, 9.1])[1]  # type: ignore[index]


@pytest.mark.parametrize(
    ("seconds", "more", "why"),
    [
        ([9.0, 9.0], {"machine": {"processor": "two", "cores": 2}}, "they did not run on the same machine"),
        ([9.0, 9.0], {"data": "other"}, "they did not learn from the same rows"),
        ([None, None], {}, "tone/new never reached the target"),
    ],
)
def test_what_cannot_be_compared_says_why(ledger: Ledger, seconds: list[float | None], more: dict[str, Any], why: str) -> None:
    write(ledger, "old", [10.0, 20.0])
    write(ledger, "new", seconds, **more)

    found = compare("tone/old", "tone/new")

    assert (found.verdict, found.why) == ("can't tell", why)
    assert found.interval is None


def test_runs_that_did_not_get_there_are_told(ledger: Ledger) -> None:
    write(ledger, "old", [10.0, 11.0, 12.0])
    write(ledger, "new", [8.0, None, 9.0])

    assert (
        "only runs that reached the target are timed: tone/old 3 of 3, tone/new 2 of 3" in compare("tone/old", "tone/new").notes
    )


def test_two_questions_are_not_compared(ledger: Ledger) -> None:
    write(ledger, "old", [10.0])
    write(ledger, "new", [9.0], target=0.95)

    with pytest.raises(OptionError, match=r"not of one question: tone to accuracy 0.9 and tone to accuracy 0.95"):
        compare("tone/old", "tone/new")


def test_what_models_lose_on_test_rows_is_compared_row_by_row(ledger: Ledger) -> None:
    output, rng = output_kind(bool), np.random.default_rng(0)
    for arm, right in (("old", (0.9, 0.88)), ("new", (0.9, 0.70))):
        for id in write(ledger, arm, [10.0, 11.0]):
            for name, share, n in (("own", right[0], 400), ("fresh", right[1], 600)):
                target = np.eye(2)[rng.integers(0, 2, n)]
                predicted = np.where(rng.random((n, 1)) < share, target, 1 - target)
                validation_of(output, tuple(f"{name}{i}" for i in range(n)), predicted, target).write(ledger.folder(id), name)

    told = compare("tone/old", "tone/new").generalization

    assert told is not None
    assert told.paired
    assert told.loss == pytest.approx(0.20, abs=0.04)
    assert told.usual_loss == pytest.approx(0.02, abs=0.04)
    assert 0.1 < told.interval[0] < told.excess < told.interval[1] < 0.26


def test_nothing_is_said_of_rows_that_are_not_on_this_machine(ledger: Ledger) -> None:
    write(ledger, "old", [10.0])
    write(ledger, "new", [9.0])

    assert compare("tone/old", "tone/new").generalization is None
