"""Regions that no labeling function covers."""

from __future__ import annotations

from typing import Any

import numpy as np

from tacit.mining import find_cues, regions
from tacit.types import Text, input_kind

CLASSES = ["order", "question"]


def of(texts: list[str], uncovered: Any, gold: Any = None, **options: int) -> Any:
    cues = find_cues({"text": input_kind(Text)}, {"text": texts}, len(texts))
    known = np.full(len(texts), -1) if gold is None else np.array(gold)
    return regions(cues, np.array(uncovered, bool), known, CLASSES, [str(i) for i in range(len(texts))], **options)


TEXTS = [f"{word} number {i} of the day" for i in range(8) for word in ("where", "delivery", "invoice", "thanks")]


def test_regions_are_what_uncovered_examples_share_and_do_not_repeat_each_other() -> None:
    uncovered = ["delivery" in t or "invoice" in t for t in TEXTS]
    gold = [1 if "delivery" in t and i % 8 == 1 else -1 for i, t in enumerate(TEXTS)]
    found = of(TEXTS, uncovered, gold)
    assert {r.cue.split('"')[1] for r in found[:2]} == {"delivery", "invoice"}
    delivery = next(r for r in found if "delivery" in r.cue)
    assert (delivery.n, delivery.new, delivery.classes, delivery.examples) == (8, 8, {"question": 4}, ("1", "5", "9"))
    assert sum(r.new for r in found) == 16  # together they hold all, each once
    assert len(found) == 2


def test_where_functions_vote_more_than_usual_is_no_region() -> None:
    covered = ["delivery" in t for t in TEXTS]
    assert all("delivery" not in r.cue for r in of(TEXTS, [not c for c in covered]))


def test_common_words_are_passed_over() -> None:
    texts = [f"{'the' if i % 5 == 0 else 'my'} {'parcel' if i % 5 == 1 else 'x'} {i}" for i in range(60)]
    assert 'text says "parcel"' in [r.cue for r in of(texts, np.ones(60))]
    assert all(r.cue != 'text says "the"' for r in of(texts, np.ones(60)))


def test_nothing_uncovered_no_examples_and_one_example() -> None:
    assert of(TEXTS, np.zeros(len(TEXTS))) == ()
    assert of([], []) == ()
    assert of(["alone"], [True]) == ()
    assert len(of(TEXTS, np.ones(len(TEXTS)), most=1)) == 1
