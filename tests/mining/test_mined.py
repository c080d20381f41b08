"""Cues that tell a class, and that chance is not taken for one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tacit.mining import Cues, find_cues, mine
from tacit.types import Text, input_kind


def texts_of(n: int, gold: Any, seed: int = 1) -> list[str]:
    """Texts of eleven words; "refund" is the last of half of those of class 1."""
    chance = np.random.default_rng(seed)
    words = [f"w{i}" for i in range(200)]
    share = 1 / np.arange(1, 201)
    return [
        " ".join([*chance.choice(words, 10, p=share / share.sum()), "refund" if g == 1 and chance.random() < 0.5 else "parcel"])
        for g in gold
    ]


def cues(texts: list[str]) -> Cues:
    return find_cues({"text": input_kind(Text)}, {"text": texts}, len(texts))


def nothing_said(n: int, classes: int = 2) -> Any:
    return np.zeros((n, classes), bool)


def test_a_cue_that_tells_a_class_is_found_and_its_figures_are_counts() -> None:
    gold = np.arange(200) % 2
    texts = texts_of(200, gold)
    (only,) = mine(cues(texts), gold, nothing_said(200))
    rows = [i for i, t in enumerate(texts) if "refund" in t]
    assert (str(only.cue), only.label, only.rows.tolist()) == ('text says "refund"', 1, rows)
    assert (only.right, only.judged, only.new) == (len(rows), len(rows), len(rows))
    assert 0.75 < only.at_least < 0.95


def test_unlabeled_examples_count_for_what_is_new_and_labels_for_what_is_right() -> None:
    gold = np.arange(300) % 2
    texts = texts_of(300, gold)
    known = np.where(np.arange(300) < 100, gold, -1)
    (only,) = mine(cues(texts), known, nothing_said(300))
    assert only.judged == sum("refund" in t for t in texts[:100])
    assert only.new == sum("refund" in t for t in texts)


@pytest.mark.parametrize(("labels", "classes"), [(40, 2), (150, 2), (400, 5)])
def test_labels_that_are_dealt_confirm_nothing_nine_times_in_ten(labels: int, classes: int) -> None:
    found = cues(texts_of(400, np.zeros(400)))
    fooled = 0
    for seed in range(60):
        gold = np.random.default_rng(seed).integers(0, classes, 400)
        gold[labels:] = -1
        fooled += bool(mine(found, gold, nothing_said(400, classes)))
    assert fooled <= 6


def test_rare_classes_that_are_dealt_confirm_nothing_nine_times_in_ten() -> None:
    found = cues(texts_of(400, np.zeros(400)))
    draws = (np.random.default_rng(seed).random(400) < 0.05 for seed in range(60))
    assert sum(bool(mine(found, gold.astype(int), nothing_said(400))) for gold in draws) <= 6


def test_what_a_function_says_already_is_left_out() -> None:
    gold = np.arange(200) % 2
    texts = texts_of(200, gold)
    said = nothing_said(200)
    said[["refund" in t for t in texts], 1] = True
    assert mine(cues(texts), gold, said) == ()
    assert not said[:, 0].any()  # what was given is left alone


def test_what_another_candidate_says_is_left_out() -> None:
    gold = np.arange(200) % 2
    texts = [f"{t} {'money back' if 'refund' in t else ''}" for t in texts_of(200, gold)]
    assert len(mine(cues(texts), gold, nothing_said(200))) == 1


def test_one_bound_on_a_side_is_enough() -> None:
    values = np.random.default_rng(0).normal(size=600)
    gold = (values + np.random.default_rng(1).normal(size=600) * 0.2 > 0).astype(int)
    found = find_cues({"x": input_kind(float)}, {"x": values.tolist()}, 600)
    sides = [(m.cue.low is None, m.label) for m in mine(found, gold, nothing_said(600)) if hasattr(m.cue, "low")]
    assert sorted(sides) == [(False, 1), (True, 0)]


def test_few_labels_one_class_or_nothing_confirm_nothing() -> None:
    texts = texts_of(60, np.arange(60) % 2)
    found = cues(texts)
    for gold in (np.full(60, -1), np.zeros(60, int), np.where(np.arange(60) < 3, np.arange(60) % 2, -1)):
        assert mine(found, gold, nothing_said(60)) == ()
    assert mine(cues([]), np.empty(0, int), nothing_said(0)) == ()
    assert mine(cues(["alone"]), np.zeros(1, int), nothing_said(1)) == ()


def test_the_order_of_examples_decides_nothing() -> None:
    gold = np.arange(200) % 2
    texts = texts_of(200, gold)
    order = np.random.default_rng(3).permutation(200)
    (one,) = mine(cues(texts), gold, nothing_said(200))
    (other,) = mine(cues([texts[i] for i in order]), gold[order], nothing_said(200))
    assert (one.cue, one.at_least) == (other.cue, pytest.approx(other.at_least))
    assert sorted(order[other.rows].tolist()) == one.rows.tolist()
