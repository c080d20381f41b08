"""The verdict that fits the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tacit.types import Category, Kind, MultiCategory, Number, SpanList
from tacit.verdicts.classes import on_classes
from tacit.verdicts.contract import Said, Verdict
from tacit.verdicts.numbers import on_numbers
from tacit.verdicts.sets import on_sets
from tacit.verdicts.spans import on_spans

__all__ = ["reached"]


def reached(said: Said, output: Kind, ids: Sequence[str], truth: Mapping[str, Any], tests: NDArray[np.bool_]) -> Verdict:
    """What the votes come to.

    Arguments:
        output: A category, a number, a set of classes or spans.
        ids: The example of each row.
        truth: Example -> what labels say of it: a class, a number, (n_classes,) 0 or 1, or marks.
        tests: (n,) bool, rows whose labels measure functions but do not mend them.
    """
    known = [truth.get(i) for i in ids]
    if isinstance(output, Category):
        return on_classes(said, len(output.classes), np.array([-1 if t is None else t for t in known], np.int64), tests)
    if isinstance(output, Number):
        return on_numbers(said, np.array([np.nan if t is None else t for t in known], np.float64), tests)
    if isinstance(output, MultiCategory):
        k = len(output.of.classes)
        rows = [np.full(k, -1) if t is None else t for t in known]
        return on_sets(said, k, np.array(rows, np.int8).reshape(len(rows), k), tests)
    assert isinstance(output, SpanList)
    return on_spans(said, output, known, tests)
