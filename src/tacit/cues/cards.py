"""A card of an association: a few rows of the class that speak for all that have the cue, beside the nearest of other classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tacit.cues.associations import Association, some
from tacit.learners import Columns
from tacit.learners.features import length
from tacit.learners.points import fit_points
from tacit.selection import exact, facility_location
from tacit.types import Kind

__all__ = ["SHOWN", "with_examples"]

SHOWN = 12
"""Rows on each side of a card."""

_ROWS = 400
"""Of more carriers so many are drawn."""


def with_examples(
    found: Sequence[Association],
    columns: Columns,
    kinds: Mapping[str, Kind],
    classes: NDArray[np.integer],
    names: Sequence[str],
    *,
    seed: int = 0,
) -> list[Association]:
    """The associations with rows to look at.

    Of the rows of the class that have the cue, those are shown that stand for the others (facility location); beside each the nearest
    row of another class that has the cue too, no row twice.

    Arguments:
        found: Associations.
        columns, kinds, classes, names: As for `associations`.
        seed: For draws among many carriers.
    """
    if not found:
        return []
    rng = np.random.default_rng(seed)
    sample = np.sort(rng.permutation(length(columns))[: 5 * _ROWS])
    points = fit_points(some(columns, sample), kinds)
    made = []
    for association in found:
        has = association.cue.carried(columns)
        mine = classes == names.index(association.label)
        inside, beside = (np.sort(rng.permutation(np.flatnonzero(has & side))[:_ROWS]) for side in (mine, ~mine))
        places = points.encode(some(columns, inside))
        shown = inside[facility_location(places, min(SHOWN, len(inside)))] if len(inside) else inside
        contrast: list[int] = []
        if len(beside) and len(shown):
            near = exact(points.encode(some(columns, beside))).near(points.encode(some(columns, shown)), min(SHOWN, len(beside)))
            for row in near.rows:
                contrast += [int(beside[i]) for i in row if int(beside[i]) not in contrast][:1]
        made.append(replace(association, examples=tuple(int(i) for i in shown), contrast=tuple(contrast)))
    return made
