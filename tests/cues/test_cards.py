"""Rows to look at."""

from __future__ import annotations

import numpy as np

from tacit.cues import SHOWN, associations, with_examples
from tests.cues.test_associations import KINDS, leans, rows


def test_a_card_shows_rows_of_the_class_beside_the_nearest_others_that_have_the_cue() -> None:
    columns, truth = rows(800)
    found = associations(columns, KINDS, truth, ["bad", "good"], leans)
    cards = {str(a.cue): a for a in with_examples(found, columns, KINDS, truth, ["bad", "good"])}
    lamp = cards["by lamp"]
    assert len(lamp.examples) == SHOWN
    assert 0 < len(lamp.contrast) <= SHOWN
    assert all("by lamp" in columns["text"][i] for i in (*lamp.examples, *lamp.contrast))
    assert {int(truth[i]) for i in lamp.examples} == {1}
    assert {int(truth[i]) for i in lamp.contrast} == {0}
    assert len(set(lamp.examples)) == SHOWN
    assert len(set(lamp.contrast)) == len(lamp.contrast)


def test_of_nothing_there_are_no_cards() -> None:
    assert with_examples([], {"text": []}, KINDS, np.zeros(0, int), ["a"]) == []
