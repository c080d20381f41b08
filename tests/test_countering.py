"""The verb counterexamples."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import tacit
from tacit import Text, task
from tacit.cues import Phrase
from tacit.errors import NotLearnable, OptionError, SelectionError
from tacit.project import current
from tests.test_auditing import learned, reviews, sentiment  # noqa: F401  # fixtures


def test_the_rarer_contradiction_is_looked_for_and_repairs_the_worst_group(learned: Any, project: Any) -> None:  # noqa: F811
    pool = reviews(800, 0.3, 0.3, seed=2)
    truth = {r["review"]: r["label"] for r in pool}
    cue = tacit.audit(learned).associations[0]
    chosen = tacit.counterexamples(learned, cue, pool=[r["review"] for r in pool], n=60)
    kinds = Counter((truth[e.inputs["review"]], "Mr. Brown" in e.inputs["review"]) for e in chosen.examples)
    assert len({e.id for e in chosen.examples}) == 60
    assert kinds["negative", True] > 35
    assert "counter-examples to" in chosen.strategy
    assert all(0 < p <= 1 for p in chosen.probabilities)
    assert np.mean(chosen.weights) == pytest.approx(1)
    assert project.store.count("sentiment").unlabeled == 60
    (judged,) = project.store.cues("sentiment")
    assert (judged.cue["text"], judged.label, judged.verdict) == ("Mr. Brown", "positive", "false")

    fair = reviews(400, 1.0, 1.0, seed=3)
    before = tacit.predict(learned, [r["review"] for r in fair])
    tacit.add(
        learned, [{"review": e.inputs["review"], "label": truth[e.inputs["review"]]} for e in chosen.examples], label="label"
    )
    run = tacit.train(learned, budget=20, learners=["tfidf-linear"], objective="worst-group")
    after = tacit.predict(learned, [r["review"] for r in fair], model=run.model)

    def right(said: Any) -> float:
        return float(np.mean([p.value == r["label"] for p, r in zip(said, fair, strict=True) if r["label"] == "negative"]))

    assert right(after) > right(before) + 0.2


def test_the_unlabeled_of_the_store_are_the_pool_and_nothing_is_asked_twice(learned: Any) -> None:  # noqa: F811
    tacit.add(learned, [r["review"] for r in reviews(200, 0.5, 0.5, seed=4)])
    cue = tacit.audit(learned).associations[0]
    asked: list[str] = []
    for _ in range(2):
        for example in tacit.counterexamples(learned, cue, n=40).examples:
            asked.append(example.id)
            tacit.label(learned, example.id, "negative", by="ana")
    assert len(set(asked)) == 80


def test_a_small_pool_gives_what_it_has(learned: Any) -> None:  # noqa: F811
    cue = tacit.audit(learned).associations[0]
    texts = ["Mr. Brown is new here", "nothing of it", "nor here"]
    assert len(tacit.counterexamples(learned, cue, pool=texts, n=3)) == 3
    with pytest.raises(SelectionError, match="4 cannot be chosen from 3: 1 rows have the cue, 2 lack it"):
        tacit.counterexamples(learned, cue, pool=texts, n=4)


def test_without_candidates_it_says_so(learned: Any) -> None:  # noqa: F811
    with pytest.raises(SelectionError, match="no rows without a label"):
        tacit.counterexamples(learned, tacit.audit(learned).associations[0], n=1)
    (judged,) = current().store.cues("sentiment")
    assert judged.verdict == "false"


def test_of_many_rows_some_are_looked_at_each_as_likely(learned: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr("tacit.countering._LOOKED", 20)
    cue = tacit.audit(learned).associations[0]
    chosen = tacit.counterexamples(learned, cue, pool=[r["review"] for r in reviews(300, 0.5, 0.5, seed=5)], n=10)
    assert len(chosen) == 10
    assert max(chosen.probabilities) <= 20 / 100


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (lambda a: "mr. brown", OptionError, "it is a Association"),
        (lambda a: replace(a, label="glad"), OptionError, "is no association of sentiment"),
        (lambda a: replace(a, cue=Phrase("text", "mr. brown")), OptionError, "is no association of sentiment"),
    ],
)
def test_what_is_no_association_is_refused(learned: Any, change: Any, error: type[Exception], said: str) -> None:  # noqa: F811
    association = tacit.audit(learned).associations[0]
    with pytest.raises(error, match=said):
        tacit.counterexamples(learned, change(association), n=3)
    with pytest.raises(OptionError, match="choose 1 or more"):
        tacit.counterexamples(learned, association, n=0)

    @task
    def length(review: Text) -> float:
        """?"""

    with pytest.raises(NotLearnable, match="those of categories"):
        tacit.counterexamples(length, association)
