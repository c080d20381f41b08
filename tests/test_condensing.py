"""The verb coreset."""

from __future__ import annotations

import json
from typing import Any, Literal

import numpy as np
import pytest

import tacit
from tacit import Text, task
from tacit.cli import main
from tacit.errors import NotLearnable, OptionError, SelectionError, TooFewLabels


def made(n: int = 120) -> Any:
    @task
    def big(a: float, b: float) -> bool:
        """Is it big?"""

    @big.slice
    def odd(a: float, b: float) -> bool:
        return b > 1

    draw = np.random.default_rng(0)
    rows = [{"a": a, "b": b, "l": bool(a > 0.3)} for a, b in draw.normal(size=(n, 2)).tolist()]
    tacit.add(big, rows, label="l")
    tacit.add(big, [{"a": 9.0, "b": float(i)} for i in range(20)])  # without a label: never kept
    return big


def test_labeled_examples_are_kept_with_weights_that_training_takes(project: Any) -> None:
    big = made()
    kept = tacit.coreset(big, 60, seed=1)
    assert len(kept) == len({e.id for e in kept.examples}) == 60
    assert kept.strategy == "forgetting, with mlp"
    assert sum(kept.weights) == pytest.approx(60)
    assert all(e.inputs["a"] < 9 for e in kept.examples)
    run = tacit.train(big, budget=3, learners=["linear"], on=kept)
    assert run.labels["gold"] == 60
    assert [e.id for e in tacit.coreset(big, 60, seed=1).examples] == [e.id for e in kept.examples]


def test_it_says_what_is_done_to_each_class_and_slice(project: Any) -> None:
    kept = tacit.coreset(made(), 0.5, method="uniform")
    assert kept.shares is not None
    assert [s.name for s in kept.shares.slices] == ["False", "True", "slice odd"]
    assert "60 of 120 rows, by uniform" in str(kept)
    assert "slice odd" in str(kept)


def test_a_quota_keeps_the_share_of_a_slice(project: Any) -> None:
    big = made()
    kept = tacit.coreset(big, 0.25, method="forgetting", quota="odd")
    assert kept.shares is not None
    odd = kept.shares.slices[-1]
    assert odd.after == pytest.approx(odd.before, abs=0.03)
    by_class = tacit.coreset(big, 0.25, method="forgetting", quota="class")
    assert by_class.shares is not None
    assert by_class.shares.slices[0].after == pytest.approx(by_class.shares.slices[0].before, abs=0.03)


@pytest.mark.parametrize(
    ("keep", "strategy"), [(0.5, "forgetting, with mlp"), (12, "coverage-centric, with mlp"), (0.2, "coverage-centric, with mlp")]
)
def test_auto_keeps_what_is_hard_if_much_is_kept_and_some_of_all_if_little(project: Any, keep: float, strategy: str) -> None:
    assert tacit.coreset(made(), keep).strategy == strategy


def test_numbers_have_core_sets_too(project: Any) -> None:
    @task
    def price(rooms: float) -> float:
        """How much?"""

    tacit.add(price, [{"rooms": float(i), "l": 2.0 * i} for i in range(50)], label="l")
    assert tacit.coreset(price, 0.5).strategy == "lightweight"
    with pytest.raises(NotLearnable, match='"forgetting" is for categories'):
        tacit.coreset(price, 0.5, method="forgetting")


@pytest.mark.parametrize(
    ("options", "error", "what"),
    [
        ({"keep": 0}, OptionError, "keep is 0; it is a whole number"),
        ({"keep": 2.5}, OptionError, "keep is 2.5"),
        ({"keep": 5000}, SelectionError, "5,000 cannot be kept of the 120"),
        ({"keep": 0.5, "method": "forgeting"}, OptionError, 'there is no core-set "forgeting"'),
        ({"keep": 0.5, "quota": "clas"}, OptionError, 'quota is "clas"; it is class or odd'),
        ({"keep": 0.5, "proxy": "linear"}, OptionError, "linear does not tell which rows are hard"),
    ],
)
def test_what_cannot_be_is_refused(project: Any, options: dict[str, Any], error: type[Exception], what: str) -> None:
    big = made()
    with pytest.raises(error, match=what):
        tacit.coreset(big, **options)


def test_without_labels_there_is_nothing_to_keep(project: Any) -> None:
    @task
    def sentiment(review: Text) -> Literal["positive", "negative"]:
        """Glad or sad?"""

    tacit.add(sentiment, ["one"])
    with pytest.raises(TooFewLabels):
        tacit.coreset(sentiment, 0.5)


def test_the_command_prints_what_the_function_returns(
    project: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.root)
    (project.root / "tasks").mkdir()
    (project.root / "tasks" / "big.py").write_text(
        "from tacit import task\n\n@task\ndef big(a: float) -> bool:\n    'Big?'\n", encoding="utf-8"
    )
    tacit.open(project.root)
    tacit.add("big", [{"a": float(i % 7), "l": i % 7 > 3} for i in range(7)], label="l")
    assert main(["coreset", "big", "0.5", "--method", "stratified", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["strategy"] == "stratified"
    assert len(said["examples"]) == 4
